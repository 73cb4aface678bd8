"""The list of activities as people look through it: narrowed, each with its owner and how many purposes it has."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from governance.identity.service import called
from governance.vocabulary import DataCategory
from register.completeness import REMAINING, shortcomings_of
from register.lifecycle import ActivityState
from register.models import Activity, Purpose, PurposeData
from register.reviews.values import Review
from register.service.activities.drafting import ActivityFilter, list_activities
from register.service.life.reviews import reviews_of
from register.values import Page, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedActivity:
    """An activity with what its row in a list tells.

    Attributes:
        activity: The activity.
        purposes: How many purposes it has, those proposed among them.
        proposed: How many of them are proposed, or are to end.
        owner: What the head of the business line is called; None where nobody is named.
        review: When it is to be looked at again.
        missing: Of one that is being written and of which nothing runs, how much it lacks; None of any other.
    """

    activity: Activity
    purposes: int
    proposed: int
    owner: str | None
    review: Review
    missing: int | None


def list_activity_rows(
    session: Session, wanted: ActivityFilter, *, today: date, after: uuid.UUID | None, limit: int
) -> Page[ListedActivity]:
    """Return activities in the order in which they were drafted, a page in as many statements whatever its length."""
    page = list_activities(session, wanted, after=after, limit=limit)
    counts = _counts(session, [activity.id for activity in page.rows])
    owners = called(session, {activity.owner_id for activity in page.rows if activity.owner_id is not None})
    reviews = reviews_of(session, page.rows)
    drafts = [activity for activity in page.rows if activity.state is ActivityState.DRAFT]
    lacking = shortcomings_of(session, drafts, today) if drafts else {}
    rows = [
        ListedActivity(
            activity=activity,
            purposes=counts.get(activity.id, (0, 0))[0],
            proposed=counts.get(activity.id, (0, 0))[1],
            owner=None if activity.owner_id is None else owners.get(activity.owner_id),
            review=reviews[activity.id],
            missing=len(lacking[activity.id]) if activity.id in lacking else None,
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


def category_counts(
    session: Session, activities: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[DataCategory, int]]:
    """Return for how many of its purposes each activity uses each category, proposals among them, in one statement."""
    counted = (
        select(Purpose.activity_id, PurposeData.category, func.count(func.distinct(Purpose.id)))
        .join(PurposeData, PurposeData.purpose_id == Purpose.id)
        .where(
            Purpose.activity_id.in_(activities),
            Purpose.standing.in_(REMAINING),
            PurposeData.standing.in_(REMAINING),
        )
        .group_by(Purpose.activity_id, PurposeData.category)
    )
    found: dict[uuid.UUID, dict[DataCategory, int]] = defaultdict(dict)
    for activity, category, count in session.execute(counted):
        found[activity][category] = count
    return found
