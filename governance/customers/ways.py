"""The ways to look for a customer, and which of them a plan allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from governance.datamap.values import MappedField, Search
from governance.errors import mark
from governance.gate.explain import Explanation
from governance.gate.query import Operator
from governance.gate.rules import Decision
from governance.vocabulary import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How people look for somebody.

    Attributes:
        slug: What the form calls it.
        label: What people call it, in English.
        field: The field that is compared.
        operator: How it is compared.
    """

    slug: str
    label: str
    field: str
    operator: Operator = Operator.EQUAL


WAYS: Final = (
    Way(slug="email", label=mark("E-mail"), field="email"),
    Way(slug="phone", label=mark("Telephone"), field="phone"),
    Way(slug="mobile", label=mark("Mobile"), field="mobile"),
    Way(slug="name", label=mark("Beginning of the family name"), field="family_name", operator=Operator.PREFIX),
    Way(slug="sound", label=mark("Sound of the family name"), field="family_name", operator=Operator.SOUNDS_LIKE),
    Way(slug="postcode", label=mark("Postcode, or its beginning"), field="postcode", operator=Operator.PREFIX),
    Way(slug="number", label=mark("Customer number"), field="number"),
)


def ways_of(explanation: Explanation) -> tuple[Way, ...]:
    """Return the ways of search that a plan allows: by what it gives clear, or lets people look up exactly.

    Only what is offered follows from this; whether somebody is found by it, the gate decides.
    """
    if explanation.plan is None:
        return ()
    fields = explanation.plan.table.fields
    decisions: dict[str, list[Decision]] = {}
    for each in explanation.given:
        decisions.setdefault(each.field, []).append(each.decision)
    return tuple(way for way in WAYS if _allows(way, decisions.get(way.field, ()), fields.get(way.field)))


def _allows(way: Way, decisions: Iterable[Decision], mapped: MappedField | None) -> bool:
    exact = mapped is not None and way.operator is Operator.EQUAL and Search.EXACT in mapped.search
    return any(decision.form is Form.CLEAR or (exact and decision.exact_lookup) for decision in decisions)
