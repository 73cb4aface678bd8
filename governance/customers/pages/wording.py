"""How values, forms and reasons are written for the reader of a page: in their language, in words."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import phonenumbers
from flask import Blueprint, current_app, url_for
from flask_babel import format_currency, format_date, get_locale, gettext

from governance.customers.labels import CHOICE_LABELS, RULE_LABELS, TABLE_NAMES, field_label
from governance.customers.record import CENTS, HOME_CURRENCY, LANGUAGE, kind_of
from governance.datamap.labels import CATEGORY_LABELS
from governance.datamap.values import FieldKind, MappedTable
from governance.gate.labels import FORM_LABELS
from governance.gate.reasons import Code, Reason, Rule
from governance.vocabulary import Form
from governance.web.access import may_open
from governance.web.clockface import moment
from governance.web.context import current
from governance.web.problems import spoken

_FRANCE: Final = 33
# The page of another room; an application without it has no link to it.
_ASK: Final = "access.ask"
_ASK_DATA: Final = "access.ask_data"
# What a grant can mend.
_GRANTED: Final = frozenset({Rule.GRANT, Rule.FORM})
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions as filters."""
    for written in (by_kind, because, rule_name, form_name, field_name, table_name, choice_name, as_kept):
        blueprint.add_app_template_filter(written)
    blueprint.add_app_template_global(ask_url)


def by_kind(value: Any, kind: str, currency: str = HOME_CURRENCY) -> str:
    """Write a value as its reader does: dates, amounts and names of countries in their language, numbers in groups."""
    if kind == CENTS and isinstance(value, int):
        return str(format_currency(Decimal(value) / 100, currency))
    if kind in {FieldKind.DATE.value, FieldKind.BIRTH_DATE.value} and _DAY.fullmatch(str(value)):
        return str(format_date(date.fromisoformat(value)))
    if kind == FieldKind.MOMENT.value and "T" in str(value):
        return moment(datetime.fromisoformat(value))
    if kind == FieldKind.PHONE.value and str(value).startswith("+"):
        return _grouped(str(value))
    return _in_words(str(value), kind)


def ask_url(purpose: str | None = None, reason: Reason | None = None) -> str | None:
    """Return where the reader can ask for what a reason withholds; None where they cannot, or nobody can grant it."""
    if not may_open(current_app, _ASK, current().actor) or (reason is not None and reason.rule not in _GRANTED):
        return None
    category = None if reason is None or reason.category is None else reason.category.value
    return url_for(_ASK, purpose=purpose, category=category)


def because(reason: Reason) -> str:
    """Write why something is not given, in the reader's language, its facts too."""
    return spoken(reason.sentence)


def said_once(reasons: Sequence[Reason]) -> list[str]:
    """Write reasons, each once; the categories that the purpose never declares are one of them."""
    undeclared = [each for each in reasons if each.code is Code.CATEGORY_NOT_DECLARED and each.category is not None]
    if len({each.category for each in undeclared}) < 2:  # noqa: PLR2004 -- one is told as it is
        return list(dict.fromkeys(because(each) for each in reasons))
    names = dict.fromkeys(str(gettext(CATEGORY_LABELS[each.category])) for each in undeclared if each.category)
    said = gettext("The purpose declares no data of these categories: %(names)s.", names=", ".join(names))
    return [*dict.fromkeys(because(each) for each in reasons if each not in undeclared), said]


def ask_for_record(purpose: str, reasons: Sequence[Reason]) -> str | None:
    """Return where the reader can ask for what opens a record; None where no grant would open it."""
    lacking = [each for each in reasons if ask_url(purpose, each) is not None]
    if not lacking or any(each.code is Code.ROLE_NOT_RECIPIENT for each in reasons):
        return None
    roles = current().actor.roles
    if len(roles) != 1:
        # Under which of their roles, they say themselves.
        return ask_url(purpose)
    categories = sorted({each.category.value for each in lacking if each.category is not None})
    return url_for(_ASK_DATA, role=min(roles).value, purpose=purpose, category=categories)


def rule_name(reason: Reason) -> str:
    """Name the rule that failed, in the reader's language."""
    return str(gettext(RULE_LABELS[reason.rule]))


def form_name(form: str) -> str:
    """Name a form in which values are given, in the reader's language."""
    return str(gettext(FORM_LABELS[Form(form)]))


def field_name(name: str) -> str:
    """Name a field, in the reader's language."""
    return str(gettext(field_label(name)))


def table_name(name: str) -> str:
    """Name a table, in the reader's language; one of a database of its own goes by its name."""
    return str(gettext(TABLE_NAMES[name])) if name in TABLE_NAMES else name


def choice_name(choice: str) -> str:
    """Name a choice, in the reader's language."""
    return str(gettext(CHOICE_LABELS.get(choice, choice)))


def as_kept(value: Any, table: MappedTable, name: str) -> str:
    """Write a clean value of a field as a record will show it; of what refers to another row, its number."""
    mapped = table.fields.get(name)
    if mapped is None or mapped.kind is FieldKind.REFERENCE:
        return str(value)
    return by_kind(CHOICE_LABELS.get(value, value) if isinstance(value, str) else value, kind_of(mapped))


def _in_words(value: str, kind: str) -> str:
    """Return the name of what a code or a choice stands for; anything else as it is."""
    if kind == FieldKind.COUNTRY.value:
        return str(get_locale().territories.get(value, value))
    if kind == LANGUAGE:
        return str(get_locale().languages.get(value, value))
    return str(gettext(value)) if kind == FieldKind.CHOICE.value and value else value


def _grouped(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == _FRANCE
    return str(phonenumbers.format_number(parsed, form.NATIONAL if home else form.INTERNATIONAL))
