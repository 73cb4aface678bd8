"""What the personal data of one person takes on disk, without the log, against its bytes."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from benchmarks.house import FIELDS, MeasuredHouse, Plain
from benchmarks.measure import Result, Target

_TARGETS: Final = {"sqlite": 5.0, "postgresql": 6.0}
# Everything that grows with the people, and is not the log.
_TABLES: Final = ("bench_measured", "data_subject", "consent", "consent_earlier_event", "blind_token")
_LENGTHS: Final = {
    "sqlite": " + ".join(f"length(CAST({name} AS BLOB))" for name in FIELDS),
    "postgresql": " + ".join(f"octet_length({name})" for name in FIELDS),
}


def storage(house: MeasuredHouse, _pairs: int) -> Iterator[Result]:
    """Measure the tables and their indexes."""
    kind = house.database.dialect
    with house.database.engine.connect() as connection:
        personal = connection.scalar(text(f"SELECT sum({_LENGTHS[kind]}) FROM {Plain.__tablename__}"))
        sizes = {table: _size(connection, table) for table in _TABLES}
    total = sum(sizes.values())
    bytes_each = {table: size / house.rows for table, size in sizes.items()}
    detail = ", ".join(f"{table} {size:.0f}" for table, size in bytes_each.items())
    value = total / float(personal or 1)
    yield Result(
        name="storage without the log, against the personal bytes",
        database=kind,
        value=value,
        bound=value,
        unit="x",
        target=Target(value=_TARGETS[kind]),
        detail=f"{float(personal or 0) / house.rows:.0f} personal bytes a person; on disk: {detail}",
    )


def _size(connection: Connection, table: str) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_total_relation_size(:table)"), {"table": table}) or 0)
    statement = text(
        "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = :table)"
    )
    return int(connection.scalar(statement, {"table": table}) or 0)
