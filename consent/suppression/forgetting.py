"""Refusals are forgotten when their period is over: as long as the register says that refusals are kept.

CNIL, deliberation 2021-131: information by which an objection is honoured is kept for three years at least. The period
is therefore one of the register, with its source and the controller's signature: that of the purposes in force which
keep refusals, as the law obliges, from the day of the withdrawal. The longest of them counts. Where the register has
none, nothing is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Table, delete, func, tuple_
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from consent.suppression.checking import check_list, record_altered
from consent.suppression.listing import RAW, SuppressionList, hold_list
from consent.suppression.models import Suppression
from consent.suppression.service import record_change
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.database import Database
from governance.days import day_of, start_of_day
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vocabulary import LawfulBasis
from register.declared import declared_purposes
from register.values import DeclaredPurpose, StartingEvent

JOB: Final = "suppressions-over"
_EVERY: Final = timedelta(hours=24)
_AT_ONCE: Final = 500
_ROWS: Final[Table] = Suppression.__table__  # type: ignore[assignment] # a declarative table is a Table


def last_day_over(purposes: Iterable[DeclaredPurpose], today: date) -> date | None:
    """Return the latest day of a refusal that need not be kept any more; None where the register does not say."""
    over = [
        retention.latest_over(today)
        for purpose in purposes
        if purpose.open and purpose.basis is LawfulBasis.LEGAL_OBLIGATION
        for retention in purpose.retention.values()
        if retention.starting_event is StartingEvent.WITHDRAWAL
    ]
    return min(over, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingRefusals:
    """Forgets refusals whose period is over, a batch at a time, and then checks the list. A step may run twice."""

    database: Database = field(repr=False)
    keyring: Keyring = field(repr=False)
    attestor: Attestor = field(repr=False)
    clock: Clock = field(repr=False)

    def handler(self) -> Handler:
        """Return what the worker does."""
        return Handler(kind=JOB, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Forget some rows, and record how many."""
        with self.database.write() as session:
            gone = self._forget(session)
            if not gone:
                unrecorded(session, "no refusal is over")
        if not gone:
            self._check()
        return Progress(finished=not gone, progress=lease.progress + gone)

    def _check(self) -> None:
        with self.database.read() as session:
            found = check_list(session, self.keyring)
        if not found.whole:
            with self.database.write() as session:
                record_altered(session, found)

    def _forget(self, session: Session) -> int:
        today = day_of(self.clock.now())
        last = last_day_over(declared_purposes(session, self.attestor).values(), today)
        if last is None:
            return 0
        hold_list(session, exclusive=True)
        listed = SuppressionList(self.keyring)
        # An altered row may say any day: it stays, and the check tells of it.
        rows = [row for raw in session.execute(_over(last)) if (row := listed.whole(raw)) is not None]
        if rows:
            keys = [tuple(row[column.name] for column in _ROWS.primary_key) for row in rows]
            session.connection().execute(delete(_ROWS).where(tuple_(*_ROWS.primary_key).in_(keys)))
            listed.write_tally(session, listed.read_tally(session).minus([listed.element(row) for row in rows]))
            record_change(session, SYSTEM, listed, {"verb": "forget", "count": len(rows)}, ())
        return len(rows)


def _over(last: date) -> Any:
    before = start_of_day(last + timedelta(days=1))
    ended = func.coalesce(_ROWS.c.ended_at, _ROWS.c.since)
    return RAW.where(ended < before).order_by(*_ROWS.primary_key).limit(_AT_ONCE)
