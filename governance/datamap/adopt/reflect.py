"""The structure of a database that another program made: tables, columns, keys, and what refers to what."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Float,
    Inspector,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
    inspect,
)
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import Enum, TypeEngine

from governance.datamap.sources import Readable

_HIDDEN_SCHEMAS: Final = ("information_schema",)


class ColumnType(StrEnum):
    """What a database calls a column, in the few words that matter here."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    OTHER = "other"


# A later line would hide behind an earlier one of which it is a subclass.
_TYPES: Final[tuple[tuple[type[TypeEngine[Any]], ColumnType], ...]] = (
    (Boolean, ColumnType.BOOLEAN),
    (Integer, ColumnType.INTEGER),
    (Float, ColumnType.NUMBER),
    (Numeric, ColumnType.NUMBER),
    (DateTime, ColumnType.MOMENT),
    (Date, ColumnType.DATE),
    (Time, ColumnType.TEXT),
    (LargeBinary, ColumnType.OTHER),
    (Enum, ColumnType.TEXT),
    (String, ColumnType.TEXT),
    (Uuid, ColumnType.TEXT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectedColumn:
    """One column: its name and type, and what the database itself calls the type."""

    name: str
    type: ColumnType
    declared: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns that hold the key of a row of another table."""

    columns: tuple[str, ...]
    table: str
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectedTable:
    """One table.

    Attributes:
        name: Its name.
        schema: Its schema on PostgreSQL; None for the default one.
        columns: By name.
        primary_key: The columns of its primary key, if it has one.
        unique: The other sets of columns that are unique.
        foreign_keys: What it refers to, within its schema.
    """

    name: str
    schema: str | None
    columns: dict[str, ReflectedColumn]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What names a row: the primary key, or the shortest set of unique columns; empty where there is none."""
        return self.primary_key or min(self.unique, key=len, default=())


def reflect(database: Readable, *, views: bool = False) -> tuple[ReflectedTable, ...]:
    """Return every table of a database, of all its schemas, in the order of their names.

    Args:
        database: The database.
        views: Whether to return its views too, which have no key of their own.

    Raises:
        SourceUnreachableError: If the database does not answer.
    """
    with database.read() as session, warnings.catch_warnings():
        # A type that SQLAlchemy does not know is a type that the map leaves out.
        warnings.simplefilter("ignore", SAWarning)
        connection = session.connection()
        inspector, kind = inspect(connection), ObjectKind.ANY if views else ObjectKind.TABLE
        tables = [table for schema in _schemas(inspector) for table in _tables(inspector, schema, kind)]
    return tuple(sorted(tables, key=lambda table: (table.schema or "", table.name)))


def _schemas(inspector: Inspector) -> Iterable[str | None]:
    yield None
    if inspector.dialect.name != "postgresql":
        return
    for schema in inspector.get_schema_names():
        hidden = schema in _HIDDEN_SCHEMAS or schema.startswith("pg_")
        if not hidden and schema != inspector.default_schema_name:
            yield schema


def _tables(inspector: Inspector, schema: str | None, kind: ObjectKind) -> Iterable[ReflectedTable]:
    keys = inspector.get_multi_pk_constraint(schema=schema)
    foreign_keys = inspector.get_multi_foreign_keys(schema=schema)
    unique = inspector.get_multi_unique_constraints(schema=schema)
    indexes = inspector.get_multi_indexes(schema=schema)
    for place, columns in inspector.get_multi_columns(schema=schema, kind=kind).items():
        required = {column["name"] for column in columns if not column["nullable"]}
        sets = [tuple(each["column_names"]) for each in unique.get(place, ())]
        sets += [_columns(each["column_names"]) for each in indexes.get(place, ()) if each["unique"]]
        yield ReflectedTable(
            name=place[1],
            schema=schema,
            columns={column["name"]: _column(column["name"], column["type"]) for column in columns},
            primary_key=tuple(keys[place]["constrained_columns"]) if keys.get(place) else (),
            # A unique column that may be NULL names only some of the rows.
            unique=tuple(each for each in sets if each and set(each) <= required),
            foreign_keys=tuple(
                ForeignKey(
                    columns=tuple(each["constrained_columns"]),
                    table=each["referred_table"],
                    referred=tuple(each["referred_columns"]),
                )
                for each in foreign_keys.get(place, ())
                if each["referred_schema"] == schema
            ),
        )


def _columns(names: Iterable[str | None]) -> tuple[str, ...]:
    # An index over an expression has no column name there.
    found = list(names)
    return tuple(name for name in found if name is not None) if None not in found else ()


def _column(name: str, kind: TypeEngine[Any]) -> ReflectedColumn:
    found = next((ours for theirs, ours in _TYPES if isinstance(kind, theirs)), ColumnType.OTHER)
    return ReflectedColumn(name=name, type=found, declared=type(kind).__name__)
