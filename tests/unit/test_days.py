"""Days are those of metropolitan France: over midnight in summer and in winter, and over months of every length."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.days import day_of, end_of_day, last_moment_of, plus_months, start_of_day

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31))


def test_the_day_changes_at_midnight_in_france_and_not_in_greenwich() -> None:
    assert day_of(datetime(2026, 11, 22, 22, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert day_of(datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert day_of(datetime(2026, 7, 14, 22, 0, tzinfo=UTC)) == date(2026, 7, 15)


@given(DAYS)
def test_a_day_reaches_from_its_first_moment_to_its_last_and_no_further(day: date) -> None:
    first, last, instant = start_of_day(day), last_moment_of(day), timedelta(microseconds=1)

    assert day_of(first) == day_of(last) == day
    assert day_of(first - instant) == day - timedelta(days=1)
    assert last + instant == end_of_day(day) == start_of_day(day + timedelta(days=1))


@given(DAYS, st.integers(-400, 400))
def test_months_keep_the_day_wherever_that_month_has_it(day: date, months: int) -> None:
    moved = plus_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert plus_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert plus_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert plus_months(date(2027, 3, 31), -1) == date(2027, 2, 28)
