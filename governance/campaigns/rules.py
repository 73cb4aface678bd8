"""The rules of prospecting as values: what each demands, of whom, by which channel, and from which day to which.

A rule whose days are over stays in the file: what was right last year is judged by last year's rule.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from governance.days import ZONE, day_of
from governance.holidays import is_public_holiday
from governance.periods import Period
from governance.vocabulary import Channel
from register.starting_points.values import Words

_DAY_MINUTES: Final = 24 * 60
# A window that opens at all opens within a year, holidays and all.
_LOOK_AHEAD: Final = 366


class Recipient(StrEnum):
    """In what capacity somebody is solicited: a professional is, at a professional address, about their profession."""

    CONSUMER = "consumer"
    PROFESSIONAL = "professional"


class Demand(StrEnum):
    """What a rule demands. The first four open a channel, one of them is enough; the others must all be met."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft-opt-in"
    CONTRACT_OBJECT = "contract-object"
    NO_OBJECTION = "no-objection"
    JOINT_CONSENT = "joint-consent"
    HOURS = "hours"
    FREQUENCY = "frequency"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a day, in minutes since midnight of metropolitan France; its end is no longer in it."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When people may be called.

    Attributes:
        weekdays: The windows of each day, from Monday; none where it is closed.
        public_holidays: Whether public holidays are as other days.
    """

    weekdays: tuple[tuple[Window, ...], ...]
    public_holidays: bool

    def windows(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return the windows of a day, in UTC, in the order of the day."""
        if not self.public_holidays and is_public_holiday(day):
            return ()
        each = ((_moment(day, window.start), _moment(day, window.end)) for window in self.weekdays[day.weekday()])
        # What the clocks skip in spring is no window.
        return tuple((start, end) for start, end in each if start < end)

    def opens(self, moment: datetime) -> datetime | None:
        """Return the first moment from this one on that lies in a window; None where none will."""
        day = day_of(moment)
        for ahead in range(_LOOK_AHEAD):
            for start, end in self.windows(day + timedelta(days=ahead)):
                if moment < end:
                    return max(start, moment)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """At most so many contacts on the days of any such period, attempts counted."""

    most: int
    within: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        slug: Its name.
        channels: By which ways of soliciting it holds.
        recipients: Of whom.
        demand: What it demands.
        limit: How much of it, where it limits: hours, how often, or how long somebody rests after a refusal.
        article: Where the law says so.
        source: The text, and its date.
        since: The first day on which it holds.
        until: The last; None where no end is known.
        to_confirm: Whether somebody has yet to confirm it on the text itself.
        note: What else is to be known.
    """

    slug: str
    channels: frozenset[Channel]
    recipients: frozenset[Recipient]
    demand: Demand
    limit: Hours | Frequency | Period | None
    article: Words
    source: Words
    since: date
    until: date | None
    to_confirm: bool
    note: Words

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules of one file, in its order. Equal to itself alone, so that what is compiled of it is kept by it."""

    each: tuple[Rule, ...]

    def of(self, channel: Channel, recipient: Recipient, day: date) -> tuple[Rule, ...]:
        """Return the rules of a channel for a kind of recipient on a day."""
        return tuple(
            rule for rule in self.each if channel in rule.channels and recipient in rule.recipients and rule.holds(day)
        )

    def next_change(self, day: date) -> date | None:
        """Return the first day after this one on which a rule begins to hold, or no longer does."""
        starts = {rule.since for rule in self.each}
        ends = {rule.until + timedelta(days=1) for rule in self.each if rule.until is not None}
        return min((each for each in starts | ends if each > day), default=None)


def _moment(day: date, minutes: int) -> datetime:
    days, minute = divmod(minutes, _DAY_MINUTES)
    # Read in UTC from here on: in spring an hour of the wall does not exist, in autumn one comes twice.
    return datetime.combine(day + timedelta(days=days), time(*divmod(minute, 60)), tzinfo=ZONE).astimezone(UTC)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
