"""Turning down a role that waits: it never counted, and whoever asked for it reads why."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.identity.errors import DeclineReasonMissingError, NothingToCountersignError
from governance.identity.models import RoleAssignment
from governance.identity.permissions import check_countersigns, person
from governance.identity.service.roles import ROLE
from governance.vault.attest import Attestor

_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRole:
    """A role that waits, to turn down, and why."""

    assignment_id: uuid.UUID
    because: str


def decline_role(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: DeclineRole
) -> RoleAssignment:
    """Turn a role down that waits for the controller.

    Raises:
        NotPermittedError: If the actor is not a controller in person.
        DeclineReasonMissingError: If no reason is given.
        NothingToCountersignError: If there is no such assignment, or it waits for nothing.
        AttestationError: If it was changed behind our back.
    """
    check_countersigns(actor)
    because = command.because.strip()
    if not because:
        raise DeclineReasonMissingError
    attestor.hold_policy_set(session)
    assignment = session.get(RoleAssignment, command.assignment_id, populate_existing=True)
    if assignment is None or assignment.countersigned_at is not None or assignment.revoked_at is not None:
        raise NothingToCountersignError
    attestor.verify(assignment)
    assignment.revoked_by, assignment.revoked_at = person(actor), clock.now()
    assignment.declined_because = because
    session.flush()
    # Never the reason: people write about people there.
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=ROLE,
            object_id=str(assignment.id),
            details={
                "verb": "declined",
                "account": str(assignment.account_id),
                "role": assignment.role.value,
                "in_force": False,
                "in_conflict": assignment.in_conflict,
            },
        ),
    )
    return assignment


def declined_roles(session: Session, account_id: uuid.UUID) -> Sequence[RoleAssignment]:
    """Return the roles that were turned down for somebody, the newest first."""
    return session.scalars(
        select(RoleAssignment)
        .where(RoleAssignment.account_id == account_id, RoleAssignment.declined_because != "")
        .order_by(RoleAssignment.revoked_at.desc(), RoleAssignment.id.desc())
        .limit(_MOST)
    ).all()
