"""A day is written as people of a language write it."""

from datetime import date

import pytest

from governance.spoken_days import spoken_day


@pytest.mark.parametrize(
    ("day", "locale", "written"),
    [
        (date(2023, 4, 1), "fr", "1er avril 2023"),
        (date(2023, 4, 1), "fr_FR", "1er avril 2023"),
        (date(2023, 4, 11), "fr", "11 avril 2023"),
        (date(2023, 4, 21), "fr", "21 avril 2023"),
        (date(2023, 4, 1), "en", "1 April 2023"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(day: date, locale: str, written: str) -> None:
    assert spoken_day(day, locale) == written
