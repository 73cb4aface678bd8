"""What is wrong with a map on its way, each thing beside its row: everything at once, not the first thing only."""

import re
from dataclasses import replace
from typing import Final

from governance.datamap.adopt.write import write_map
from governance.datamap.check import fits
from governance.datamap.drafting.draft import Draft, DraftTable
from governance.datamap.errors import Flaw, MapError
from governance.datamap.loader import parse_map
from governance.datamap.values import DataMap, FieldKind
from governance.errors import Phrase, phrase

_TABLE: Final = re.compile(r"  ([a-z][a-z0-9_]*):")
_ENTRY: Final = re.compile(r"      ([a-z][a-z0-9_]*): \{")
# So many at most: whoever corrects them meets the others next.
_MOST: Final = 50


def text_of(draft: Draft) -> str:
    """Return the map file that a draft says."""
    return write_map(draft.as_proposal(), corrected=True)


def file_of(draft: Draft) -> str:
    """Return the name of the map file."""
    return f"{draft.source}.yaml"


def map_of(draft: Draft) -> DataMap:
    """Return the map that a draft says.

    Raises:
        MapError: If it cannot be used.
    """
    return parse_map(text_of(draft), file_of(draft))


def flaws_of(draft: Draft) -> list[Flaw]:
    """Return everything for which the draft cannot be loaded: what is wrong is left out, and the rest looked at."""
    if not any(table.kept for table in draft.tables):
        return [Flaw(table="", field=None, reason=phrase("no table is taken in"))]
    found: list[Flaw] = []
    while len(found) < _MOST:
        text = text_of(draft)
        try:
            parse_map(text, file_of(draft))
        except MapError as error:
            name, field = _place(text, error.line)
            flaw = Flaw(table=name, field=field, reason=error.reason)
            found.append(flaw)
            narrowed = _without(draft, flaw)
            if narrowed is None:
                return found
            draft = narrowed
        else:
            return found
    return found


def surprises_of(table: DraftTable) -> dict[str, Phrase]:
    """Return, by field, the columns taken in whose type does not fit what is said of them."""
    return {
        column.field.name: phrase("the column is {type}, a surprise for this kind of value", type=column.declared)
        for column in table.taken
        if not fits(column.field.kind, column.type) and column.field.kind is not FieldKind.REFERENCE
    }


def _place(text: str, line: int) -> tuple[str, str | None]:
    """Return the table, and the field where there is one, on a line of the file."""
    table, field, in_fields = "", None, False
    for written in text.split("\n")[:line]:
        if begun := _TABLE.fullmatch(written):
            table, field, in_fields = begun[1], None, False
        elif entry := _ENTRY.match(written):
            field = entry[1] if in_fields else None
        elif not written.startswith("      "):
            field, in_fields = None, written.startswith("    fields:")
    return table, field


def _without(draft: Draft, flaw: Flaw) -> Draft | None:
    table = draft.table(flaw.table)
    if table is None:
        return None
    column = next((each for each in table.taken if each.field.name == flaw.field), None)
    if column is None:
        # A flaw of the table or of one of its links touches all that leads there; it comes first.
        return None
    kept = tuple(each for each in table.columns if each is not column)
    return draft.with_table(replace(table, columns=kept))
