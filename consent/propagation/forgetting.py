"""Changes are forgotten a year after they were recorded, delivered or not: evidence is not kept for ever."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.transaction import record, unrecorded
from consent.propagation.models import ConsentChange, Delivery, is_unsettled
from consent.propagation.values import KEPT
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress

JOB: Final = "consent-changes-forgetting"
_EVERY: Final = timedelta(hours=24)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingChanges:
    """Does the work of the kind `consent-changes-forgetting`: some changes at each step."""

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)

    def handler(self) -> Handler:
        """Return how changes are forgotten, for the worker."""
        return Handler(kind=JOB, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Forget the oldest changes whose time is over, with what was told of them."""
        old = select(ConsentChange.id, ConsentChange.position).where(
            ConsentChange.recorded_at <= self.clock.now() - KEPT, ConsentChange.position.is_not(None)
        )
        with self.database.read() as session:
            found = session.execute(old.order_by(ConsentChange.recorded_at, ConsentChange.id).limit(_AT_ONCE)).all()
        if found:
            with self.database.write() as session:
                self._forget(session, [row.id for row in found], [row.position for row in found])
        return Progress(finished=len(found) < _AT_ONCE, progress=lease.progress + len(found))

    def _forget(self, session: Session, ids: list[int], positions: list[int]) -> None:
        unrecorded(session, "what was told to everybody goes when its time is over")
        there = Delivery.position.in_(positions)
        never = session.scalar(select(func.count()).select_from(Delivery).where(there, is_unsettled(Delivery)))
        session.execute(delete(Delivery).where(there))
        session.execute(delete(ConsentChange).where(ConsentChange.id.in_(ids)))
        if never:
            record(
                session,
                Fact(
                    retention=Retention.EVIDENCE,
                    action=Action.DELETE,
                    actor=SYSTEM,
                    object_type="consent-change",
                    outcome=Outcome.FAILED,
                    details={"never_delivered": never},
                ),
            )
