"""Periods end by the calendar, and what the database is asked for ends on the same days as what is counted forwards."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.days import latest_day, plus_months
from governance.periods import MOST, NONE, Period, Unit
from register.values import FinalFate, Retention, StartingEvent

DAYS = st.dates(min_value=date(2018, 5, 25), max_value=date(2090, 12, 31))
PERIODS = st.sampled_from(Unit).flatmap(lambda unit: st.builds(Period.of, st.integers(0, MOST[unit]), st.just(unit)))
SHORT = st.sampled_from(Unit).flatmap(lambda unit: st.builds(Period.of, st.integers(0, 40), st.just(unit)))
ONE = timedelta(days=1)


def kept(active: Period, archive: Period = NONE) -> Retention:
    return Retention(
        active_for=active,
        archived_for=archive,
        starting_event=StartingEvent.COLLECTION,
        final_fate=FinalFate.DELETION,
    )


@pytest.mark.parametrize(
    ("period", "event", "last"),
    [
        ("P5Y", date(2021, 3, 15), date(2026, 3, 15)),
        ("P3M", date(2026, 11, 30), date(2027, 2, 28)),
        ("P1M", date(2027, 1, 31), date(2027, 2, 28)),
        ("P1M", date(2028, 1, 31), date(2028, 2, 29)),
        ("P1M", date(2028, 2, 29), date(2028, 3, 29)),
        ("P1Y", date(2028, 2, 29), date(2029, 2, 28)),
        ("P4Y", date(2028, 2, 29), date(2032, 2, 29)),
        ("P365D", date(2028, 1, 1), date(2028, 12, 31)),
        ("P1Y", date(2028, 1, 1), date(2029, 1, 1)),
        ("P12M", date(2028, 1, 1), date(2029, 1, 1)),
        ("P0D", date(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_a_period_ends_on_the_day_of_the_same_number_or_the_last_of_its_month(
    period: str, event: date, last: date
) -> None:
    assert Period(period).ends(event) == last


@given(PERIODS, DAYS)
def test_a_later_event_never_ends_sooner(period: Period, event: date) -> None:
    assert event <= period.ends(event) <= period.ends(event + ONE)


@given(SHORT, SHORT, DAYS)
def test_the_boundary_is_that_of_counting_forwards_for_every_day(active: Period, archive: Period, today: date) -> None:
    retention = kept(active, archive)
    boundary = retention.latest_over(today)

    for distance in range(-70, 71):
        event = boundary + timedelta(days=distance)
        assert (event <= boundary) == (retention.ends(event) < today)


@given(PERIODS, DAYS)
def test_the_latest_event_is_the_last_that_has_run_out_by_a_day(period: Period, last: date) -> None:
    event = period.latest_event(last)

    assert period.ends(event) <= last < period.ends(event + ONE)


@given(DAYS, st.integers(-400, 400))
def test_the_latest_day_is_the_last_that_months_bring_back_no_further(day: date, months: int) -> None:
    found = latest_day(day, months)

    assert plus_months(found, -months) <= day < plus_months(found + ONE, -months)


def test_the_boundary_holds_at_the_end_of_february_in_every_kind_of_year() -> None:
    for year in (2027, 2028, 2029):
        for day in range(-5, 8):
            today = date(year, 3, 1) + timedelta(days=day)
            for period in map(Period, ("P1M", "P3M", "P1Y", "P4Y", "P30D")):
                boundary = kept(period).latest_over(today)
                assert period.ends(boundary) < today <= period.ends(boundary + ONE)


@given(PERIODS)
def test_a_period_keeps_the_unit_in_which_it_was_told(period: Period) -> None:
    assert Period(str(period)) == period == Period.of(period.number, period.unit)
    assert deepcopy(period) == period
    assert bool(period) == (period.number > 0)


@pytest.mark.parametrize(
    "text", ["", "P", "5Y", "P5", "P-5Y", "P05Y", "P5W", "P1Y6M", "P٣Y", "P101Y", "P1201M", "P36526D", "P5Y\n", "p5y"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period(text)


def test_no_period_is_told_in_one_way() -> None:
    assert Period("P0Y") == Period("P0M") == NONE == "P0D"
    assert not NONE


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("P2Y", "P3Y", "P5Y"), ("P1Y", "P6M", "P18M"), ("P30D", "P60D", "P90D"), ("P3Y", "P0D", "P3Y"),
        ("P0D", "P3M", "P3M"), ("P3M", "P10D", None), ("P60Y", "P60Y", None),
    ],
)  # fmt: skip
def test_two_phases_are_told_as_one_where_one_unit_tells_them(one: str, other: str, both: str | None) -> None:
    assert Period(one).plus(Period(other)) == both
