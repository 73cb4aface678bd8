"""Looking for a customer. A purpose under which nobody can be looked for shows what it gives of everybody instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.customers.guess import AUTOMATIC, full_names, looks_like_a_number, ways_for
from governance.customers.informing.messages import MessageDesk, awaited_messages
from governance.customers.pages.blueprint import READERS, TABLE, blueprint
from governance.customers.pages.opening import openings
from governance.customers.pages.purposes import (
    NO_PURPOSE,
    OpenPurpose,
    chosen_among,
    entering_purposes,
    open_purposes,
)
from governance.customers.pages.tasking import purposes_for, task_doors
from governance.customers.related import ON_A_PAGE, Listing, everybody, found_people
from governance.customers.tasks import ORDER
from governance.customers.ways import WAYS, Way
from governance.errors import mark
from governance.gate.errors import (
    FilterInvalidError,
    FilterRefusedError,
    PurposeSwitchNeededError,
    QueryError,
    ReadRefusedError,
)
from governance.gate.gate import Gate
from governance.gate.plan import ReadPlan
from governance.gate.query import Condition, Page, Query
from governance.gate.spellings import plain
from governance.vault.errors import LookupValueError
from governance.web.context import current
from governance.web.problems import sentence
from register.service import Information

_NOTHING_TYPED: Final = mark("Type what you are looking for.")
_NOT_SUCH_A_VALUE: Final = mark("This cannot be looked for so: check how it is written.")
_EXPECTED: Final = {
    "email": mark("An e-mail address has an @ and a domain: check how it is written."),
    "phone": mark("A telephone number has ten digits in France, and begins with + and the country elsewhere."),
    "name": mark("Type at least the first three letters of the family name."),
    "postcode": mark("Type five digits, or the first two of a département."),
}
_NO_SUCH_ORDER: Final = mark(
    "No order that may be opened for this purpose has this number. Check it, or look for the customer."
)
_NOT_THIS_WAY: Final = mark(
    "This purpose does not let anybody be looked for in this way. Choose another way, or purpose."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search answers: a page of customers, or why there is none.

    Attributes:
        searched: Whether somebody was looked for, and an answer came.
        listing: Those who were found, or what the purpose gives of everybody.
        refusal: Why the question was refused, in the reader's language.
        wrongs: What is wrong with what was typed and chosen, in English, by control.
        near: Whether those who were found bear only one of the names that were typed.
    """

    searched: bool = False
    listing: Listing | None = None
    refusal: str | None = None
    wrongs: Mapping[str, str] = field(default_factory=dict)
    near: bool = False

    @property
    def status(self) -> int:
        """How the page answers."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.refusal or self.wrongs else HTTPStatus.OK


@blueprint.get("/")
@open_to(*READERS)
def search() -> ResponseReturnValue:
    """Show the search form."""
    return search_page(Found(), awaited=_awaited())


@blueprint.post("/")
@open_to(*READERS)
def find() -> ResponseReturnValue:
    """Look for customers, for a purpose."""
    purposes = list(open_purposes())
    chosen = chosen_among(purposes)
    if chosen is None and not request.form.get("purpose"):
        return search_page(Found(wrongs=_unanswered()), purposes)
    if "choose" in request.form and chosen is not None:
        return search_page(Found(), purposes)
    if chosen is not None and not chosen.ways:
        return search_page(_of_everybody(chosen), purposes)
    try:
        return search_page(_looked_for(chosen), purposes)
    except PurposeSwitchNeededError as needed:
        if needed.row is None:
            raise
        # Whoever finds one person opens them, as far as the question goes.
        return redirect(url_for("customers.why", row=needed.row, to=request.form.get("purpose")), code=303)


@blueprint.post("/order")
@open_to(*READERS)
def find_order() -> ResponseReturnValue:
    """Look for an order by its number, and open its customer for the purpose that follows."""
    number = request.form.get("order", "").strip()
    possible = purposes_for(ORDER)
    if not number or not possible:
        return search_page(Found(), order_refusal=gettext("Type the number of the order."))
    where = (Condition(field="number", value=number),)
    query = Query(purpose=possible[0], table=ORDER.table, fields=("number",), where=where, limit=1)
    try:
        found = current().get(Gate).read(current().actor, query).decoded()
    except (QueryError, ReadRefusedError) as error:
        return search_page(Found(), order_refusal=sentence(error))
    if not found:
        return search_page(Found(), order_refusal=gettext(_NO_SUCH_ORDER))
    chosen = possible[0] if len(possible) == 1 else None
    return redirect(url_for("customers.task", slug=ORDER.slug, row=found[0]["id"], purpose=chosen), code=303)


def search_page(
    found: Found,
    purposes: Sequence[OpenPurpose] | None = None,
    *,
    order_refusal: str | None = None,
    awaited: Sequence[Information] = (),
) -> tuple[str, int]:
    """Draw the search page; as a first page with the imports whose people still wait for their first message."""
    known = list(open_purposes()) if purposes is None else list(purposes)
    chosen = chosen_among(known)
    way, wanted = request.form.get("way", AUTOMATIC), request.form.get("wanted", "")
    perhaps_order = (found.searched or found.refusal) and looks_like_a_number(way, wanted)
    page = render_template(
        "customers/search.html",
        purposes=known,
        chosen=chosen,
        ways=_ways(known) if chosen is None else chosen.ways,
        choosable=len({each.ways for each in known}) > 1,
        way=way,
        wanted=wanted,
        perhaps_order=perhaps_order,
        found=found,
        awaited=awaited,
        entering=entering_purposes(TABLE),
        task_doors=task_doors(known),
        order_refusal=order_refusal,
        order=wanted if perhaps_order else request.form.get("order", ""),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if order_refusal else found.status


def _awaited() -> Sequence[Information]:
    context = current()
    return awaited_messages(context.session, context.get(MessageDesk).house, context.actor)


def _of_everybody(chosen: OpenPurpose) -> Found:
    """Read a page of what a purpose gives of everybody, where it lets nobody be looked for."""
    query = Query(purpose=chosen.slug, table=TABLE, limit=ON_A_PAGE, after=request.form.get("after") or None)
    plan = chosen.explanation.plan
    try:
        page = current().get(Gate).read(current().actor, query)
    except (QueryError, ReadRefusedError) as error:
        return Found(refusal=sentence(error))
    return Found(listing=None if plan is None else everybody(page, plan))


def _looked_for(chosen: OpenPurpose | None) -> Found:
    """Read those who are found by what was typed."""
    wanted = request.form.get("wanted", "").strip()
    slug = request.form.get("way", AUTOMATIC)
    purpose = request.form.get("purpose", "") if chosen is None else chosen.slug
    if not wanted:
        return Found(wrongs={"wanted": _NOTHING_TYPED})
    ways = ways_for(slug, wanted, () if chosen is None else chosen.ways)
    if not ways:
        return Found(refusal=gettext(_NOT_THIS_WAY))
    try:
        return _answered(ways, wanted, purpose, None if chosen is None else chosen.explanation.plan)
    except FilterRefusedError:
        return Found(refusal=gettext(_NOT_THIS_WAY))
    except (FilterInvalidError, LookupValueError):
        return Found(wrongs={"wanted": _EXPECTED.get(ways[0].slug, _NOT_SUCH_A_VALUE)})
    except (QueryError, ReadRefusedError) as error:
        return Found(refusal=sentence(error))


def _answered(ways: Sequence[Way], wanted: str, purpose: str, plan: ReadPlan | None) -> Found:
    pages = [_read(way, wanted, purpose) for way in ways]
    if plan is None:
        return Found(searched=True)
    if ways[0].slug == "name" and not any(pages):
        return _by_full_name(ways[0], wanted, plan)
    return Found(searched=True, listing=found_people(pages, plan))


def _by_full_name(way: Way, wanted: str, plan: ReadPlan) -> Found:
    """Read those whose family name begins with a part of what was typed; only those whose given name fits, if any."""
    near = []
    for family, given in full_names(wanted):
        try:
            page = _read(way, family, plan.purpose.slug)
        except (FilterInvalidError, LookupValueError):
            # Too short a word to look for.
            continue
        fitting = {row["id"] for row in page if plain(str(row.get("given_name") or "")).startswith(plain(given))}
        if fitting:
            listing = found_people([page], plan)
            return Found(
                searched=True,
                listing=replace(listing, rows=tuple(row for row in listing.rows if row.id in fitting)),
            )
        near.append(page)
    return Found(searched=True, listing=found_people(near, plan), near=any(near))


def _read(way: Way, wanted: str, purpose: str) -> Page:
    where = (Condition(field=way.field, operator=way.operator, value=wanted),)
    query = Query(purpose=purpose, table=TABLE, where=where, limit=ON_A_PAGE)
    context = current()
    return context.get(Gate).find(context.actor, query, openings())


def _unanswered() -> dict[str, str]:
    """Return what a question lacks for which no purpose was chosen."""
    nothing_typed = (
        "choose" not in request.form and "after" not in request.form and not request.form.get("wanted", "").strip()
    )
    return {"purpose": NO_PURPOSE} | ({"wanted": _NOTHING_TYPED} if nothing_typed else {})


def _ways(purposes: Sequence[OpenPurpose]) -> tuple[Way, ...]:
    """Return the ways to look that any of the purposes has: which of them is meant is still to be said."""
    offered = {way for each in purposes for way in each.ways}
    return tuple(way for way in WAYS if way in offered)
