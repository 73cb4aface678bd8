"""The days of the house: a day is one of metropolitan France, where the law counts it, whatever the hour in UTC.

A moment is stored in UTC; "today", the last day of a right and the day on which something was collected are days of
people. Only this file turns the one into the other.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Paris")
# What every calendar and every database holds, with every period that is counted from it.
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(9000, 12, 31)


def can_be_kept(day: date) -> bool:
    """Return whether it is a day that the house can keep and count from."""
    return FIRST_DAY <= day <= LAST_DAY


def moment_can_be_kept(moment: datetime) -> bool:
    """Return whether it is a moment of such a day where it was written: others lie near the ends of the calendar."""
    return can_be_kept(moment.date())


def day_of(moment: datetime) -> date:
    """Return the day on which a moment falls where people are."""
    return moment.astimezone(ZONE).date()


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZONE).astimezone(UTC)


def end_of_day(day: date | None) -> datetime | None:
    """Return the first moment after a day, in UTC; None where no day was given."""
    return None if day is None else start_of_day(day + timedelta(days=1))


def last_of_day(end: datetime) -> datetime:
    """Return a moment of the last day before an end."""
    return end - timedelta(microseconds=1)


def last_moment_of(day: date) -> datetime:
    """Return the last moment of a day, in UTC: until then, what is due on it can still be done."""
    return last_of_day(start_of_day(day + timedelta(days=1)))


def plus_months(day: date, months: int) -> date:
    """Return the same day so many months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_day(day: date, months: int) -> date:
    """Return the latest day that is no later than `day` once so many months are taken away again."""
    moved = plus_months(day, months)
    if (day + timedelta(days=1)).month != day.month:
        # The last day of a month is that of every later day of a longer one.
        return moved.replace(day=monthrange(moved.year, moved.month)[1])
    return moved
