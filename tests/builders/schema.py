"""What a database's schema is, in a form that two databases can be compared by."""

from typing import Any

from sqlalchemy import Engine, inspect, text

Description = dict[str, dict[str, Any]]


def describe(engine: Engine) -> Description:
    """Return every table's columns, keys, constraints, indexes and options."""
    inspector = inspect(engine)
    with engine.connect() as connection:
        sequences = sorted(inspector.get_sequence_names()) if engine.dialect.name == "postgresql" else []
        definitions = _index_definitions(connection.execute(text(_INDEXES[engine.dialect.name])))
    tables: Description = {"": {"sequences": sequences, "indexes": definitions}}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        tables[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(map(repr, inspector.get_foreign_keys(table))),
            "unique": sorted(map(repr, inspector.get_unique_constraints(table))),
            "checks": sorted(map(repr, inspector.get_check_constraints(table))),
            "options": inspector.get_table_options(table),
        }
    return tables


# The inspector knows no condition of a partial index; the catalogue keeps the whole statement.
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def _index_definitions(rows: Any) -> dict[str, str]:
    return {name: " ".join(statement.split()) for name, statement in rows if "alembic_version" not in statement}
