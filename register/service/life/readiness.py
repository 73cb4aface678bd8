"""Which steps somebody may take now, and what stands in the way of the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.days import day_of
from governance.identity.permissions import person
from governance.identity.service.second_person import another_decides
from register.completeness import check_complete
from register.errors import AdviserDecidesError, ProposalsPendingError, RegisterError
from register.in_force import reworded
from register.lifecycle import TRANSITIONS, Verb
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.permissions import account_of, check_step
from register.service.lines.keeping import count_moving_lines
from register.values import Standing

_COMPLETE: Final = frozenset({Verb.SUBMIT, Verb.ACTIVATE, Verb.CONFIRM, Verb.RESUME})
_UNCHANGED: Final = frozenset({Verb.CONFIRM, Verb.RESUME})
_MOVING: Final = frozenset({Standing.PROPOSED, Standing.LEAVING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A step that the state of an activity knows.

    Attributes:
        verb: Which step.
        roles: Who may take it.
        article: The provision that asks for it.
        refusal: Why whoever looks may not take it at all; None where they may.
        obstacle: What the record lacks before anybody may; None where nothing.
    """

    verb: Verb
    roles: frozenset[Role]
    article: str
    refusal: RegisterError | None = None
    obstacle: RegisterError | None = None

    @property
    def open(self) -> bool:
        """Whether whoever looks may take it now."""
        return self.refusal is None and self.obstacle is None


def check_ready(session: Session, activity: Activity, actor: Actor, verb: Verb, now: datetime) -> None:
    """Refuse a step that the record is not ready for, whatever the person would write.

    Raises:
        AdviserDecidesError: If who advised would activate, and another controller could.
        IncompleteActivityError: If the record lacks something.
        ProposalsPendingError: If proposals would come into force without opinion and activation.
    """
    # GDPR Art. 38(6): advising and deciding do not lie in one hand, where there are two.
    if verb is Verb.ACTIVATE and decides_on_own_advice(activity, actor):
        account = account_of(actor)
        if another_decides(session, account, now):
            raise AdviserDecidesError(slug=activity.slug)
    if verb in _COMPLETE:
        check_complete(session, activity, day_of(now))
    if verb in _UNCHANGED and (pending := count_pending(session, activity)):
        raise ProposalsPendingError(slug=activity.slug, count=pending)


def decides_on_own_advice(activity: Activity, actor: Actor) -> bool:
    """Say whether who would activate is who gave the opinion."""
    return activity.advised_by is not None and activity.advised_by == person(actor)


def prospects(session: Session, actor: Actor, activity: Activity, now: datetime) -> Iterator[Prospect]:
    """Yield the steps that the activity's state knows, in the order of the table, each with what stands in its way."""
    for row in TRANSITIONS:
        if row.source is not activity.state or row.running not in (None, activity.running):
            continue
        refusal = obstacle = None
        try:
            check_step(actor, activity, row.verb)
        except RegisterError as error:
            refusal = error
        try:
            check_ready(session, activity, actor, row.verb, now)
        except RegisterError as error:
            obstacle = error
        yield Prospect(verb=row.verb, roles=row.roles, article=row.article, refusal=refusal, obstacle=obstacle)


def count_pending(session: Session, activity: Activity) -> int:
    """Return how many proposals wait for an activation; what was written in place since the last counts as one."""
    # What a purpose that was taken back would have used waits for nothing.
    purposes = select(Purpose.id).where(Purpose.activity_id == activity.id, Purpose.standing != Standing.ENDED)
    counted = [
        select(func.count()).where(Purpose.activity_id == activity.id, Purpose.standing.in_(_MOVING)),
        select(func.count()).where(PurposeData.purpose_id.in_(purposes), PurposeData.standing.in_(_MOVING)),
        select(func.count()).where(PurposeRecipient.purpose_id.in_(purposes), PurposeRecipient.standing.in_(_MOVING)),
    ]
    lines = sum(session.scalars(statement).one() for statement in counted) + count_moving_lines(session, activity.id)
    return lines + reworded(session, activity)
