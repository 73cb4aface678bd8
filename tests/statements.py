"""Statements compiled once for all databases of a run of tests, each of which would otherwise compile them again.

SQLAlchemy keeps what it compiled for a dialect, and each engine has a dialect of its own; a house that runs for months
has one engine, a run of tests has thousands. So dialects of one kind are equal here, and share what they compiled.
"""

from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_COMPILED: Final[LRUCache[Any, Any]] = LRUCache(2000)


class _Sharing:
    """What makes a dialect equal to the others of its kind."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let a new engine look where the others have put what they compiled."""
        engine.update_execution_options(compiled_cache=_COMPILED)


class SharingSQLite(_Sharing, SQLiteDialect_pysqlite):
    """SQLite by Python's own driver."""

    supports_statement_cache = True


class SharingPostgreSQL(_Sharing, PGDialect_psycopg):
    """PostgreSQL by psycopg."""

    supports_statement_cache = True


def share_statements() -> None:
    """Let every engine made from now on share what it compiles."""
    registry.register("sqlite", __name__, SharingSQLite.__name__)
    registry.register("postgresql.psycopg", __name__, SharingPostgreSQL.__name__)
