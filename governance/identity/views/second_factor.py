"""The second door: the page on which somebody shows a second factor, after the password or before a grave change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field

from governance.actor import open_to_half_signed_in
from governance.errors import DomainError
from governance.identity import service
from governance.identity.bearer import Secret
from governance.identity.errors import (
    PasskeyRefusedError,
    PasswordRefusedError,
    SecondFactorRefusedError,
    SignInLockedError,
)
from governance.identity.second_door import CodeShown, PasskeyShown, RecoveryCodeShown, SecondDoor, Visit
from governance.identity.service.factors import FactorKind
from governance.identity.service.freshness import is_fresh
from governance.identity.views.factor_forms import CodeForm, ConfirmPasswordForm, RecoveryForm, ShowPasskeyForm
from governance.identity.views.known_device import remember_device
from governance.identity.views.pages import blueprint
from governance.identity.views.visiting import admission_here, visit_here
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import current
from governance.web.limits import limited
from governance.web.onward import HOME, inside
from governance.web.problems import sentence

_LIMIT: Final = "30 per minute"


@dataclass(frozen=True, slots=True)
class _Forms:
    """The ways to show who one is, of which the page draws those that the person has."""

    code: CodeForm = field(default_factory=lambda: CodeForm(formdata=None))
    recovery: RecoveryForm = field(default_factory=lambda: RecoveryForm(formdata=None))
    password: ConfirmPasswordForm = field(default_factory=lambda: ConfirmPasswordForm(formdata=None))
    passkey: ShowPasskeyForm = field(default_factory=lambda: ShowPasskeyForm(formdata=None))


@blueprint.get("/second-factor")
@open_to_half_signed_in
def second_factor() -> ResponseReturnValue:
    """Ask for what the account has; lead on whoever has shown it, and whoever has still to add it."""
    admission = admission_here()
    onward = inside(request.args.get("next"))
    if is_fresh(admission, current().clock.now()):
        if admission.pending:
            return redirect(url_for("identity.add_second_factor", next=onward), code=303)
        return redirect(onward, code=303)
    return _page(_Forms(), onward)


@blueprint.post("/second-factor/code")
@open_to_half_signed_in
@limited(_LIMIT)
def show_code() -> ResponseReturnValue:
    """Take a code of an authenticator app."""
    form = CodeForm()
    if not form.validate():
        return _page(_Forms(code=form), form.next.data), 422
    return _shown(form.code, _Forms(code=form), lambda visit: _door().show(visit, CodeShown(code=form.code.data)))


@blueprint.post("/second-factor/recovery")
@open_to_half_signed_in
@limited(_LIMIT)
def show_recovery_code() -> ResponseReturnValue:
    """Take a recovery code."""
    form = RecoveryForm()
    if not form.validate():
        return _page(_Forms(recovery=form), form.next.data), 422
    proof = RecoveryCodeShown(code=form.recovery.data)
    return _shown(form.recovery, _Forms(recovery=form), lambda visit: _door().show(visit, proof))


@blueprint.post("/second-factor/passkey")
@open_to_half_signed_in
@limited(_LIMIT)
def show_passkey() -> ResponseReturnValue:
    """Take what a browser answered for a passkey."""
    form = ShowPasskeyForm()
    credential = credential_in(form)
    if credential is None:
        return _page(_Forms(), form.next.data, PasskeyRefusedError()), 422
    return _shown(None, _Forms(), lambda visit: _door().show(visit, PasskeyShown(credential=credential)))


@blueprint.post("/second-factor/password")
@open_to_half_signed_in
@limited(_LIMIT)
def confirm_password() -> ResponseReturnValue:
    """Take the password again, of somebody who has no second factor."""
    form = ConfirmPasswordForm()
    if not form.validate():
        return _page(_Forms(password=form), form.next.data), 422
    given = form.password.data
    return _shown(form.password, _Forms(password=form), lambda visit: _door().confirm_password(visit, given))


def credential_in(form: FlaskForm) -> dict[str, Any] | None:
    """Return the browser's answer in a form, or None where it holds none. Unverified."""
    if not form.validate():
        return None
    try:
        decoded = orjson.loads(form.credential.data)
    except orjson.JSONDecodeError:
        return None
    return decoded if isinstance(decoded, dict) else None


def _door() -> SecondDoor:
    return current().get(SecondDoor)


def _shown(typed: Field | None, forms: _Forms, show: Callable[[Visit], Secret]) -> ResponseReturnValue:
    """Take a proof.

    Args:
        typed: The field that it was typed into, which says what is wrong with it; None where a browser gave it.
        forms: What the page shows again.
        show: Takes it.
    """
    visit = visit_here()
    onward = request.form.get("next")
    try:
        secret = show(visit)
    except SignInLockedError as error:
        return _page(forms, onward, error), 429, {"Retry-After": str(error.retry_after_seconds)}
    except (SecondFactorRefusedError, PasskeyRefusedError, PasswordRefusedError) as error:
        if typed is None:
            return _page(forms, onward, error), 422
        typed.errors = [*typed.errors, sentence(error)]
        return _page(forms, onward), 422
    signed_in.carry_on(secret)
    remember_device(secret)
    return redirect(inside(onward), code=303)


def _page(forms: _Forms, onward: str | None, error: DomainError | None = None) -> str:
    context = current()
    admission = admission_here()
    visit = visit_here()
    attestor = context.get(Attestor)
    held = [each for each in service.factors_of(context.session, attestor, visit.account_id) if each.closed_at is None]
    kinds = {each.kind for each in held}
    for form in (forms.code, forms.recovery, forms.password, forms.passkey):
        form.next.data = inside(onward)
    forms.password.password.data = forms.code.code.data = None
    return render_template(
        "identity/second_factor.html",
        forms=forms,
        enrolled=admission.enrolled,
        has_app=FactorKind.TOTP in kinds,
        has_passkey=FactorKind.PASSKEY in kinds and _door().passkeys_possible,
        codes_left=service.recovery_codes_left(context.session, attestor, visit.account_id),
        has_password=_has_password(visit),
        onward=inside(onward),
        refusal=None if error is None else sentence(error),
        home=HOME,
    )


def _has_password(visit: Visit) -> bool:
    return service.account_by_id(current().session, visit.account_id).password_hash is not None
