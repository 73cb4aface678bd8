"""Reminders of actions: a week before, the day before, the day after, and every week from then on; one letter a day.

The worker looks every hour, and a letter tells of all that is somebody's. What was told, and on which day, is kept in
the transaction that puts the letter in the post, so that it is told once, whatever ends in between.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.clock import Clock
from governance.database import Database
from governance.days import day_of
from governance.identity.letters import Letter, put_in_the_post
from governance.ids import IdSource
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.oversight.altered import altered_ids
from governance.oversight.models import ActionReminder, PlanAction
from governance.oversight.values.plan import OPEN

JOB: Final = "plan-reminders"
SOON: Final = timedelta(days=7)
_EVERY: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)
_AT_ONCE: Final = 20
_AFTER: Final = "after"


def last_reminder_day(due_on: date, today: date) -> date | None:
    """Return the last day, up to today, on which an action due on a day is reminded of; None before the first."""
    if today > due_on:
        first_late = due_on + _DAY
        return first_late + (today - first_late) // _WEEK * _WEEK
    return next((day for day in (due_on - _DAY, due_on - SOON) if day <= today), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """Does the jobs of the kind `plan-reminders`: some people at each step."""

    database: Database
    clock: Clock
    ids: IdSource

    def handler(self) -> Handler:
        """Return how people are reminded, for the worker."""
        return Handler(kind=JOB, step=self.remind, every=_EVERY)

    def remind(self, lease: Lease) -> Progress:
        """Remind the next people of their actions."""
        today = day_of(self.clock.now())
        after = lease.payload.get(_AFTER)
        with self.database.write() as session:
            unrecorded(session, "a letter is recorded once it was sent")
            altered = altered_ids(session, PlanAction)
            people = _people(session, today, altered, None if after is None else uuid.UUID(after))
            told = sum(self._tell(session, account_id, today, altered) for account_id in people)
        progress = lease.progress + told
        if len(people) < _AT_ONCE:
            return Progress(finished=True, progress=progress)
        return Progress(finished=False, progress=progress, payload={_AFTER: str(people[-1])})

    def _tell(self, session: Session, account_id: uuid.UUID, today: date, altered: frozenset[uuid.UUID]) -> int:
        rows = session.execute(
            select(PlanAction.id, PlanAction.due_on)
            .where(PlanAction.owner_id == account_id, _pressing(today, altered))
            .order_by(PlanAction.id)
        ).all()
        # Of what was altered, nobody knows the day: it counts as late, and is told every week.
        days = {row.id: today - _WEEK if row.id in altered else row.due_on for row in rows}
        reminders = select(ActionReminder).where(ActionReminder.action_id.in_([row.id for row in rows]))
        before = {each.action_id: each for each in session.scalars(reminders)}
        due = [each for each, day in days.items() if _is_to_be_told(day, before.get(each), account_id, today)]
        if not due:
            return 0
        for action_id in due:
            told = before.get(action_id)
            if told is None:
                session.add(ActionReminder(action_id=action_id, account_id=account_id, reminded_on=today))
            else:
                told.account_id, told.reminded_on = account_id, today
        late = sum(day < today for day in days.values())
        put_in_the_post(
            session,
            self.ids,
            self.clock.now(),
            account_id,
            Letter.ACTIONS_DUE,
            {"late": late, "soon": len(rows) - late},
        )
        return 1


def _pressing(today: date, altered: frozenset[uuid.UUID]) -> ColumnElement[bool]:
    """Return which actions are late or due soon; one that was altered outside Égide is, whatever it says of itself."""
    pressing = PlanAction.state.in_(OPEN) & (PlanAction.due_on <= today + SOON)
    return or_(pressing, PlanAction.id.in_(altered))


def _people(
    session: Session, today: date, altered: frozenset[uuid.UUID], after: uuid.UUID | None
) -> Sequence[uuid.UUID]:
    """Return the next people with actions that are late or due soon, to whom no letter went today."""
    told_today = exists().where(ActionReminder.account_id == PlanAction.owner_id, ActionReminder.reminded_on == today)
    statement = (
        select(PlanAction.owner_id)
        .where(_pressing(today, altered), ~told_today)
        .distinct()
        .order_by(PlanAction.owner_id)
        .limit(_AT_ONCE)
    )
    if after is not None:
        statement = statement.where(PlanAction.owner_id > after)
    return session.scalars(statement).all()


def _is_to_be_told(due_on: date, told: ActionReminder | None, account_id: uuid.UUID, today: date) -> bool:
    day = last_reminder_day(due_on, today)
    # Whoever it was given to since has been told nothing yet.
    return day is not None and (told is None or told.account_id != account_id or told.reminded_on < day)
