"""Asking for more: a role, or more data for a role that one holds. Only what could be granted is offered."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import ROLE_LABELS, Actor, Role, open_to_signed_in
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.days import day_of, end_of_day
from governance.errors import DomainError
from governance.identity.permissions import conflicting
from governance.policies import service
from governance.policies.forms import FORMS, AskDataForm, AskRoleForm
from governance.policies.holding import grants_of, holding_of, lines_of
from governance.policies.labels import ACTION_LABELS, FORM_LABELS, FORM_MEANINGS
from governance.policies.mine import askable_for, within_register
from governance.policies.pages.entrance import access
from governance.policies.pages.wording import told
from governance.policies.requests import ASKED_ROLES, WISH_DAYS, AskData, AskRole, in_order
from governance.policies.service import Desk
from governance.policies.terms import MAX_DAYS, READING
from governance.vault.attest import Attestor
from governance.vocabulary import Form, GrantedAction
from governance.web.context import RequestContext, current
from register.declared import declared_purposes
from register.values import DeclaredPurpose, DeclaredPurposes

# What is read can be given in every form; what is written is written in clear.
ACTIONS: Final = tuple(GrantedAction)


@access.route("/ask", methods=["GET", "POST"])
@open_to_signed_in
def ask() -> ResponseReturnValue:
    """Offer roles to ask for, and the purposes for which there could be more data."""
    context = current()
    form = _role_form(context)
    if request.method != "POST":
        return _ask_page(form)
    if not form.validate():
        return _ask_page(form), 422
    command = AskRole(role=Role(form.role.data), reason=form.reason.data, valid_until=end_of_day(form.until.data))
    try:
        asked = service.ask_role(context.session, _desk(context), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _ask_page(form, error), 422
    return _asked(asked.id)


@access.route("/ask/<role>/<purpose>", methods=["GET", "POST"])
@open_to_signed_in
def ask_data(role: str, purpose: str) -> ResponseReturnValue:
    """Ask for more data of one purpose, under a role that one holds."""
    context = current()
    held, purposes = _held_role(context.actor, role), declared_purposes(context.session, context.get(Attestor))
    declared = purposes.get(purpose)
    if held is None or declared is None or declared not in askable_for(purposes, held):
        abort(404)
    form = _data_form(context, declared)
    if request.method != "POST":
        return _data_page(form, held, declared, purposes)
    if not form.validate():
        return _data_page(form, held, declared, purposes), 422
    command = AskData(
        role=held,
        purpose=declared.slug,
        categories=frozenset(form.categories.data),
        kinds=frozenset(form.kinds.data),
        action=form.action.data,
        # The form is chosen for what is seen; what is written is written in clear.
        form=form.form.data if form.action.data in READING else Form.CLEAR,
        reason=form.reason.data,
        valid_until=end_of_day(form.until.data),
    )
    try:
        asked = service.ask_data(context.session, _desk(context), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _data_page(form, held, declared, purposes, error), 422
    return _asked(asked.id)


def _asked(request_id: Any) -> ResponseReturnValue:
    flash(gettext("Your request is sent. The controller decides; nothing opens before."), "given")
    return redirect(url_for("access.request", request_id=request_id), code=303)


def _desk(context: RequestContext) -> Desk:
    return Desk(context.clock, context.ids, context.get(Attestor))


def _held_role(actor: Actor, written: str) -> Role | None:
    return next((role for role in actor.roles if role.value == written), None)


def _role_form(context: RequestContext) -> AskRoleForm:
    wanted = request.args.get("role", "")
    form = AskRoleForm(role=wanted, until=_default_end(context.clock.now()))
    actor = context.actor
    offered = [role for role in ASKED_ROLES if role in actor.roles or conflicting(role, actor.roles) is None]
    # A role that is held is asked for again to be renewed.
    form.role.choices = [("", "—"), *((role.value, _role_choice(role, actor)) for role in offered)]
    _bound_days(form, context.clock.now())
    return form


def _role_choice(role: Role, actor: Actor) -> str:
    name = gettext(ROLE_LABELS[role])
    return str(gettext("%(role)s (renew)", role=name) if role in actor.roles else name)


def _data_form(context: RequestContext, purpose: DeclaredPurpose) -> AskDataForm:
    asked = request.args
    form = AskDataForm(
        categories=asked.getlist("category"),
        kinds=[kind.value for kind in _kinds(purpose)],
        action=asked.get("action", GrantedAction.READ.value),
        form=asked.get("form", Form.MASKED.value),
        until=_default_end(context.clock.now()),
    )
    categories = in_order({category for _, category in purpose.data})
    form.categories.choices = [(each, gettext(CATEGORY_LABELS[each])) for each in categories]
    form.kinds.choices = [(each, gettext(KINDS_LABELS[each])) for each in _kinds(purpose)]
    form.action.choices = [(each, gettext(ACTION_LABELS[each])) for each in ACTIONS]
    form.form.choices = [(each, f"{gettext(FORM_LABELS[each])} — {gettext(FORM_MEANINGS[each])}") for each in FORMS]
    _bound_days(form, context.clock.now())
    return form


def _kinds(purpose: DeclaredPurpose) -> list[Any]:
    return in_order({kind for kind, _ in purpose.data})


def _default_end(now: datetime) -> date:
    # The last day counts whole, so it is the one before the ninetieth ends.
    return day_of(now + timedelta(days=WISH_DAYS - 1))


def _bound_days(form: AskRoleForm | AskDataForm, now: datetime) -> None:
    today = day_of(now)
    form.until.render_kw = {"min": today.isoformat(), "max": (today + timedelta(days=MAX_DAYS - 1)).isoformat()}


def _ask_page(form: AskRoleForm, error: DomainError | None = None) -> str:
    context = current()
    purposes = declared_purposes(context.session, context.get(Attestor))
    roles = [(role, askable_for(purposes, role)) for role in sorted(context.actor.roles)]
    return render_template(
        "access/ask.html",
        form=form,
        roles=[(role, found) for role, found in roles if found],
        refusal=None if error is None else told(error),
        longest=MAX_DAYS,
    )


def _data_page(
    form: AskDataForm,
    role: Role,
    purpose: DeclaredPurpose,
    purposes: DeclaredPurposes,
    error: DomainError | None = None,
) -> str:
    context = current()
    grants = grants_of(context.session, context.get(Attestor), {role})
    holding = within_register(holding_of(grants, context.clock.now()), purposes, role)
    return render_template(
        "access/ask_data.html",
        form=form,
        role=role,
        purpose=purpose,
        lines=lines_of(holding, purpose.id),
        refusal=None if error is None else told(error),
        longest=MAX_DAYS,
    )
