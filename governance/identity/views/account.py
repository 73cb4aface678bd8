"""The page of one's own account: roles, devices, and tokens for one's own commands."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to_signed_in
from governance.errors import DomainError
from governance.identity import service
from governance.identity.devices import device_name
from governance.identity.errors import EndsInThePastError, RoleNotHeldError, TokenNameTakenError
from governance.identity.forms import TokenForm
from governance.identity.permissions import person
from governance.identity.service import NewToken
from governance.identity.views.pages import blueprint
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import RequestContext, current
from governance.web.navigation import ROLE_LABELS
from governance.web.problems import sentence


@blueprint.get("/account")
@open_to_signed_in
def account() -> ResponseReturnValue:
    """Show what somebody holds and where they are signed in."""
    return _page(_form(current()))


@blueprint.post("/account/tokens")
@open_to_signed_in
def add_own_token() -> ResponseReturnValue:
    """Make a token of one's own, and show its secret once."""
    context = current()
    form = _form(context)
    if not form.validate():
        return _page(form), 422
    command = NewToken(name=form.name.data, role=form.role.data, expires_at=_end_of(form.until.data), own=True)
    try:
        issued = service.add_token(context.session, context.clock, context.ids, context.actor, command)
    except (TokenNameTakenError, EndsInThePastError, RoleNotHeldError) as error:
        context.roll_back()
        return _page(form, error=error), 422
    # Not a redirect: the secret is nowhere but in this answer.
    return _page(_form(context, afresh=True), secret=issued.secret)


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@open_to_signed_in
def revoke_own_token(token_id: uuid.UUID) -> ResponseReturnValue:
    """Take a token back."""
    context = current()
    service.revoke_token(context.session, context.clock, context.get(Attestor), context.actor, token_id)
    return redirect(url_for("identity.account"), code=303)


@blueprint.post("/account/sessions/<uuid:session_id>/close")
@open_to_signed_in
def close_own_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """Sign out on another device."""
    context = current()
    service.close_session(context.session, context.clock, context.get(Attestor), context.actor, session_id)
    return redirect(url_for("identity.account"), code=303)


def _form(context: RequestContext, *, afresh: bool = False) -> TokenForm:
    form = TokenForm(formdata=None) if afresh else TokenForm()
    form.role.choices = [(role, gettext(ROLE_LABELS[role])) for role in sorted(context.actor.roles)]
    return form


def _page(form: TokenForm, *, secret: str | None = None, error: DomainError | None = None) -> str:
    context = current()
    return render_template(
        "identity/account.html",
        form=form,
        secret=secret,
        refusal=None if error is None else sentence(error),
        device_name=device_name,
        **_held(context),
    )


def _held(context: RequestContext) -> dict[str, Any]:
    account_id = person(context.actor)
    admission = signed_in.visitor()
    if account_id is None:
        # A program has no devices, no roles that end and no tokens of its own.
        return {"roles": [], "sessions": [], "tokens": [], "used": {}, "here": None}
    sessions = service.open_sessions(context.session, context.clock, account_id)
    tokens = service.own_tokens(context.session, account_id)
    return {
        "roles": service.live_assignments(context.session, account_id),
        "sessions": sessions,
        "tokens": tokens,
        "used": service.last_uses(context.session, [token.id for token in tokens]),
        "here": None if admission is None else admission.reference,
    }


def _end_of(day: Any) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1)
