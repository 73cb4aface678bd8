"""On which days somebody is reminded of an action."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.oversight.plan.reminders import last_reminder_day

DUE = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 12, 2), None),
        (date(2026, 12, 3), date(2026, 12, 3)),
        (date(2026, 12, 8), date(2026, 12, 3)),
        (date(2026, 12, 9), date(2026, 12, 9)),
        (date(2026, 12, 10), date(2026, 12, 9)),
        (date(2026, 12, 11), date(2026, 12, 11)),
        (date(2026, 12, 17), date(2026, 12, 11)),
        (date(2026, 12, 18), date(2026, 12, 18)),
    ],
)
def test_a_reminder_goes_a_week_and_a_day_before_then_the_day_after_and_each_week(
    today: date, last: date | None
) -> None:
    assert last_reminder_day(DUE, today) == last


@given(st.integers(min_value=-30, max_value=400))
def test_the_day_of_a_reminder_never_goes_back(days: int) -> None:
    today = DUE + timedelta(days=days)
    before, after = last_reminder_day(DUE, today), last_reminder_day(DUE, today + timedelta(days=1))

    assert before is None or (after is not None and before <= after)
    assert before is None or before <= today
