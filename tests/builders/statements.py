"""Counting the statements that an answer takes, those of the gate's own connections too."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from governance.wiring import Wired


@contextmanager
def counted_statements(wired: Wired) -> Iterator[list[str]]:
    """Collect what the house's database is asked meanwhile.

    The gate reads on the driver's own connections, which it keeps: on SQLite those at hand are listened to, so ask once
    before counting. On PostgreSQL only the statements of the sessions are seen.
    """
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    connections = wired.gate._connections.idle  # noqa: SLF001 -- nothing else knows what the gate asks
    traced = [connection for connection, _ in connections] if wired.database.dialect == "sqlite" else []
    event.listen(wired.database.engine, "before_cursor_execute", note)
    for connection in traced:
        connection.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        event.remove(wired.database.engine, "before_cursor_execute", note)
        for connection in traced:
            connection.set_trace_callback(None)
