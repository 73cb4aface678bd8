"""How long each failure costs."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.identity.lockout import FIRST_DELAY, FREE_FAILURES, LONGEST_DELAY, delay_after


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (5000, 900)],
)
def test_the_wait_is_nothing_then_doubles_then_stops_growing(failures: int, seconds: int) -> None:
    assert delay_after(failures) == timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=50)
def test_one_more_failure_never_shortens_the_wait(failures: int) -> None:
    assert timedelta(0) <= delay_after(failures) <= delay_after(failures + 1) <= LONGEST_DELAY


def test_the_first_wait_comes_after_the_free_failures() -> None:
    assert delay_after(FREE_FAILURES) == timedelta(0)
    assert delay_after(FREE_FAILURES + 1) == FIRST_DELAY
