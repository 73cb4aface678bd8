"""The page of one's own account: roles, ways to sign in, devices, and tokens for one's own commands."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from governance.actor import ROLE_LABELS, Role, confirmed_anew, open_to_signed_in
from governance.days import end_of_day
from governance.errors import DomainError
from governance.identity import service
from governance.identity.devices import device_name
from governance.identity.errors import (
    EndsInThePastError,
    PasswordRefusedError,
    RoleNotHeldError,
    SignInLockedError,
    TokenNameTakenError,
    TokenTooLongError,
    WeakPasswordError,
)
from governance.identity.forms import TokenForm
from governance.identity.models import RoleAssignment
from governance.identity.permissions import person
from governance.identity.second_door import SecondDoor
from governance.identity.service import NewToken
from governance.identity.service.openid import identity_of
from governance.identity.views.factor_forms import ChangePasswordForm
from governance.identity.views.pages import blueprint
from governance.identity.views.visiting import admission_here, fresh_visit, own_transaction, visit_here
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import RequestContext, current
from governance.web.limits import limited
from governance.web.problems import sentence


@blueprint.get("/account")
@open_to_signed_in
def account() -> ResponseReturnValue:
    """Show what somebody holds and where they are signed in."""
    return _page(_form(current()))


@blueprint.post("/account/tokens")
@open_to_signed_in
@confirmed_anew
def add_own_token() -> ResponseReturnValue:
    """Make a token of one's own, and show its secret once."""
    context = current()
    form = _form(context)
    if not form.validate():
        return _page(form), 422
    command = NewToken(name=form.name.data, role=form.role.data, expires_at=end_of_day(form.until.data), own=True)
    try:
        issued = service.add_token(own_transaction(), context.clock, context.ids, context.actor, command)
    except (TokenNameTakenError, EndsInThePastError, RoleNotHeldError, TokenTooLongError) as error:
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


@blueprint.post("/account/sessions/close-others")
@open_to_signed_in
def close_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    context = current()
    here = visit_here().session_id
    closed = service.close_other_sessions(context.session, context.clock, context.get(Attestor), context.actor, here)
    flash(ngettext("Signed out on %(num)d other device.", "Signed out on %(num)d other devices.", closed), "given")
    return redirect(url_for("identity.account"), code=303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@open_to_signed_in
@limited("20 per minute")
def change_password() -> ResponseReturnValue:
    """Ask for the current password and a new one; the other devices are signed out."""
    # The current password confirms whoever has nothing else; whoever has a second factor shows it first.
    visit = fresh_visit() if admission_here().enrolled else visit_here()
    form = ChangePasswordForm()
    if request.method != "POST":
        return _password_page(form)
    if not form.validate():
        return _password_page(form), 422
    try:
        secret = current().get(SecondDoor).change_password(visit, form.current.data, form.new.data)
    except (PasswordRefusedError, WeakPasswordError) as error:
        wrong = form.new if isinstance(error, WeakPasswordError) else form.current
        wrong.errors = [*wrong.errors, sentence(error)]
        return _password_page(form), 422
    except SignInLockedError as error:
        return _password_page(form, error), 429, {"Retry-After": str(error.retry_after_seconds)}
    signed_in.carry_on(secret)
    flash(gettext("Your password was changed. Your other devices are signed out, and your tokens have ended."), "given")
    return redirect(url_for("identity.account"), code=303)


def _password_page(form: ChangePasswordForm, error: DomainError | None = None) -> str:
    refusal = None if error is None else sentence(error)
    return render_template("identity/password.html", form=form, refusal=refusal)


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
        provider=context.get(Settings).openid,
        **_held(context),
    )


def _held(context: RequestContext) -> dict[str, Any]:
    account_id = person(context.actor)
    admission = signed_in.visitor()
    if account_id is None or admission is None:
        # A program has no devices, no roles that end and no tokens of its own.
        return {"account": None, "roles": [], "sessions": [], "tokens": [], "factors": [], "used": {}, "here": None}
    attestor = context.get(Attestor)
    sessions = service.open_sessions(context.session, context.clock, account_id)
    tokens = service.own_tokens(context.session, account_id)
    live = service.live_assignments(context.session, account_id)
    return {
        "account": service.account_by_id(context.session, account_id),
        "roles": live,
        "identity": identity_of(context.session, account_id),
        "requiring": _requiring(context, live),
        "factors": service.factors_of(context.session, attestor, account_id),
        "codes_left": service.recovery_codes_left(context.session, attestor, account_id),
        "sessions": sessions,
        "tokens": tokens,
        "now": context.clock.now(),
        "used": service.last_uses(context.session, [*(each.id for each in sessions), *(each.id for each in tokens)]),
        "here": admission.reference,
        "fresh": service.is_fresh(admission, context.clock.now()),
    }


def _requiring(context: RequestContext, live: Sequence[RoleAssignment]) -> list[Role]:
    rules = service.second_factor_rules(context.session, context.get(Attestor))
    return [held.role for held in live if rules[held.role] and held.countersigned_at is not None]
