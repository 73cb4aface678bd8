"""Drafting the purposes of an activity: their words, who receives data for them, their end."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from governance.actor import Role, open_to
from governance.vault.attest import Attestor
from governance.vocabulary import Channel, LawfulBasis
from governance.web.context import current
from governance.web.navigation import ROLE_LABELS
from register import service
from register.errors import RegisterError
from register.forms import ArgumentsForm, NewPurposeForm, PurposeForm, RecipientsForm, offer
from register.labels import BASIS_LABELS, CHANNEL_LABELS, CONDITION_LABELS
from register.pages.drafting import own_activity, slug_of
from register.pages.entrance import DRAFTERS, blueprint, desk, refuse
from register.pages.terms import own_purpose
from register.record import Change, PurposeLines
from register.service import NewPurpose, PurposeChange, SetPurposeRecipients
from register.values import SpecialCondition, Standing


@blueprint.get("/<slug>/purposes/-/new")
@open_to(*DRAFTERS)
def new_purpose(slug: str) -> ResponseReturnValue:
    """Show the form of a new purpose."""
    form = NewPurposeForm()
    _offer(form)
    return _page(slug, form)


@blueprint.post("/<slug>/purposes/-/new")
@open_to(*DRAFTERS)
def add_purpose(slug: str) -> ResponseReturnValue:
    """Declare a purpose, as a proposal."""
    context = current()
    form = NewPurposeForm()
    _offer(form)
    if not form.validate():
        return _page(slug, form), HTTPStatus.UNPROCESSABLE_ENTITY
    name = (form.slug.data or "").strip() or slug_of(form.label_fr.data)
    command = NewPurpose(activity=slug, slug=name, **_words(form), **_arguments(form))
    try:
        service.add_purpose(context.session, context.clock, context.get(Attestor), context.actor, command)
    except RegisterError as error:
        return _page(slug, form, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The purpose is proposed. Now say which data it uses."), "given")
    return redirect(url_for("register.data", slug=slug, purpose=name), code=303)


@blueprint.get("/<slug>/purposes/<purpose>")
@open_to(*DRAFTERS)
def purpose_words(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form by which a purpose's words and arguments are corrected."""
    lines = own_purpose(slug, purpose)
    form = _form_of(lines)
    return _page(slug, form, lines)


@blueprint.post("/<slug>/purposes/<purpose>")
@open_to(*DRAFTERS)
def change_purpose(slug: str, purpose: str) -> ResponseReturnValue:
    """Correct a purpose: all of it while it is proposed, its arguments once it is in force."""
    context = current()
    lines = own_purpose(slug, purpose)
    form = _form_of(lines)
    if not form.validate():
        return _page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = _arguments(form) | (_words(form) if isinstance(form, PurposeForm) else {})
    changed = {name: value for name, value in wanted.items() if getattr(lines.purpose, name) != value}
    target = (purpose, PurposeChange(**changed))
    try:
        if changed:
            service.change_purpose(context.session, context.clock, context.get(Attestor), context.actor, target)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(slug, form, own_purpose(slug, purpose), refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return _saved(slug, purpose)


@blueprint.get("/<slug>/purposes/<purpose>/recipients")
@open_to(*DRAFTERS)
def recipients(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form that says who receives data for a purpose."""
    lines = own_purpose(slug, purpose)
    kept = [line.role.value for line in lines.recipients if line.change is not Change.LEAVING]
    form = RecipientsForm(data={"roles": kept})
    _offer_roles(form)
    return _recipients_page(slug, form, lines)


@blueprint.post("/<slug>/purposes/<purpose>/recipients")
@open_to(*DRAFTERS)
def set_recipients(slug: str, purpose: str) -> ResponseReturnValue:
    """Say who shall receive data for a purpose; what differs from what is in force is a proposal."""
    context = current()
    lines = own_purpose(slug, purpose)
    form = RecipientsForm()
    _offer_roles(form)
    if not form.validate():
        return _recipients_page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    command = SetPurposeRecipients(purpose=purpose, roles=frozenset(Role(role) for role in form.roles.data))
    try:
        service.set_purpose_recipients(context.session, desk(), context.actor, command)
    except RegisterError as error:
        refusal = refuse(form, error)
        page = _recipients_page(slug, form, own_purpose(slug, purpose), refusal)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return _saved(slug, purpose)


@blueprint.get("/<slug>/purposes/<purpose>/end")
@open_to(*DRAFTERS)
def ending(slug: str, purpose: str) -> ResponseReturnValue:
    """Say what ending a purpose does, and ask for it."""
    return render_template("register/end.html", activity=own_activity(slug), lines=own_purpose(slug, purpose))


@blueprint.post("/<slug>/purposes/<purpose>/end")
@open_to(*DRAFTERS)
def end_purpose(slug: str, purpose: str) -> ResponseReturnValue:
    """Take a proposed purpose back, or propose that one in force ends."""
    context = current()
    own_purpose(slug, purpose)
    ended = service.end_purpose(context.session, context.clock, context.get(Attestor), context.actor, purpose)
    if ended.standing is Standing.ENDED:
        flash(gettext("The proposed purpose is taken back."), "given")
        return redirect(url_for("register.activity", slug=slug), code=303)
    return _saved(slug, purpose)


@blueprint.post("/<slug>/purposes/<purpose>/keep")
@open_to(*DRAFTERS)
def keep_purpose(slug: str, purpose: str) -> ResponseReturnValue:
    """Take back the proposal that a purpose ends."""
    context = current()
    own_purpose(slug, purpose)
    service.keep_purpose(context.session, context.clock, context.get(Attestor), context.actor, purpose)
    return _saved(slug, purpose)


def _saved(slug: str, purpose: str) -> ResponseReturnValue:
    flash(
        gettext("Saved as a proposal: nothing changes before it is activated.") if _runs(slug) else gettext("Saved."),
        "given",
    )
    return redirect(url_for("register.activity", slug=slug, _anchor=purpose), code=303)


def _runs(slug: str) -> bool:
    return service.get_activity(current().session, slug).running


def _form_of(lines: PurposeLines) -> ArgumentsForm:
    if lines.purpose.standing is not Standing.PROPOSED:
        return ArgumentsForm(obj=lines.purpose)
    data = {
        **{name: getattr(lines.purpose, name) for name in ("label_fr", "label_en", *_arguments_names())},
        "basis": lines.purpose.basis.value,
        "consent_channel": _value(lines.purpose.consent_channel),
        "special_condition": _value(lines.purpose.special_condition),
    }
    form = PurposeForm(data=data)
    _offer(form)
    return form


def _value(member: Channel | SpecialCondition | None) -> str:
    return "" if member is None else member.value


def _arguments_names() -> tuple[str, ...]:
    return ("legal_reference", "interest", "necessity", "balance")


def _arguments(form: ArgumentsForm) -> dict[str, Any]:
    return {name: (form[name].data or "").replace("\r\n", "\n").strip() for name in _arguments_names()}


def _words(form: PurposeForm) -> dict[str, Any]:
    channel, condition = form.consent_channel.data, form.special_condition.data
    return {
        "label_fr": form.label_fr.data.strip(),
        "label_en": form.label_en.data.strip(),
        "basis": LawfulBasis(form.basis.data),
        "consent_channel": Channel(channel) if channel else None,
        "special_condition": SpecialCondition(condition) if condition else None,
    }


def _offer(form: PurposeForm) -> None:
    offer(form.basis, ((each.value, gettext(label)) for each, label in BASIS_LABELS.items()))
    channels = ((each.value, gettext(label)) for each, label in CHANNEL_LABELS.items())
    offer(form.consent_channel, channels, none=str(lazy_gettext("no consent is needed")))
    conditions = ((each.value, gettext(label)) for each, label in CONDITION_LABELS.items())
    offer(form.special_condition, conditions, none=str(lazy_gettext("no special categories are used")))


def _offer_roles(form: RecipientsForm) -> None:
    # An administrator never obtains personal data.
    offer(form.roles, ((each.value, gettext(label)) for each, label in ROLE_LABELS.items() if each is not Role.ADMIN))


def _page(slug: str, form: ArgumentsForm, lines: PurposeLines | None = None, refusal: str | None = None) -> str:
    return render_template(
        "register/purpose.html", activity=own_activity(slug), lines=lines, form=form, refusal=refusal
    )


def _recipients_page(slug: str, form: RecipientsForm, lines: PurposeLines, refusal: str | None = None) -> str:
    return render_template(
        "register/recipients.html", activity=own_activity(slug), lines=lines, form=form, refusal=refusal
    )
