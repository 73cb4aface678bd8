"""The inputs of a form that enters or corrects a row: one for each field that may be written, by category."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import phonenumbers
from flask_babel import get_locale, gettext

from governance.customers.entry import Place, gives_clear
from governance.customers.labels import CHOICE_LABELS, field_label
from governance.customers.record import CENTS, LANGUAGE, kind_of
from governance.customers.tables import FILE_KEYS
from governance.customers.wrongs import wrong_of
from governance.datamap.labels import CATEGORY_LABELS
from governance.datamap.values import FieldKind, MappedField
from governance.days import ZONE
from governance.errors import mark
from governance.gate.errors import GateError
from governance.gate.gate import Gate
from governance.gate.query import Condition, Query
from governance.gate.values import FieldInvalidError, FieldProblem, parse_text
from governance.web.context import current

PREFIX: Final = "field-"
_WIDGETS: Final[Mapping[FieldKind, str]] = {
    FieldKind.EMAIL: "email",
    FieldKind.PHONE: "tel",
    FieldKind.DATE: "date",
    FieldKind.BIRTH_DATE: "date",
    FieldKind.MOMENT: "datetime-local",
    FieldKind.URL: "url",
    FieldKind.FREE_TEXT: "long",
    FieldKind.CHOICE: "choice",
    FieldKind.BOOLEAN: "choice",
    FieldKind.COUNTRY: "choice",
    FieldKind.INTEGER: "whole",
    FieldKind.SIRET: "whole",
    FieldKind.SIREN: "whole",
}
_HINTS: Final[Mapping[str, str]] = {
    FieldKind.PHONE.value: mark("Ten digits, or + and the country"),
    FieldKind.SIRET.value: mark("14 digits"),
    FieldKind.SIREN.value: mark("9 digits"),
    FieldKind.FREE_TEXT.value: mark("Only what the purpose needs; no health, opinions or judgements"),
    CENTS: mark("In euros"),
}
# An order says its currency in a field of its own.
_HINTS_BY_NAME: Final = {"total_cents": mark("In the order’s currency")}
_REFERENCE_LABELS: Final = {"companies": mark("SIRET of the company")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a form.

    Attributes:
        name: The field.
        label: What it is called, in the reader's language.
        widget: How it is drawn: a type of HTML, `choice`, `long`, `whole` or `amount`.
        text: What stands in it.
        choices: What a choice offers: value and name.
        required: Whether it must be filled.
        hint: How it is written.
        wrong: What is wrong with it, in the reader's language.
        before: What stood in it when the form was first shown.
        theirs: What somebody else wrote meanwhile, where it is not the same.
        clash: Whether the reader has to choose between the two.
    """

    name: str
    label: str
    widget: str
    text: str = field(repr=False)
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str | None = None
    wrong: str | None = None
    before: str = field(repr=False, default="")
    theirs: str | None = field(repr=False, default=None)
    clash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What stands in the inputs of a form, by field.

    Attributes:
        now: What is shown.
        before: What was shown first.
        problems: Codes of what is wrong.
        theirs: What somebody else wrote meanwhile.
        clashes: The fields that both changed.
    """

    now: Mapping[str, str] = field(repr=False, default_factory=dict)
    before: Mapping[str, str] = field(repr=False, default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(repr=False, default_factory=dict)
    clashes: frozenset[str] = frozenset()


def blocks_of_inputs(fields: Iterable[MappedField], texts: Texts) -> dict[str, list[Input]]:
    """Return the inputs of a form by the label of their category, in the reader's language."""
    blocks: dict[str, list[Input]] = {}
    for mapped in fields:
        blocks.setdefault(gettext(CATEGORY_LABELS[mapped.category]), []).append(_input(mapped, texts))
    return blocks


def reader_place() -> Place:
    """Return how the reader writes."""
    symbols = get_locale().number_symbols
    return Place(decimal=symbols.get("latn", symbols)["decimal"], zone=ZONE)


def can_name(mapped: MappedField, purpose: str) -> bool:
    """Say whether the reader can fill a field: one that refers to another row is named by a number they may look up."""
    if mapped.kind is not FieldKind.REFERENCE:
        return True
    key = FILE_KEYS.get(mapped.of or "")
    context = current()
    return key is not None and gives_clear(context.get(Gate).explain(context.actor, purpose, mapped.of or ""), key)


def number_of(mapped: MappedField, purpose: str, row: object) -> str:
    """Return the number by which people know the row that a field refers to; nothing where it is not given."""
    key = FILE_KEYS[mapped.of or ""]
    context = current()
    query = Query(purpose=purpose, table=mapped.of or "", fields=(key,))
    try:
        return str(context.get(Gate).one(context.actor, query, str(row)).decoded()[0].get(key) or "")
    except GateError:
        return ""


def row_of_number(mapped: MappedField, purpose: str, text: str) -> str:
    """Return the row that people know by a number.

    Raises:
        FieldInvalidError: If there is none.
    """
    context = current()
    gate = context.get(Gate)
    key = gate.snapshot().catalogue.table(mapped.of or "").field(FILE_KEYS[mapped.of or ""])
    value = parse_text(key, text)
    where = (Condition(field=key.name, value=value),)
    query = Query(purpose=purpose, table=mapped.of or "", fields=(key.name,), where=where, limit=1)
    found = context.get(Gate).read(context.actor, query).decoded()
    if not found:
        raise FieldInvalidError(field=mapped.name, code=FieldProblem.REFERENCE)
    return str(found[0]["id"])


def _input(mapped: MappedField, texts: Texts) -> Input:
    name = mapped.name
    kind = kind_of(mapped)
    code = texts.problems.get(name)
    hint = _HINTS_BY_NAME.get(name, _HINTS.get(kind))
    return Input(
        name=name,
        label=gettext(_REFERENCE_LABELS.get(mapped.of or "", field_label(name))),
        widget="amount" if kind == CENTS else _WIDGETS.get(mapped.kind, "text"),
        text=texts.now.get(name, ""),
        choices=_choices(mapped),
        required=mapped.required,
        hint=None if hint is None else gettext(hint),
        wrong=None if code is None else gettext(wrong_of(mapped, code)),
        before=texts.before.get(name, ""),
        theirs=_readable(mapped, texts.theirs[name]) if name in texts.theirs else None,
        clash=name in texts.clashes,
    )


def _readable(mapped: MappedField, text: str) -> str:
    return dict(_choices(mapped)).get(text, text)


def _choices(mapped: MappedField) -> tuple[tuple[str, str], ...]:
    locale: Any = get_locale()
    if mapped.kind is FieldKind.CHOICE:
        named = locale.languages if kind_of(mapped) == LANGUAGE else {}
        return tuple((each, named.get(each) or gettext(CHOICE_LABELS.get(each, each))) for each in mapped.choices)
    if mapped.kind is FieldKind.BOOLEAN:
        return (("true", gettext("yes")), ("false", gettext("no")))
    if mapped.kind is FieldKind.COUNTRY:
        names = ((code, locale.territories.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS)
        return tuple(sorted(names, key=lambda pair: (pair[0] != "FR", _without_accents(pair[1]))))
    return ()


def _without_accents(name: str) -> str:
    """Return a name as a list is ordered: É stands with E, and not after Z."""
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign)).casefold()
