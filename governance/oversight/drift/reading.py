"""The report as somebody may see it: whole, or of their own lines; narrowed, and a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.clock import Clock
from governance.gate.snapshot import PolicySnapshot
from governance.identity.permissions import person
from governance.oversight.drift.errors import FindingGoneError
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.report import broken_report, drift_report
from governance.oversight.drift.values import DriftReport, Finding, Kind, Severity, place_of
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError, PolicySetError
from register.values import Page

READERS: Final = (Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR)
# Whoever holds one of these sees every line.
_WHOLE: Final = frozenset({Role.DPO, Role.CONTROLLER, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftQuery:
    """Which findings; None asks for nothing.

    Attributes:
        aside: Those that are set aside, rather than those that are open.
        after: The cursor of the page before.
    """

    kind: Kind | None = None
    severity: Severity | None = None
    aside: bool = False
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftDesk:
    """What the report is worked out with."""

    attestor: Attestor
    clock: Clock
    snapshot: Callable[[], PolicySnapshot]


def report_for(session: Session, desk: DriftDesk, actor: Actor) -> DriftReport:
    """Return the report that an actor sees: the head of a line, that of their own activities."""
    report = whole_report(session, desk)
    return report if sees_every_line(actor) else report.for_owner(person(actor))


def whole_report(session: Session, desk: DriftDesk) -> DriftReport:
    """Return the whole report."""
    try:
        snapshot = desk.snapshot()
    except (PolicySetError, AttestationError):
        return broken_report()
    ground = Ground(session=session, attestor=desk.attestor, snapshot=snapshot, now=desk.clock.now())
    return drift_report(ground)


def sees_every_line(actor: Actor) -> bool:
    """Say whether somebody sees every line, and not their own only."""
    return bool(actor.roles & _WHOLE)


def page_of(report: DriftReport, query: DriftQuery) -> Page[Finding]:
    """Return some findings of a report, in its order.

    Raises:
        ValueError: If the cursor is none.
    """
    after = None if query.after is None else place_of(query.after)
    found = [
        each
        for each in (report.set_aside if query.aside else report.open)
        if query.kind in {None, each.kind}
        and query.severity in {None, each.severity}
        and (after is None or each.order > after)
    ]
    rows = found[: query.limit]
    return Page(rows=rows, next=rows[-1].cursor if len(found) > query.limit else None)


def find_finding(report: DriftReport, finding_id: str) -> Finding:
    """Return a finding by its identifier.

    Raises:
        FindingGoneError: If the report does not hold it (any more), or it is another line's.
    """
    for each in report.findings:
        if each.id == finding_id:
            return each
    raise FindingGoneError
