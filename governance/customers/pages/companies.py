"""Companies, and the people one speaks with there."""

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.customers.entry import can_enter, writable_fields
from governance.customers.pages.about import name_of
from governance.customers.pages.blueprint import READERS, blueprint
from governance.customers.pages.purposes import (
    NO_PURPOSE,
    OpenPurpose,
    chosen_among,
    entering_purposes,
    label_of,
    open_purposes,
)
from governance.customers.pages.sheets import Sheet, correct, enter
from governance.customers.record import blocks_of, tally_of
from governance.customers.related import CONTACTS, ON_A_PAGE, Listing, everybody, related_page
from governance.gate.errors import FilterInvalidError, QueryError, RowIdInvalidError, RowNotFoundError
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.query import Condition, Operator, Query
from governance.vocabulary import GrantedAction
from governance.web.context import current
from governance.web.problems import sentence

COMPANIES: Final = "companies"
_SIRET_DIGITS: Final = 14


@blueprint.route("/companies/", methods=["GET", "POST"])
@open_to(*READERS)
def companies() -> ResponseReturnValue:
    """Look for a company by its SIRET or the beginning of its name."""
    purposes = list(open_purposes(COMPANIES))
    wanted = request.form.get("wanted", "").strip()
    chosen = chosen_among(purposes)
    listing, wrongs = None, {}
    if request.method == "POST" and purposes:
        wrongs = _unanswered(chosen, wanted)
    if request.method == "POST" and chosen is not None and not wrongs:
        listing, wrongs = _found(chosen, wanted)
    page = render_template(
        "customers/companies.html",
        purposes=purposes,
        chosen=chosen,
        wanted=wanted,
        listing=listing,
        wrongs=wrongs,
        entering=entering_purposes(COMPANIES),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrongs else HTTPStatus.OK


@blueprint.get("/companies/<row>")
@open_to(*READERS)
def company(row: str) -> ResponseReturnValue:
    """Show one company, and the people one speaks with there."""
    asked = request.args.get("purpose", "")
    context = current()
    gate = context.get(Gate)
    try:
        page = gate.one(context.actor, Query(purpose=asked, table=COMPANIES), row)
    except (RowNotFoundError, RowIdInvalidError):
        return render_template("customers/missing_company.html", purpose=asked), HTTPStatus.NOT_FOUND
    explanation = gate.explain(context.actor, asked, COMPANIES)
    found = page.decoded()[0]
    blocks = blocks_of(page, explanation)
    contacts = gate.explain(context.actor, asked, CONTACTS)
    listing = related_page(gate, context.actor, contacts, row, request.args.get("after")) if contacts.plan else None
    return render_template(
        "customers/company.html",
        row=row,
        purpose=asked,
        purpose_label=label_of(asked),
        name=found.get("name") or gettext("Company"),
        blocks=blocks,
        tally=tally_of(blocks),
        contacts=listing,
        begun=bool(request.args.get("after")),
        may=_may(asked),
    )


@blueprint.route("/companies/<row>/correct", methods=["GET", "POST"])
@open_to(*READERS)
def correct_company(row: str) -> ResponseReturnValue:
    """Correct what is known of a company."""
    return correct(_sheet(COMPANIES, row, gettext("Correct the company"), row=row))


@blueprint.route("/companies/<row>/contacts/new", methods=["GET", "POST"])
@open_to(*READERS)
def new_contact(row: str) -> ResponseReturnValue:
    """Put somebody on file with whom one speaks at a company."""
    return enter(_sheet(CONTACTS, row, gettext("Add a contact person"), fixed={"company": row}))


@blueprint.route("/companies/<row>/contacts/<contact>/correct", methods=["GET", "POST"])
@open_to(*READERS)
def correct_contact(row: str, contact: str) -> ResponseReturnValue:
    """Correct a contact person."""
    return correct(_sheet(CONTACTS, row, gettext("Correct the contact person"), row=contact, fixed={"company": row}))


def _sheet(table: str, company_row: str, title: str, **more: Any) -> Sheet:
    asked = request.args.get("purpose", "")
    if not asked:
        abort(HTTPStatus.NOT_FOUND)
    back = url_for("customers.company", row=company_row, purpose=asked)
    about = partial(name_of, COMPANIES, asked, company_row)
    return Sheet(table=table, purpose=asked, title=title, back=back, done=lambda _: back, about=about, **more)


def _found(chosen: OpenPurpose, wanted: str) -> tuple[Listing | None, dict[str, str]]:
    digits = "".join(wanted.split())
    by_number = digits.isdecimal() and len(digits) == _SIRET_DIGITS
    where = (
        Condition(field="siret", value=digits)
        if by_number
        else Condition(field="name", operator=Operator.PREFIX, value=wanted)
    )
    fields = tuple(name for name in ("name", "siret", "city", "status") if _gives(chosen.explanation, name))
    query = Query(purpose=chosen.slug, table=COMPANIES, fields=fields, where=(where,), limit=ON_A_PAGE)
    context = current()
    plan = context.get(Gate).explain(context.actor, chosen.slug, COMPANIES, fields).plan
    try:
        page = context.get(Gate).read(context.actor, query)
    except FilterInvalidError:
        return None, {"wanted": gettext("This is not a SIRET: it has 14 digits, and the last one checks the others.")}
    except QueryError as error:
        return None, {"wanted": sentence(error)}
    return (None if plan is None else everybody(page, plan)), {}


def _unanswered(chosen: OpenPurpose | None, wanted: str) -> dict[str, str]:
    """Return what a question lacks, in the reader's language, by control."""
    wrongs = {} if chosen is not None else {"purpose": gettext(NO_PURPOSE)}
    return wrongs if wanted else {**wrongs, "wanted": gettext("Type what you are looking for.")}


def _gives(explanation: Explanation, name: str) -> bool:
    return explanation.plan is not None and bool(explanation.plan.decisions(name))


def _may(purpose: str) -> dict[str, bool]:
    context = current()
    gate = context.get(Gate)

    def plan(table: str, action: GrantedAction) -> Explanation:
        return gate.explain(context.actor, purpose, table, action=action)

    return {
        "correct": bool(writable_fields(plan(COMPANIES, GrantedAction.CHANGE))),
        "add": can_enter(plan(CONTACTS, GrantedAction.CREATE)),
        "correct_contact": bool(writable_fields(plan(CONTACTS, GrantedAction.CHANGE))),
    }
