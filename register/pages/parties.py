"""The organisations that answer for activities, or take part in them."""

import uuid
from dataclasses import fields
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from governance.actor import open_to
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import PartyForm, offer
from register.labels import DONE_LABELS
from register.models import Party
from register.pages.drafting import parties_on_file
from register.pages.entrance import MOVERS, READERS, blueprint, led_back, refuse
from register.pages.meanwhile import form_page, held, unseen
from register.service import NewParty, PartyChange
from register.service.catalogue.parties import IDENTITY

_ON_A_PAGE = 50
_FIELDS: Final = frozenset(each.name for each in fields(PartyChange))


@blueprint.get("/-/parties")
@open_to(*READERS)
def parties() -> ResponseReturnValue:
    """List the organisations on file."""
    context = current()
    after = parse_id(request.args.get("after", ""))
    page = service.list_parties(context.session, after=after, limit=_ON_A_PAGE)
    return render_template(
        "register/parties.html",
        page=page,
        begun=after is not None,
        may_add=bool(context.actor.roles & set(MOVERS)),
        whole=context.get(Attestor).is_whole,
    )


@blueprint.get("/-/parties/new")
@open_to(*MOVERS)
def new_party() -> ResponseReturnValue:
    """Show the form of an organisation."""
    form = PartyForm()
    offer_party(form)
    return _page(form)


@blueprint.post("/-/parties/new")
@open_to(*MOVERS)
def add_party() -> ResponseReturnValue:
    """Put an organisation on file."""
    context = current()
    form = PartyForm()
    offer_party(form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        party = service.add_party(context.session, context.ids, context.actor, NewParty(**given_party(form)))
    except RegisterError as error:
        return _page(form, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("%(name)s is on file.", name=party.name), "given")
    return redirect(led_back(party=str(party.id)) or url_for("register.parties"), code=303)


@blueprint.get("/-/parties/<uuid:party_id>")
@open_to(*MOVERS)
def party(party_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is on file about an organisation, to correct it, and what was done to it."""
    found = service.find_party(current().session, party_id)
    return _party(found, _form_of(found))


@blueprint.post("/-/parties/<uuid:party_id>")
@open_to(*MOVERS)
def correct_party(party_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what is on file about an organisation."""
    context = current()
    found = held(service.find_party(context.session, party_id))
    form = _form_of(found)
    if not form.validate():
        context.roll_back()
        return _party(service.find_party(context.session, party_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, found, altered=_was_altered(found)):
        return _party(found, form, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        changed = service.change_party(context.session, context.actor, party_id, PartyChange(**given_party(form)))
    except RegisterError as error:
        refusal = refuse(form, error)
        found = service.find_party(context.session, party_id)
        return _party(found, form, refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("What is on file about %(name)s is corrected.", name=changed.name), "given")
    return redirect(url_for("register.parties"), code=303)


def given_party(form: PartyForm) -> dict[str, Any]:
    """Return what was written about an organisation."""
    references = {"representative_id", "dpo_id", "firm_id"}
    return {
        field.name: parse_id(field.data or "") if field.name in references else (field.data or "").strip()
        for field in form
        if field.name in _FIELDS
    }


def _form_of(found: Party) -> PartyForm:
    """Return the form of what may be corrected: of one that an activity in force names, not who it is.

    What was altered outside Égide is written anew whole.
    """
    told = {name: getattr(found, name) for name in _FIELDS}
    form = PartyForm(data={name: "" if value is None else str(value) for name, value in told.items()})
    offer_party(form, found)
    if not _was_altered(found) and service.names_in_force(current().session, found):
        for name in IDENTITY:
            del form[name]
    return form


def _party(found: Party, form: PartyForm, **said: Any) -> str:
    labels = {field.name: field.label.text for field in PartyForm(formdata=None)}
    facts = [
        {
            "at": fact.at,
            "text": gettext(DONE_LABELS.get(fact.verb, fact.verb)),
            "note": " · ".join(
                filter(None, (", ".join(str(labels.get(each, each)) for each in fact.fields), fact.who))
            ),
        }
        for fact in service.party_thread_of(current().session, found)
    ]
    named = {each: _called(getattr(found, each)) for each in ("representative_id", "dpo_id", "firm_id")}
    back = url_for("register.parties")
    return form_page(
        "register/party.html",
        form,
        party=found,
        altered=_was_altered(found),
        facts=facts,
        named=named,
        back=back,
        **said,
    )


def _was_altered(found: Party) -> bool:
    return not current().get(Attestor).is_whole(found)


def _called(party_id: uuid.UUID | None) -> str | None:
    return None if party_id is None else service.find_party(current().session, party_id).name


def offer_party(form: PartyForm, found: Party | None = None) -> None:
    """Give a form of an organisation its choices."""
    named = () if found is None else (found.representative_id, found.dpo_id, found.firm_id)
    there = parties_on_file(*named)
    if found is not None:
        there.pop(str(found.id), None)
    for field in (form.representative_id, form.dpo_id, form.firm_id):
        offer(field, there.items(), none=str(lazy_gettext("nobody on file")))


def _page(form: PartyForm, **said: Any) -> str:
    return form_page("register/party.html", form, party=None, back=led_back() or url_for("register.parties"), **said)
