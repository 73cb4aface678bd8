"""What an answer means, and how long is waited after it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.propagation.backoff import MOST_REFUSALS, Verdict, verdict_of, wait_after

LONGEST = timedelta(minutes=5)
SHARES = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("verdict", "statuses"),
    [
        (Verdict.TAKEN, {200, 201, 202, 204, 299}),
        (Verdict.GONE, {410}),
        (Verdict.REFUSED, {400, 404, 409, 413, 415, 422, 451}),
        (
            Verdict.LATER,
            {None, 100, 199, 300, 301, 302, 307, 308, 401, 403, 405, 407, 408, 425, 429, 500, 502, 599, 700},
        ),
    ],
)
def test_each_status_means_one_thing(verdict: Verdict, statuses: set[int | None]) -> None:
    assert {verdict_of(status) for status in statuses} == {verdict}


@given(failures=st.integers(1, 10_000), share=SHARES)
def test_no_wait_is_longer_than_some_minutes_nor_shorter_than_the_one_before(failures: int, share: float) -> None:
    now, after = wait_after(failures, share), wait_after(failures + 1, share)

    assert timedelta(seconds=2.5) <= now <= after <= LONGEST


def test_the_wait_doubles_until_it_is_the_longest() -> None:
    waits = [wait_after(failures, 1.0).total_seconds() for failures in range(1, 9)]

    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


@given(failures=st.integers(1, 20))
def test_chance_has_half_of_the_wait(failures: int) -> None:
    assert wait_after(failures, 0.0) * 2 == wait_after(failures, 1.0)


def test_a_change_that_is_refused_is_a_dead_letter_within_minutes() -> None:
    assert sum((wait_after(each, 1.0) for each in range(1, MOST_REFUSALS)), timedelta(0)) <= LONGEST
