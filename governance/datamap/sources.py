"""The adopted databases, opened so that nothing can be written to them.

A SQLite file is opened with `mode=ro`, and stays in the journal mode that its own program chose; PostgreSQL gets
`default_transaction_read_only=on`. The address comes from the host's setting EGIDE_SOURCE_<NAME>, or from the map where
it needs no password.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from governance.database import UnsupportedDatabaseError
from governance.datamap.errors import SourceUnknownError, SourceUnreachableError
from governance.datamap.values import DataMap
from governance.errors import phrase
from governance.settings import SOURCE_PREFIX

# Tables that stand together in no database but Égide's.
_OURS: Final = frozenset({"installation", "data_subject", "map_document", "policy_epoch"})
# What the commonest codes of SQLite and PostgreSQL mean; of a server that is not reached there is no code.
_WHY: Final = {
    "SQLITE_CANTOPEN": phrase("its file is not there, or may not be read"),
    "SQLITE_NOTADB": phrase("its file is no SQLite database"),
    "SQLITE_BUSY": phrase("another program keeps it locked"),
    "OperationalError": phrase("the server does not answer, or refuses the account"),
    "3D000": phrase("there is no database of this name"),
    "28P01": phrase("the password is refused"),
    "42501": phrase("the account may not read it"),
    "42P01": phrase("it has no such table"),
    "42703": phrase("it has no such column"),
    "57014": phrase("it takes too long to answer"),
}
_BUSY_SECONDS: Final = 10
# A statement that takes longer would hold up the shop whose database it is.
_STATEMENT_MILLISECONDS: Final = 60_000


class Readable(Protocol):
    """A database that can be read."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        ...

    def read(self) -> AbstractContextManager[Session]:
        """Open a transaction that is always rolled back."""
        ...


class SourceDatabase:
    """One adopted database, read-only."""

    def __init__(self, name: str, url: str | URL, *, pool_size: int = 5, own_allowed: bool = False) -> None:
        """Open nothing yet; the first transaction connects.

        Args:
            name: What errors call it.
            url: An SQLAlchemy URL.
            pool_size: Connections kept open at most.
            own_allowed: Whether it may be Égide's own database, for its structure to be looked at.

        Raises:
            UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
            SourceUnreachableError: If it is no address.
        """
        self.name: Final = name
        try:
            self.engine: Final = _engine(make_url(url), pool_size)
        except ArgumentError:
            raise SourceUnreachableError(source=name, reason=phrase("its address is malformed")) from None
        self._sessions: Final = sessionmaker(self.engine)
        self._checked = own_allowed

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that is always rolled back.

        Raises:
            SourceUnreachableError: If the database does not answer, or has not what is asked of it.
        """
        try:
            with self._sessions() as session:
                try:
                    self._refuse_own(session)
                    yield session
                finally:
                    session.rollback()
        except DBAPIError as error:
            raise SourceUnreachableError(source=self.name, reason=reason_of(error)) from None

    def _refuse_own(self, session: Session) -> None:
        # Through an address of its own, the tables that decide what may be read could be mapped and read themselves.
        if self._checked:
            return
        if is_own(inspect(session.connection()).get_table_names()):
            raise SourceUnreachableError(
                source=self.name, reason=phrase("it is Égide's own; leave source out of the map")
            )
        self._checked = True

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


class Sources:
    """Every database that holds mapped rows, Égide's own among them."""

    def __init__(self, own: Readable, addresses: Mapping[str, str]) -> None:
        """Open nothing yet.

        Args:
            own: Égide's own database, in which adopted tables may stand too.
            addresses: The host's settings, by source.
        """
        self._own: Final = own
        self._addresses: Final = dict(addresses)
        self._mapped: Mapping[str, str] = {}
        self._open: Final[dict[str, tuple[str, SourceDatabase]]] = {}
        self._opening: Final = threading.Lock()

    def follow(self, maps: tuple[DataMap, ...]) -> None:
        """Learn the addresses that maps give; the host's settings win."""
        self._mapped = {each.source: each.address for each in maps if each.source and each.address}

    @property
    def configured(self) -> tuple[str, ...]:
        """The databases that the host set up, by name."""
        return tuple(sorted(self._addresses))

    def address(self, source: str) -> str | None:
        """Return the address that the host set up, which may hold a password; None where it set up none."""
        return self._addresses.get(source)

    def database(self, source: str | None) -> Readable:
        """Return the database of a source; Égide's own for None.

        Raises:
            SourceUnknownError: If nobody gave its address.
            UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
        """
        if source is None:
            return self._own
        address = self._addresses.get(source) or self._mapped.get(source)
        if address is None:
            raise SourceUnknownError(source=source, setting=f"{SOURCE_PREFIX}{source.upper()}")
        with self._opening:
            known = self._open.get(source)
            if known is not None and known[0] == address:
                return known[1]
            if known is not None:
                known[1].close()
            opened = SourceDatabase(source, address)
            self._open[source] = (address, opened)
            return opened

    def close(self) -> None:
        """Close every adopted database; Égide's own stays open."""
        with self._opening:
            for _, database in self._open.values():
                database.close()
            self._open.clear()


def is_own(names: Iterable[str]) -> bool:
    """Say whether a database with these tables is Égide's own."""
    return set(names) >= _OURS


def reason_of(error: DBAPIError) -> str:
    """Return why a database refused, in words that quote no row: ours, or the database's own code."""
    origin = error.orig
    code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None) or type(origin).__name__
    return _WHY.get(code, code)


def _engine(url: URL, pool_size: int) -> Engine:
    dialect = url.get_backend_name()
    if dialect == "sqlite":
        engine = create_engine(
            _read_only(url), hide_parameters=True, pool_size=pool_size, connect_args={"timeout": _BUSY_SECONDS}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
        return engine
    if dialect == "postgresql":
        options = f"-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout={_STATEMENT_MILLISECONDS}"
        return create_engine(
            url, hide_parameters=True, pool_size=pool_size, pool_pre_ping=True, connect_args={"options": options}
        )
    raise UnsupportedDatabaseError(dialect=dialect)


def _read_only(url: URL) -> URL:
    path = url.database
    if not path or path == ":memory:" or path.startswith("file:"):
        # An address with options of its own could ask for more than reading.
        raise ArgumentError("expected sqlite:///file")
    file = quote(str(Path(path).absolute()))
    return URL.create("sqlite", database=f"file:{file}", query={"mode": "ro", "uri": "true"})


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    # One cell that is not UTF-8 must not make a whole page unreadable.
    dbapi_connection.text_factory = _lenient
    cursor = dbapi_connection.cursor()
    for pragma in ("query_only=ON", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
