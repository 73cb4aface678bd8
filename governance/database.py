"""Engines and transactions, for SQLite and PostgreSQL.

Durability is set, not hoped for: SQLite runs in WAL with `synchronous=FULL` and `secure_delete`; PostgreSQL commits
synchronously and is refused when it runs without `fsync` or `full_page_writes`, or holds fewer letters than UTF-8.
Statement parameters never reach a log or an exception (`hide_parameters`), for they are personal data.

`write()` takes SQLite's write lock at once (BEGIN IMMEDIATE), so that two writers queue instead of failing half-way,
and waits for it in line (`governance.turns`); `read()` changes nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from governance.errors import DomainError, Phrase, mark, phrase
from governance.sqlite_file import keep_private
from governance.turns import WriteTurns

# A writer waits in line, then, behind a tool that knows of no line, for SQLite's own lock.
_TURN_SECONDS: Final = 5
BUSY_SECONDS: Final = 5
_TURN: Final = "egide_turn"
_IN_MEMORY: Final = ":memory:"
# What SQLite's driver says of text that is none, which SQL may write into any column.
_UNREADABLE: Final = "Could not decode to UTF-8"
# The commonest codes of SQLite and PostgreSQL.
_TROUBLES: Final = {
    "SQLITE_BUSY": phrase("another program keeps the database locked"),
    "SQLITE_LOCKED": phrase("another program keeps the database locked"),
    "55P03": phrase("another program keeps the database locked"),
    "SQLITE_FULL": phrase("the disk is full"),
    "53100": phrase("the disk is full"),
    "SQLITE_IOERR": phrase("the disk does not answer"),
    "58030": phrase("the disk does not answer"),
    "SQLITE_READONLY": phrase("the database may only be read"),
    "25006": phrase("the database may only be read"),
    "53300": phrase("the database has too many connections"),
    "57P03": phrase("the database is starting"),
}
IMMEDIATE: Final = "egide_immediate"


@dataclass(kw_only=True, eq=False)
class UnsafeDatabaseError(DomainError):
    """A PostgreSQL server that may lose what it acknowledged."""

    message: ClassVar[str] = mark("The database runs with {setting} off: it may lose what it acknowledged. Turn it on.")
    setting: str


@dataclass(kw_only=True, eq=False)
class NarrowDatabaseError(DomainError):
    """A PostgreSQL database of another encoding than UTF-8: somebody's name would not fit."""

    message: ClassVar[str] = mark("The database is encoded in {encoding}, which does not hold every letter: use UTF8.")
    encoding: str


@dataclass(kw_only=True, eq=False)
class UnsupportedDatabaseError(DomainError):
    """A database that is neither SQLite nor PostgreSQL."""

    message: ClassVar[str] = mark("{dialect} is not supported: give a sqlite or postgresql address.")
    dialect: str


@dataclass(kw_only=True, eq=False)
class UnreadableValueError(DomainError):
    """A value that Égide cannot have written, for the database's own driver cannot read it. Nothing was released."""

    message: ClassVar[str] = mark("A value in the database was altered outside Égide: it cannot be read.")


class Database:
    """One database, its engine and its transactions."""

    def __init__(self, url: str | URL, *, pool_size: int = 10) -> None:
        """Open nothing yet; the first transaction connects.

        Args:
            url: An SQLAlchemy URL, `sqlite:///file` or `postgresql://...` (psycopg 3).
            pool_size: Connections kept open at most.

        Raises:
            UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
        """
        address = make_url(url)
        self.engine: Final = _engine(address, pool_size)
        self._turns: Final = _in_line(self.engine, address)
        self.sessions: Final = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that is always rolled back."""
        with self.sessions() as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that takes the write lock at once, and commits when the block ends without an error."""
        with self.sessions() as session, session.begin():
            session.connection(execution_options={IMMEDIATE: True})
            yield session

    @contextmanager
    def write_connection(self) -> Iterator[Connection]:
        """The same without an ORM session, for what owns its statements."""
        with self.engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
            yield connection

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in the line of SQLite's writers, for what brings its own connection."""
        came = self._turns is not None and self._turns.take(_TURN_SECONDS)
        try:
            yield
        finally:
            if self._turns is not None and came:
                self._turns.give()

    def check_server(self) -> None:
        """Refuse a server that may lose what it acknowledged, and a database that does not hold every letter.

        Raises:
            UnsafeDatabaseError: If PostgreSQL runs with `fsync` or `full_page_writes` off.
            NarrowDatabaseError: If the database is not encoded in UTF-8.
        """
        if self.dialect != "postgresql":
            return
        with self.engine.connect() as connection:
            for setting in ("fsync", "full_page_writes"):
                if connection.execute(text(f"SHOW {setting}")).scalar_one() != "on":
                    raise UnsafeDatabaseError(setting=setting)
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
            if encoding != "UTF8":
                raise NarrowDatabaseError(encoding=encoding)

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()
        if self._turns is not None:
            self._turns.close()


def check_readable(error: BaseException | None) -> None:
    """Tell a value that the driver cannot read from a database that does not answer; SQLite's driver does not.

    Raises:
        UnreadableValueError: If the error is about a value.
    """
    if isinstance(error, sqlite3.OperationalError) and str(error).startswith(_UNREADABLE):
        # The driver quotes the value.
        error.args = (_UNREADABLE,)
        raise UnreadableValueError from None


def is_out_of_reach(error: BaseException | None) -> bool:
    """Say whether a database did not answer, or could not for the moment, whatever it was asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return isinstance(error, PoolTimeoutError)
    # What SQLite's driver calls so is also a statement that it does not understand.
    return getattr(error.orig, "sqlite_errorname", None) != "SQLITE_ERROR"


def trouble_of(error: BaseException) -> Phrase:
    """Return in words why a database could not do what it was asked to. The driver's own words may quote a row."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""
    # SQLite tells details behind two words: SQLITE_IOERR_WRITE, SQLITE_BUSY_SNAPSHOT.
    known = _TROUBLES.get("_".join(code.split("_")[:2]))
    if known is not None:
        return known
    return phrase("the database refuses ({code})", code=code) if code else phrase("the database does not answer")


def _engine(url: URL, pool_size: int) -> Engine:
    dialect = url.get_backend_name()
    if dialect == "sqlite":
        engine = create_engine(url, hide_parameters=True, pool_size=pool_size, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "do_connect", lambda *_: _keep_private(url))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "handle_error", _check_readable)
        return engine
    if dialect == "postgresql":
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=pool_size,
            isolation_level="READ COMMITTED",
            connect_args={
                # In the words of the server itself, so that a database of another encoding can say which.
                "client_encoding": "utf8",
                "options": "-c synchronous_commit=on -c timezone=UTC",
            },
        )
    raise UnsupportedDatabaseError(dialect=dialect)


def _keep_private(url: URL) -> None:
    if url.database and url.database != _IN_MEMORY:
        keep_private(url.database)


def _check_readable(context: ExceptionContext) -> None:
    check_readable(context.original_exception)


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_in_line` does, with the lock that is wanted.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _in_line(engine: Engine, url: URL) -> WriteTurns | None:
    """Let the writers of an SQLite file wait in line, until the connection of the one before is free."""
    if url.get_backend_name() != "sqlite":
        return None
    turns = WriteTurns(url.database) if url.database and url.database != _IN_MEMORY else None

    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(IMMEDIATE, False)
        if immediate and turns is not None and _TURN not in connection.info and turns.take(_TURN_SECONDS):
            connection.info[_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    def free(_dbapi_connection: Any, record: ConnectionPoolEntry, *_: object) -> None:
        if turns is not None and record.info.pop(_TURN, False):
            turns.give()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", free)
    event.listen(engine, "invalidate", free)
    return turns
