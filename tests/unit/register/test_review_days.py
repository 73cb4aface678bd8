"""Days of review: counted in months, the same forwards and backwards, and reminders that come in their order."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.days import latest_day, plus_months
from register.reviews.values import (
    NOTICE_MONTHS,
    PERIODS,
    Review,
    due_day,
    looked_at_before,
    reminder_of,
)

DAYS = st.dates(min_value=date(2018, 5, 25), max_value=date(2090, 12, 31))


@given(DAYS, DAYS, st.sampled_from(PERIODS), st.integers(0, 86_399))
def test_what_is_due_by_a_day_is_what_was_looked_at_before_the_moment_that_the_database_is_asked_for(
    looked_on: date, today: date, months: int, second: int
) -> None:
    looked_at = datetime.combine(looked_on, time(), tzinfo=UTC) + timedelta(seconds=second)

    assert (due_day(looked_at, months) <= today) == (looked_at < looked_at_before(today, months))


@given(DAYS, DAYS)
def test_a_review_presses_from_the_day_on_which_it_is_first_told(due_on: date, today: date) -> None:
    review = Review(looked_at=None, own_months=None, months=12, due_on=due_on)

    assert review.pressing(today) == (reminder_of(due_on, today) is not None)
    assert review.pressing(today) == (due_on <= latest_day(today, NOTICE_MONTHS))


@given(DAYS)
def test_reminders_come_a_month_before_on_the_day_and_once_for_each_month_late(due_on: date) -> None:
    days = [plus_months(due_on, -2) + timedelta(days=each) for each in range(400)]
    told = [reminder_of(due_on, each) for each in days]
    first = {number: day for day, number in reversed(list(zip(days, told, strict=True))) if number is not None}

    assert told[0] is None
    assert first[0] == plus_months(due_on, -1)
    assert [first[1 + months] for months in range(10)] == [plus_months(due_on, months) for months in range(10)]
    assert [each for each in told if each is not None] == sorted(each for each in told if each is not None)
