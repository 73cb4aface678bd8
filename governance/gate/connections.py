"""Connections of the driver for reads: no session, no transaction that outlives its statement.

A read is one statement in its own transaction (autocommit): it sees one state of the database and is over before
anything is opened or recorded. Connections are kept at hand, as many as were needed at once.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from governance.database import Database, check_readable, trouble_of
from governance.gate.errors import DatabaseUnavailableError

_KEPT: Final = 32
# Every statement of the gate takes a page of rows in the order of an index, and looks up who they are: a plan that
# reads or sorts whole tables instead is wrong for all of them, and cheapest by estimate for small ones.
_PLANS_FOR_PAGES: Final = (
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET random_page_cost = 1.1; SET jit = off;"
    " SET default_transaction_read_only = on"
)


class ReadConnections:
    """Connections to Égide's own database, for the gate's statements."""

    def __init__(self, database: Database) -> None:
        """Connect nothing yet."""
        self._database: Final = database
        self._postgres: Final = database.dialect == "postgresql"
        self._driver_error: Final = database.engine.dialect.loaded_dbapi.Error
        # A connection with the one cursor it is used through.
        self.idle: Final[deque[tuple[Any, Any]]] = deque()

    def fetch(self, sql: str, parameters: Any) -> Sequence[tuple[Any, ...]]:
        """Run one statement and return all of its rows.

        A connection that lay idle may be dead, so the statement is run once more on a fresh one.

        Raises:
            DatabaseUnavailableError: If the database does not answer.
            UnreadableValueError: If a value was altered so that the driver cannot read it.
        """
        while True:
            try:
                idle = self.idle.pop()
            except IndexError:
                break
            try:
                return self._run(*idle, sql, parameters)
            except self._driver_error:
                continue
        try:
            return self._run(*self._connect(), sql, parameters)
        except (self._driver_error, DBAPIError) as error:
            check_readable(error)
            origin = error.orig if isinstance(error, DBAPIError) else error
            raise DatabaseUnavailableError(reason=trouble_of(origin or error)) from None

    def _run(self, connection: Any, cursor: Any, sql: str, parameters: Any) -> Sequence[tuple[Any, ...]]:
        try:
            rows: Sequence[tuple[Any, ...]] = cursor.execute(sql, parameters).fetchall()
        except BaseException:
            with suppress(Exception):
                connection.close()
            raise
        if len(self.idle) < _KEPT:
            self.idle.append((connection, cursor))
        else:
            connection.close()
        return rows

    def close(self) -> None:
        """Close the connections that nobody has."""
        while self.idle:
            with suppress(Exception):
                self.idle.pop()[0].close()

    def _connect(self) -> tuple[Any, Any]:
        pooled = self._database.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._postgres:
            connection.autocommit = True
            connection.execute(_PLANS_FOR_PAGES)
            return connection, connection.cursor(binary=True)
        connection.execute("PRAGMA query_only=ON")
        return connection, connection.cursor()
