"""Entering and correcting rows by hand: which fields may be written, how values stand in a form, what was typed.

What stands in an input is a spelling of the reader's place: amounts with their comma, moments on the house's clock. It
becomes what a program would have sent, and the gate decides whether that is a value of the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from governance.clock import to_rfc3339
from governance.customers.record import CENTS, kind_of
from governance.datamap.values import FieldKind, MappedField
from governance.gate.explain import Explanation
from governance.gate.plan import ReadPlan
from governance.gate.values import CleanValue, FieldInvalidError, FieldProblem, parse_text
from governance.vocabulary import Form, SubjectKind

_CENTS: Final = 100
_DECIMALS: Final = 2
_BLANKS: Final = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’€"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How the reader writes.

    Attributes:
        decimal: What stands before the cents: a comma in France, a point in Great Britain.
        zone: The house's time zone.
    """

    decimal: str
    zone: tzinfo


def writable_fields(explanation: Explanation) -> tuple[MappedField, ...]:
    """Return the fields that a plan of a writing action lets be written, of the people that the map expects."""
    plan = explanation.plan
    if plan is None or plan.table.adopted:
        return ()
    return tuple(plan.table.fields[name] for name in plan.wanted if _given_clear(plan, name))


def can_enter(explanation: Explanation) -> bool:
    """Say whether a row can be added: every field that it needs may be written."""
    allowed = {mapped.name for mapped in writable_fields(explanation)}
    plan = explanation.plan
    if plan is None or not allowed:
        return False
    return all(mapped.name in allowed for mapped in plan.table.fields.values() if mapped.required)


def can_delete(explanation: Explanation) -> bool:
    """Say whether rows can be deleted: every category that the table holds may be."""
    plan = explanation.plan
    return plan is not None and not plan.table.adopted and all(_given_clear(plan, name) for name in plan.table.fields)


def shown_text(mapped: MappedField, value: Any, place: Place) -> str:
    """Return a value as it stands in an input."""
    if value is None:
        return ""
    if kind_of(mapped) == CENTS and isinstance(value, int):
        sign, whole, rest = "-" if value < 0 else "", *divmod(abs(value), _CENTS)
        return f"{sign}{whole}{place.decimal}{rest:02d}"
    if mapped.kind is FieldKind.MOMENT:
        return datetime.fromisoformat(str(value)).astimezone(place.zone).strftime("%Y-%m-%dT%H:%M")
    if mapped.kind is FieldKind.BOOLEAN:
        return "true" if value else "false"
    return str(value)


def typed_value(mapped: MappedField, text: str, place: Place) -> CleanValue:
    """Return the value that an input holds; None where it is empty.

    Raises:
        FieldInvalidError: If the field cannot hold it.
    """
    stripped = text.strip()
    if not stripped:
        return parse_text(mapped, "")
    if kind_of(mapped) == CENTS:
        return parse_text(mapped, str(_cents(mapped, stripped, place)))
    if mapped.kind is FieldKind.MOMENT:
        return parse_text(mapped, _moment(mapped, stripped, place))
    if mapped.kind is FieldKind.INTEGER:
        return parse_text(mapped, stripped.translate(_BLANKS))
    return parse_text(mapped, stripped)


def typed_values(
    fields: Mapping[str, MappedField], texts: Mapping[str, str], place: Place
) -> tuple[dict[str, CleanValue], dict[str, str]]:
    """Return the values of a form, and what is wrong with others: a code by field."""
    values: dict[str, CleanValue] = {}
    problems: dict[str, str] = {}
    for name, text in texts.items():
        try:
            values[name] = typed_value(fields[name], text, place)
        except FieldInvalidError as error:
            problems[name] = error.code
    return values, problems


def gives_clear(explanation: Explanation, name: str) -> bool:
    """Say whether a plan gives a field in clear."""
    plan = explanation.plan
    return plan is not None and name in plan.wanted and _given_clear(plan, name)


def _given_clear(plan: ReadPlan, name: str) -> bool:
    link = plan.table.fields[name].link
    kind: SubjectKind | None = None if link is None else plan.table.links[link].kind
    decision = plan.decisions(name).get(kind)
    return decision is not None and decision.form is Form.CLEAR


def _cents(mapped: MappedField, text: str, place: Place) -> int:
    number = text.translate(_BLANKS)
    grouping = "," if place.decimal == "." else "."
    whole, decimal, rest = number.rpartition(place.decimal)
    if not decimal:
        # Written as in the other place, where it cannot be mistaken for thousands.
        whole, decimal, rest = number.rpartition(grouping)
        if not decimal or len(rest) != _DECIMALS:
            whole, rest = number.replace(grouping, ""), ""
    whole = whole.replace(grouping, "")
    sign = -1 if whole.startswith("-") else 1
    digits = whole.removeprefix("-") or ("0" if rest else "")
    if not (digits.isascii() and digits.isdecimal() and len(rest) <= _DECIMALS and (not rest or rest.isdecimal())):
        raise FieldInvalidError(field=mapped.name, code=FieldProblem.TYPE)
    return sign * (int(digits) * _CENTS + int(rest.ljust(_DECIMALS, "0") or 0))


def _moment(mapped: MappedField, text: str, place: Place) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise FieldInvalidError(field=mapped.name, code=FieldProblem.MALFORMED) from None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=place.zone)
    try:
        return to_rfc3339(aware.astimezone(UTC))
    except (OverflowError, ValueError):
        raise FieldInvalidError(field=mapped.name, code=FieldProblem.RANGE) from None
