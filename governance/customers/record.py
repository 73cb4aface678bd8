"""What stands on the record of a customer: a heading, and values by category in the form given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.customers.labels import CHOICE_LABELS, field_label
from governance.datamap.labels import CATEGORY_LABELS
from governance.datamap.values import FieldKind, MappedField
from governance.gate.explain import Explanation
from governance.gate.plan import ReadPlan
from governance.gate.query import Page
from governance.gate.reasons import Reason
from governance.vocabulary import Form

# Kinds beyond those of the data map: the reference map says them in the names of its fields.
CENTS: Final = "cents"
CURRENCY: Final = "currency"
# Of amounts beside which none is told.
HOME_CURRENCY: Final = "EUR"
LANGUAGE: Final = "language"
PAPER_NUMBER: Final = "paper-number"
_BY_NAME: Final = {"language": LANGUAGE, "number": PAPER_NUMBER}
_FIGURES: Final = frozenset(
    {CENTS, PAPER_NUMBER}
    | {kind.value for kind in (FieldKind.DATE, FieldKind.BIRTH_DATE, FieldKind.MOMENT, FieldKind.PHONE)}
    | {kind.value for kind in (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.IBAN, FieldKind.POSTCODE)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One field as the page shows it.

    Attributes:
        label: What it is called, in English.
        text: What is given; None where there is nothing.
        kind: How it is written.
        form: In which form it is given.
        reason: Why it is withheld.
        currency: Of an amount: the row's own, where that is given in clear.
    """

    label: str
    text: Any = field(default=None, repr=False)
    kind: str = FieldKind.TEXT.value
    form: str = Form.CLEAR.value
    reason: Reason | None = None
    currency: str = HOME_CURRENCY

    @property
    def sealed(self) -> bool:
        """Whether it is withheld."""
        return self.reason is not None

    @property
    def empty(self) -> bool:
        """Whether it is given, and nothing is there."""
        return not self.sealed and self.text in (None, "")

    @property
    def figure(self) -> bool:
        """Whether it is a number, a date or an amount, which no line may break."""
        return self.kind in _FIGURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The fields of one category."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Who a record is about, as far as the purpose gives it in clear; nothing where it does not."""

    name: str = field(default="", repr=False)
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many values of a record are not given as they are; empty ones do not count.

    Attributes:
        masked: Given masked.
        reduced: Given as a pseudonym, or generalised.
        withheld: Not given.
    """

    masked: int
    reduced: int
    withheld: int


def heading_of(row: Mapping[str, Any], explanation: Explanation) -> Heading:
    """Return the name and the number of a row's person, where the plan gives them in clear."""
    clear = {each.field for each in explanation.given if each.decision.form is Form.CLEAR}
    name = " ".join(str(row[part]) for part in ("given_name", "family_name") if part in clear and row.get(part))
    return Heading(name=name, number=str(row.get("number") or "") if "number" in clear else "")


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
        given = name in row
        value = value_of(plan, name, row) if given else Value(label=field_label(name), reason=page.withheld.get(name))
        blocks.setdefault(CATEGORY_LABELS[mapped.category], []).append(value)
    return [Block(label=label, values=tuple(values)) for label, values in blocks.items()]


def tally_of(blocks: list[Block]) -> Tally:
    """Return how many values of a record are not given as they are."""
    values = [value for block in blocks for value in block.values if not value.empty]
    reduced = {Form.PSEUDONYM.value, Form.GENERALISED.value}
    return Tally(
        masked=sum(value.form == Form.MASKED.value for value in values),
        reduced=sum(value.form in reduced for value in values),
        withheld=sum(value.sealed for value in values),
    )


def tally_of_rows(page: Page, plan: ReadPlan) -> Tally:
    """Return how many fields of these very rows are not given as they are; those that are empty in all do not count."""
    rows = [row for row in page if "state" not in row]
    fields = [name for name in plan.wanted if plan.table.fields[name].kind is not FieldKind.REFERENCE]
    forms = [form_of(plan, name) for name in fields if any(row.get(name) not in (None, "") for row in rows)]
    missing = [name for name in fields if name in page.withheld and any(name not in row for row in rows)]
    return Tally(
        masked=forms.count(Form.MASKED),
        reduced=forms.count(Form.PSEUDONYM) + forms.count(Form.GENERALISED),
        withheld=len(missing),
    )


def value_of(plan: ReadPlan, name: str, row: Mapping[str, Any]) -> Value:
    """Return a field of a row in the form in which the plan gives it."""
    mapped = plan.table.fields[name]
    told = row.get(CURRENCY) if CURRENCY in plan.table.fields and form_of(plan, CURRENCY) is Form.CLEAR else None
    return Value(
        label=field_label(name),
        text=_readable(row.get(name)),
        kind=kind_of(mapped),
        form=form_of(plan, name).value,
        currency=told or HOME_CURRENCY,
    )


def form_of(plan: ReadPlan, name: str) -> Form:
    """Return the form in which a plan gives a field."""
    given = (decision.form for decision in plan.decisions(name).values() if decision.given)
    return next(given, Form.CLEAR)


def kind_of(mapped: MappedField) -> str:
    """Return how a field's values are written."""
    # The reference map writes amounts in whole cents, and says so in the name.
    return CENTS if mapped.name.endswith("_cents") else _BY_NAME.get(mapped.name, mapped.kind.value)


def _readable(value: Any) -> Any:
    return CHOICE_LABELS.get(value, value) if isinstance(value, str) else value
