"""What counts as an unusual day: the rule that the page states."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.oversight.watch import AT_LEAST, TIMES, WITHOUT_USUAL, is_unusual, unusual_days, usual_without
from tests.builders.ground import CountingIds

DAYS = [date(2026, 11, 1) + timedelta(days=each) for each in range(28)]


@pytest.mark.parametrize(
    ("course", "unusual"),
    [
        ([20] * 27 + [61], False),  # three times and one more, but not fifty more
        ([20] * 27 + [70], True),
        ([30] * 27 + [90], False),  # three times, and not more
        ([30] * 27 + [91], True),
        ([0] * 22 + [10] * 5 + [60], True),
        ([0] * 23 + [10] * 4 + [199], False),  # four days make no habit
        ([0] * 23 + [10] * 4 + [200], True),
        ([0] * 27 + [199], False),
        ([0] * 27 + [200], True),
        ([500] * 28, False),
        ([0] * 28, False),
    ],
)
def test_a_day_is_unusual_against_the_accounts_own_median(course: list[int], unusual: bool) -> None:
    assert is_unusual(course, 27) is unusual


def test_the_day_itself_does_not_raise_the_usual() -> None:
    assert usual_without([10, 10, 10, 10, 10, 9_000], 5) == 10


def test_only_the_last_week_is_told_the_latest_first() -> None:
    ids = CountingIds()
    course = [10] * 28
    course[5] = course[22] = course[27] = 1_000

    found = unusual_days({ids.new(): course}, DAYS)

    assert [each.day for each in found] == [DAYS[27], DAYS[22]]


@given(st.lists(st.integers(0, 5_000), min_size=28, max_size=28), st.integers(0, 27))
def test_a_day_that_is_told_is_far_above_what_is_usual(course: list[int], place: int) -> None:
    usual = usual_without(course, place)

    if is_unusual(course, place):
        assert course[place] >= (WITHOUT_USUAL if usual is None else usual + AT_LEAST)
        assert usual is None or course[place] > TIMES * usual
