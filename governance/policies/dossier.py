"""The dossier of one request: what somebody needs who decides on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.identity.permissions import conflicting, person
from governance.identity.service import live_assignments
from governance.identity.service.roles import is_in_force
from governance.identity.service.second_person import another_decides, concerns
from governance.policies.holders import Holders, holders_of
from governance.policies.holding import Cell, Held, Holding, grants_of
from governance.policies.joining import held_by, union_with_role
from governance.policies.models import AccessRequest, Grant
from governance.policies.reach import SimulateGrant
from governance.policies.request_records import ADVISED, RequestRecord
from governance.policies.union import UnionRow, union_of
from governance.policies.values import RequestState, RequestSubject
from governance.vault.attest import Attestor
from register.declared import declared_purposes
from register.values import DeclaredPurposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What stands before whoever decides.

    Attributes:
        union: What would be held in all: by the role where data is asked for, by the person where a role is.
        roles: The roles that the person holds now.
        conflict: The role held that conflicts with the one asked for.
        holders: How many hold the role: whom a grant would reach.
        grants: The grants that came of it.
        own: Whoever looks asked for it.
        decidable: Whoever looks may decide it now.
        alone: Whoever looks may decide on it although they asked, or were just named by whoever did, for nobody else
            could.
        advisable: Whoever looks may give an opinion on it now.
        advised: Whoever looks reads the opinion on it, or that there is none.
    """

    record: RequestRecord
    union: Sequence[UnionRow]
    roles: Sequence[Role]
    conflict: Role | None
    holders: Holders
    grants: Sequence[Grant]
    purposes: DeclaredPurposes
    own: bool
    decidable: bool
    alone: bool
    advisable: bool
    advised: bool


def dossier_of(session: Session, attestor: Attestor, actor: Actor, record: RequestRecord, now: datetime) -> Dossier:
    """Put a dossier together, in a fixed number of statements.

    Raises:
        AttestationError: If the request was altered outside Égide.
    """
    request = record.request
    attestor.verify(request)
    if record.opinion is not None:
        attestor.verify(record.opinion)
    purposes = declared_purposes(session, attestor)
    live = live_assignments(session, request.account_id)
    roles = sorted({each.role for each in live if is_in_force(each, now)})
    own = request.account_id == person(actor)
    for_role = request.subject is RequestSubject.ROLE
    decides = Role.CONTROLLER in actor.roles and person(actor) is not None
    concerned = decides and concerns(session, person(actor), request.account_id, now, made=for_role)
    alone = concerned and not another_decides(session, request.account_id, now, made=for_role)
    waits = request.state is RequestState.WAITING and not record.lapsed(now)
    return Dossier(
        record=record,
        union=_union(session, attestor, request, (roles, purposes), now),
        roles=roles,
        conflict=conflicting(request.role, frozenset(roles)) if for_role and waits else None,
        holders=holders_of(session, [request.role], now)[request.role],
        grants=session.scalars(select(Grant).where(Grant.request_id == request.id).order_by(Grant.id)).all(),
        purposes=purposes,
        own=own,
        decidable=waits and decides and (not concerned or alone),
        alone=alone,
        advisable=waits
        and not own
        and record.opinion is None
        and Role.DPO in actor.roles
        and person(actor) is not None,
        advised=bool(actor.roles & ADVISED),
    )


def simulation_of(record: RequestRecord) -> SimulateGrant | None:
    """Return what to simulate for a request; None where it is for a role."""
    request = record.request
    if record.purpose is None or request.action is None or request.form is None:
        return None
    return SimulateGrant(
        role=request.role,
        purpose=record.purpose.slug,
        categories=frozenset(request.category_set),
        kinds=frozenset(request.kind_set),
        action=request.action,
        form=request.form,
    )


def _union(
    session: Session,
    attestor: Attestor,
    request: AccessRequest,
    known: tuple[Sequence[Role], DeclaredPurposes],
    now: datetime,
) -> list[UnionRow]:
    roles, purposes = known
    if request.subject is RequestSubject.ROLE:
        return union_with_role(session, attestor, (roles, request.role), purposes, now)
    grants = grants_of(session, attestor, {request.role})
    return union_of(held_by({request.role}, grants, purposes, now), _asked(request, purposes))


def _asked(request: AccessRequest, purposes: DeclaredPurposes) -> Holding:
    purpose = purposes.by_id.get(request.purpose_id or 0)
    if purpose is None or request.action is None or request.form is None:
        return {}
    held = Held(request.form, request.valid_until)
    return {
        Cell(purpose.id, request.action, kind, category): held
        for kind in request.kind_set
        for category in request.category_set
        if (kind, category) in purpose.data
    }
