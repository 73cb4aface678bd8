"""Periods as they are told: so many days, months or years, by the calendar.

A period runs from the day of an event, which is not counted, and ends with the last hour of its last day: for months
and years the day of the same number, or the last of a month that has none (Regulation (EEC, Euratom) No 1182/71,
Art. 3). So twelve months end with a year, and 365 days may end a day sooner; each keeps the unit in which it was told.
"""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

from governance.days import latest_day, plus_months

_MONTHS: Final = 12
PATTERN: Final = r"^P(0|[1-9][0-9]{0,4})[DMY]$"
_SHAPE: Final = re.compile(PATTERN.replace("$", r"\Z"), re.ASCII)
# The mean of the calendar: 146,097 days in 400 years.
_YEAR: Final = 146_097 / 400


class Unit(StrEnum):
    """In what a period is told."""

    DAY = "D"
    MONTH = "M"
    YEAR = "Y"


# A hundred years.
LENGTH: Final = 7
MOST: Final = {Unit.DAY: 36_525, Unit.MONTH: 1_200, Unit.YEAR: 100}
_LASTS: Final = {Unit.DAY: 1.0, Unit.MONTH: _YEAR / _MONTHS, Unit.YEAR: _YEAR}


class Period(str):
    """A period as ISO 8601 writes it (`P5Y`, `P3M`, `P30D`), which is how files and tables hold it; none is `P0D`.

    It is false where it lasts no day. Which of two is longer depends on the day on which they begin.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Read a period.

        Raises:
            ValueError: If the text is none, or one of more than a hundred years.
        """
        if _SHAPE.fullmatch(text) is None or int(text[1:-1]) > MOST[Unit(text[-1])]:
            raise ValueError("not a period")
        return super().__new__(cls, text if text[1] != "0" else "P0D")

    @classmethod
    def of(cls, number: int, unit: Unit) -> Self:
        """Return a period of so many days, months or years.

        Raises:
            ValueError: If it is negative, or longer than a hundred years.
        """
        return cls(f"P{number}{unit}")

    @property
    def number(self) -> int:
        """How many of its unit."""
        return int(self[1:-1])

    @property
    def unit(self) -> Unit:
        """In what it is told."""
        return Unit(self[-1])

    def __bool__(self) -> bool:
        return self.number > 0

    @property
    def about_days(self) -> float:
        """About how many days it lasts: for drawing, and never for an end."""
        return self.number * _LASTS[self.unit]

    def ends(self, day: date) -> date:
        """Return its last day, where it runs from an event of a day."""
        if self.unit is Unit.DAY:
            return day + timedelta(days=self.number)
        return plus_months(day, self.months)

    def latest_event(self, last: date) -> date:
        """Return the latest day of an event from which it has run out with a last day: `ends`, the other way."""
        if self.unit is Unit.DAY:
            return last - timedelta(days=self.number)
        return latest_day(last, -self.months)

    def plus(self, other: "Period") -> "Period | None":
        """Return both in one where one unit tells them; None where none does."""
        if not (self and other):
            return self or other
        for unit in Unit:
            if unit is self.unit is other.unit and self.number + other.number <= MOST[unit]:
                return Period.of(self.number + other.number, unit)
        if Unit.DAY in (self.unit, other.unit) or self.months + other.months > MOST[Unit.MONTH]:
            return None
        return Period.of(self.months + other.months, Unit.MONTH)

    @property
    def months(self) -> int:
        """How many months, where it is told in months or years."""
        return self.number * (_MONTHS if self.unit is Unit.YEAR else 1)


NONE: Final = Period("P0D")
