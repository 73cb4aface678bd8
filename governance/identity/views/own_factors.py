"""One's own second factors: added, removed, and the recovery codes that stand in for them."""

import base64
import binascii
import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import confirmed_anew, open_to_half_signed_in, open_to_signed_in
from governance.errors import DomainError
from governance.identity import service
from governance.identity.errors import (
    FactorInUseError,
    FactorLimitError,
    FactorTakenError,
    PasskeyRefusedError,
    SecondFactorRefusedError,
    UnknownFactorError,
)
from governance.identity.factors import totp
from governance.identity.second_door import Enrolled, SecondDoor
from governance.identity.service.factors import HeldFactor
from governance.identity.service.passkeys import DEFAULT_NAME as PASSKEY
from governance.identity.service.totp import DEFAULT_NAME as APP
from governance.identity.service.totp import AddTotp, DraftTotp
from governance.identity.views.factor_forms import AddAppForm, AddPasskeyForm
from governance.identity.views.pages import blueprint
from governance.identity.views.second_factor import credential_in
from governance.identity.views.visiting import admission_here, own_transaction, visit_here
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import current
from governance.web.limits import limited
from governance.web.onward import HOME, inside
from governance.web.problems import sentence

_LIMIT = "30 per minute"


@blueprint.app_template_filter()
def factor_named(name: str) -> str:
    """Return what a second factor is called; one that nobody named, in the language of whoever reads."""
    return str(gettext(name)) if name in {APP, PASSKEY} else name


@blueprint.get("/account/second-factors/add")
@open_to_half_signed_in
@confirmed_anew
def add_second_factor() -> ResponseReturnValue:
    """Offer the kinds of second factor there are."""
    return render_template(
        "identity/add_second_factor.html",
        pending=admission_here().pending,
        passkeys_possible=_door().passkeys_possible,
        onward=_onward(request.args.get("next")),
    )


@blueprint.get("/account/second-factors/app")
@open_to_half_signed_in
@confirmed_anew
def add_app() -> ResponseReturnValue:
    """Show a new secret for an authenticator app. It is kept nowhere until its first code was right."""
    visit = visit_here()
    form = AddAppForm(formdata=None)
    form.next.data = request.args.get("next")
    return _app_page(form, _door().draft_totp(visit))


@blueprint.post("/account/second-factors/app")
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def confirm_app() -> ResponseReturnValue:
    """Take an authenticator app into use with its first code."""
    visit = visit_here()
    form = AddAppForm()
    factor_id, sealed = _draft_in(form)
    if not form.validate():
        return _app_page(form, _door().reopen_draft(visit, factor_id, sealed)), 422
    command = AddTotp(
        account_id=visit.account_id,
        id=factor_id,
        sealed=sealed,
        code=form.code.data,
        name=form.name.data or APP,
    )
    try:
        enrolled = _door().add_totp(visit, command)
    except SecondFactorRefusedError as error:
        form.code.errors = [*form.code.errors, sentence(error)]
        return _app_page(form, _door().reopen_draft(visit, factor_id, sealed)), 422
    except (FactorLimitError, FactorTakenError) as error:
        return _app_page(form, _door().reopen_draft(visit, factor_id, sealed), error), 422
    return _added(enrolled, form.next.data)


@blueprint.get("/account/second-factors/passkey")
@open_to_half_signed_in
@confirmed_anew
def add_passkey() -> ResponseReturnValue:
    """Offer to make a passkey; the script does it."""
    form = AddPasskeyForm(formdata=None)
    form.next.data = request.args.get("next")
    return _passkey_page(form)


@blueprint.post("/account/second-factors/passkey")
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def confirm_passkey() -> ResponseReturnValue:
    """Take a passkey into use that the browser has made."""
    visit = visit_here()
    form = AddPasskeyForm()
    credential = credential_in(form)
    if credential is None:
        return _passkey_page(form, PasskeyRefusedError()), 422
    try:
        enrolled = _door().add_passkey(visit, form.name.data or PASSKEY, credential)
    except (PasskeyRefusedError, FactorLimitError, FactorTakenError) as error:
        return _passkey_page(form, error), 422
    return _added(enrolled, form.next.data)


@blueprint.get("/account/second-factors/<uuid:factor_id>/remove")
@open_to_signed_in
@confirmed_anew
def remove_second_factor(factor_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether a second factor shall go."""
    return _removal_page(_held(factor_id))


@blueprint.post("/account/second-factors/<uuid:factor_id>/remove")
@open_to_signed_in
@confirmed_anew
def do_remove_second_factor(factor_id: uuid.UUID) -> ResponseReturnValue:
    """Remove a second factor of one's own."""
    context = current()
    factor = _held(factor_id)
    try:
        service.remove_factor(own_transaction(), context.clock, context.get(Attestor), context.actor, factor_id)
    except FactorInUseError as error:
        context.roll_back()
        return _removal_page(factor, error), 409
    flash(gettext("%(name)s was removed.", name=factor_named(factor.name)), "given")
    return redirect(url_for("identity.account"), code=303)


@blueprint.get("/account/recovery-codes")
@open_to_signed_in
@confirmed_anew
def recovery_codes() -> ResponseReturnValue:
    """Ask whether new recovery codes shall be made."""
    return render_template(
        "components/confirm.html",
        title=gettext("Make new recovery codes"),
        text=gettext("Ten new codes, each good once, for the day on which you have lost your second factor."),
        consequences=[gettext("The codes that you have now open nothing any more."), _once()],
        action=url_for("identity.make_recovery_codes"),
        verb=gettext("Make new codes"),
        back=url_for("identity.account"),
        steps=_steps(),
    )


@blueprint.post("/account/recovery-codes")
@open_to_signed_in
@confirmed_anew
def make_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them once."""
    visit = visit_here()
    context = current()
    codes = service.make_recovery_codes(
        own_transaction(), context.clock, context.ids, context.get(Attestor), context.actor, visit.account_id
    )
    # Not a redirect: the codes are nowhere but in this answer.
    return _codes_page(codes, url_for("identity.account"))


def _added(enrolled: Enrolled, onward: str | None) -> ResponseReturnValue:
    signed_in.carry_on(enrolled.secret)
    if enrolled.recovery_codes:
        return _codes_page(enrolled.recovery_codes, _onward(onward), first=True)
    flash(gettext("Your second factor was added."), "given")
    return redirect(_onward(onward), code=303)


def _codes_page(codes: tuple[str, ...], onward: str, *, first: bool = False) -> str:
    # Whoever was half signed in is so no longer, and the header should say so at the next page.
    context = current()
    base_url = context.get(Settings).base_url
    return render_template(
        "identity/recovery_codes.html",
        codes=codes,
        onward=onward,
        first=first,
        house=base_url.partition("://")[2] or base_url,
        email=service.account_by_id(context.session, visit_here().account_id).email,
        now=context.clock.now(),
    )


def _app_page(form: AddAppForm, draft: DraftTotp, error: DomainError | None = None) -> str:
    form.factor.data = str(draft.id)
    form.sealed.data = base64.urlsafe_b64encode(draft.sealed).decode()
    form.next.data = _onward(form.next.data)
    form.code.data = None
    return render_template(
        "identity/add_app.html",
        form=form,
        picture=totp.qr_image(draft.uri),
        secret=totp.in_groups(draft.secret),
        uri=draft.uri,
        refusal=None if error is None else sentence(error),
    )


def _passkey_page(form: AddPasskeyForm, error: DomainError | None = None) -> str:
    form.next.data = _onward(form.next.data)
    form.credential.data = None
    form.credential.errors = []
    return render_template(
        "identity/add_passkey.html",
        form=form,
        possible=_door().passkeys_possible,
        refusal=None if error is None else sentence(error),
    )


def _removal_page(factor: HeldFactor, error: DomainError | None = None) -> str:
    return render_template(
        "components/confirm.html",
        title=gettext("Remove %(name)s", name=factor_named(factor.name)),
        text=gettext("You no longer sign in with it."),
        consequences=[gettext("If it is your last one, your recovery codes go with it.")],
        refusal=None if error is None else sentence(error),
        action=url_for("identity.do_remove_second_factor", factor_id=factor.id),
        verb=gettext("Remove it"),
        grave=True,
        back=url_for("identity.account"),
        steps=_steps(),
    )


def _steps() -> list[tuple[str, str]]:
    return [(gettext("My account"), url_for("identity.account"))]


def _once() -> str:
    told: str = gettext("The new ones are shown once and kept nowhere: print them, or copy them to a safe place.")
    return told


def _held(factor_id: uuid.UUID) -> HeldFactor:
    context = current()
    held = service.factors_of(context.session, context.get(Attestor), visit_here().account_id)
    found = next((each for each in held if each.id == factor_id), None)
    if found is None:
        raise UnknownFactorError
    return found


def _draft_in(form: AddAppForm) -> tuple[uuid.UUID, bytes]:
    """Return the draft that the form brings back. Unverified; one that is none at all opens nothing."""
    try:
        return uuid.UUID(form.factor.data or ""), base64.urlsafe_b64decode((form.sealed.data or "").encode())
    except (ValueError, binascii.Error):
        return current().ids.new(), b""


def _onward(onward: str | None) -> str:
    """Return where to go after adding a factor: on where somebody was going, or back to the account."""
    way = inside(onward)
    return url_for("identity.account") if way == HOME and not onward else way


def _door() -> SecondDoor:
    return current().get(SecondDoor)
