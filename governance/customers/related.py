"""Rows of several people or several things: what other tables say about one customer, and what a purpose gives of all.

Each is a read of the gate, a page at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from governance.actor import Actor
from governance.customers.labels import ADDING, field_label
from governance.customers.record import CENTS, CURRENCY, Tally, Value, form_of, kind_of, tally_of_rows, value_of
from governance.datamap.values import FieldKind
from governance.errors import mark
from governance.gate.errors import GateError
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.openings import Openings
from governance.gate.plan import ReadPlan
from governance.gate.query import Condition, Order, Page, Query
from governance.gate.reasons import Reason
from governance.vocabulary import Form

SHOWN: Final = 10
CONTACTS: Final = "contacts"
ON_A_PAGE: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """A table that speaks of a customer.

    Attributes:
        label: What it is called, in English.
        one: What one row of it is called, in English.
        link: The link that names the customer.
        columns: What to show.
        newest: The field by which the newest comes first.
    """

    label: str
    one: str
    link: str
    columns: tuple[str, ...]
    newest: str | None = None


_RELATED: Final[Mapping[str, _Described]] = {
    "orders": _Described(
        label=mark("Orders"),
        one=mark("Order"),
        link="buyer",
        columns=("number", "ordered_on", "status", "total_cents", "payment_means"),
        newest="ordered_on",
    ),
    "exchanges": _Described(
        label=mark("Exchanges"),
        one=mark("Exchange"),
        link="person",
        columns=("happened_at", "nature", "channel", "subject", "status"),
        newest="happened_at",
    ),
    "equipment": _Described(
        label=mark("Equipment"),
        one=mark("Device"),
        link="owner",
        columns=("brand", "model", "bought_on", "replacement_on"),
    ),
    # Of a company, not of a customer: whom one speaks with there.
    CONTACTS: _Described(
        label=mark("Contacts"),
        one=mark("Contact person"),
        link="company",
        columns=("given_name", "family_name", "function", "email", "phone", "mobile"),
    ),
}
# By which order the rows of a list come.
NEWEST_FIRST: Final = mark("Newest first")
AS_FILED: Final = mark("In the order in which they came on file")
SHUFFLED: Final = mark("In an order that tells nothing")
# By what people tell customers from each other in a list.
_NUMBER: Final = "number"
_NAMES: Final = ("given_name", "family_name")
_TELLING: Final = ("given_name", "family_name", "email", "phone", "postcode", "city")
_ORDER: Final = tuple(_RELATED).index
# The tables that have a page of their own below a customer's record.
RELATED_TABLES: Final = frozenset(_RELATED) - {CONTACTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a listing.

    Attributes:
        label: What it is called, in English.
        form: In which form its values are given.
        amount: Whether it holds amounts, which stand below each other by their last figures.
        reason: Why nothing of it is given.
    """

    label: str
    form: str = Form.CLEAR.value
    amount: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a listing.

    Attributes:
        id: The identifier under which the purpose shows it.
        cells: Its values; none where the use of the person's data is restricted.
        at: When it happened, as the gate gives it in clear: a day or a moment; None where it does not.
        name: The number or the name under which people know it, where the purpose gives it in clear.
    """

    id: str
    cells: tuple[Value, ...] = field(default=(), repr=False)
    at: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows of one table, or why there are none.

    Attributes:
        label: What the table is called, in English.
        table: The table.
        one: What one row of it is called, in English.
        columns: What is given.
        rows: A page of them.
        next: The cursor of the page after; None where this is the last.
        order: By which order they come, in English; nothing where that is not told.
        tally: How many fields are not given as they are; None where there are no rows to speak of.
        reason, older: Why nothing is given; whether older data is closed to the purpose.
    """

    label: str
    table: str
    one: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    next: str | None = None
    order: str = ""
    tally: Tally | None = None
    reason: Reason | None = None
    older: bool = False

    @property
    def adding(self) -> str:
        """What adding one of them is called, in English."""
        return ADDING[self.table]

    @property
    def sealed(self) -> int:
        """How many columns are drawn sealed."""
        return sum(column.reason is not None for column in self.columns) if self.rows else 0


def related_of(gate: Gate, actor: Actor, purpose: str, row: str) -> list[Listing]:
    """Return what other tables say about the person of a row, newest first; each table is a read of its own."""
    plans = gate.explanations()
    return [
        _first_of(gate, actor, plans.explain(actor, purpose, table), row)
        for table in sorted(RELATED_TABLES, key=_ORDER)
    ]


def link_of(table: str) -> str:
    """Return the link by which rows of a related table name the customer."""
    return _RELATED[table].link


def latest(gate: Gate, actor: Actor, plan: ReadPlan, where: Sequence[Condition], after: str | None) -> Listing:
    """Return a page of a related table's rows that fit the conditions, whoever they speak of, newest first.

    Raises:
        GateError: As `Gate.read` does.
    """
    return _read(gate, actor, plan, tuple(where), (ON_A_PAGE, after))


def related_page(
    gate: Gate,
    actor: Actor,
    explanation: Explanation,
    row: str,
    after: str | None,
    openings: Openings | None = None,
) -> Listing:
    """Return a page of what one other table says about the person of a row.

    Args:
        gate: What is read through.
        actor: Who reads.
        explanation: The plan of the table, one of `RELATED_TABLES`.
        row: The identifier of the person's row.
        after: The cursor of the page before; None for the first page.
        openings: Says for which purpose the person is open; None opens nobody.

    Raises:
        GateError: As `Gate.find` does.
    """
    described = _RELATED[explanation.table]
    plan = explanation.plan
    if plan is None:
        return Listing(
            label=described.label,
            table=explanation.table,
            one=described.one,
            reason=next(iter(explanation.refused), None),
        )
    return _read(gate, actor, plan, _of(plan, row), (ON_A_PAGE, after), openings)


def everybody(page: Page, plan: ReadPlan) -> Listing:
    """Return a page of a table as the plan gives it, each field that is given in a column."""
    return Listing(
        label=mark("Customers"),
        table=page.table,
        columns=columns_of(plan),
        rows=_rows(page, plan, _given(plan)),
        next=page.next,
        tally=tally_of_rows(page, plan) if page else None,
        older=plan.notices is not None,
    )


def found_people(pages: Sequence[Page], plan: ReadPlan) -> Listing:
    """Return those who were found, each once: the columns by which people tell one another, as the purpose gives them.

    Args:
        pages: What each way of looking found.
        plan: What the purpose gives of customers.
    """
    given = [name for name in _TELLING if plan.decisions(name)]
    rows = {row.id: row for page in pages for row in _rows(page, plan, given)}
    # Somebody who has no number yet is known by their name, as far as the purpose gives it in clear.
    clear = [name for name in (_NUMBER, *_NAMES) if _is_clear(plan, name)]
    names = {row["id"]: _called(row, clear) for page in pages for row in page}
    rows = {row_id: replace(row, name=names[row_id]) for row_id, row in rows.items()}
    return Listing(
        label=mark("Customers"),
        table=plan.table.name,
        columns=_columns(plan, given),
        rows=tuple(rows.values()),
        next=next((page.next for page in pages if page.next), None),
        tally=_most([tally_of_rows(page, plan) for page in pages if page]),
        older=plan.notices is not None,
    )


def columns_of(plan: ReadPlan) -> tuple[Column, ...]:
    """Return a column for each field that a plan gives of anybody; rows of other tables are none."""
    return _columns(plan, _given(plan))


def _given(plan: ReadPlan) -> list[str]:
    fields = plan.table.fields
    return [name for name in plan.wanted if plan.decisions(name) and fields[name].kind is not FieldKind.REFERENCE]


def _first_of(gate: Gate, actor: Actor, explanation: Explanation, row: str) -> Listing:
    described = _RELATED[explanation.table]
    if explanation.plan is None:
        return Listing(
            label=described.label,
            table=explanation.table,
            one=described.one,
            reason=next(iter(explanation.refused), None),
        )
    try:
        return _read(gate, actor, explanation.plan, _of(explanation.plan, row), (SHOWN, None))
    except GateError:
        # One table that does not answer leaves the rest of the record as it is.
        reason = next(iter(explanation.withheld.values()), None)
        return Listing(label=described.label, table=explanation.table, one=described.one, reason=reason)


def _of(plan: ReadPlan, row: str) -> tuple[Condition, ...]:
    return (Condition(field=_RELATED[plan.table.name].link, value=row),)


def _read(
    gate: Gate,
    actor: Actor,
    plan: ReadPlan,
    where: tuple[Condition, ...],
    part: tuple[int, str | None],
    openings: Openings | None = None,
) -> Listing:
    table = plan.table.name
    described = _RELATED[table]
    limit, after = part
    given = [name for name in described.columns if plan.decisions(name)]
    shown = [name for name in described.columns if name in given or name in plan.withheld]
    newest = _newest_of(plan, given)
    beside = _beside(plan, given)
    page = gate.find(
        actor,
        Query(
            purpose=plan.purpose.slug,
            table=table,
            fields=(*given, *beside),
            where=where,
            order=() if newest is None else (Order(field=newest, descending=True),),
            limit=limit,
            after=after,
        ),
        openings,
    )
    columns = _columns(plan, shown)
    return Listing(
        label=described.label,
        table=table,
        one=described.one,
        columns=columns,
        rows=_rows(page, plan, shown, newest),
        next=page.next,
        order=NEWEST_FIRST if newest else SHUFFLED if plan.opaque else AS_FILED,
        tally=_tally_of_columns(columns) if page else None,
    )


def _newest_of(plan: ReadPlan, given: Sequence[str]) -> str | None:
    """Return the field that the newest comes first by, where rows may be asked for in that order."""
    newest = _RELATED[plan.table.name].newest
    if plan.opaque or newest is None or newest not in given:
        # Pseudonyms come in an order of the purpose's own.
        return None
    return newest if _is_clear(plan, newest) else None


def _beside(plan: ReadPlan, given: Sequence[str]) -> tuple[str, ...]:
    """Return what amounts are drawn with, where it is given in clear."""
    amounts = any(kind_of(plan.table.fields[name]) == CENTS for name in given)
    return (CURRENCY,) if amounts and CURRENCY in plan.table.fields and _is_clear(plan, CURRENCY) else ()


def _is_clear(plan: ReadPlan, name: str) -> bool:
    return any(decision.form is Form.CLEAR for decision in plan.decisions(name).values())


def _called(row: Mapping[str, Any], clear: Sequence[str]) -> str:
    """Return by what people know somebody: their number, or else their name."""
    parts = [str(row[name]) for name in clear if row.get(name)]
    return parts[0] if row.get(_NUMBER) and parts else " ".join(parts)


def _columns(plan: ReadPlan, names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(
        Column(
            label=field_label(name),
            form=form_of(plan, name).value,
            amount=kind_of(plan.table.fields[name]) == CENTS,
            reason=None if plan.decisions(name) else plan.withheld.get(name),
        )
        for name in names
    )


def _tally_of_columns(columns: Sequence[Column]) -> Tally:
    forms = [column.form for column in columns if column.reason is None]
    return Tally(
        masked=forms.count(Form.MASKED.value),
        reduced=forms.count(Form.PSEUDONYM.value) + forms.count(Form.GENERALISED.value),
        withheld=sum(column.reason is not None for column in columns),
    )


def _most(tallies: Sequence[Tally]) -> Tally | None:
    """Return what holds for some of those who were found in several ways."""
    if not tallies:
        return None
    return Tally(
        masked=max(each.masked for each in tallies),
        reduced=max(each.reduced for each in tallies),
        withheld=max(each.withheld for each in tallies),
    )


def _rows(page: Page, plan: ReadPlan, names: Sequence[str], newest: str | None = None) -> tuple[Row, ...]:
    return tuple(
        Row(
            id=row["id"],
            cells=() if "state" in row else tuple(_cell(page, plan, name, row) for name in names),
            at=None if newest is None else row.get(newest),
        )
        for row in page
    )


def _cell(page: Page, plan: ReadPlan, name: str, row: Mapping[str, Any]) -> Value:
    """Return a field of a row; sealed where it is given of others in the list, and empty below a sealed column."""
    if name in row:
        return value_of(plan, name, row)
    return Value(label=field_label(name), reason=page.withheld.get(name) if plan.decisions(name) else None)
