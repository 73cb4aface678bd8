"""The tokens page: secrets by which programs come in, each in one role, until its last day."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.days import day_of, end_of_day, last_of_day
from governance.errors import DomainError
from governance.identity import service
from governance.identity.bearer import Secret
from governance.identity.errors import (
    AnotherControllerNeededError,
    EndsInThePastError,
    NothingToCountersignError,
    TokenNameTakenError,
    TokenTooLongError,
)
from governance.identity.permissions import may_countersign, person
from governance.identity.service import NewToken
from governance.identity.service.overview import tokens_page, waiting_tokens
from governance.identity.service.tokens import DEFAULT_DAYS, MAX_DAYS
from governance.identity.service.tokens import is_in_force as in_force
from governance.identity.views.account_forms import NewProgramTokenForm
from governance.identity.views.accounts import KEEPERS
from governance.identity.views.pages import blueprint
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.problems import sentence


@blueprint.get("/tokens/")
@open_to(*KEEPERS)
def tokens() -> ResponseReturnValue:
    """List programs' tokens, those that wait for the controller first."""
    return _page(_form(afresh=True))


@blueprint.post("/tokens/")
@open_to(*KEEPERS)
@confirmed_anew
def add_program_token() -> ResponseReturnValue:
    """Make a token. Where it is in force at once, its secret is shown, once; otherwise it waits, and has none."""
    context = current()
    form = _form()
    if not form.validate():
        return _page(form), 422
    command = NewToken(name=form.name.data, role=form.role.data, expires_at=end_of_day(form.until.data))
    try:
        issued = service.add_token(context.session, context.clock, context.ids, context.actor, command)
    except TokenNameTakenError as error:
        return _again(form, "name", error)
    except (EndsInThePastError, TokenTooLongError) as error:
        return _again(form, "until", error)
    if not issued.secret:
        flash(gettext("The token waits for the controller, who gets its secret by confirming it."), "due")
        return redirect(url_for("identity.tokens"), code=303)
    # Not a redirect: the secret is nowhere but in this answer.
    return _page(_form(afresh=True), secret=issued.secret)


@blueprint.post("/tokens/<uuid:token_id>/countersign")
@open_to(Role.CONTROLLER)
@confirmed_anew
def countersign_program_token(token_id: UUID) -> ResponseReturnValue:
    """Put a waiting token in force and show its secret, once."""
    context = current()
    try:
        issued = service.countersign_token(
            context.session, context.clock, context.get(Attestor), context.actor, token_id
        )
    except (AnotherControllerNeededError, NothingToCountersignError) as error:
        context.roll_back()
        return _page(_form(afresh=True), refusal=error), 422
    # Not a redirect: the secret is nowhere but in this answer.
    return _page(_form(afresh=True), secret=issued.secret)


@blueprint.post("/tokens/<uuid:token_id>/revoke")
@open_to(*KEEPERS)
def revoke_program_token(token_id: UUID) -> ResponseReturnValue:
    """Take a token back."""
    context = current()
    service.revoke_token(context.session, context.clock, context.get(Attestor), context.actor, token_id)
    return redirect(url_for("identity.tokens"), code=303)


def _form(*, afresh: bool = False) -> NewProgramTokenForm:
    form = NewProgramTokenForm(formdata=None) if afresh else NewProgramTokenForm()
    form.fill()
    if afresh:
        form.until.data = day_of(current().clock.now() + timedelta(days=DEFAULT_DAYS))
    return form


def _again(form: NewProgramTokenForm, name: str, error: DomainError) -> ResponseReturnValue:
    current().roll_back()
    form[name].errors = [*form[name].errors, sentence(error)]
    return _page(form), 422


def _page(form: NewProgramTokenForm, *, secret: Secret | None = None, refusal: DomainError | None = None) -> str:
    context = current()
    now = context.clock.now()
    after = parse_id(request.args.get("after", ""))
    rows, onward = tokens_page(context.session, after=after)
    return render_template(
        "identity/tokens.html",
        form=form,
        secret=secret,
        refusal=None if refusal is None else sentence(refusal),
        rows=rows,
        waiting=waiting_tokens(context.session),
        in_force=in_force,
        last_of_day=last_of_day,
        onward=onward,
        after=after,
        confirms=may_countersign(context.actor),
        self_id=person(context.actor),
        earliest=day_of(now + timedelta(days=1)),
        latest=day_of(now + timedelta(days=MAX_DAYS - 1)),
        most_days=MAX_DAYS,
        now=now,
    )
