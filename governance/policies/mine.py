"""What somebody holds, put together for the page on which they see it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.identity.models import RoleAssignment
from governance.identity.permissions import person
from governance.identity.service import live_assignments, names_of_actors
from governance.identity.service.declining import declined_roles
from governance.identity.service.roles import is_in_force
from governance.policies.endings import Ending, ending_soon
from governance.policies.holding import Holding, Line, grants_of, holding_of, lines_of
from governance.policies.observing import Observation, observations, observed_for
from governance.policies.terms import HOLDERS
from governance.vault.attest import Attestor
from register.declared import declared_purposes
from register.values import DeclaredPurpose, DeclaredPurposes

# What was decided longer ago is in the log.
REMEMBERED: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role that somebody holds, or waits for.

    Attributes:
        given_by: The name of whoever confirmed it, or assigned it; None for the host.
        purposes: What it gives, purpose by purpose.
        askable: The purposes for which more could be asked.
        reads: Whether the role may hold customers' data at all.
        observed: What it reads for now without a grant, for the rules only report, by the numbers of purposes.
    """

    assignment: RoleAssignment
    in_force: bool
    given_by: str | None
    purposes: Sequence[tuple[DeclaredPurpose, Sequence[Line]]]
    askable: Sequence[DeclaredPurpose]
    reads: bool
    observed: Mapping[int, Observation] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def by_observing_alone(self) -> list[Observation]:
        """The purposes for which it reads although no grant says so."""
        granted = {purpose.id for purpose, _ in self.purposes}
        return [each for number, each in self.observed.items() if number not in granted]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRole:
    """A role that somebody was to be given, and that a controller turned down.

    Attributes:
        because: Why, as it was written.
        decided_by: The account that did.
        decided_by_name: What it is called; None where it is gone.
    """

    role: Role
    because: str
    decided_by: uuid.UUID | None
    decided_by_name: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Everything that somebody holds.

    Attributes:
        refused: What a controller turned down lately, the newest first: whom it concerns reads why.
    """

    roles: Sequence[HeldRole]
    endings: Sequence[Ending]
    purposes: DeclaredPurposes
    refused: Sequence[RefusedRole] = ()


def what_is_held(session: Session, attestor: Attestor, actor: Actor, now: datetime) -> Mine:
    """Return what somebody holds, in a fixed number of statements."""
    account = person(actor)
    purposes = declared_purposes(session, attestor)
    if account is None:
        return Mine(roles=(), endings=(), purposes=purposes)
    live = [each for each in live_assignments(session, account) if _lasts(each, now)]
    held = {each.role for each in live if is_in_force(each, now)}
    grants = grants_of(session, attestor, held)
    observed = observations(purposes, now)
    declined = declined_roles(session, account)
    givers = {each for one in live for each in (one.countersigned_by, one.assigned_by)}
    names = names_of_actors(session, {each for each in givers | {one.revoked_by for one in declined} if each})
    roles = [
        HeldRole(
            assignment=each,
            in_force=each.role in held,
            given_by=_giver(each, names),
            purposes=_by_purpose(
                within_register(holding_of((one for one in grants if one.role is each.role), now), purposes, each.role),
                purposes,
            ),
            askable=askable_for(purposes, each.role) if each.role in held else (),
            reads=each.role in HOLDERS,
            observed=_observed(each.role, observed) if each.role in held else MappingProxyType({}),
        )
        for each in sorted(live, key=lambda one: list(Role).index(one.role))
    ]
    return Mine(
        roles=roles,
        endings=ending_soon(session, now, account_id=account, roles=held),
        purposes=purposes,
        refused=_refused(declined, names, now),
    )


def within_register(holding: Holding, purposes: DeclaredPurposes, role: Role) -> Holding:
    """Return what of a holding the register still declares: the gate gives no more."""
    return {
        cell: held
        for cell, held in holding.items()
        if (purpose := purposes.by_id.get(cell.purpose_id)) is not None
        and role in purpose.recipients
        and (cell.kind, cell.category) in purpose.data
    }


def askable_for(purposes: DeclaredPurposes, role: Role) -> tuple[DeclaredPurpose, ...]:
    """Return the purposes for which a role may be granted anything: those that name it as a recipient."""
    found = (purpose for purpose in purposes.by_slug.values() if role in purpose.recipients and purpose.data)
    return tuple(sorted(found, key=lambda purpose: purpose.id)) if role in HOLDERS else ()


def _observed(role: Role, observed: Mapping[int, Observation]) -> Mapping[int, Observation]:
    return {each.purpose.id: each for each in observed_for(role, observed.values())}


def _by_purpose(holding: Holding, purposes: DeclaredPurposes) -> list[tuple[DeclaredPurpose, Sequence[Line]]]:
    numbers = sorted({cell.purpose_id for cell in holding})
    return [(purposes.by_id[number], lines_of(holding, number)) for number in numbers]


def _refused(declined: Iterable[RoleAssignment], names: Mapping[uuid.UUID, str], now: datetime) -> list[RefusedRole]:
    return [
        RefusedRole(
            role=each.role,
            because=each.declined_because,
            decided_by=each.revoked_by,
            decided_by_name=None if each.revoked_by is None else names.get(each.revoked_by),
            decided_at=each.revoked_at,
        )
        for each in declined
        if each.revoked_at is not None and now - each.revoked_at < REMEMBERED
    ]


def _lasts(assignment: RoleAssignment, now: datetime) -> bool:
    return assignment.valid_until is None or assignment.valid_until > now


def _giver(assignment: RoleAssignment, names: Mapping[uuid.UUID, str]) -> str | None:
    giver = assignment.countersigned_by or assignment.assigned_by
    return None if giver is None else names.get(giver)
