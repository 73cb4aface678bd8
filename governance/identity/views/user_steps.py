"""Accounts over REST, beyond making them: found, written to, signed out, unlocked, unlinked. As on their page."""

import uuid
from typing import Any

from governance.actor import confirmed_anew, open_to
from governance.identity import service
from governance.identity.schemas import UserPageSchema, UserQuerySchema, UserSchema
from governance.identity.service.lockouts import unlock
from governance.identity.service.openid import unlink_identity
from governance.identity.service.overview import AccountFilter, accounts_page
from governance.identity.service.resets import mail_link_to
from governance.identity.views.resources import KEEPERS, READERS, blueprint, user_of, users_of
from governance.vault.attest import Attestor
from governance.web.context import current


@blueprint.route("/users/query", methods=["POST"])
@blueprint.arguments(UserQuerySchema)
@blueprint.response(200, UserPageSchema)
@open_to(*READERS)
def find_users(wanted: dict[str, Any]) -> dict[str, Any]:
    """List the accounts that fit, in the order in which they were made. Changes nothing."""
    context = current()
    narrowed = AccountFilter(role=wanted["role"], state=wanted["state"], text=wanted["text"])
    page = accounts_page(context.session, narrowed, after=wanted.get("after"), limit=wanted["limit"])
    found = [row.account for row in page.rows]
    return {"users": users_of(context.session, context.clock, found), "next": page.after}


@blueprint.route("/users/<uuid:user_id>/letter", methods=["POST"])
@blueprint.response(202, UserSchema)
@open_to(*KEEPERS)
@confirmed_anew
def mail_link(user_id: uuid.UUID) -> dict[str, Any]:
    """Have a link to choose a password sent to the person; nobody else sees it. Without a mail server none is."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    mail_link_to(context.session, context.clock, context.ids, context.actor, account)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/sign-out", methods=["POST"])
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
def sign_user_out(user_id: uuid.UUID) -> dict[str, Any]:
    """Close every session of a person."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    for opened in service.open_sessions(context.session, context.clock, user_id):
        service.close_session(context.session, context.clock, context.get(Attestor), context.actor, opened.id)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/unlock", methods=["POST"])
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
@confirmed_anew
def unlock_user(user_id: uuid.UUID) -> dict[str, Any]:
    """Let a person try again at once who mistyped too often."""
    context = current()
    account = service.account_by_id(context.session, user_id)
    unlock(context.session, context.get(Attestor), context.actor, account)
    return user_of(context.session, context.clock, account)


@blueprint.route("/users/<uuid:user_id>/unlink", methods=["POST"])
@blueprint.response(200, UserSchema)
@open_to(*KEEPERS)
def unlink_user(user_id: uuid.UUID) -> dict[str, Any]:
    """Take the link between an account and the company's provider back."""
    context = current()
    unlink_identity(context.session, context.clock, context.get(Attestor), context.actor, user_id)
    return user_of(context.session, context.clock, service.account_by_id(context.session, user_id))
