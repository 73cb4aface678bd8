"""The log of one database: facts in, durable entries out.

Facts that wait at the same time share one transaction (group commit): whoever finds nobody committing commits for all
who wait, on the log's own connection. So a lonely append costs one transaction and no change of thread, and many at
once cost few. Nobody returns before the disk has it.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from audit.drafts import Draft, to_draft
from audit.entries import EntryRef, Fact, to_entry
from audit.errors import LogUnavailableError
from audit.leaves import LeafKey
from audit.sequencer import Batch, Sequencer
from audit.statements import statements_for
from audit.transaction import check_no_write_held, listen
from governance.clock import Clock
from governance.database import Database, trouble_of
from governance.errors import phrase
from governance.ids import IdSource

_T = TypeVar("_T")
# Entries of one transaction at most, so that a flood keeps nobody waiting for long.
_AT_ONCE: Final = 1_000


class _Ticket:
    """Somebody who waits for facts to be durable."""

    __slots__ = ("drafts", "error", "facts", "gate", "refs")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self.drafts: list[Draft] = []
        self.refs: list[EntryRef] | None = None
        self.error: Exception | None = None
        self.gate = threading.Lock()
        self.gate.acquire()


class Log:
    """An append-only, verifiable log of facts."""

    def __init__(self, database: Database, clock: Clock, ids: IdSource, leaf_key: bytes) -> None:
        """Connect nothing yet.

        Args:
            database: Where the log lies.
            clock: What stamps the entries.
            ids: What identifies them.
            leaf_key: 32 secret bytes that attest leaves and head.
        """
        self._database: Final = database
        self._clock: Final = clock
        self._ids: Final = ids
        self._sequencer: Final = Sequencer(statements_for(database.dialect), LeafKey(leaf_key))
        self._mutex: Final = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._led = False
        self._company = 0
        self._connection: Any = None

    def append(self, fact: Fact) -> EntryRef:
        """Make one fact durable.

        Raises:
            LogUnavailableError: If it cannot be; then release nothing.
            AppendInsideWriteError: If this thread holds a writing transaction.
            InvalidFactError: If the fact has no canonical form.
            EntryTooLargeError: If the entry is too large.
        """
        return self.append_many((fact,))[0]

    def append_many(self, facts: Sequence[Fact]) -> list[EntryRef]:
        """Make facts durable, all of them or none.

        Raises:
            LogUnavailableError: If they cannot be; then release nothing.
            AppendInsideWriteError: If this thread holds a writing transaction.
            InvalidFactError: If a fact has no canonical form.
            EntryTooLargeError: If an entry is too large.
        """
        check_no_write_held()
        if not facts:
            return []
        ticket = _Ticket(facts)
        with self._mutex:
            self._waiting.append(ticket)
            leads, self._led = not self._led, True
        if not leads:
            leads = self._wait(ticket)
        if leads:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        return ticket.refs or []

    def attach(self, sessions: sessionmaker[Session]) -> None:
        """Write what the sessions of this maker record, in their own transactions."""
        listen(sessions, self)

    def write_with(self, session: Session, facts: Sequence[Fact]) -> Batch:
        """Write the facts in the session's transaction, as its last statements.

        Raises:
            LogUnavailableError: If they cannot be written; the transaction then rolls back.
        """
        drafts = self._drafts(facts)
        raw = session.connection().connection.driver_connection
        return self._guarded(lambda: self._add(raw, drafts))

    def written(self, batch: Batch) -> None:
        """Learn that a transaction was committed."""
        self._sequencer.committed(batch)

    def close(self) -> None:
        """Close the log's own connection."""
        with self._mutex:
            self._drop()

    def _drafts(self, facts: Sequence[Fact]) -> list[Draft]:
        now: datetime | None = None
        drafts = []
        for fact in facts:
            at = fact.at
            if at is None:
                at = now = now or self._clock.now()
            drafts.append(to_draft(to_entry(fact, self._ids.new(), at)))
        return drafts

    def _wait(self, ticket: _Ticket) -> bool:
        """Wait until the ticket is settled, or its holder has to lead."""
        try:
            ticket.gate.acquire()
        except BaseException:
            # A signal came instead. Whoever was chosen to lead and goes away passes it on.
            with self._mutex:
                if ticket in self._waiting:
                    chosen = not ticket.gate.locked()
                    self._waiting.remove(ticket)
                    if chosen:
                        self._choose()
            raise
        return ticket.refs is None and ticket.error is None

    def _lead(self) -> None:
        # Those whose facts were just made durable often come back at once. Letting each of them run once, without ever
        # waiting for anybody, fills the transaction; who is alone yields to nobody.
        for _ in range(self._company):
            if len(self._waiting) > self._company:
                break
            time.sleep(0)
        with self._mutex:
            tickets, self._waiting = self._waiting, []
        try:
            self._commit(tickets)
        finally:
            self._hand_over(tickets)

    def _commit(self, tickets: list[_Ticket]) -> None:
        # Whoever leads drafts for all: threads that each drafted their own took turns at the interpreter for longer.
        tickets = [ticket for ticket in tickets if self._draft(ticket)]
        drafts = [draft for ticket in tickets for draft in ticket.drafts]
        if not drafts:
            return
        try:
            refs = self._guarded(lambda: self._commit_drafts(drafts))
        except LogUnavailableError as error:
            for ticket in tickets:
                ticket.error = error
            return
        start = 0
        for ticket in tickets:
            end = start + len(ticket.drafts)
            ticket.refs = refs[start:end]
            start = end

    def _draft(self, ticket: _Ticket) -> bool:
        try:
            ticket.drafts = self._drafts(ticket.facts)
        except Exception as error:  # noqa: BLE001 -- it is raised again by whoever brought the fact
            ticket.error = error
            return False
        return True

    def _hand_over(self, tickets: list[_Ticket]) -> None:
        self._company = len(tickets) - 1
        for ticket in tickets:
            if ticket.refs is None and ticket.error is None:
                ticket.error = LogUnavailableError(reason=phrase("the writer was interrupted"))
            ticket.gate.release()
        with self._mutex:
            self._choose()

    def _choose(self) -> None:
        """Let the first who waits lead next."""
        if self._waiting:
            self._waiting[0].gate.release()
        else:
            self._led = False

    def _commit_drafts(self, drafts: Sequence[Draft]) -> list[EntryRef]:
        if self._connection is None:
            self._connection = _own_connection(self._database)
        try:
            with self._database.turn(), closing(self._connection.cursor()) as cursor:
                batch = self._sequencer.begin_and_add(cursor, drafts)
                cursor.execute("COMMIT")
        except BaseException:
            # What the connection holds now is unknown: a new one is opened next time.
            self._drop()
            raise
        self._sequencer.committed(batch)
        return batch.refs

    def _add(self, raw: Any, drafts: Sequence[Draft]) -> Batch:
        with closing(raw.cursor()) as cursor:
            return self._sequencer.add(cursor, drafts)

    def _guarded(self, work: Callable[[], _T]) -> _T:
        driver_error = self._database.engine.dialect.loaded_dbapi.Error
        try:
            return work()
        except (TypeError, ValueError):
            # A value of the wrong type is a row that somebody changed by hand.
            raise LogUnavailableError(reason=phrase("one of its rows was changed outside Égide")) from None
        except driver_error as error:
            raise LogUnavailableError(reason=trouble_of(error)) from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # SQLite keeps the lock of a closed connection for as long as anything still refers to its statements.
            with suppress(Exception):
                connection.rollback()
            with suppress(Exception):
                connection.close()


def _own_connection(database: Database) -> Any:
    """Return a connection of the driver that belongs to the caller alone, and commits only when told."""
    pooled = database.engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    if database.dialect == "postgresql":
        connection.autocommit = True
    return connection
