"""The contracts with processors: who processes for the company, and how each contract stands."""

import uuid
from dataclasses import fields
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.days import day_of
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.catalogue.labels import CLAUSE_LABELS, CONTRACT_STATE_LABELS, CONTRACT_TONES, SUB_PROCESSING_LABELS
from register.catalogue.models import Contract
from register.errors import RegisterError
from register.forms import offer
from register.models import Party
from register.pages.beside import Beside
from register.pages.entrance import MOVERS, READERS, blueprint, desk, led_back, refuse
from register.pages.forms.catalogue import ContractForm
from register.pages.meanwhile import form_page, held, unseen
from register.service import ContractTerms

_ON_A_PAGE: Final = 50


@blueprint.get("/-/contracts")
@open_to(*READERS)
def contracts() -> ResponseReturnValue:
    """List those who process for the company, and how their contracts stand."""
    context = current()
    after = parse_id(request.args.get("after", ""))
    page = service.list_processors(context.session, day_of(context.clock.now()), after=after, limit=_ON_A_PAGE)
    return render_template(
        "register/contracts.html",
        page=page,
        states=CONTRACT_STATE_LABELS,
        tones=CONTRACT_TONES,
        clauses=CLAUSE_LABELS,
        may_add=bool(context.actor.roles & set(MOVERS)),
        whole=context.get(Attestor).is_whole,
    )


@blueprint.get("/-/parties/<uuid:party_id>/contracts/new")
@open_to(*MOVERS)
def new_contract(party_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form of a contract."""
    return _page(service.find_party(current().session, party_id), _form(None))


@blueprint.post("/-/parties/<uuid:party_id>/contracts/new")
@open_to(*MOVERS)
def add_contract(party_id: uuid.UUID) -> ResponseReturnValue:
    """Put a contract on file."""
    return _keep(party_id, None)


@blueprint.get("/-/parties/<uuid:party_id>/contracts/<uuid:contract_id>")
@open_to(*MOVERS)
def contract(party_id: uuid.UUID, contract_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is on file about a contract, to correct it."""
    found = service.find_contract(current().session, contract_id)
    party = service.find_party(current().session, party_id)
    return _page(party, _form(found), contract=found)


@blueprint.post("/-/parties/<uuid:party_id>/contracts/<uuid:contract_id>")
@open_to(*MOVERS)
def change_contract(party_id: uuid.UUID, contract_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what is on file about a contract."""
    return _keep(party_id, contract_id)


def _keep(party_id: uuid.UUID, contract_id: uuid.UUID | None) -> ResponseReturnValue:
    context = current()
    party = service.find_party(context.session, party_id)
    found = None if contract_id is None else held(service.find_contract(context.session, contract_id))
    form = _form(found)
    if not form.validate():
        return _page(party, form, contract=found), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, new=found is None, altered=_was_altered(found)):
        return _page(party, form, contract=found, meanwhile=meanwhile), HTTPStatus.CONFLICT
    terms = form.written(party_id)
    try:
        if contract_id is None:
            service.add_contract(context.session, desk(), context.actor, terms)
        else:
            service.change_contract(context.session, desk(), context.actor, (contract_id, terms))
    except RegisterError as error:
        refusal = refuse(form, error)
        party = service.find_party(context.session, party_id)
        return _page(party, form, refusal=refusal, contract=found), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The contract is on file.") if found is None else gettext("Saved."), "given")
    return redirect(led_back() or url_for("register.contracts"), code=303)


def _form(found: Contract | None) -> ContractForm:
    told = {"sub_processing": "none"} if found is None else _told(found)
    form = ContractForm(data=told)
    offer(form.clauses, ((each.value, gettext(label)) for each, label in CLAUSE_LABELS.items()))
    offer(form.sub_processing, ((each.value, gettext(label)) for each, label in SUB_PROCESSING_LABELS.items()))
    return form


def _told(found: Contract) -> dict[str, Any]:
    said = {each.name: getattr(found, each.name) for each in fields(ContractTerms)}
    return said | {"clauses": [*found.clauses], "sub_processing": found.sub_processing.value}


def _was_altered(found: Party | Contract | None) -> bool:
    return found is not None and not current().get(Attestor).is_whole(found)


def _page(party: Party, form: ContractForm, *, contract: Contract | None = None, **said: Any) -> str:
    context = current()
    return form_page(
        "register/contract.html",
        form,
        party=party,
        from_file=contract is not None and contract.from_file,
        altered=_was_altered(contract),
        party_altered=_was_altered(party),
        back=led_back() or url_for("register.contracts"),
        beside=None if contract is None else context.get(Beside).look_up("contract", str(contract.id)),
        **said,
    )
