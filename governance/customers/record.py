"""What stands on the record of a customer: values by category in the form given, related rows, dated facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from audit.entries import Outcome
from audit.search import FoundEntry
from governance.actor import Actor
from governance.customers.labels import CATEGORY_LABELS, CHOICE_LABELS, field_label
from governance.datamap.values import FieldKind, MappedField
from governance.errors import mark
from governance.gate.errors import GateError
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.query import Condition, Order, Page, Query
from governance.gate.reasons import Reason
from governance.vocabulary import Form

_SHOWN: Final = 10
CENTS: Final = "cents"
# Tables that speak of a customer: the link that does, what to show, and by which field the newest comes first.
_RELATED: Final[Sequence[tuple[str, str, str, tuple[str, ...], str | None]]] = (
    (
        "orders",
        "buyer",
        mark("Orders"),
        ("number", "ordered_on", "status", "total_cents", "payment_means"),
        "ordered_on",
    ),
    (
        "exchanges",
        "person",
        mark("Exchanges"),
        ("happened_at", "nature", "channel", "subject", "status"),
        "happened_at",
    ),
    ("equipment", "owner", mark("Equipment"), ("brand", "model", "bought_on", "replacement_on"), None),
)
# Facts that people who work with a customer may see; who read the record is not among them.
_TOLD: Final = {
    "create": mark("Record created"),
    "import": mark("Imported"),
    "change": mark("Record changed"),
    "delete": mark("A row deleted"),
    "consent": mark("Consent"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One field as the page shows it.

    Attributes:
        label: What it is called, in English.
        text: What is given; None where there is nothing.
        kind: How it is written.
        form: In which form it is given.
        reason: Why it is withheld.
    """

    label: str
    text: Any = field(default=None, repr=False)
    kind: str = FieldKind.TEXT.value
    form: str = Form.CLEAR.value
    reason: Reason | None = None

    @property
    def sealed(self) -> bool:
        """Whether it is withheld."""
        return self.reason is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The fields of one category."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Rows of another table about the same person, or why there are none."""

    label: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = field(default=(), repr=False)
    more: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFact:
    """A dated fact from the log."""

    at: datetime
    text: str
    times: int = 1
    purpose: str | None = None


def blocks_of(page: Page, explanation: Explanation) -> list[Block]:
    """Return a row's fields by category, each given in its form or sealed with its reason."""
    row = page.decoded()[0]
    plan = explanation.plan
    if plan is None or "state" in row:
        return []
    blocks: dict[str, list[Value]] = {}
    for name in plan.wanted:
        mapped = plan.table.fields[name]
        if mapped.kind is FieldKind.REFERENCE:
            continue
        label = field_label(name)
        if name in row:
            decisions = [decision for decision in plan.decisions(name).values() if decision.given]
            form = decisions[0].form.value if decisions else Form.CLEAR.value
            value = Value(label=label, text=_readable(row[name]), kind=_kind_of(mapped), form=form)
        else:
            value = Value(label=label, reason=page.withheld.get(name))
        blocks.setdefault(CATEGORY_LABELS[mapped.category], []).append(value)
    return [Block(label=label, values=tuple(values)) for label, values in blocks.items()]


def related_of(gate: Gate, actor: Actor, purpose: str, row: str) -> list[Related]:
    """Return what other tables say about the person of a row, newest first; each table is a read of its own."""
    return [_related(gate, actor, purpose, (row, *described)) for described in _RELATED]


def _related(gate: Gate, actor: Actor, purpose: str, described: tuple[Any, ...]) -> Related:
    row, table, link, label, columns, newest = described
    explanation = gate.explain(actor, purpose, table)
    if explanation.plan is None:
        return Related(label=label, reason=next(iter(explanation.refused), None))
    given = tuple(name for name in columns if any(each.field == name for each in explanation.given))
    ordered = newest is not None and any(
        each.field == newest and each.decision.form is Form.CLEAR for each in explanation.given
    )
    query = Query(
        purpose=purpose,
        table=table,
        fields=given,
        where=(Condition(field=link, value=row),),
        order=(Order(field=newest, descending=True),) if ordered and newest is not None else (),
        limit=_SHOWN,
    )
    try:
        page = gate.read(actor, query)
    except GateError:
        return Related(label=label, reason=next(iter(explanation.withheld.values()), None))
    fields = explanation.plan.table.fields
    rows = tuple(
        tuple(
            Value(label=field_label(name), text=_readable(found.get(name)), kind=_kind_of(fields[name]))
            for name in given
        )
        for found in page
    )
    return Related(label=label, columns=tuple(map(field_label, given)), rows=rows, more=page.next is not None)


def thread_of(entries: Iterable[FoundEntry]) -> list[ThreadFact]:
    """Return the facts of the log about a person that concern the person, not who looked at them.

    What happened many times on one day, as an import does, is one fact with its count.
    """
    counted: dict[tuple[str, str, str | None], list[datetime]] = {}
    for entry in entries:
        said = entry.said
        text = _TOLD.get(said["action"])
        if text is not None and said["outcome"] == Outcome.DONE.value:
            at = datetime.fromisoformat(said["at"])
            counted.setdefault((text, at.date().isoformat(), said["purpose"]), []).append(at)
    return [
        ThreadFact(at=moments[0], text=text, times=len(moments), purpose=purpose)
        for (text, _, purpose), moments in counted.items()
    ]


def _kind_of(mapped: MappedField) -> str:
    # The reference map writes amounts in whole cents, and says so in the name.
    return CENTS if mapped.name.endswith("_cents") else mapped.kind.value


def _readable(value: Any) -> Any:
    return CHOICE_LABELS.get(value, value) if isinstance(value, str) else value
