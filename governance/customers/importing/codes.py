"""What the codes of refused rows mean: the one list, told by the command line; docs/importing.md is held to it."""

from collections.abc import Mapping
from typing import Final

from governance.customers.importing.rows import PROVENANCE_PROBLEM, RowProblem
from governance.customers.wrongs import is_of_kind, wrong_of
from governance.datamap.values import MappedTable
from governance.errors import mark
from governance.gate import wrongs
from governance.gate.values import FieldProblem

MEANINGS: Final[Mapping[str, str]] = {
    FieldProblem.REQUIRED: wrongs.MISSING,
    FieldProblem.EMPTY: wrongs.MISSING,
    FieldProblem.MALFORMED: mark("not a value of this kind"),
    FieldProblem.TYPE: mark("not a number, or not yes or no"),
    FieldProblem.CHOICE: mark("not one of the field's choices"),
    FieldProblem.RANGE: mark("a day or a number out of bounds"),
    FieldProblem.TOO_LONG: mark("too long"),
    FieldProblem.CHARACTERS: mark("control or reversing characters"),
    FieldProblem.REFERENCE: mark("not the identifier of a row"),
    FieldProblem.TAKEN: mark("another row has this value"),
    FieldProblem.FUTURE: mark("a day that has not come yet, of what is said to have happened"),
    FieldProblem.COUNTRY: mark("not a postcode of the country: five digits in France"),
    PROVENANCE_PROBLEM: mark("not a day, in a column of provenance"),
    RowProblem.CELLS: mark("fewer cells than the header, or more: the row is out of step"),
    RowProblem.UNKNOWN_REFERENCE: mark("no such company, customer or product, or one whose data are restricted"),
    RowProblem.ALREADY_ON_FILE: mark("the e-mail address, or the number, is on file"),
    RowProblem.TWICE_IN_FILE: mark("a row before has the same address or number"),
}


def meaning_of(table: MappedTable | None, name: str, code: str) -> str:
    """Return why a row was refused, in English: by the kind of the field where that says more than the code."""
    mapped = None if table is None else table.fields.get(name)
    if mapped is not None and is_of_kind(mapped, code):
        return wrong_of(mapped, code)
    return MEANINGS.get(code, code)
