"""What somebody would hold with one role more: for whoever confirms the role.

What is decided is not one role but what one hand would come to hold with it (docs/adr/0043).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import RoleAssignment
from governance.identity.permissions import conflicting
from governance.identity.service import live_assignments
from governance.identity.service.roles import is_in_force
from governance.policies.holders import Holders, holders_of
from governance.policies.holding import Cell, Held, Holding, grants_of, holding_of
from governance.policies.mine import within_register
from governance.policies.observing import Observation, observations, observed_for
from governance.policies.union import UnionRow, union_of
from governance.policies.values import GrantOnFile
from governance.vault.attest import Attestor
from register.declared import declared_purposes
from register.values import DeclaredPurposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What stands before whoever confirms a role.

    Attributes:
        roles: The roles that the person holds now.
        union: What the person would hold in all.
        conflict: The role held that conflicts with the new one.
        holders: How many hold the new role already.
        observed: The purposes whose activity is only observed now, by their numbers.
        reads: What the role would read for now by observing alone, beside the union.
    """

    roles: Sequence[Role]
    union: Sequence[UnionRow]
    conflict: Role | None
    holders: Holders
    purposes: DeclaredPurposes
    observed: Collection[int]
    reads: Sequence[Observation]


def joining_of(session: Session, attestor: Attestor, assignment: RoleAssignment, now: datetime) -> Joining:
    """Return what the holder of an assignment would hold with it, in a fixed number of statements."""
    role = assignment.role
    purposes = declared_purposes(session, attestor)
    live = live_assignments(session, assignment.account_id)
    observed = observations(purposes, now)
    roles = sorted({each.role for each in live if is_in_force(each, now)} - {role})
    return Joining(
        roles=roles,
        union=union_with_role(session, attestor, (roles, role), purposes, now),
        conflict=conflicting(role, frozenset(roles)),
        holders=holders_of(session, [role], now)[role],
        purposes=purposes,
        observed=observed.keys(),
        reads=observed_for(role, observed.values()),
    )


def union_with_role(
    session: Session,
    attestor: Attestor,
    roles: tuple[Collection[Role], Role],
    purposes: DeclaredPurposes,
    now: datetime,
) -> list[UnionRow]:
    """Return what roles that are held give together with a new one."""
    held, new = roles
    grants = grants_of(session, attestor, {*held, new})
    return union_of(held_by(held, grants, purposes, now), held_by({new}, grants, purposes, now))


def held_by(
    holders: Collection[Role], grants: Iterable[GrantOnFile], purposes: DeclaredPurposes, now: datetime
) -> Holding:
    """Return what roles give together, as far as the register still declares it for each."""
    found: dict[Cell, Held] = {}
    known = tuple(grants)
    for role in sorted(holders):
        of_role = holding_of((grant for grant in known if grant.role is role), now)
        for cell, held in within_register(of_role, purposes, role).items():
            found[cell] = max(found.get(cell, held), held, key=lambda one: one.form.code)
    return found
