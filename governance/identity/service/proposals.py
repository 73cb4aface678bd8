"""Roles on a provider's word: it proposes, the controller confirms; and what it no longer says is taken away at once.

A provider's administrator is nobody's controller. So each role that a group stands for waits for the countersignature
like one that an administrator assigned, that of an administrator too; taking away opens nothing and needs nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import SYSTEM, Role
from governance.clock import Clock
from governance.identity.models import Account, RoleAssignment
from governance.identity.permissions import conflicting
from governance.identity.service.roles import DEFAULT_DAYS, ROLE, live_assignments
from governance.ids import IdSource
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What the provider says of a person, and what each group stands for."""

    named: frozenset[str]
    roles: Mapping[str, Role]

    @property
    def proposed(self) -> frozenset[Role]:
        """The roles that these groups stand for."""
        # The settings refuse the controller too; whoever builds them otherwise does not get round it here.
        return frozenset(role for group, role in self.roles.items() if group in self.named) - {Role.CONTROLLER}


def follow_groups(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, account: Account, groups: Groups
) -> None:
    """Bring what the provider proposed for a person to what it says today.

    Raises:
        AttestationError: If a row was changed behind our back.
    """
    if not groups.roles:
        return
    now = clock.now()
    live = live_assignments(session, account.id)
    held: set[Role] = set()
    for each in live:
        attestor.verify(each)
        if each.from_provider and (each.role not in groups.proposed or _has_ended(each, now)):
            _take_away(session, each, now)
        else:
            held.add(each.role)
    for role in sorted(groups.proposed - held):
        if conflicting(role, frozenset(held)) is None and not _refused_before(session, account, role):
            _propose(session, ids, account, role, now)
            held.add(role)


def _has_ended(assignment: RoleAssignment, now: datetime) -> bool:
    return assignment.valid_until is not None and assignment.valid_until <= now


def _take_away(session: Session, assignment: RoleAssignment, now: datetime) -> None:
    assignment.revoked_at = now
    session.flush()
    record(session, _fact(assignment, "revoked"))


def _refused_before(session: Session, account: Account, role: Role) -> bool:
    """Say whether a person took this role back that the provider proposes: it does not come again by itself."""
    last = session.scalar(
        select(RoleAssignment.revoked_by)
        .where(
            RoleAssignment.account_id == account.id,
            RoleAssignment.role == role,
            RoleAssignment.from_provider,
            RoleAssignment.revoked_at.is_not(None),
        )
        .order_by(RoleAssignment.revoked_at.desc(), RoleAssignment.id.desc())
        .limit(1)
    )
    return last is not None


def _propose(session: Session, ids: IdSource, account: Account, role: Role, now: datetime) -> None:
    assignment = RoleAssignment(
        id=ids.new(),
        account_id=account.id,
        role=role,
        assigned_by=None,
        assigned_at=now,
        from_provider=True,
        valid_until=now + timedelta(days=DEFAULT_DAYS),
    )
    session.add(assignment)
    session.flush()
    record(session, _fact(assignment, "proposed"))


def _fact(assignment: RoleAssignment, verb: str) -> Fact:
    details: dict[str, JsonValue] = {
        "verb": verb,
        "account": str(assignment.account_id),
        "role": assignment.role.value,
        "in_force": False,
        "by": "provider",
    }
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=SYSTEM,
        object_type=ROLE,
        object_id=str(assignment.id),
        details=details,
    )
