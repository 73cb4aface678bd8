"""A change records in its own transaction: the facts are its last statements before the commit.

`record` buffers a fact in the session; when the transaction commits, the log writes all of them under the lock of its
head, which is therefore held for a moment only. A transaction that is rolled back, whole or to a savepoint, forgets its
facts. One that changed rows and recorded nothing does not commit, unless it said why (`unrecorded`).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, sessionmaker
from sqlalchemy.orm.unitofwork import UOWTransaction

from audit.entries import EntryRef, Fact
from audit.errors import AppendInsideWriteError, LogNotAttachedError, UnrecordedWriteError
from audit.sequencer import Batch
from governance.database import IMMEDIATE

_SCRIBE: Final = "egide_audit_scribe"
_PENDING: Final = "egide_audit_pending"
_Savepoint = SessionTransaction | None


class Scribe(Protocol):
    """What writes the facts of a transaction: the log."""

    def write_with(self, session: Session, facts: Sequence[Fact]) -> Batch:
        """Write the facts in the session's transaction, as its last statements."""
        ...

    def written(self, batch: Batch) -> None:
        """Learn that the transaction was committed."""
        ...


class _Count:
    """How many writing transactions a thread holds."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = 0


class _Threads(threading.local):
    def __init__(self) -> None:
        self.count = _Count()


_threads: Final = _Threads()


@dataclass(slots=True)
class _Pending:
    """What a session's transaction has done and said so far, each with the savepoint it happened in."""

    facts: list[tuple[Fact, _Savepoint]] = field(default_factory=list)
    changes: list[tuple[str, _Savepoint]] = field(default_factory=list)
    because: str | None = None
    batch: Batch | None = None
    refs: list[EntryRef] = field(default_factory=list)
    count: _Count | None = None

    def forget(self, rolled_back: _Savepoint) -> None:
        """Drop what happened in a savepoint that was rolled back, or everything."""
        self.facts = [(fact, at) for fact, at in self.facts if not _within(at, rolled_back)]
        self.changes = [(table, at) for table, at in self.changes if not _within(at, rolled_back)]
        if rolled_back is None:
            self.because = self.batch = None


def record(session: Session, fact: Fact) -> None:
    """Say a fact in the session's transaction; it is written with the commit.

    Raises:
        LogNotAttachedError: If no log listens to this session.
    """
    _pending(session).facts.append((fact, session.get_nested_transaction()))


def recorded(session: Session) -> list[EntryRef]:
    """Return where the facts of the session's last committed transaction stand.

    Raises:
        LogNotAttachedError: If no log listens to this session.
    """
    return list(_pending(session).refs)


def unrecorded(session: Session, because: str) -> None:
    """Declare that this transaction changes nothing that anybody must be told of.

    Args:
        session: The session.
        because: Why, for the reader of the code.

    Raises:
        LogNotAttachedError: If no log listens to this session.
    """
    _pending(session).because = because


def check_no_write_held() -> None:
    """Refuse to wait for the log's connection while this thread holds a writing transaction.

    Raises:
        AppendInsideWriteError: If it does.
    """
    if _threads.count.held:
        raise AppendInsideWriteError


def listen(sessions: sessionmaker[Session], scribe: Scribe) -> None:
    """Let a log write what the sessions of this maker record; it takes the place of one that did so before."""
    # `event.contains` goes by the maker's address, which may have been that of one long gone.
    listening = _SCRIBE in sessions.kw.get("info", {})
    sessions.configure(info={_SCRIBE: scribe})
    if listening:
        return
    event.listen(sessions, "before_commit", _write)
    event.listen(sessions, "after_commit", _written)
    event.listen(sessions, "after_soft_rollback", _rolled_back)
    event.listen(sessions, "after_flush", _flushed)
    event.listen(sessions, "do_orm_execute", _executed)
    event.listen(sessions, "after_begin", _begun)
    event.listen(sessions, "after_transaction_end", _ended)


def _write(session: Session) -> None:
    pending = _pending(session)
    if session.in_nested_transaction():
        return
    session.flush()
    if pending.facts:
        pending.batch = _scribe(session).write_with(session, [fact for fact, _ in pending.facts])
    elif pending.changes and pending.because is None:
        raise UnrecordedWriteError(tables=", ".join(sorted({table for table, _ in pending.changes})))


def _written(session: Session) -> None:
    pending = _pending(session)
    if session.in_nested_transaction():
        return
    batch = pending.batch
    pending.forget(None)
    pending.refs = [] if batch is None else batch.refs
    if batch is not None:
        _scribe(session).written(batch)


def _scribe(session: Session) -> Scribe:
    scribe: Scribe | None = session.info.get(_SCRIBE)
    if scribe is None:
        raise LogNotAttachedError
    return scribe


def _pending(session: Session) -> _Pending:
    found: _Pending | None = session.info.get(_PENDING)
    if found is None:
        _scribe(session)
        found = session.info[_PENDING] = _Pending()
    return found


def _within(at: _Savepoint, rolled_back: _Savepoint) -> bool:
    if rolled_back is None:
        return True
    while at is not None and at is not rolled_back:
        at = at.parent
    return at is rolled_back


def _rolled_back(session: Session, previous: SessionTransaction) -> None:
    _pending(session).forget(previous if previous.nested else None)


def _flushed(session: Session, _context: UOWTransaction) -> None:
    savepoint = session.get_nested_transaction()
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    _pending(session).changes.extend((type(row).__name__, savepoint) for row in changed)


def _executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        change = (str(getattr(table, "name", "a table")), state.session.get_nested_transaction())
        _pending(state.session).changes.append(change)


def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    pending = _pending(session)
    if pending.count is None and connection.get_execution_options().get(IMMEDIATE):
        pending.count = _threads.count
        pending.count.held += 1


def _ended(session: Session, transaction: SessionTransaction) -> None:
    pending = _pending(session)
    if transaction.parent is None and pending.count is not None:
        pending.count.held -= 1
        pending.count = None
