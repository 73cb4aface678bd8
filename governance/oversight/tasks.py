"""What the head of a business line has before them: their activities, what came back, what their people ask."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.oversight.due import (
    access_asked,
    activity_item,
    grants_asked,
    grants_ending,
    observations_ending,
    owned_purposes,
    questionnaires_answered,
    records_to_review,
)
from governance.oversight.plan.waiting import own_actions
from governance.oversight.values import Item, Matter
from governance.policies.models import Grant
from governance.policies.waiting import waiting_requests
from governance.vault.attest import attestor_of
from register.in_force import versions_gone
from register.lifecycle import EDITABLE, ActivityState, Verb
from register.models import Activity, ActivityVersion, Purpose
from register.verified import Altered, verified_rows

_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An activity of one's own.

    Attributes:
        purposes: How many purposes it has.
        grants: How many grants in force give data for them.
        returned: Whether it came back to be written again; counted so where nobody can tell any more.
        note: What was written when it came back, where it did.
        altered: Whether its last step was altered or taken away outside Égide.
    """

    activity: Activity
    purposes: int
    grants: int
    returned: bool
    note: str
    altered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """The tasks of the head of a business line.

    Attributes:
        observing: One's own activities whose rules soon refuse by themselves.
        to_review: One's own records that are to be looked at again.
        answered: Questionnaires about one's own activities whose answers wait.
        actions: What the action plan gives one to do.
    """

    lines: list[Line]
    asked: list[Item]
    ending: list[Item]
    observing: list[Item]
    to_review: list[Item]
    answered: list[Item]
    actions: list[Item]

    @property
    def returned(self) -> list[Line]:
        """What came back to be written again."""
        return [line for line in self.lines if line.returned]

    @property
    def drafts(self) -> list[Line]:
        """What is being written and was never sent, or not since."""
        return [line for line in self.lines if line.activity.state is ActivityState.DRAFT and not line.returned]

    @property
    def grants(self) -> int:
        """How many grants give data for one's own purposes."""
        return sum(line.grants for line in self.lines)


def tasks_of(session: Session, owner: uuid.UUID, clock: Clock) -> Tasks:
    """Return somebody's tasks, in a fixed number of queries."""
    now = clock.now()
    activities = session.scalars(
        select(Activity)
        .where(Activity.owner_id == owner, Activity.state != ActivityState.RETIRED)
        .order_by(Activity.name_fr, Activity.id)
        .limit(_MOST)
    ).all()
    keys = [activity.id for activity in activities]
    purposes = _purposes(session, keys)
    grants = _grants(session, keys, now)
    last = _last_steps(session, keys)
    gone = versions_gone(session, *keys) if keys else {}
    lines = []
    for activity in activities:
        verb, note = last.get(activity.id) or (None, "")
        altered = (activity.id in last and last[activity.id] is None) or activity.slug in gone
        back = (altered or verb is Verb.RETURN) and activity.state in EDITABLE
        lines.append(
            Line(
                activity=activity,
                purposes=purposes.get(activity.id, 0),
                grants=grants.get(activity.id, 0),
                returned=back,
                note=note if back and not altered else "",
                altered=altered,
            )
        )
    mine = owned_purposes(owner)
    slugs = set(session.scalars(select(Purpose.slug).where(Purpose.activity_id.in_(keys))))
    requests = [each for each in waiting_requests(session, clock) if each.purpose in slugs]
    asked = [*access_asked(requests), *grants_asked(session, now, mine)]
    return Tasks(
        lines=lines,
        asked=asked,
        ending=grants_ending(session, now, mine),
        observing=observations_ending(session, now, Activity.owner_id == owner),
        to_review=records_to_review(session, now, Activity.owner_id == owner),
        answered=questionnaires_answered(session, Activity.owner_id == owner),
        actions=own_actions(session, owner),
    )


def as_items(tasks: Tasks) -> list[Item]:
    """Return everything that waits for its owner as matters."""
    returned = [activity_item(line.activity, Matter.RETURNED) for line in tasks.returned]
    drafts = [activity_item(line.activity, Matter.DRAFT) for line in tasks.drafts]
    return [
        *returned,
        *drafts,
        *tasks.answered,
        *tasks.actions,
        *tasks.to_review,
        *tasks.observing,
        *tasks.asked,
        *tasks.ending,
    ]


def _purposes(session: Session, activities: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    counted = select(Purpose.activity_id, func.count()).where(Purpose.activity_id.in_(activities))
    return {row[0]: row[1] for row in session.execute(counted.group_by(Purpose.activity_id))}


def _grants(session: Session, activities: list[uuid.UUID], now: datetime) -> dict[uuid.UUID, int]:
    counted = (
        select(Purpose.activity_id, func.count())
        .join(Grant, Grant.purpose_id == Purpose.id)
        .where(
            Purpose.activity_id.in_(activities),
            Grant.approved_at.is_not(None),
            Grant.revoked_at.is_(None),
            Grant.valid_to > now,
        )
        .group_by(Purpose.activity_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _last_steps(session: Session, activities: list[uuid.UUID]) -> dict[uuid.UUID, tuple[Verb | None, str] | None]:
    """Return the last step of each activity that took one, with its note; None where it was altered outside Égide."""
    newest = (
        select(ActivityVersion.activity_id, func.max(ActivityVersion.revision).label("revision"))
        .where(ActivityVersion.activity_id.in_(activities))
        .group_by(ActivityVersion.activity_id)
        .subquery()
    )
    last = tuple_(ActivityVersion.activity_id, ActivityVersion.revision).in_(select(newest))
    names = ("activity_id", "verb", "note")
    rows = verified_rows(session, attestor_of(session), ActivityVersion, names, last)
    found = {row[0]: (row[1], row[2]) for row in rows if not isinstance(row, Altered)}
    kept = session.scalars(select(newest.c.activity_id))
    return {activity: found.get(activity) for activity in kept}
