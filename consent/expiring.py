"""Consents that have run out are said to have: an event closes each, so that whoever is told of changes hears of it.

Nothing waits for this: a consent counts until the second for which it was given, whenever the worker comes by. The
event is dated when the consent ran out, and closes only what has indeed run out by then: a renewal of before that day
which is recorded late counts as if it had been there in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pyroaring import BitMap
from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from consent.events import Event, Key
from consent.ledger import append, hold_subjects, read_chains
from consent.models import Consent
from consent.probe import GIVEN_CODE, to_seconds
from consent.states import ConsentState, EventKind, Method
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.vault.attest import Attestor
from governance.vault.models import DataSubject, SubjectState

JOB: Final = "consent-expiry"
_EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 500
_AFTER: Final = "after"
_CONSENTS: Final[Table] = Consent.__table__  # type: ignore[assignment] # a declarative table is a Table
_KEY: Final = (_CONSENTS.c.subject_id, _CONSENTS.c.purpose_id, _CONSENTS.c.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Closes what has run out, a batch at a time. A step may run twice: what is closed is not given any more."""

    database: Database = field(repr=False)
    attestor: Attestor = field(repr=False)
    clock: Clock = field(repr=False)

    def handler(self) -> Handler:
        """Return what the worker does."""
        return Handler(kind=JOB, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Close some consents, and record how many."""
        now, after = self.clock.now(), lease.payload.get(_AFTER)
        with self.database.write() as session:
            found = self._due(session, now, None if after is None else Key(*after))
            closed = self._close(session, found, now)
            if closed:
                record(session, _fact(closed))
            else:
                unrecorded(session, "nothing that ran out is whole")
        done = lease.progress + len(closed)
        if len(found) < _AT_ONCE:
            return Progress(finished=True, progress=done)
        return Progress(finished=False, progress=done, payload={_AFTER: list(found[-1])})

    def _due(self, session: Session, now: datetime, after: Key | None) -> Sequence[Key]:
        """Return the next consents that say given and have run out, of people who are on file."""
        statement = (
            select(*_KEY)
            .join(DataSubject, DataSubject.id == _CONSENTS.c.subject_id)
            .where(
                _CONSENTS.c.state == GIVEN_CODE,
                _CONSENTS.c.holds_until <= to_seconds(now),
                DataSubject.state != SubjectState.ERASED.code,
            )
            .order_by(*_KEY)
            .limit(_AT_ONCE)
        )
        if after is not None:
            statement = statement.where(tuple_(*_KEY) > tuple_(*after))
        return [Key(*row) for row in session.execute(statement)]

    def _close(self, session: Session, due: Sequence[Key], now: datetime) -> list[Event]:
        """Append the events, and return them; what was altered is left to whoever looks at it, and opens nothing."""
        if not due:
            return []
        hold_subjects(session, {key.subject_id for key in due})
        chains = read_chains(session, self.attestor, due)
        events = [
            Event(
                key=key,
                kind=EventKind.EXPIRED,
                method=Method.API,
                occurred_at=standing.expires_at,
                recorded_at=now,
            )
            for key in due
            if chains[key].intact
            and (standing := chains[key].standing).state is ConsentState.GIVEN
            and standing.expires_at is not None
            and standing.expires_at <= now
        ]
        if events:
            append(session, self.attestor, {event.key: chains[event.key] for event in events}, events)
        return events


def _fact(closed: Sequence[Event]) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.CONSENT,
        actor=SYSTEM,
        object_type="consent",
        subjects=BitMap(event.key.subject_id for event in closed),
        details={"verb": "expire", "count": len(closed)},
    )
