"""Grants: asked for, approved by somebody else, revoked, listed.

Asking for a grant of several kinds of data subject makes one row each, so that each can be approved and revoked apart.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock, to_rfc3339
from governance.errors import mark, phrase
from governance.identity.errors import AnotherControllerNeededError
from governance.identity.service.second_person import decides_alone
from governance.ids import IdSource
from governance.policies.errors import GrantNotFoundError, GrantSettledError, OwnRequestError
from governance.policies.models import Grant
from governance.policies.permissions import REQUESTERS, REVOKERS, check_approves, check_line, check_may
from governance.policies.terms import RequestGrant, check_declared, check_terms, kinds_of, validity_of
from governance.vault.attest import Attestor
from register.declared import declared_purpose
from register.service import get_purpose
from register.values import Page


class GrantState(StrEnum):
    """Where a grant stands at a moment."""

    REQUESTED = mark("requested")
    APPROVED = mark("approved")
    EXPIRED = mark("expired")
    REVOKED = mark("revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeGrant:
    """A grant to take back, and why."""

    grant_id: uuid.UUID
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFilter:
    """Which grants to list; None lists all."""

    role: Role | None = None
    purpose_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What asking takes: a clock, new identifiers, and who vouches for rows."""

    clock: Clock
    ids: IdSource
    attestor: Attestor


def request_grant(session: Session, desk: Desk, actor: Actor, command: RequestGrant) -> list[Grant]:
    """Ask for a grant, one row for each kind of data subject. It gives nothing before it is approved.

    Raises:
        PersonRequiredError, NotForYouError, NotYourPurposeError: If it is for somebody else to ask.
        RoleCannotHoldError: If the role works without customers' data.
        PurposeNotFoundError: If the register declares no such purpose.
        AttestationError: If the purpose was altered outside Égide.
        NotRecipientError: If the register does not name the role as a recipient.
        BeyondDeclarationError: If the purpose does not declare the category of a kind.
        FormError: If the form gives nothing, or does not go with the action.
        ValidityError: If the validity is empty, past or too long.
    """
    account = check_may(actor, REQUESTERS, phrase("request"))
    check_terms(command)
    purpose = declared_purpose(session, desk.attestor, command.purpose)
    check_line(session, actor, get_purpose(session, purpose.id))
    kinds = kinds_of(purpose, command)
    now = desk.clock.now()
    valid_from, valid_to = validity_of(command, now)
    grants = [
        Grant(
            id=desk.ids.new(),
            role=command.role,
            purpose_id=purpose.id,
            subject_kind=kind,
            category=command.category,
            action=command.action,
            form=command.form,
            exact_lookup=command.exact_lookup,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=command.reason,
            requested_by=account,
            requested_at=now,
        )
        for kind in kinds
    ]
    session.add_all(grants)
    session.flush()
    for grant in grants:
        record_grant(session, actor, grant, purpose.slug, "request")
    return grants


def approve_grant(session: Session, clock: Clock, attestor: Attestor, actor: Actor, grant_id: uuid.UUID) -> Grant:
    """Approve a grant that somebody else asked for. It holds from now, or from its beginning.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else to approve.
        GrantNotFoundError: If there is none.
        AttestationError: If it, or its purpose, was altered outside Égide.
        OwnRequestError: If the same person asked for it, and another controller could approve.
        AnotherControllerNeededError: If whoever named them asked for it, and another controller could approve.
        NotPermittedError: If a token of theirs acts.
        GrantSettledError: If it is approved, revoked or expired already.
        NotRecipientError, BeyondDeclarationError: If the register has changed since it was asked for.
    """
    account = check_approves(actor, phrase("approve"))
    grant = _locked(session, attestor, grant_id)
    now = clock.now()
    state = state_of(grant, now)
    if state is not GrantState.REQUESTED:
        raise GrantSettledError(grant_id=str(grant.id), state=state)
    alone = _decides_alone(session, account, grant, now)
    purpose = declared_purpose(session, attestor, grant.purpose_id)
    check_declared(purpose, grant.role, grant.category, (grant.subject_kind,))
    grant.approved_by, grant.approved_at, grant.alone = account, now, alone
    session.flush()
    record_grant(session, actor, grant, purpose.slug, "approve")
    return grant


def revoke_grant(session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: RevokeGrant) -> Grant:
    """Take a grant back, or turn a request down; from the next read it gives nothing. Twice is once.

    Raises:
        PersonRequiredError, NotForYouError, NotYourPurposeError: If it is for somebody else to revoke.
        GrantNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    account = check_may(actor, REVOKERS, phrase("revoke"))
    grant = _locked(session, attestor, command.grant_id)
    purpose = get_purpose(session, grant.purpose_id)
    check_line(session, actor, purpose)
    if grant.revoked_at is None:
        grant.revoked_by, grant.revoked_at, grant.revoked_because = account, clock.now(), command.because
        session.flush()
        record_grant(session, actor, grant, purpose.slug, "revoke")
    return grant


def get_grant(session: Session, grant_id: uuid.UUID) -> Grant:
    """Return a grant.

    Raises:
        GrantNotFoundError: If there is none.
    """
    found = session.get(Grant, grant_id)
    if found is None:
        raise GrantNotFoundError(grant_id=str(grant_id))
    return found


def list_grants(session: Session, wanted: GrantFilter, *, after: uuid.UUID | None, limit: int) -> Page[Grant]:
    """Return grants in the order in which they were asked for, from the one after `after`."""
    statement = select(Grant).order_by(Grant.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Grant.id > after)
    if wanted.role is not None:
        statement = statement.where(Grant.role == wanted.role)
    if wanted.purpose_id is not None:
        statement = statement.where(Grant.purpose_id == wanted.purpose_id)
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))


def state_of(grant: Grant, now: datetime) -> GrantState:
    """Return where a grant stands at a moment."""
    if grant.revoked_at is not None:
        return GrantState.REVOKED
    if now >= grant.valid_to:
        return GrantState.EXPIRED
    return GrantState.REQUESTED if grant.approved_at is None else GrantState.APPROVED


def _locked(session: Session, attestor: Attestor, grant_id: uuid.UUID) -> Grant:
    found = session.scalar(
        select(Grant).where(Grant.id == grant_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise GrantNotFoundError(grant_id=str(grant_id))
    attestor.verify(found)
    return found


def _decides_alone(session: Session, account: uuid.UUID, grant: Grant, now: datetime) -> bool:
    try:
        return decides_alone(session, account, grant.requested_by, now)
    except AnotherControllerNeededError:
        if grant.requested_by == account:
            raise OwnRequestError(grant_id=str(grant.id)) from None
        raise


def record_grant(session: Session, actor: Actor, grant: Grant, purpose: str, verb: str) -> None:
    """Say what became of a grant."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type="grant",
            object_id=str(grant.id),
            purpose=purpose,
            details={
                "verb": verb,
                "role": grant.role.value,
                "kind": grant.subject_kind.value,
                "category": grant.category.value,
                "action": grant.action.value,
                "form": grant.form.value,
                "exact_lookup": grant.exact_lookup,
                "alone": grant.alone,
                "valid_from": to_rfc3339(grant.valid_from),
                "valid_to": to_rfc3339(grant.valid_to),
            },
        ),
    )
