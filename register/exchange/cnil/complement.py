"""The sheet that the template has not: what it cannot hold of each activity, part by part, as JSON in plain letters.

A spreadsheet changes runs of blanks and refuses some characters, so that neither is written: both stand escaped, as
JSON lets them. Nothing is left out, so that what the template holds too can be compared with what a person made of it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, Final

import orjson

from governance.errors import phrase
from governance.spreadsheets.ods_writer import Cell, Style, Value
from governance.spreadsheets.workbooks import Sheet
from register.exchange.codec import WrongValueError, read
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.written import WrittenActivity

SHEET: Final = "Égide"
_TITLE: Final = "Complément d’Égide"
_ABOUT: Final = (
    "Ce que le modèle ne peut pas contenir. Laissez cette feuille telle quelle : elle est relue à l’importation."
)
_HEADINGS: Final = ("Feuille", "Référence", "Partie", "Contenu")
_BEFORE: Final = 3
# What an XML document may not hold, or a reader of spreadsheets may take for a blank at the end of a line.
_UNSAFE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# A cell of Excel holds 32,767 characters.
_LONGEST: Final = 30_000


def heading_rows() -> Iterator[Sequence[Value]]:
    """Yield how the sheet begins."""
    yield (Cell(_TITLE, Style.TITLE),)
    yield (Cell(_ABOUT, Style.NOTE),)
    yield [Cell(heading, Style.HEADING) for heading in _HEADINGS]


def complement_rows(sheet: str, activity: WrittenActivity) -> Iterator[Sequence[Value]]:
    """Yield the rows of an activity, whose own sheet has this name."""
    for each in fields(activity):
        value = getattr(activity, each.name)
        if each.default is MISSING or value != each.default:
            yield (sheet, activity.slug, each.name, *_pieces(orjson.dumps(value).decode()))


def read_complement(sheet: Sheet) -> Mapping[str, WrittenActivity] | None:
    """Return the activities by the names of their sheets; None where the sheet is no complement.

    Raises:
        MalformedRegisterError: If it cannot be read any more.
    """
    if not sheet.rows or not sheet.rows[0] or sheet.rows[0][0].strip() != _TITLE:
        return None
    found: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for number, cells in enumerate(sheet.rows, start=1):
        if number <= _BEFORE or len(cells) <= _BEFORE or not cells[_BEFORE]:
            continue
        first.setdefault(cells[0], number)
        found.setdefault(cells[0], {})[cells[2]] = _value(sheet, number, cells)
    return {name: _activity(sheet, first[name], told) for name, told in found.items()}


def _value(sheet: Sheet, number: int, cells: Sequence[str]) -> Any:
    try:
        return json.loads("".join(cells[_BEFORE:]))
    except (ValueError, RecursionError):
        raise MalformedRegisterError(wrongs=(_altered(sheet, number),)) from None


def _activity(sheet: Sheet, number: int, told: Mapping[str, Any]) -> WrittenActivity:
    try:
        activity: WrittenActivity = read(WrittenActivity, told)
    except WrongValueError:
        raise MalformedRegisterError(wrongs=(_altered(sheet, number),)) from None
    return activity


def _altered(sheet: Sheet, number: int) -> Wrong:
    place = phrase("sheet “{sheet}”, cell {cell}", sheet=sheet.name, cell=f"D{number}")
    return Wrong(place, phrase("this was changed and cannot be read: delete this sheet, or put it back as it was"))


def _pieces(text: str) -> Iterator[str]:
    text = text.replace("  ", " \\u0020").replace("  ", " \\u0020")
    if not text.isprintable():
        text = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    while text:
        cut = _LONGEST
        # No piece begins or ends with a blank, which would be lost.
        while cut < len(text) and " " in text[cut - 1 : cut + 1]:
            cut -= 1
        yield text[:cut]
        text = text[cut:]
