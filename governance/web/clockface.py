"""Times and numbers as people read them: a moment in their language, the time left before a deadline, a figure."""

from datetime import date, datetime, timedelta
from typing import Final

from flask import Flask
from flask_babel import format_datetime, format_decimal, get_locale, gettext, ngettext

from governance.days import day_of
from governance.spoken_days import spoken_day

# From here on a deadline is drawn as due soon.
SOON: Final = timedelta(days=5)
_HOUR: Final = timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Give the templates `moment`, `day`, `figure`, `time_left` and `urgency`."""
    app.add_template_filter(moment)
    app.add_template_filter(day)
    app.add_template_filter(figure)
    app.add_template_filter(time_left)
    app.add_template_filter(urgency)


def moment(at: datetime) -> str:
    """Return a moment in the reader's language and the house's time zone."""
    written: str = format_datetime(at, "medium")
    return written.removesuffix(":00")


def day(at: date) -> str:
    """Return a day in the reader's language; of a moment, the day it falls on in the house's time zone."""
    return spoken_day(day_of(at) if isinstance(at, datetime) else at, str(get_locale()))


def figure(number: float) -> str:
    """Return a number as the reader's language groups its digits."""
    written: str = format_decimal(number)
    return written


def urgency(due: datetime, now: datetime) -> str:
    """Return `late`, `soon` or `calm`."""
    if due <= now:
        return "late"
    return "soon" if due - now <= SOON else "calm"


def time_left(due: datetime, now: datetime, hours: bool = False) -> str:  # noqa: FBT001, FBT002 -- a filter's argument
    """Return the time left in words: days, or hours and minutes when two days or fewer remain or where asked for.

    Less than an hour is told in minutes and seconds.
    """
    left = abs(due - now)
    words = _in_hours(left) if hours or left <= timedelta(days=2) else _in_days(left)
    return gettext("%(time)s late", time=words) if due <= now else words


def _in_days(left: timedelta) -> str:
    words: str = ngettext("%(num)d day", "%(num)d days", left.days)
    return words


def _in_hours(left: timedelta) -> str:
    if left < _HOUR:
        return _in_minutes(left)
    whole, rest = divmod(left, _HOUR)
    words: str = gettext("%(hours)d h %(minutes)02d", hours=whole, minutes=rest // timedelta(minutes=1))
    return words


def _in_minutes(left: timedelta) -> str:
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    words: str = gettext("%(seconds)d s", seconds=seconds)
    return gettext("%(minutes)d min %(seconds)02d", minutes=minutes, seconds=seconds) if minutes else words
