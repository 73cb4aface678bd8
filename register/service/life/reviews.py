"""Reviews: when each record is to be looked at again, which are due, and after how many months. GDPR Art. 24(1), 30."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.days import latest_day
from governance.vault.attest import Attestor
from register.errors import StepNotAllowedError
from register.lifecycle import Verb
from register.models import Activity
from register.permissions import account_of, check_keeps
from register.reviews.errors import ReviewPeriodError
from register.reviews.models import ONLY, ActivityReview, ReviewDefault
from register.reviews.values import (
    DEFAULT_MONTHS,
    NOTICE_MONTHS,
    PERIODS,
    Review,
    due_day,
    looked_at_before,
)
from register.service.loading import ActivityRef, locked_activity
from register.service.recording import record_change

# Resuming is no review: nobody looked at the record.
LOOKING: Final = frozenset({Verb.ACTIVATE, Verb.CONFIRM})
# What the log calls the house's own period: of what kind, and which.
HOUSE_PERIOD: Final = ("review-period", "house")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReviewPeriod:
    """After how many months a record shall be looked at again; None for the house's own period."""

    activity: ActivityRef
    months: int | None


def note_looked_at(session: Session, activity: Activity, at: datetime) -> None:
    """Remember that a record was activated or confirmed. The step itself is recorded by whoever took it."""
    row = _row(session, activity.id)
    row.looked_at = at
    session.flush()


def set_review_period(session: Session, attestor: Attestor, actor: Actor, command: SetReviewPeriod) -> Review:
    """Say after how many months a record is looked at again. The same again changes nothing.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        AttestationError: If it was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ReviewPeriodError: If it is none of the periods.
    """
    activity = locked_activity(session, attestor, command.activity)
    check_keeps(actor, activity)
    if command.months is not None:
        _check(command.months)
    row = _row(session, activity.id)
    if row.months != command.months:
        row.months = command.months
        session.flush()
        record_change(session, actor, activity, "set-review-period", months=command.months)
    return review_of(session, activity)


def default_months(session: Session) -> int:
    """Return after how many months records are looked at again that have no period of their own."""
    found = session.scalar(select(ReviewDefault.months).where(ReviewDefault.id == ONLY))
    return DEFAULT_MONTHS if found is None else found


def set_default_months(session: Session, actor: Actor, months: int) -> int:
    """Say after how many months records are looked at again that have no period of their own.

    Raises:
        PersonRequiredError, StepNotAllowedError: If it is not the data protection officer in person.
        ReviewPeriodError: If it is none of the periods.
    """
    account_of(actor)
    if Role.DPO not in actor.roles:
        raise StepNotAllowedError(verb="set-review-period", roles=Role.DPO, article="GDPR Art. 39(1)(b)")
    _check(months)
    session.merge(ReviewDefault(id=ONLY, months=months))
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=HOUSE_PERIOD[0],
            object_id=HOUSE_PERIOD[1],
            details={"verb": "set-review-period", "months": months},
        ),
    )
    return months


def review_of(session: Session, activity: Activity) -> Review:
    """Return when a record is to be looked at again."""
    return reviews_of(session, [activity])[activity.id]


def reviews_of(session: Session, activities: Collection[Activity]) -> Mapping[uuid.UUID, Review]:
    """Return when each of these records is to be looked at again, in two statements."""
    default = default_months(session)
    rows = session.scalars(select(ActivityReview).where(ActivityReview.activity_id.in_([row.id for row in activities])))
    kept = {row.activity_id: row for row in rows}
    return {each.id: _review(each, kept.get(each.id), default) for each in activities}


def to_review(session: Session, today: date) -> ColumnElement[bool]:
    """Return the condition that an activity runs, and is to be looked at again within the month, or late."""
    horizon = latest_day(today, NOTICE_MONTHS)
    default = default_months(session)
    own = [
        and_(ActivityReview.months == months, ActivityReview.looked_at < looked_at_before(horizon, months))
        for months in PERIODS
    ]
    house = and_(ActivityReview.months.is_(None), ActivityReview.looked_at < looked_at_before(horizon, default))
    return and_(Activity.running, Activity.id.in_(select(ActivityReview.activity_id).where(or_(house, *own))))


def late_reviews(session: Session, today: date) -> Mapping[uuid.UUID, date]:
    """Return the activities that run and whose day of review has passed, with that day; two statements."""
    default = default_months(session)
    rows = session.execute(
        select(ActivityReview.activity_id, ActivityReview.looked_at, ActivityReview.months)
        .join(Activity, Activity.id == ActivityReview.activity_id)
        .where(Activity.running, ActivityReview.looked_at.is_not(None))
    )
    due = ((activity, due_day(at, own or default)) for activity, at, own in rows if at is not None)
    return {activity: day for activity, day in due if day < today}


def pressing_reviews(
    session: Session, today: date, *where: ColumnElement[bool], most: int
) -> list[tuple[Activity, Review]]:
    """Return what is to be looked at again within the month, or late; what was looked at longest ago first."""
    rows = session.scalars(
        select(Activity)
        .join(ActivityReview, ActivityReview.activity_id == Activity.id)
        .where(to_review(session, today), *where)
        .order_by(ActivityReview.looked_at, Activity.id)
        .limit(most)
    ).all()
    reviews = reviews_of(session, rows)
    return [(row, reviews[row.id]) for row in rows]


def _review(activity: Activity, row: ActivityReview | None, default: int) -> Review:
    looked_at = None if row is None else row.looked_at
    own = None if row is None else row.months
    months = default if own is None else own
    runs = activity.running and looked_at is not None
    due_on = due_day(looked_at, months) if runs and looked_at is not None else None
    return Review(looked_at=looked_at, own_months=own, months=months, due_on=due_on)


def _row(session: Session, activity_id: uuid.UUID) -> ActivityReview:
    found = session.get(ActivityReview, activity_id)
    if found is None:
        found = ActivityReview(activity_id=activity_id)
        session.add(found)
    return found


def _check(months: int) -> None:
    if months not in PERIODS:
        raise ReviewPeriodError(periods=", ".join(map(str, PERIODS)))
