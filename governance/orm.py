"""The base of every table: names of constraints, types of columns, a silent repr.

Types store the same fact as small as each database allows: an identifier is 16 bytes, a moment is a `timestamptz` or a
count of microseconds. A naive time is refused.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, Enum, LargeBinary, MetaData, String, Uuid, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.orm.decl_api import TypeResolve
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from governance.clock import from_microseconds, to_microseconds
from governance.periods import LENGTH, Period

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: `timestamptz` on PostgreSQL, microseconds since 1970 (64 bits) on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the storage of the dialect."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Refuse naive times; count microseconds on SQLite."""
        if value is None:
            return None
        microseconds = to_microseconds(value)
        return microseconds if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give an aware UTC moment on both."""
        if value is None:
            return None
        return from_microseconds(value) if dialect.name == "sqlite" else from_microseconds(to_microseconds(value))


class CompactUuid(TypeDecorator[uuid.UUID]):
    """An identifier in 16 bytes: `uuid` on PostgreSQL, a blob on SQLite."""

    impl = Uuid()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the storage of the dialect."""
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> uuid.UUID | bytes | None:
        """Give SQLite the 16 bytes."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        """Give a UUID on both."""
        return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


class holds_uuid(FunctionElement[bool]):  # noqa: N801 -- a function of SQL
    """Say whether a column holds an identifier, or nothing: SQLite keeps any type in any column."""

    type = Boolean()
    inherit_cache = True


@compiles(holds_uuid)
def _always(_element: holds_uuid, _compiler: SQLCompiler, **_: Any) -> str:
    return "true"


@compiles(holds_uuid, "sqlite")
def _sixteen_bytes(element: holds_uuid, compiler: SQLCompiler, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    return f"({column} IS NULL OR (typeof({column}) = 'blob' AND length({column}) = 16))"


class PeriodText(TypeDecorator[Period]):
    """A period as ISO 8601 writes it."""

    impl = String(LENGTH)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Period | None:
        """Give a period."""
        return None if value is None else Period(value)


def _values(states: type[StrEnum]) -> list[str]:
    return [state.value for state in states]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """Base of all tables. Constructors are keyword-only and typed; the repr names no value, for values are personal."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it once, as a declaration
        datetime: UTCDateTime(),
        uuid.UUID: CompactUuid(),
        Period: PeriodText(),
        # Values, not Python names, and a CHECK, so that the database refuses a state that nobody declared.
        StrEnum: Enum(StrEnum, native_enum=False, create_constraint=True, length=32, values_callable=_values),
    }


@event.listens_for(Base, "resolve_type_annotation")
def _resolve_new_type(resolution: TypeResolve) -> TypeEngine[Any] | None:
    """Let a column be annotated with a NewType of a known type."""
    supertype = getattr(resolution.resolved_type, "__supertype__", None)
    return None if supertype is None else resolution.resolve(supertype)
