"""Accounts and tokens over REST. Whoever may use a route is declared here; what they may do there, the services say."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE
from sqlalchemy.orm import Session

from governance.actor import Role, confirmed_anew, open_to, open_to_signed_in
from governance.clock import Clock
from governance.identity import service
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, ApiToken, RoleAssignment
from governance.identity.schemas import (
    DeclinedRoleSchema,
    HeldRoleSchema,
    IssuedTokenSchema,
    LinkSchema,
    NewRoleSchema,
    NewTokenSchema,
    NewUserSchema,
    PageSchema,
    TokenPageSchema,
    TokenSchema,
    UserPageSchema,
    UserSchema,
)
from governance.identity.service import NewAccount, NewRole, NewToken, roles, tokens
from governance.identity.service.declining import DeclineRole, decline_role
from governance.identity.views.visiting import own_transaction
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("users", __name__, url_prefix="/api/v1", description="Accounts, their roles, and tokens.")

KEEPERS: Final = (Role.ADMIN, Role.CONTROLLER)
READERS: Final = (*KEEPERS, Role.DPO, Role.SECURITY, Role.AUDITOR)


@blueprint.route("/users")
class Users(MethodView):
    """All accounts."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, UserPageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> dict[str, Any]:
        """List accounts in the order in which they were made."""
        context = current()
        found = service.list_accounts(context.session, **page)
        return {"users": users_of(context.session, context.clock, found), "next": _next(found, page["limit"])}

    @blueprint.arguments(NewUserSchema)
    @blueprint.response(201, UserSchema)
    @open_to(*KEEPERS)
    def post(self, command: NewAccount) -> dict[str, Any]:
        """Add an account without any role."""
        context = current()
        account = service.add_account(context.session, context.clock, context.ids, context.actor, command)
        if context.get(Settings).smtp is not None:
            tell(context.session, context.ids, context.clock, account.id, Letter.FIRST_LINK)
        return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>")
class User(MethodView):
    """One account."""

    @blueprint.response(200, UserSchema)
    @open_to(*READERS)
    def get(self, user_id: uuid.UUID) -> dict[str, Any]:
        """Return an account with its roles."""
        context = current()
        return user_of(context.session, context.clock, service.account_by_id(context.session, user_id))


@blueprint.route("/users/<uuid:user_id>/disable", methods=["POST"])
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
def disable(user_id: uuid.UUID) -> dict[str, Any]:
    """Close an account: its sessions and tokens open nothing from now on."""
    context = current()
    account = service.disable_account(
        context.session, context.clock, context.ids, context.get(Attestor), context.actor, user_id
    )
    tell(context.session, context.ids, context.clock, account.id, Letter.ACCOUNT_DISABLED)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/assign", methods=["POST"])
@blueprint.arguments(NewRoleSchema)
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
@confirmed_anew
def assign(given: dict[str, Any], user_id: uuid.UUID) -> dict[str, Any]:
    """Assign a role. One assigned by an administrator waits for the controller."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    command = NewRole(account_id=account.id, **given)
    service.assign_role(context.session, context.clock, context.ids, context.actor, command)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/countersign", methods=["POST"])
@blueprint.arguments(HeldRoleSchema)
@blueprint.response(200, UserSchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def countersign(given: dict[str, Any], user_id: uuid.UUID) -> dict[str, Any]:
    """Put a waiting role in force."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    command = NewRole(account_id=account.id, role=given["role"])
    roles.countersign_held(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/decline", methods=["POST"])
@blueprint.arguments(DeclinedRoleSchema)
@blueprint.response(200, UserSchema)
@open_to(Role.CONTROLLER)
def decline(given: dict[str, Any], user_id: uuid.UUID) -> dict[str, Any]:
    """Turn a waiting role down, and say why."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    waiting = roles.waiting_for(context.session, account.id, given["role"])
    command = DeclineRole(assignment_id=waiting.id, because=given["because"])
    decline_role(context.session, context.clock, context.get(Attestor), context.actor, command)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/revoke", methods=["POST"])
@blueprint.arguments(HeldRoleSchema)
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
def revoke(given: dict[str, Any], user_id: uuid.UUID) -> dict[str, Any]:
    """Take a role back."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    command = NewRole(account_id=account.id, role=given["role"])
    service.revoke_role(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/link", methods=["POST"])
@blueprint.response(201, LinkSchema)
@open_to(*KEEPERS)
@confirmed_anew
def link(user_id: uuid.UUID) -> dict[str, Any]:
    """Make a one-time link by which the person chooses a password; it is shown once. A token makes none."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    issued = service.link_password(context.session, context.clock, context.ids, context.actor, account)
    base_url = context.get(Settings).base_url
    return {"url": f"{base_url}/link/{issued.secret}", "expires_at": issued.link.expires_at}


@blueprint.route("/tokens")
class Tokens(MethodView):
    """All tokens."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, TokenPageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> dict[str, Any]:
        """List tokens, revoked ones too."""
        context = current()
        found = service.list_tokens(context.session, **page)
        return {"tokens": _tokens(context.session, context.clock, found), "next": _next(found, page["limit"])}

    @blueprint.arguments(NewTokenSchema)
    @blueprint.response(201, IssuedTokenSchema)
    @open_to_signed_in
    @confirmed_anew
    def post(self, command: NewToken) -> dict[str, Any]:
        """Make a token. Its secret is in this answer and nowhere else; one that waits has none yet."""
        context = current()
        session = own_transaction() if command.own else context.session
        issued = service.add_token(session, context.clock, context.ids, context.actor, command)
        return {**_token(context.session, context.clock, issued.token), "secret": issued.secret or None}


@blueprint.route("/tokens/<uuid:token_id>/countersign", methods=["POST"])
@blueprint.response(200, IssuedTokenSchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def countersign_token(token_id: uuid.UUID) -> dict[str, Any]:
    """Put a waiting token in force; its secret is in this answer and nowhere else."""
    context = current()
    attestor = context.get(Attestor)
    issued = service.countersign_token(context.session, context.clock, attestor, context.actor, token_id)
    return {**_token(context.session, context.clock, issued.token), "secret": issued.secret}


@blueprint.route("/tokens/<uuid:token_id>/revoke", methods=["POST"])
@blueprint.response(200, TokenSchema)
@open_to_signed_in
def revoke_token(token_id: uuid.UUID) -> dict[str, Any]:
    """Take a token back: one's own, or anybody's for whoever looks after accounts."""
    context = current()
    attestor = context.get(Attestor)
    token = service.revoke_token(context.session, context.clock, attestor, context.actor, token_id)
    return _token(context.session, context.clock, token)


def user_of(session: Session, clock: Clock, account: Account) -> dict[str, Any]:
    """Return an account as the API shows it."""
    return users_of(session, clock, [account])[0]


def users_of(session: Session, clock: Clock, accounts: Sequence[Account]) -> list[dict[str, Any]]:
    """Return accounts as the API shows them, in a fixed number of queries."""
    now = clock.now()
    ids = [account.id for account in accounts]
    held, signed_in_at = service.live_assignments_of_many(session, ids), service.last_uses(session, ids)
    return [
        {
            "id": account.id,
            "email": account.email,
            "name": account.name,
            "locale": account.locale,
            "made_at": account.made_at,
            "disabled_at": account.disabled_at,
            "signed_in_at": signed_in_at.get(account.id),
            "second_factor": account.second_factor,
            "roles": [_role(assignment, now) for assignment in held[account.id]],
        }
        for account in accounts
    ]


def _role(assignment: RoleAssignment, now: datetime) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "role": assignment.role,
        "in_force": roles.is_in_force(assignment, now),
        "in_conflict": assignment.in_conflict,
        "assigned_at": assignment.assigned_at,
        "countersigned_at": assignment.countersigned_at,
        "valid_until": assignment.valid_until,
    }


def _token(session: Session, clock: Clock, token: ApiToken) -> dict[str, Any]:
    return _tokens(session, clock, [token])[0]


def _tokens(session: Session, clock: Clock, found: Sequence[ApiToken]) -> list[dict[str, Any]]:
    now = clock.now()
    used = service.last_uses(session, [token.id for token in found])
    return [
        {
            "id": token.id,
            "name": token.name,
            "role": token.role,
            "own": token.account_id is not None,
            "in_force": tokens.is_in_force(token, now),
            "in_conflict": token.in_conflict,
            "made_at": token.made_at,
            "expires_at": token.expires_at,
            "countersigned_at": token.countersigned_at,
            "revoked_at": token.revoked_at,
            "last_used_at": used.get(token.id),
        }
        for token in found
    ]


def _next(found: Sequence[Account] | Sequence[ApiToken], limit: int) -> uuid.UUID | None:
    return found[-1].id if len(found) == limit else None
