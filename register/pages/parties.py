"""The organisations that answer for activities, or take part in them."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from governance.actor import open_to
from governance.ids import parse_id
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import PartyForm, offer
from register.pages.drafting import MOST_PARTIES
from register.pages.entrance import MOVERS, READERS, blueprint, refuse
from register.service import NewParty

_ON_A_PAGE = 50


@blueprint.get("/-/parties")
@open_to(*READERS)
def parties() -> ResponseReturnValue:
    """List the organisations on file."""
    context = current()
    after = parse_id(request.args.get("after", ""))
    page = service.list_parties(context.session, after=after, limit=_ON_A_PAGE)
    return render_template(
        "register/parties.html", page=page, begun=after is not None, may_add=bool(context.actor.roles & set(MOVERS))
    )


@blueprint.get("/-/parties/new")
@open_to(*MOVERS)
def new_party() -> ResponseReturnValue:
    """Show the form of an organisation."""
    form = PartyForm()
    _offer(form)
    return _page(form)


@blueprint.post("/-/parties/new")
@open_to(*MOVERS)
def add_party() -> ResponseReturnValue:
    """Put an organisation on file."""
    context = current()
    form = PartyForm()
    _offer(form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        party = service.add_party(context.session, context.ids, context.actor, NewParty(**_given(form)))
    except RegisterError as error:
        return _page(form, refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("%(name)s is on file.", name=party.name), "given")
    return redirect(url_for("register.parties"), code=303)


def _given(form: PartyForm) -> dict[str, Any]:
    texts = ("name", "legal_form", "registration", "address", "postcode", "city", "country", "email", "telephone")
    given: dict[str, Any] = {name: (form[name].data or "").strip() for name in texts}
    return given | {name: parse_id(form[name].data or "") for name in ("representative_id", "dpo_id")}


def _offer(form: PartyForm) -> None:
    rows = service.list_parties(current().session, after=None, limit=MOST_PARTIES).rows
    choices = [(str(each.id), each.name) for each in rows]
    for field in (form.representative_id, form.dpo_id):
        offer(field, choices, none=str(lazy_gettext("nobody on file")))


def _page(form: PartyForm, refusal: str | None = None) -> str:
    return render_template("register/party.html", form=form, refusal=refusal)
