"""Connections of the driver for reads: no session, no transaction that outlives its statement.

A read is one statement in its own transaction (autocommit): it sees one state of the database and is over before
anything is opened or recorded. Connections are kept at hand, as many as were needed at once; one that breaks is closed
and not replaced, so that a restarted server costs one error each.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from governance.database import Database

_KEPT: Final = 32


class ReadConnections:
    """Connections to Égide's own database, for the gate's statements."""

    def __init__(self, database: Database) -> None:
        """Connect nothing yet."""
        self._database: Final = database
        self._postgres: Final = database.dialect == "postgresql"
        self._idle: Final[deque[Any]] = deque()

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """Lend a cursor; after an error of the driver its connection is closed."""
        connection = self._take()
        try:
            cursor = connection.cursor(binary=True) if self._postgres else connection.cursor()
            yield cursor
            cursor.close()
        except BaseException:
            with suppress(Exception):
                connection.close()
            raise
        if len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def fetch(self, sql: str, parameters: Any) -> Sequence[tuple[Any, ...]]:
        """Run one statement and return all of its rows."""
        with self.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def close(self) -> None:
        """Close the connections that nobody has."""
        while self._idle:
            with suppress(Exception):
                self._idle.pop().close()

    def _take(self) -> Any:
        with suppress(IndexError):
            return self._idle.pop()
        pooled = self._database.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._postgres:
            connection.autocommit = True
        else:
            connection.execute("PRAGMA query_only=ON")
        return connection
