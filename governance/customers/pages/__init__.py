"""Customers on a page: search, and the record of one customer under the ribbon of its purpose.

Nothing here decides what is shown: each block is a read of the gate for the page's purpose, and where the gate gives
nothing the page says why. A search stands in the body of a POST, for what is searched identifies somebody. A purpose
under which nobody can be looked for shows what it gives of everybody instead, a page at a time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from audit.search import entry_by_id
from governance.actor import BUSINESS_ROLES, open_to
from governance.customers.pages.wording import add_filters
from governance.customers.record import blocks_of, heading_of, tally_of
from governance.customers.related import (
    ON_A_PAGE,
    RELATED_TABLES,
    Column,
    Listing,
    columns_of,
    everybody,
    related_of,
    related_page,
)
from governance.customers.thread import ThreadFact, entries_about, thread_of
from governance.customers.ways import WAYS, Way, ways_of
from governance.errors import mark
from governance.gate.errors import (
    FilterInvalidError,
    FilterRefusedError,
    QueryError,
    ReadRefusedError,
    RowIdInvalidError,
    RowNotFoundError,
)
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.query import Condition, Page, Query
from governance.gate.reasons import Reason
from governance.vault.errors import LookupValueError
from governance.web.context import current
from governance.web.problems import sentence
from register.values import DeclaredPurpose

blueprint: Final = Blueprint("customers", __name__, url_prefix="/customers")
add_filters(blueprint)

TABLE: Final = "customers"
_NOTHING_TYPED: Final = mark("Type what you are looking for.")
_NOT_SUCH_A_VALUE: Final = mark("This cannot be looked for so: check how it is written.")
_NOT_THIS_WAY: Final = mark(
    "This purpose does not let anybody be looked for in this way. Choose another way, or purpose."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPurpose:
    """A purpose for which the reader may see customers.

    Attributes:
        slug: Its name in addresses.
        label: What it is called, in the reader's language.
        explanation: What it gives of customers.
        columns: The fields that it gives of anybody, each with its form.
        ways: How it lets people look for one; none where it lets nobody be looked for.
    """

    slug: str
    label: str
    explanation: Explanation = field(repr=False)
    columns: tuple[Column, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search answers: a page of customers, or why there is none.

    Attributes:
        page: Those who were found by what was typed.
        listing: What the purpose gives of everybody.
        refusal: Why the question was refused, in the reader's language.
        wrong: What is wrong with what was typed, in English.
    """

    page: Page | None = None
    listing: Listing | None = None
    refusal: str | None = None
    wrong: str | None = None

    @property
    def status(self) -> int:
        """How the page answers."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.refusal or self.wrong else HTTPStatus.OK


@blueprint.get("/")
@open_to(*sorted(BUSINESS_ROLES))
def search() -> ResponseReturnValue:
    """Show the search form."""
    return _search_page(list(_open_purposes()), Found())


@blueprint.post("/")
@open_to(*sorted(BUSINESS_ROLES))
def find() -> ResponseReturnValue:
    """Look for customers, for a purpose."""
    purposes = list(_open_purposes())
    chosen = _chosen(purposes)
    if "choose" in request.form and chosen is not None:
        return _search_page(purposes, Found())
    if chosen is not None and not chosen.ways:
        return _search_page(purposes, _of_everybody(chosen))
    return _search_page(purposes, _looked_for())


@blueprint.get("/<row>")
@open_to(*sorted(BUSINESS_ROLES))
def record(row: str) -> ResponseReturnValue:
    """Show one customer, for a purpose."""
    asked = request.args.get("purpose", "")
    if not asked:
        return _purpose_page(row)
    context = current()
    gate = context.get(Gate)
    try:
        page = gate.one(context.actor, Query(purpose=asked, table=TABLE), row)
    except (RowNotFoundError, RowIdInvalidError):
        return _missing_page(asked)
    except ReadRefusedError as refused:
        return _purpose_page(row, asked, refused.reasons), HTTPStatus.FORBIDDEN
    explanation = gate.explain(context.actor, asked, TABLE)
    blocks = blocks_of(page, explanation)
    return render_template(
        "customers/record.html",
        row=row,
        purpose=asked,
        purpose_label=_label(asked),
        state=page.decoded()[0].get("state"),
        heading=heading_of(page.decoded()[0], explanation),
        blocks=blocks,
        related=related_of(gate, context.actor, asked, row),
        facts=_facts(page, explanation),
        tally=tally_of(blocks),
    )


@blueprint.get("/<row>/<table>")
@open_to(*sorted(BUSINESS_ROLES))
def related(row: str, table: str) -> ResponseReturnValue:
    """Show all of what one other table says about a customer, a page at a time."""
    if table not in RELATED_TABLES:
        abort(HTTPStatus.NOT_FOUND)
    asked = request.args.get("purpose", "")
    context = current()
    gate = context.get(Gate)
    explanation = gate.explain(context.actor, asked, table)
    try:
        listing = related_page(gate, context.actor, explanation, row, request.args.get("after"))
    except RowIdInvalidError:
        return _missing_page(asked)
    return render_template(
        "customers/related.html",
        row=row,
        purpose=asked,
        purpose_label=_label(asked),
        listing=listing,
        begun=bool(request.args.get("after")),
    )


def _facts(page: Page, explanation: Explanation) -> list[dict[str, Any]] | None:
    """Return the facts about whom a row was just read of; None where their dates could undo a pseudonym."""
    if explanation.plan is None or explanation.plan.opaque:
        return None
    session = current().session
    # The entry just recorded says whose row this is; the governed table need not be asked.
    subjects = entry_by_id(session, page.entry.id).subjects
    entries = [entry for subject in subjects for entry in entries_about(session, subject)]
    return [_told(fact) for fact in thread_of(entries)]


def _told(fact: ThreadFact) -> dict[str, Any]:
    text = gettext(fact.text)
    if fact.tables:
        text = gettext("%(what)s: %(tables)s", what=text, tables=", ".join(gettext(table) for table in fact.tables))
    times = f" × {fact.times}" if fact.times > 1 else ""
    return {
        "at": fact.at,
        "text": text + times,
        "note": None if fact.purpose is None else _label(fact.purpose),
    }


def _of_everybody(chosen: OpenPurpose) -> Found:
    """Read a page of what a purpose gives of everybody, where it lets nobody be looked for."""
    query = Query(purpose=chosen.slug, table=TABLE, limit=ON_A_PAGE, after=request.form.get("after") or None)
    plan = chosen.explanation.plan
    try:
        page = current().get(Gate).read(current().actor, query)
    except (QueryError, ReadRefusedError) as error:
        return Found(refusal=sentence(error))
    return Found(listing=None if plan is None else everybody(page, plan))


def _looked_for() -> Found:
    """Read those who are found by what was typed."""
    wanted = request.form.get("wanted", "").strip()
    way = next((each for each in WAYS if each.slug == request.form.get("way")), None)
    if way is None or not wanted:
        return Found(wrong=_NOTHING_TYPED)
    where = (Condition(field=way.field, operator=way.operator, value=wanted),)
    query = Query(purpose=request.form.get("purpose", ""), table=TABLE, where=where, limit=ON_A_PAGE)
    try:
        return Found(page=current().get(Gate).read(current().actor, query))
    except FilterRefusedError:
        return Found(refusal=gettext(_NOT_THIS_WAY))
    except (FilterInvalidError, LookupValueError):
        return Found(wrong=_NOT_SUCH_A_VALUE)
    except (QueryError, ReadRefusedError) as error:
        return Found(refusal=sentence(error))


def _search_page(purposes: list[OpenPurpose], found: Found) -> tuple[str, int]:
    page = render_template(
        "customers/search.html",
        purposes=purposes,
        # Somebody who came to look for a person begins with a purpose that lets them.
        chosen=_chosen(purposes) or next((each for each in purposes if each.ways), next(iter(purposes), None)),
        choosable=len({each.ways for each in purposes}) > 1,
        way=request.form.get("way", ""),
        wanted=request.form.get("wanted", ""),
        found=found,
        rows=[] if found.page is None else found.page.decoded(),
    )
    return page, found.status


def _purpose_page(row: str, asked: str = "", reasons: Iterable[Reason] = ()) -> str:
    purpose = current().get(Gate).snapshot().purposes.get(asked)
    return render_template(
        "customers/purpose.html",
        row=row,
        purposes=list(_open_purposes()),
        asked=None if purpose is None else _name(purpose),
        # What holds for the purpose as a whole comes before what it lacks in single categories.
        reasons=sorted(reasons, key=lambda reason: reason.category is not None),
    )


def _missing_page(purpose: str) -> tuple[str, int]:
    return render_template("customers/missing.html", purpose=purpose), HTTPStatus.NOT_FOUND


def _chosen(purposes: Iterable[OpenPurpose]) -> OpenPurpose | None:
    slug = request.form.get("purpose") or request.args.get("purpose", "")
    return next((each for each in purposes if each.slug == slug), None)


def _open_purposes() -> Iterator[OpenPurpose]:
    context = current()
    gate = context.get(Gate)
    for slug, purpose in sorted(gate.snapshot().purposes.by_slug.items()):
        if not purpose.open:
            continue
        explanation = gate.explain(context.actor, slug, TABLE)
        if explanation.plan is not None:
            yield OpenPurpose(
                slug=slug,
                label=_name(purpose),
                explanation=explanation,
                columns=columns_of(explanation.plan),
                ways=ways_of(explanation),
            )


def _label(slug: str) -> str:
    purpose = current().get(Gate).snapshot().purposes.get(slug)
    return slug if purpose is None else _name(purpose)


def _name(purpose: DeclaredPurpose) -> str:
    return purpose.label_en if get_locale().language == "en" else purpose.label_fr
