"""Reading the log while it grows."""

from sqlalchemy.orm import Session


def read_consistently(session: Session) -> None:
    """Let all reads of a session see one state of the log; call it before the first.

    SQLite always does so; PostgreSQL reads the newest state with each statement, unless it is told.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
