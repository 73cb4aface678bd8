"""The report: every kind read, and beside each finding what is kept about it. Worked out of rows, each time."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlalchemy import select

from governance.oversight.drift.ground import Ground
from governance.oversight.drift.kinds.altered import SET, altered, altered_finding
from governance.oversight.drift.kinds.assessments import assessments
from governance.oversight.drift.kinds.assets import assets
from governance.oversight.drift.kinds.contracts import contracts
from governance.oversight.drift.kinds.defaults import defaults
from governance.oversight.drift.kinds.officers import officers
from governance.oversight.drift.kinds.overdue import overdue
from governance.oversight.drift.kinds.refused import refused
from governance.oversight.drift.kinds.reviews import reviews
from governance.oversight.drift.kinds.transfers import transfers
from governance.oversight.drift.kinds.uncovered import uncovered
from governance.oversight.drift.kinds.undeclared import undeclared
from governance.oversight.drift.kinds.unheld import unheld
from governance.oversight.drift.kinds.unused import unused
from governance.oversight.drift.looks import tells_age
from governance.oversight.drift.models import DriftAside, DriftSeen
from governance.oversight.drift.values import Aside, DriftReport, Finding, Kind, Looked, Severity

_READERS: Final[Mapping[Kind, Callable[[Ground], Iterator[Finding]]]] = {
    Kind.OVERDUE: overdue,
    Kind.CONTRACT: contracts,
    Kind.TRANSFER: transfers,
    Kind.ASSESSMENT: assessments,
    Kind.OFFICER: officers,
    Kind.UNDECLARED: undeclared,
    Kind.UNCOVERED: uncovered,
    Kind.REFUSED: refused,
    Kind.UNUSED: unused,
    Kind.DEFAULTS: defaults,
    Kind.REVIEW: reviews,
    Kind.ASSET: assets,
    Kind.UNHELD: unheld,
    # The last, for what the others met is told here.
    Kind.ALTERED: altered,
}


def drift_report(ground: Ground) -> DriftReport:
    """Return everything that differs, in a fixed number of statements.

    Args:
        ground: What to read from, fresh: it remembers what it met.
    """
    asides = _asides(ground)
    seen = {row.finding: row.first_seen_at for row in ground.session.execute(_SEEN)}
    found = [each for read in _READERS.values() for each in read(ground)]
    for each in found:
        each.since = seen.get(each.id)
        aside = asides.get(each.id)
        # What was altered is never set aside, whatever a row says; nor is what has become graver since.
        if aside is not None and each.kind is not Kind.ALTERED and not _graver(each.severity, aside.severity):
            each.aside = aside
    return DriftReport(findings=sorted(found, key=lambda each: each.order), looked=_looked(ground))


def _graver(now: Severity, then: Severity) -> bool:
    order = list(Severity)
    return order.index(now) < order.index(then)


def broken_report() -> DriftReport:
    """Return the report of a house where what decides was altered as a set: nothing else can be told."""
    return DriftReport(findings=[altered_finding(SET)], whole=False)


_SEEN: Final = select(DriftSeen.finding, DriftSeen.first_seen_at)


def _asides(ground: Ground) -> Mapping[str, Aside]:
    """Return what is set aside today, by finding; of several the newest counts, whatever it says."""
    newest: dict[str, DriftAside] = {}
    for row in ground.session.scalars(select(DriftAside).order_by(DriftAside.at, DriftAside.id)):
        newest[row.finding] = row
    return {
        finding: Aside(until=row.until, severity=row.severity, reason=row.reason, by=row.by, at=row.at)
        for finding, row in newest.items()
        if row.until > ground.today and ground.is_whole(row)
    }


def _looked(ground: Ground) -> Looked:
    looks = ground.looks.values()
    tables = {table.name: table for found in ground.columns.values() for table, _ in found}
    return Looked(
        activities=len(ground.running),
        columns=sum(map(len, ground.columns.values())),
        purposes=len(ground.purposes),
        data_at=min((look.looked_at for look in looks), default=None),
        unaged=tuple(sorted(name for name, table in tables.items() if not tells_age(table))),
        unreachable=tuple(place.partition(":")[2] for place, look in ground.looks.items() if look.problem),
    )


def worst(report: DriftReport, count: int) -> list[Finding]:
    """Return the gravest of what is open, of the rows that were altered apart: those are told beside it."""
    return [each for each in report.open if each.kind is not Kind.ALTERED][:count]
