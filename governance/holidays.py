"""The public holidays of metropolitan France. Code du travail Art. L3133-1.

Those that the law keeps in some departments and territories alone are not among them.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

# Month and day: New Year, Labour Day, the victory of 1945, the national day, Assumption, All Saints, the armistice of
# 1918, Christmas.
_FIXED: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday.
_MOVABLE: Final = (1, 39, 50)


def is_public_holiday(day: date) -> bool:
    """Say whether a day is a public holiday in metropolitan France."""
    return day in public_holidays(day.year)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of a year; fewer days where two fall on one."""
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in _FIXED}
    return frozenset(fixed | {easter + timedelta(days=after) for after in _MOVABLE})


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar.

    The rule of Meeus, Jones and Butcher: the Sunday after the first full moon, as the church reckons it, of spring.
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, of_leaps = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - correction + 15) % 30
    years, of_years = divmod(of_century, 4)
    sunday = (32 + 2 * of_leaps + 2 * years - moon - of_years) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
