"""Asking: for a role, or for more data under a role that one holds; and taking back what one asked for."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.clock import Clock
from governance.identity.permissions import person
from governance.policies.errors import (
    AccessRequestNotFoundError,
    AskedAlreadyError,
    NotYourRequestError,
    PersonRequiredError,
    ReasonMissingError,
    RequestSettledError,
    RoleNotAskedForError,
    RoleNotYoursError,
)
from governance.policies.models import AccessRequest
from governance.policies.requests import ASKED_ROLES, AskData, AskRole, declared_pairs, end_of, in_order
from governance.policies.service.grants import Desk
from governance.policies.service.recording import record_request
from governance.policies.terms import RequestGrant, check_terms
from governance.policies.values import RequestState, RequestSubject
from governance.vault.attest import Attestor
from register.declared import declared_purpose


def ask_role(session: Session, desk: Desk, actor: Actor, command: AskRole) -> AccessRequest:
    """Ask for a role, or for one that ends soon to be renewed. Nothing opens before the controller decides.

    Raises:
        PersonRequiredError: If a program asks, or the host alone.
        ReasonMissingError: If no reason is given.
        RoleNotAskedForError: If the role is one that people are named to.
        RequestEndError: If the end is past, or too far ahead.
        AskedAlreadyError: If the same person waits for it already.
    """
    account, reason = _asker(actor), _reason(command.reason)
    if command.role not in ASKED_ROLES:
        raise RoleNotAskedForError(role=command.role)
    now = desk.clock.now()
    request = AccessRequest(
        id=desk.ids.new(),
        account_id=account,
        subject=RequestSubject.ROLE,
        role=command.role,
        valid_until=end_of(command.valid_until, now),
        reason=reason,
        asked_at=now,
    )
    return _put(session, actor, request, None)


def ask_data(session: Session, desk: Desk, actor: Actor, command: AskData) -> AccessRequest:
    """Ask for more data under a role that one holds. It would reach everybody who holds the role.

    Raises:
        PersonRequiredError: If a program asks, or the host alone.
        ReasonMissingError: If no reason is given.
        RoleNotYoursError: If the person does not hold the role.
        RoleCannotHoldError: If the role works without customers' data.
        FormError: If the form gives nothing, or does not go with the action.
        PurposeNotFoundError: If the register declares no such purpose.
        AttestationError: If the purpose was altered outside Égide.
        NotRecipientError, BeyondDeclarationError: If the register does not allow it.
        RequestEndError: If the end is past, or too far ahead.
        AskedAlreadyError: If the same person waits for it already.
    """
    account, reason = _asker(actor), _reason(command.reason)
    if command.role not in actor.roles:
        raise RoleNotYoursError(role=command.role)
    for category in command.categories:
        check_terms(
            RequestGrant(
                role=command.role,
                purpose=command.purpose,
                category=category,
                action=command.action,
                form=command.form,
            )
        )
    purpose = declared_purpose(session, desk.attestor, command.purpose)
    pairs = declared_pairs(purpose, command.role, command.categories, command.kinds)
    now = desk.clock.now()
    request = AccessRequest(
        id=desk.ids.new(),
        account_id=account,
        subject=RequestSubject.DATA,
        role=command.role,
        purpose_id=purpose.id,
        categories=" ".join(in_order(command.categories)),
        kinds=" ".join(in_order({kind for kind, _ in pairs})),
        action=command.action,
        form=command.form,
        valid_until=end_of(command.valid_until, now),
        reason=reason,
        asked_at=now,
    )
    return _put(session, actor, request, purpose.slug)


def withdraw_request(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, request_id: uuid.UUID
) -> AccessRequest:
    """Take back what one asked for and nobody has decided yet.

    Raises:
        PersonRequiredError: If it is no person.
        AccessRequestNotFoundError: If there is no such request.
        NotYourRequestError: If somebody else asked.
        RequestSettledError: If it was decided already.
        AttestationError: If it was altered outside Égide.
    """
    account = _asker(actor)
    request = waiting_one(session, attestor, request_id)
    if request.account_id != account:
        raise NotYourRequestError
    request.state, request.decided_by, request.decided_at = RequestState.WITHDRAWN, account, clock.now()
    record_request(session, actor, request, "withdraw", None)
    return request


def waiting_one(session: Session, attestor: Attestor, request_id: uuid.UUID) -> AccessRequest:
    """Return a request that waits, held until the transaction ends.

    Raises:
        AccessRequestNotFoundError: If there is no such request.
        RequestSettledError: If it waits no more.
        AttestationError: If it was altered outside Égide.
    """
    request = session.scalar(
        select(AccessRequest)
        .where(AccessRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise AccessRequestNotFoundError
    attestor.verify(request)
    if request.state is not RequestState.WAITING:
        raise RequestSettledError(state=request.state)
    return request


def _put(session: Session, actor: Actor, request: AccessRequest, purpose: str | None) -> AccessRequest:
    twin = select(AccessRequest.id).where(
        AccessRequest.account_id == request.account_id,
        AccessRequest.state == RequestState.WAITING,
        AccessRequest.subject == request.subject,
        AccessRequest.role == request.role,
    )
    if request.subject is RequestSubject.DATA:
        twin = twin.where(
            AccessRequest.purpose_id == request.purpose_id,
            AccessRequest.categories == request.categories,
            AccessRequest.action == request.action,
            AccessRequest.form == request.form,
        )
    if session.scalar(twin.limit(1)) is not None:
        raise AskedAlreadyError
    session.add(request)
    record_request(session, actor, request, "ask", purpose)
    return request


def _asker(actor: Actor) -> uuid.UUID:
    account = person(actor)
    if account is None:
        raise PersonRequiredError
    return account


def _reason(written: str) -> str:
    reason = written.strip()
    if not reason:
        raise ReasonMissingError
    return reason
