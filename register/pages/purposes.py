"""Drafting the purposes of an activity: their words, who receives data for them, their end."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from governance.actor import ROLE_LABELS, Role, open_to
from governance.vault.attest import Attestor
from governance.vocabulary import Channel, LawfulBasis
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import ArgumentsForm, NewPurposeForm, PurposeForm, RecipientsForm, offer
from register.labels import BASIS_LABELS, CHANNEL_LABELS, CONDITION_LABELS
from register.models import Activity, Purpose
from register.pages.drafting import own_activity, slug_of
from register.pages.entrance import DRAFTERS, blueprint, desk, led_back, refuse
from register.pages.meanwhile import altered, form_page, line_mark, unseen
from register.pages.terms import held_purpose, own_purpose
from register.pages.wording import labelled
from register.record import Change, PurposeLines
from register.service import NewPurpose, PurposeChange, SetPurposeRecipients, TakeOver
from register.values import Capacity, SpecialCondition, Standing


@blueprint.get("/<slug>/purposes/-/new")
@open_to(*DRAFTERS)
def new_purpose(slug: str) -> ResponseReturnValue:
    """Show the form of a new purpose."""
    form = NewPurposeForm()
    offer_purpose(form, own_activity(slug))
    return _page(slug, form)


@blueprint.post("/<slug>/purposes/-/new")
@open_to(*DRAFTERS)
def add_purpose(slug: str) -> ResponseReturnValue:
    """Declare a purpose, as a proposal."""
    context = current()
    form = NewPurposeForm()
    offer_purpose(form, own_activity(slug))
    if not form.validate():
        return _page(slug, form), HTTPStatus.UNPROCESSABLE_ENTITY
    name = (form.slug.data or "").strip() or service.free_slug(
        context.session, Purpose.slug, slug_of(form.label_fr.data)
    )
    try:
        declare(slug, name, form)
    except RegisterError as error:
        return _page(slug, form, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.parent and form.parent.data:
        return _back(slug, name)
    flash(gettext("The purpose is proposed. Now say which data it uses."), "given")
    return redirect(url_for("register.data", slug=slug, purpose=name), code=303)


@blueprint.get("/<slug>/purposes/<purpose>")
@open_to(*DRAFTERS)
def purpose_words(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form by which a purpose's words and arguments are corrected."""
    lines = own_purpose(slug, purpose)
    form = purpose_form(lines)
    return _page(slug, form, lines)


@blueprint.post("/<slug>/purposes/<purpose>")
@open_to(*DRAFTERS)
def change_purpose(slug: str, purpose: str) -> ResponseReturnValue:
    """Correct a purpose: all of it while it is proposed, its arguments once it is in force."""
    context = current()
    activity, lines = held_purpose(slug, purpose)
    form = purpose_form(lines)
    if not form.validate():
        return _page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity):
        return _page(slug, form, lines, meanwhile=meanwhile), HTTPStatus.CONFLICT
    changed = rewritten(form, lines)
    try:
        if changed is not None:
            target = (purpose, changed)
            service.change_purpose(context.session, context.clock, context.get(Attestor), context.actor, target)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(slug, form, own_purpose(slug, purpose), refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return _saved(slug, purpose)


@blueprint.post("/<slug>/purposes/<purpose>/take-over")
@open_to(*DRAFTERS)
def take_over(slug: str, purpose: str) -> ResponseReturnValue:
    """Put a proposed purpose beneath another, with the answers of that one, to be confirmed."""
    own_purpose(slug, purpose)
    put_beneath(purpose, request.form.get("parent", ""))
    return redirect(led_back() or url_for("register.activity", slug=slug, _anchor=purpose), code=303)


@blueprint.get("/<slug>/purposes/<purpose>/recipients")
@open_to(*DRAFTERS)
def recipients(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form that says who receives data for a purpose."""
    lines = own_purpose(slug, purpose)
    return _recipients_page(slug, _recipients_form(lines), lines)


@blueprint.post("/<slug>/purposes/<purpose>/recipients")
@open_to(*DRAFTERS)
def set_recipients(slug: str, purpose: str) -> ResponseReturnValue:
    """Say who shall receive data for a purpose; what differs from what is in force is a proposal."""
    context = current()
    activity, lines = held_purpose(slug, purpose)
    form = _recipients_form(lines)
    if not form.validate():
        return _recipients_page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity):
        return _recipients_page(slug, form, lines, meanwhile=meanwhile), HTTPStatus.CONFLICT
    command = SetPurposeRecipients(purpose=purpose, roles=frozenset(Role(role) for role in form.roles.data))
    try:
        service.set_purpose_recipients(context.session, desk(), context.actor, command)
    except RegisterError as error:
        refusal = refuse(form, error)
        page = _recipients_page(slug, form, own_purpose(slug, purpose), refusal=refusal)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return _saved(slug, purpose)


@blueprint.get("/<slug>/purposes/<purpose>/end")
@open_to(*DRAFTERS)
def ending(slug: str, purpose: str) -> ResponseReturnValue:
    """Say what ending a purpose does, and ask for it."""
    lines = own_purpose(slug, purpose)
    # What ends is what the record showed, where it led here: this page does not tell it once more.
    shown = request.args.get("shown") or line_mark(lines)
    return render_template("register/end.html", activity=own_activity(slug), lines=lines, shown=shown)


@blueprint.post("/<slug>/purposes/<purpose>/end")
@open_to(*DRAFTERS)
def end_purpose(slug: str, purpose: str) -> ResponseReturnValue:
    """Take a proposed purpose back, or propose that one in force ends."""
    context = current()
    _, lines = held_purpose(slug, purpose)
    if altered(lines, labelled(lines.purpose)):
        return redirect(url_for("register.activity", slug=slug), code=303)
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


@blueprint.post("/<slug>/purposes/<purpose>/confirm")
@open_to(*DRAFTERS)
def confirm_defaults(slug: str, purpose: str) -> ResponseReturnValue:
    """Say that what a starting point proposed for a purpose is right here."""
    context = current()
    _, lines = held_purpose(slug, purpose)
    if altered(lines, labelled(lines.purpose)):
        return redirect(url_for("register.activity", slug=slug), code=303)
    service.confirm_defaults(context.session, context.get(Attestor), context.actor, purpose)
    flash(gettext("Confirmed: %(what)s.", what=labelled(lines.purpose)), "given")
    return _back(slug, purpose)


def _saved(slug: str, purpose: str) -> ResponseReturnValue:
    flash(
        gettext("Saved as a proposal: nothing changes before it is activated.") if _runs(slug) else gettext("Saved."),
        "given",
    )
    return _back(slug, purpose)


def _back(slug: str, purpose: str) -> ResponseReturnValue:
    return redirect(url_for("register.activity", slug=slug, _anchor=purpose), code=303)


def _runs(slug: str) -> bool:
    return service.get_activity(current().session, slug).running


def declare(slug: str, name: str, form: NewPurposeForm) -> None:
    """Declare a purpose as it was written; beneath another, with the answers of that one.

    Raises:
        RegisterError: As the use cases.
    """
    context = current()
    command = NewPurpose(activity=slug, slug=name, **written_words(form), **written_arguments(form))
    service.add_purpose(context.session, context.clock, context.get(Attestor), context.actor, command)
    if form.parent and form.parent.data:
        put_beneath(name, form.parent.data)


def put_beneath(purpose: str, parent: str) -> None:
    """Put a purpose beneath another, and say that its answers are to be looked at.

    Raises:
        RegisterError: As the use case.
    """
    context = current()
    service.take_over(context.session, desk(), context.actor, TakeOver(purpose=purpose, parent=parent))
    above = labelled(service.get_purpose(context.session, parent))
    flash(
        gettext("The answers of “%(parent)s” are taken over: look at them, and correct or confirm them.", parent=above),
        "given",
    )


def rewritten(form: ArgumentsForm, lines: PurposeLines) -> PurposeChange | None:
    """Return what of a purpose was written otherwise; None where nothing was."""
    wanted = written_arguments(form) | (written_words(form) if isinstance(form, PurposeForm) else {})
    changed = {name: value for name, value in wanted.items() if getattr(lines.purpose, name) != value}
    if form.parent and form.parent.data != _parent_of(lines.purpose):
        changed["parent"] = form.parent.data or None
    return PurposeChange(**changed) if changed else None


def purpose_form(lines: PurposeLines) -> ArgumentsForm:
    """Return the form of a purpose: all of its words while it is proposed, its arguments once it is in force."""
    parent = {"parent": _parent_of(lines.purpose)}
    if lines.purpose.standing is not Standing.PROPOSED:
        arguments = ArgumentsForm(obj=lines.purpose, data=parent)
        _offer_places(arguments, lines.purpose)
        return arguments
    data = {
        **parent,
        **{name: getattr(lines.purpose, name) for name in ("label_fr", "label_en", *_arguments_names())},
        "basis": _value(lines.purpose.basis),
        "consent_channel": _value(lines.purpose.consent_channel),
        "special_condition": _value(lines.purpose.special_condition),
    }
    form = PurposeForm(data=data)
    _offer_places(form, lines.purpose)
    offer_purpose(form, service.get_activity(current().session, lines.purpose.activity_id))
    return form


def _parent_of(purpose: Purpose) -> str:
    return "" if purpose.parent_id is None else service.get_purpose(current().session, purpose.parent_id).slug


def _value(member: Channel | LawfulBasis | SpecialCondition | None) -> str:
    return "" if member is None else member.value


def _arguments_names() -> tuple[str, ...]:
    return ("number_ground", "offences_ground", "legal_reference", "interest", "necessity", "balance")


def written_arguments(form: ArgumentsForm) -> dict[str, Any]:
    """Return the arguments that were written."""
    return {name: (form[name].data or "").replace("\r\n", "\n").strip() for name in _arguments_names()}


def written_words(form: PurposeForm) -> dict[str, Any]:
    """Return the words that were written, with the basis and what it takes."""
    channel, condition = form.consent_channel.data, form.special_condition.data
    return {
        "label_fr": form.label_fr.data.strip(),
        "label_en": (form.label_en.data or "").strip() or form.label_fr.data.strip(),
        "basis": LawfulBasis(form.basis.data) if form.basis.data else None,
        "consent_channel": Channel(channel) if channel else None,
        "special_condition": SpecialCondition(condition) if condition else None,
    }


def offer_purpose(form: PurposeForm, activity: Activity) -> None:
    """Give a form of a purpose of an activity its choices."""
    if isinstance(form, NewPurposeForm):
        _offer_parents(form, activity)
    # None is chosen beforehand: which it is has to be thought of.
    unsaid = isinstance(form, NewPurposeForm) or not form.basis.object_data
    none = str(lazy_gettext("choose")) if unsaid else None
    if activity.capacity is Capacity.PROCESSOR:
        # GDPR Art. 30(2): what makes it lawful is for those to say for whom one acts.
        none = str(lazy_gettext("for those to say for whom this is done"))
        form.basis.validators = [Optional()]
    elif isinstance(form, NewPurposeForm) and form.parent and form.parent.data:
        form.basis.validators = [Optional()]
    offer(form.basis, ((each.value, gettext(label)) for each, label in BASIS_LABELS.items()), none=none)
    channels = ((each.value, gettext(label)) for each, label in CHANNEL_LABELS.items())
    offer(form.consent_channel, channels, none=str(lazy_gettext("no consent is needed")))
    conditions = ((each.value, gettext(label)) for each, label in CONDITION_LABELS.items())
    offer(form.special_condition, conditions, none=str(lazy_gettext("no special categories are used")))


def _offer_parents(form: NewPurposeForm, activity: Activity) -> None:
    there = [
        (each.slug, gettext("Take over the answers of “%(parent)s”", parent=labelled(each)))
        for each in service.purposes_above(current().session, activity.id)
    ]
    _offer(form, there, none=str(lazy_gettext("it stands by itself")))


def _offer_places(form: ArgumentsForm, purpose: Purpose) -> None:
    """Offer the purposes beneath which one can stand; the one above it even where that leaves, for it may be kept."""
    session = current().session
    line = service.line_of(session, purpose)
    there = {each.id: each for each in service.purposes_above(session, purpose.activity_id) if each.id not in line}
    if purpose.parent_id is not None:
        there.setdefault(purpose.parent_id, service.get_purpose(session, purpose.parent_id))
    choices = [(each.slug, labelled(each)) for each in there.values()]
    _offer(form, choices, none=str(lazy_gettext("no other purpose")))


def _offer(form: ArgumentsForm, parents: list[tuple[str, str]], none: str) -> None:
    if parents:
        offer(form.parent, parents, none=none)
    else:
        del form.parent


def offer_roles(form: RecipientsForm) -> None:
    """Give a form of recipients its choices."""
    # An administrator never obtains personal data.
    offer(form.roles, ((each.value, gettext(label)) for each, label in ROLE_LABELS.items() if each is not Role.ADMIN))


def _recipients_form(lines: PurposeLines) -> RecipientsForm:
    kept = [line.role.value for line in lines.recipients if line.change is not Change.LEAVING]
    form = RecipientsForm(data={"roles": kept})
    offer_roles(form)
    return form


def _page(slug: str, form: ArgumentsForm, lines: PurposeLines | None = None, **said: Any) -> str:
    return _drawn("register/purpose.html", slug, form, lines, **said)


def _recipients_page(slug: str, form: RecipientsForm, lines: PurposeLines, **said: Any) -> str:
    return _drawn("register/recipients.html", slug, form, lines, **said)


def _drawn(template: str, slug: str, form: FlaskForm, lines: PurposeLines | None, **said: Any) -> str:
    above = [] if lines is None else service.could_take_over(current().session, lines.purpose)
    return form_page(template, form, activity=own_activity(slug), lines=lines, above=above, **said)
