"""The public holidays of metropolitan France, against calendars that were printed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.holidays import easter_sunday, is_public_holiday, public_holidays

_YEARS = st.integers(1970, 2399)


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (1970, date(1970, 3, 29)),
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter_falls_on_its_sunday(year: int, easter: date) -> None:
    assert easter_sunday(year) == easter


def test_the_year_2026_has_eleven_holidays() -> None:
    days = [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]

    assert public_holidays(2026) == {date(2026, month, day) for month, day in days}


def test_a_year_in_which_two_holidays_fall_on_one_day_has_ten() -> None:
    # Ascension Day of 2008 was the first of May.
    assert len(public_holidays(2008)) == 10


@pytest.mark.parametrize("day", [date(2026, 4, 3), date(2026, 12, 26), date(2026, 5, 24), date(2026, 8, 4)])
def test_what_is_a_holiday_elsewhere_or_a_sunday_is_none(day: date) -> None:
    assert not is_public_holiday(day)


@given(_YEARS)
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = easter_sunday(year)

    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)
    assert is_public_holiday(easter + timedelta(days=1))
