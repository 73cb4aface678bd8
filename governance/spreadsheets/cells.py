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
    if cell.startswith(_STARTS_A_FORMULA) or cell.lstrip().startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    return cell
