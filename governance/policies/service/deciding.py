"""Deciding what was asked for: approved as asked or for less, or refused. Who asks decides only for want of others.

Approving a role assigns and countersigns it; approving data makes the grants. GDPR Art. 29, 32(4).
"""

import uuid

from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import AnotherControllerNeededError
from governance.identity.service.roles import NewRole, assign_role
from governance.identity.service.second_person import decides_alone
from governance.policies.errors import (
    MoreThanAskedError,
    OwnAccessRequestError,
    ReasonMissingError,
    RequestEndError,
)
from governance.policies.models import AccessRequest, Grant
from governance.policies.permissions import APPROVERS, check_approves, check_may
from governance.policies.requests import ApproveRequest, RefuseRequest, declared_pairs
from governance.policies.service.asking import waiting_one
from governance.policies.service.grants import Desk, record_grant
from governance.policies.service.recording import record_request
from governance.policies.terms import MAX_DAYS
from governance.policies.values import RequestState, RequestSubject
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form
from register.declared import declared_purpose


def approve_request(session: Session, desk: Desk, actor: Actor, command: ApproveRequest) -> AccessRequest:
    """Give what was asked for, or less of it.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else to decide.
        AccessRequestNotFoundError: If there is no such request.
        RequestSettledError: If it waits no more.
        AttestationError: If it, or its purpose, was altered outside Égide.
        OwnAccessRequestError: If the same person asked, and another controller could decide.
        AnotherControllerNeededError: If whoever named them asked, and another controller could decide.
        NotPermittedError: If a token of theirs acts.
        MoreThanAskedError: If it would give more than was asked for.
        RequestEndError: If it would have ended already.
        NotRecipientError, BeyondDeclarationError: If the register has changed since.
        RoleConflictError: If the role conflicts with one that the person holds, and there is a second person.
    """
    account = check_approves(actor, phrase("approve"))
    request = waiting_one(session, desk.attestor, command.request_id)
    _settle(session, desk.clock, request, account)
    end, now = command.valid_until or request.valid_until, desk.clock.now()
    if end > request.valid_until:
        raise MoreThanAskedError
    if end <= now:
        raise RequestEndError(limit_days=MAX_DAYS)
    request.state, request.because = RequestState.APPROVED, command.because.strip()
    request.given_until = end
    if request.subject is RequestSubject.DATA:
        purpose = _give_data(session, desk, actor, request, command)
        record_request(session, actor, request, "approve", purpose)
        return request
    session.flush()
    new = NewRole(
        account_id=request.account_id,
        role=request.role,
        reason=request.reason,
        valid_until=end,
        no_second_person=command.no_second_person,
        renews=True,
    )
    assign_role(session, desk.clock, desk.ids, actor, new)
    record_request(session, actor, request, "approve", None)
    return request


def refuse_request(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: RefuseRequest
) -> AccessRequest:
    """Refuse what was asked for, and say why: whoever asked reads it.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else to decide.
        ReasonMissingError: If no reason is given.
        AccessRequestNotFoundError: If there is no such request.
        RequestSettledError: If it waits no more.
        OwnAccessRequestError: If the same person asked, and another controller could decide.
        AnotherControllerNeededError: If whoever named them asked, and another controller could decide.
        AttestationError: If it was altered outside Égide.
    """
    account = check_may(actor, APPROVERS, phrase("refuse"))
    because = command.because.strip()
    if not because:
        raise ReasonMissingError
    request = waiting_one(session, attestor, command.request_id)
    _settle(session, clock, request, account)
    request.state, request.because = RequestState.REFUSED, because
    record_request(session, actor, request, "refuse", None)
    return request


def _settle(session: Session, clock: Clock, request: AccessRequest, account: uuid.UUID) -> None:
    now = clock.now()
    try:
        made = request.subject is RequestSubject.ROLE
        request.alone = decides_alone(session, account, request.account_id, now, made=made)
    except AnotherControllerNeededError:
        if request.account_id == account:
            raise OwnAccessRequestError from None
        raise
    request.decided_by, request.decided_at = account, now


def _give_data(session: Session, desk: Desk, actor: Actor, request: AccessRequest, command: ApproveRequest) -> str:
    categories, form = _less(request, command)
    if request.purpose_id is None or request.action is None or request.decided_by is None:
        raise MoreThanAskedError
    purpose = declared_purpose(session, desk.attestor, request.purpose_id)
    pairs = declared_pairs(purpose, request.role, categories, frozenset(request.kind_set))
    request.given_categories, request.given_form = " ".join(categories), form
    session.flush()
    grants = [
        Grant(
            id=desk.ids.new(),
            role=request.role,
            purpose_id=purpose.id,
            subject_kind=kind,
            category=category,
            action=request.action,
            form=form,
            valid_from=desk.clock.now(),
            valid_to=request.given_until or request.valid_until,
            reason=request.reason,
            requested_by=request.account_id,
            requested_at=request.asked_at,
            approved_by=request.decided_by,
            approved_at=request.decided_at,
            alone=request.alone,
            request_id=request.id,
        )
        for kind, category in pairs
    ]
    session.add_all(grants)
    session.flush()
    for grant in grants:
        record_grant(session, actor, grant, purpose.slug, "approve")
    return purpose.slug


def _less(request: AccessRequest, command: ApproveRequest) -> tuple[list[DataCategory], Form]:
    asked = request.category_set
    categories = [each for each in asked if command.categories is None or each in command.categories]
    if not categories or not (command.categories or frozenset()) <= frozenset(asked):
        raise MoreThanAskedError
    if request.form is None:
        raise MoreThanAskedError
    form = command.form or request.form
    if form.code > request.form.code or form is Form.WITHHELD:
        raise MoreThanAskedError
    return categories, form
