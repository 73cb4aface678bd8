"""Setting a finding aside: by the data protection officer, until a day, for a written reason. Then it comes back.

It changes nothing of what differs: it says that somebody knows, and answers for its waiting. GDPR Art. 5(2), 39(1)(b).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.days import day_of
from governance.errors import phrase
from governance.identity.errors import NotPermittedError
from governance.identity.permissions import person
from governance.oversight.drift.errors import AsideDayError, AsideReasonError, NotSetAsideError
from governance.oversight.drift.models import DriftAside
from governance.oversight.drift.values import Finding, Kind
from register.service import Desk

# Longer than a year nobody remembers why.
LONGEST: Final = timedelta(days=365)
DRIFT: Final = "drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Until when something is set aside, and why."""

    until: date
    reason: str = field(repr=False)


def set_aside(session: Session, desk: Desk, actor: Actor, target: tuple[Finding, SetAside]) -> DriftAside:
    """Set a finding aside; doing it again moves the day.

    Raises:
        NotPermittedError: If it is not the data protection officer, in person.
        NotSetAsideError: If it tells of something altered.
        AsideReasonError: If no reason is given.
        AsideDayError: If the day is not one of the year that follows.
    """
    finding, command = target
    account = person(actor)
    if account is None or Role.DPO not in actor.roles:
        raise NotPermittedError(needed=phrase("the data protection officer, in person,"))
    if finding.kind is Kind.ALTERED:
        raise NotSetAsideError
    if not command.reason.strip():
        raise AsideReasonError
    now = desk.clock.now()
    first, last = day_of(now) + timedelta(days=1), day_of(now) + LONGEST
    if not first <= command.until <= last:
        raise AsideDayError(first=first, last=last)
    row = DriftAside(
        id=desk.ids.new(),
        finding=finding.id,
        about=" / ".join((finding.kind.value, *finding.key)),
        severity=finding.severity,
        until=command.until,
        reason=command.reason.strip(),
        by=account,
        at=now,
    )
    session.add(row)
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.DECIDE,
            actor=actor,
            object_type=DRIFT,
            object_id=finding.id,
            # The reason stays in the row: free words in the log could speak of people.
            details={"verb": "set-aside", "kind": finding.kind.value, "until": command.until.isoformat()},
        ),
    )
    return row
