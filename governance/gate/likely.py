"""What can hardly be, of values that are each well written: a day that has not come, a postcode of no place in France.

A check of one value knows neither the day it is nor the country beside it, so these look at what is written together.
Every way in comes by here: the pages and programs through the writer, files row by row. What is on file already counts
only where whoever writes has just been given it: otherwise a refusal would tell them what they may not read.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from governance.datamap.values import FieldKind, MappedField, Origin
from governance.gate.values import FieldProblem

_FRANCE: Final = "FR"
_FRENCH_POSTCODE: Final = re.compile(r"[0-9]{5}")
_DAYS: Final = frozenset({FieldKind.DATE, FieldKind.MOMENT})
# Elsewhere on earth it may be tomorrow already.
_AHEAD: Final = timedelta(days=1)
_ISO_DAY: Final = len("2026-01-01")


def not_yet(day: date, today: date) -> bool:
    """Say whether a day lies so far ahead that nothing can have happened then anywhere on earth."""
    return day > today + _AHEAD


def unlikely(
    fields: Mapping[str, MappedField],
    values: Mapping[str, Any],
    today: date,
    given: Mapping[str, Any] | None = None,
) -> dict[str, FieldProblem]:
    """Return what can hardly be, by field.

    Args:
        fields: The fields of the table.
        values: Clean values, as they are to be written.
        today: The day it is.
        given: What the row holds of other fields, as far as its reader was given it in clear.
    """
    found = {name: FieldProblem.FUTURE for name in values if _not_yet(fields[name], values[name], today)}
    return found | _of_no_place(fields, values, {**(given or {}), **values})


def _not_yet(mapped: MappedField, value: object, today: date) -> bool:
    """Say whether a day lies too far ahead: nobody was born then, nothing was observed or bought.

    Only what was concluded, a forecast, may lie in the future.
    """
    if not isinstance(value, str):
        return False
    if mapped.kind is FieldKind.BIRTH_DATE:
        return date.fromisoformat(value) > today
    happened = mapped.kind in _DAYS and mapped.origin is not Origin.INFERRED
    return happened and not_yet(date.fromisoformat(value[:_ISO_DAY]), today)


def _of_no_place(
    fields: Mapping[str, MappedField], values: Mapping[str, Any], whole: Mapping[str, Any]
) -> dict[str, FieldProblem]:
    found = {}
    for name, mapped in fields.items():
        country = _country_of(fields, mapped) if mapped.kind is FieldKind.POSTCODE else None
        if country is None or not values.keys() & {name, country} or whole.get(country) != _FRANCE:
            continue
        code = whole.get(name)
        if isinstance(code, str) and not _FRENCH_POSTCODE.fullmatch(code):
            found[name] = FieldProblem.COUNTRY
    return found


def _country_of(fields: Mapping[str, MappedField], postcode: MappedField) -> str | None:
    """Return the field with the country of a postcode: the only one that speaks of the same person in the same way."""
    beside = [
        each.name
        for each in fields.values()
        if each.kind is FieldKind.COUNTRY and (each.link, each.category) == (postcode.link, postcode.category)
    ]
    return beside[0] if len(beside) == 1 else None
