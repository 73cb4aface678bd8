"""When records are looked at again: derived from the last activation, settled by confirming, and told in time."""

from datetime import date

import pytest

from governance.database import Database
from governance.days import day_of
from register.errors import DraftingNotAllowedError, NotYourActivityError, StepNotAllowedError
from register.lifecycle import Verb
from register.models import Activity
from register.reviews.errors import ReviewPeriodError
from register.service import (
    ActivityFilter,
    Desk,
    SetReviewPeriod,
    Step,
    default_months,
    get_activity,
    list_activities,
    review_of,
    set_default_months,
    set_review_period,
)
from tests.builders.ground import StandingClock
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo, the_owner

# The clock of tests stands at 22 November 2026.
DAY = date(2027, 11, 22)


@pytest.fixture
def running(database: Database, desk: Desk) -> Activity:
    with database.write() as session:
        a_complete_draft(session, desk)
        return activate(session, desk)


def due_on(database: Database) -> date | None:
    with database.read() as session:
        return review_of(session, get_activity(session, "loyalty")).due_on


def listed(database: Database, today: date) -> list[str]:
    with database.read() as session:
        page = list_activities(session, ActivityFilter(to_review_by=today), after=None, limit=10)
        return [each.slug for each in page.rows]


def confirm(database: Database, desk: Desk) -> None:
    with database.write() as session:
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))


def test_a_record_is_to_be_looked_at_again_a_year_after_it_was_activated_and_a_draft_never(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
    assert due_on(database) is None
    with database.write() as session:
        activate(session, desk)

    assert due_on(database) == DAY
    assert listed(database, date(2027, 10, 21)) == []
    assert listed(database, date(2027, 10, 22)) == ["loyalty"]
    assert listed(database, date(2029, 1, 1)) == ["loyalty"], "late is listed as long as it is late"


def test_confirming_settles_it_and_resuming_does_not(
    database: Database, desk: Desk, clock: StandingClock, running: Activity
) -> None:
    clock.advance(days=400)
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND))
    assert due_on(database) is None, "nothing runs by it"
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RESUME))
    assert due_on(database) == DAY

    confirm(database, desk)

    assert due_on(database) == date(2028, 12, 27)
    assert listed(database, day_of(clock.now())) == []


def test_the_period_is_the_records_own_or_else_that_of_the_house(
    database: Database, desk: Desk, running: Activity
) -> None:
    with database.write() as session:
        assert set_default_months(session, the_dpo(), 24) == default_months(session) == 24
        set_default_months(session, the_dpo(), 36)
    assert due_on(database) == date(2029, 11, 22)
    with database.write() as session:
        set_review_period(session, desk.attestor, the_owner(), SetReviewPeriod(activity="loyalty", months=3))
    assert due_on(database) == date(2027, 2, 22)
    assert listed(database, date(2027, 1, 22)) == ["loyalty"]
    with database.write() as session:
        set_review_period(session, desk.attestor, the_dpo(), SetReviewPeriod(activity="loyalty", months=None))
    assert due_on(database) == date(2029, 11, 22)


def test_a_period_is_set_by_who_looks_after_the_record_and_the_houses_by_the_dpo(
    database: Database, desk: Desk, running: Activity
) -> None:
    def own(months: int | None) -> SetReviewPeriod:
        return SetReviewPeriod(activity="loyalty", months=months)

    for actor, command, refused in (
        (the_owner(number=999), own(3), NotYourActivityError),
        (the_controller(), own(3), DraftingNotAllowedError),
        (the_owner(), own(7), ReviewPeriodError),
    ):
        with pytest.raises(refused), database.write() as session:
            set_review_period(session, desk.attestor, actor, command)
    with pytest.raises(StepNotAllowedError), database.write() as session:
        set_default_months(session, the_owner(), 3)
    with pytest.raises(ReviewPeriodError), database.write() as session:
        set_default_months(session, the_dpo(), 0)
