"""The list of activities as people look through it: narrowed, each with its owner and how many purposes it has."""

import uuid
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from register.lifecycle import ActivityState
from register.models import Activity, Purpose
from register.service.activities import ActivityFilter, list_activities
from register.service.people import called
from register.values import Page, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedActivity:
    """An activity with what its row in a list tells.

    Attributes:
        activity: The activity.
        purposes: How many purposes it has, those proposed among them.
        proposed: How many of them are proposed, or are to end.
        owner: What the head of the business line is called; None where nobody is named.
    """

    activity: Activity
    purposes: int
    proposed: int
    owner: str | None


def list_activity_rows(
    session: Session, wanted: ActivityFilter, *, after: uuid.UUID | None, limit: int
) -> Page[ListedActivity]:
    """Return activities in the order in which they were drafted, a whole page in three statements."""
    page = list_activities(session, wanted, after=after, limit=limit)
    counts = _counts(session, [activity.id for activity in page.rows])
    owners = called(session, {activity.owner_id for activity in page.rows if activity.owner_id is not None})
    rows = [
        ListedActivity(
            activity=activity,
            purposes=counts.get(activity.id, (0, 0))[0],
            proposed=counts.get(activity.id, (0, 0))[1],
            owner=None if activity.owner_id is None else owners.get(activity.owner_id),
        )
        for activity in page.rows
    ]
    return Page(rows=rows, next=page.next)


def count_by_state(session: Session) -> dict[ActivityState, int]:
    """Return how many activities there are in each state."""
    counted = select(Activity.state, func.count()).group_by(Activity.state)
    return {row[0]: row[1] for row in session.execute(counted)}


def _counts(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    moving = case((Purpose.standing.in_((Standing.PROPOSED, Standing.LEAVING)), 1), else_=0)
    counted = (
        select(Purpose.activity_id, func.count(), func.sum(moving))
        .where(Purpose.activity_id.in_(ids), Purpose.standing != Standing.ENDED)
        .group_by(Purpose.activity_id)
    )
    return {activity: (count, proposed) for activity, count, proposed in session.execute(counted)}
