"""Cells of tables that leave for a spreadsheet.

A spreadsheet runs a cell that begins like a formula, whoever wrote it: a customer may call himself `=HYPERLINK(...)`.
Such a cell gets an apostrophe in front, which spreadsheets show as text (OWASP, "CSV Injection").
"""

from typing import Final

# Some spreadsheets skip a tab, a carriage return or a line feed before the sign. The full-width signs are taken for the
# ordinary ones by spreadsheets set to Japanese.
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(cell: str) -> str:
    """Return the cell as text that no spreadsheet takes for a formula.

    Every text that begins like one is treated, telephone numbers in E.164 included; numbers leave as numbers, not by
    this way. White space in front does not help the attacker.
    """
    # What has apostrophes in front already gets one more: whoever takes one away has what was written.
    bare = cell.lstrip("'")
    if bare.startswith(_STARTS_A_FORMULA) or bare.lstrip().startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def as_it_was(cell: str) -> str:
    """Return a cell that comes back as it was before `neutralise`."""
    return cell[1:] if cell.startswith("'") and neutralise(cell[1:]) == cell else cell
