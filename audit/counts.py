"""Counting entries: by class, purpose or account, hour by hour, out of one index and without reading a body.

The database counts by hours in UTC; whoever draws days folds them into the days of the house, whose offset from
UTC is of whole hours.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from audit.entries import Action, Outcome, Retention
from audit.models import LogEntry
from governance.clock import from_microseconds
from governance.days import day_of, start_of_day

_HOUR: Final = 3_600_000_000
# What hands personal data out.
GIVING: Final = (Action.READ.code, Action.EXPORT.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days that a count covers, as the reader's calendar has them.

    Attributes:
        first: The first day.
        last: The last day, which may not be over.
    """

    first: date
    last: date

    @classmethod
    def until(cls, now: datetime, days: int) -> "Span":
        """Return the span of so many days that ends today."""
        last = day_of(now)
        return cls(first=last - timedelta(days=days - 1), last=last)

    @property
    def since(self) -> datetime:
        """The first moment."""
        return start_of_day(self.first)

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(days=each) for each in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Refusals and failures of one account at one thing."""

    actor_id: uuid.UUID | None
    action: Action
    outcome: Outcome
    object_type: str
    object_id: str | None
    count: int
    last_at: datetime


def by_class(session: Session, span: Span) -> dict[Retention, list[int]]:
    """Return how many entries of each class there are, day by day."""
    codes = _by_day(session, span, LogEntry.retention)
    return {Retention.from_code(code): days for code, days in sorted(codes.items())}


def reads_by_purpose(session: Session, span: Span) -> dict[str, list[int]]:
    """Return how many reads and exports there are for each purpose, day by day."""
    return _by_day(session, span, LogEntry.purpose, LogEntry.action.in_(GIVING), LogEntry.purpose.is_not(None))


def reads_by_account(session: Session, span: Span) -> dict[uuid.UUID, list[int]]:
    """Return how many reads and exports of customers' data there are for each account or token, day by day."""
    wanted = (LogEntry.action.in_(GIVING), LogEntry.purpose.is_not(None), LogEntry.actor_id.is_not(None))
    return _by_day(session, span, LogEntry.actor_id, *wanted)


def refusals(session: Session, span: Span) -> list[int]:
    """Return how many things were refused, day by day."""
    found = _by_day(session, span, LogEntry.outcome, LogEntry.outcome == Outcome.REFUSED.code)
    return found.get(Outcome.REFUSED.code, [0] * len(span.days))


def last_reads(session: Session, since: datetime) -> Mapping[str, datetime]:
    """Return when data was last read for each purpose, of those for which it was read since then."""
    rows = session.execute(
        select(LogEntry.purpose, func.max(LogEntry.at))
        .where(LogEntry.at >= since, LogEntry.action.in_(GIVING), LogEntry.purpose.is_not(None))
        .group_by(LogEntry.purpose)
    )
    return {str(row[0]): row[1] for row in rows}


def troubles(session: Session, since: datetime, limit: int = 50) -> list[Trouble]:
    """Return what was refused or failed since then, by account and thing, the most frequent first."""
    what = (LogEntry.actor_id, LogEntry.action, LogEntry.outcome, LogEntry.object_type)
    # Routes are told apart by their names. Rows of a table are not: whoever tries a hundred of them is one line.
    place = case((LogEntry.object_type == "route", LogEntry.object_id), else_=None).label("place")
    found = select(*what, place, LogEntry.at).where(LogEntry.at >= since, LogEntry.outcome != Outcome.DONE.code)
    each = found.subquery()
    grouped = [each.c.actor_id, each.c.action, each.c.outcome, each.c.object_type, each.c.place]
    count, last = func.count().label("counted"), func.max(each.c.at).label("last_at")
    rows = session.execute(
        select(*grouped, count, last).group_by(*grouped).order_by(count.desc(), last.desc()).limit(limit)
    )
    return [
        Trouble(
            actor_id=row.actor_id,
            action=Action.from_code(row.action),
            outcome=Outcome.from_code(row.outcome),
            object_type=row.object_type,
            object_id=row.place,
            count=row.counted,
            last_at=row.last_at,
        )
        for row in rows
    ]


def count_entries(session: Session) -> int:
    """Return how many entries stand: those of the log without those that were purged."""
    return session.scalars(select(func.count()).select_from(LogEntry)).one()


def oldest_by_class(session: Session, classes: Collection[Retention]) -> Mapping[Retention, datetime]:
    """Return the moment of the oldest entry of each class that still stands."""
    found = {}
    for kind in classes:
        oldest = select(LogEntry.at).where(LogEntry.retention == kind.code).order_by(LogEntry.at).limit(1)
        at = session.scalars(oldest).first()
        if at is not None:
            found[kind] = at
    return found


def _by_day(session: Session, span: Span, key: Any, *where: ColumnElement[bool]) -> dict[Any, list[int]]:
    hour = _hour(session).label("hour")
    rows = session.execute(select(key, hour, func.count()).where(LogEntry.at >= span.since, *where).group_by(key, hour))
    counted: Counter[tuple[Hashable, date]] = Counter()
    keys = set()
    for name, hours, count in rows:
        day = day_of(from_microseconds(hours * _HOUR))
        # The moment of another process may lie a little ahead.
        counted[name, min(day, span.last)] += count
        keys.add(name)
    return {name: [counted[name, day] for day in span.days] for name in keys}


def _hour(session: Session) -> ColumnElement[int]:
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(LogEntry.at, BigInteger) // _HOUR
    return cast(func.floor(func.extract("epoch", LogEntry.at) / 3600), Integer)
