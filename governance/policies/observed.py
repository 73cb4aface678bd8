"""What enforcing an activity would change, told by what its reads recorded while it only observed.

A read that observing let through names the rules that would have refused it, and for each the number of people. So the
report costs nothing while people work, and says nothing of reads that came before observing began. Roles that the
register does not name read nothing meanwhile either: that they tried stands in the log as a refusal, and is told apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import orjson
from pyroaring import BitMap
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from audit.counts import GIVING, Span
from audit.entries import Action, Outcome
from audit.models import LogEntry
from audit.summaries import subjects_of
from governance.days import day_of
from governance.policies.terms import HOLDERS
from register.models import Activity, Purpose

# Bodies are read for this, about ten microseconds each.
MOST_ENTRIES: Final = 20_000
_ROLES: Final = frozenset(role.value for role in HOLDERS)
# The gate's code for it; its room lies above.
_NOT_NAMED: Final = "role-not-recipient"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedRule:
    """One rule that would refuse.

    Attributes:
        code: The gate's code for it.
        reads: How many reads it would touch.
        people: Of how many people data would be withheld, read by read; 0 where the rule is not about people.
    """

    code: str
    reads: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedReport:
    """What enforcing would change.

    Attributes:
        span: The days that were looked at.
        whole_since: From when on every entry was looked at; later than the first day where there are too many.
        reads: How many reads there were for the activity's purposes.
        touched: How many of them would be refused, or give less.
        rows: How many rows those gave.
        people: Of how many different people those gave data.
        rules: Which rules, the most frequent first.
        roles: How many touched reads by each role.
        purposes: How many touched reads for each purpose, by slug.
        undeclared: How many reads were refused to roles that the register does not name, by role.
        by_day: How many touched reads on each day of the span.
    """

    span: Span
    whole_since: datetime | None
    reads: int
    touched: int
    rows: int
    people: int
    rules: tuple[ObservedRule, ...]
    roles: Mapping[str, int]
    purposes: Mapping[str, int]
    undeclared: Mapping[str, int]
    by_day: tuple[int, ...]

    @property
    def days(self) -> list[tuple[date, int]]:
        """Each day with its number of touched reads."""
        return list(zip(self.span.days, self.by_day, strict=True))


def observed_report(session: Session, activity: Activity, now: datetime, days: int) -> ObservedReport:
    """Return what enforcing the activity would have changed in the last days, today among them; two statements.

    Args:
        session: Where to read.
        activity: Which activity.
        now: The time.
        days: How many days.
    """
    span = Span.until(now, days)
    slugs = session.scalars(select(Purpose.slug).where(Purpose.activity_id == activity.id)).all()
    rows = session.execute(
        select(LogEntry.at, LogEntry.purpose, LogEntry.outcome, LogEntry.body)
        .where(
            LogEntry.at >= span.since,
            or_(
                and_(LogEntry.action.in_(GIVING), LogEntry.outcome == Outcome.DONE.code),
                LogEntry.action == Action.REFUSAL.code,
            ),
            LogEntry.purpose.in_(slugs),
        )
        .order_by(LogEntry.at.desc())
        .limit(MOST_ENTRIES)
    ).all()
    tally = _Tally()
    for at, purpose, outcome, body in rows:
        if outcome == Outcome.DONE.code:
            tally.count(day_of(at), purpose or "", body)
        else:
            tally.refused(body)
    return tally.report(span, rows[-1][0] if len(rows) == MOST_ENTRIES else None)


@dataclass(slots=True)
class _Tally:
    """Counts while entries go by."""

    reads: int = 0
    touched: int = 0
    rows: int = 0
    people: BitMap = field(default_factory=BitMap)
    rules: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    roles: Counter[str] = field(default_factory=Counter)
    purposes: Counter[str] = field(default_factory=Counter)
    undeclared: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)

    def refused(self, body: bytes) -> None:
        said = _said(body)
        reasons = said["details"].get("reasons")
        if isinstance(reasons, list) and _NOT_NAMED in reasons:
            self.undeclared.update(_roles(said))

    def count(self, day: date, purpose: str, body: bytes) -> None:
        self.reads += 1
        said = _said(body)
        observed = dict(_rules(said))
        if not observed:
            return
        self.touched += 1
        rows = said["details"].get("rows")
        self.rows += rows if isinstance(rows, int) else 0
        self.people |= subjects_of(body)
        self.purposes[purpose] += 1
        self.days[day] += 1
        self.roles.update(_roles(said))
        for code, people in observed.items():
            self.rules[code][0] += 1
            self.rules[code][1] += people

    def report(self, span: Span, whole_since: datetime | None) -> ObservedReport:
        rules = [ObservedRule(code=code, reads=reads, people=people) for code, (reads, people) in self.rules.items()]
        return ObservedReport(
            span=span,
            whole_since=whole_since,
            reads=self.reads,
            touched=self.touched,
            rows=self.rows,
            people=len(self.people),
            rules=tuple(sorted(rules, key=lambda rule: (-rule.reads, rule.code))),
            roles=MappingProxyType(dict(sorted(self.roles.items()))),
            purposes=MappingProxyType(dict(sorted(self.purposes.items()))),
            undeclared=MappingProxyType(dict(sorted(self.undeclared.items()))),
            by_day=tuple(self.days[day] for day in span.days),
        )


def _said(body: bytes) -> Mapping[str, Any]:
    # An altered entry must not stop the report; the check of the log finds it.
    try:
        said: Any = orjson.loads(body)
        return {"details": dict(said["details"]), "actor": dict(said["actor"])}
    except (KeyError, TypeError, ValueError):
        return {"details": {}, "actor": {}}


def _roles(said: Mapping[str, Any]) -> list[str]:
    return [role for role in said["actor"].get("roles", ()) if role in _ROLES]


def _rules(said: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    observed = said["details"].get("observed")
    if isinstance(observed, dict):
        for code, people in observed.items():
            yield str(code), people if isinstance(people, int) else 0
