"""Customers on a page: search, and the record of one customer under the ribbon of its purpose.

Nothing here decides what is shown: each block is a read of the gate for the page's purpose, and where the gate gives
nothing the page says why. A search stands in the body of a POST, for what is searched identifies somebody.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import phonenumbers
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_currency, format_date, get_locale, gettext

from audit.search import Filters, entry_by_id
from audit.search import search as search_log
from governance.actor import BUSINESS_ROLES, open_to
from governance.customers.labels import CATEGORY_LABELS
from governance.customers.record import CENTS, Block, ThreadFact, blocks_of, related_of, thread_of
from governance.datamap.values import FieldKind
from governance.gate.errors import QueryError, ReadRefusedError
from governance.gate.gate import Gate
from governance.gate.query import Condition, Operator, Page, Query
from governance.vault.errors import LookupValueError
from governance.web.clockface import moment
from governance.web.context import current
from governance.web.problems import sentence

blueprint: Final = Blueprint("customers", __name__, url_prefix="/customers")

TABLE: Final = "customers"
_ON_A_PAGE: Final = 25
_FACTS: Final = 200
_FRANCE: Final = 33
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# How people look for somebody: the field, and the comparison.
_WAYS: Final = {
    "email": ("email", Operator.EQUAL),
    "phone": ("phone", Operator.EQUAL),
    "mobile": ("mobile", Operator.EQUAL),
    "name": ("family_name", Operator.PREFIX),
    "sound": ("family_name", Operator.SOUNDS_LIKE),
    "postcode": ("postcode", Operator.EQUAL),
    "number": ("number", Operator.EQUAL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPurpose:
    """A purpose for which the reader may see customers."""

    slug: str
    label_fr: str
    label_en: str


@blueprint.get("/")
@open_to(*sorted(BUSINESS_ROLES))
def search() -> ResponseReturnValue:
    """Show the search form."""
    return _search_page()


@blueprint.post("/")
@open_to(*sorted(BUSINESS_ROLES))
def find() -> ResponseReturnValue:
    """Look for customers, for a purpose."""
    purpose, way, wanted = (request.form.get(name, "").strip() for name in ("purpose", "way", "wanted"))
    if way not in _WAYS or not wanted:
        return _search_page(wrong=True), 422
    field, operator = _WAYS[way]
    where = (Condition(field=field, operator=operator, value=wanted),)
    try:
        page = (
            current()
            .get(Gate)
            .read(current().actor, Query(purpose=purpose, table=TABLE, where=where, limit=_ON_A_PAGE))
        )
    except (QueryError, LookupValueError, ReadRefusedError) as error:
        return _search_page(refusal=sentence(error)), 422
    return _search_page(page=page)


@blueprint.get("/<row>")
@open_to(*sorted(BUSINESS_ROLES))
def record(row: str) -> ResponseReturnValue:
    """Show one customer, for a purpose."""
    purposes = list(_open_purposes())
    purpose = next((each for each in purposes if each.slug == request.args.get("purpose", "")), None)
    if purpose is None:
        return render_template("customers/purpose.html", row=row, purposes=purposes)
    context = current()
    gate = context.get(Gate)
    page = gate.one(context.actor, Query(purpose=purpose.slug, table=TABLE), row)
    explanation = gate.explain(context.actor, purpose.slug, TABLE)
    blocks = blocks_of(page, explanation)
    # The entry just recorded says whose row this is; the governed table need not be asked.
    subjects = entry_by_id(context.session, page.entry.id).subjects
    entries = [
        entry for subject in subjects for entry in search_log(context.session, Filters(subject=subject), limit=_FACTS)
    ]
    return render_template(
        "customers/record.html",
        row=row,
        purpose=purpose,
        state=page.decoded()[0].get("state"),
        blocks=blocks,
        related=related_of(gate, context.actor, purpose.slug, row),
        facts=[_told(fact, gate) for fact in thread_of(entries)],
        masked=_count(blocks, "masked"),
        withheld=sum(1 for block in blocks for value in block.values if value.sealed),
    )


@blueprint.app_template_filter()
def by_kind(value: Any, kind: str) -> str:
    """Write a value as its reader does: dates and amounts in their language, telephone numbers in groups."""
    if kind == CENTS and isinstance(value, int):
        return str(format_currency(Decimal(value) / 100, "EUR"))
    if kind in {FieldKind.DATE.value, FieldKind.BIRTH_DATE.value} and _DAY.fullmatch(str(value)):
        return str(format_date(date.fromisoformat(value)))
    if kind == FieldKind.MOMENT.value:
        return moment(datetime.fromisoformat(value))
    if kind == FieldKind.PHONE.value and str(value).startswith("+"):
        return _grouped(str(value))
    return str(value)


@blueprint.app_template_filter()
def format_facts(sentence_: str, facts: Mapping[str, str]) -> str:
    """Put a reason's facts in their places in its translated sentence."""
    return sentence_.format(**{"kind": "", **facts})


def _grouped(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == _FRANCE
    return str(phonenumbers.format_number(parsed, form.NATIONAL if home else form.INTERNATIONAL))


def _told(fact: ThreadFact, gate: Gate) -> dict[str, Any]:
    purpose = gate.snapshot().purposes.by_slug.get(fact.purpose or "")
    label = None if purpose is None else purpose.label_en if get_locale().language == "en" else purpose.label_fr
    times = f" × {fact.times}" if fact.times > 1 else ""
    return {"at": fact.at, "text": gettext(fact.text) + times, "note": label}


def _count(blocks: list[Block], form: str) -> int:
    return sum(1 for block in blocks for value in block.values if value.form == form)


def _search_page(page: Page | None = None, refusal: str | None = None, *, wrong: bool = False) -> str:
    return render_template(
        "customers/search.html",
        purposes=list(_open_purposes()),
        chosen=request.form.get("purpose") or request.args.get("purpose", ""),
        way=request.form.get("way", "email"),
        wanted=request.form.get("wanted", ""),
        page=page,
        rows=[] if page is None else page.decoded(),
        category_labels=CATEGORY_LABELS,
        refusal=refusal,
        wrong=wrong,
    )


def _open_purposes() -> Iterator[OpenPurpose]:
    context = current()
    gate = context.get(Gate)
    for slug, purpose in sorted(gate.snapshot().purposes.by_slug.items()):
        if purpose.open and gate.explain(context.actor, slug, TABLE).plan is not None:
            yield OpenPurpose(slug=slug, label_fr=purpose.label_fr, label_en=purpose.label_en)
