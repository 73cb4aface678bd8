"""The process that reads workbooks: rows of text on standard output, one JSON list a line.

A workbook of a thousand bytes can ask for a sheet of seventeen thousand million cells, and the reader of the format
then asks the system for all of them. Here it does so in a process that may not have them, holds no key, sees no setting
and ends with the file. Run by its path in isolated mode: it imports nothing of the house.

Standard input is the workbook; arguments: most rows, most columns, bytes of memory, seconds of processor time.
"""

import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Final

import orjson
from python_calamine import CalamineError, CalamineWorkbook

TOO_LARGE: Final = 3
UNREADABLE: Final = 4
# Beyond this a float no longer holds every whole number (IEEE 754 binary64).
_EXACT: Final = 2**53

Cell = int | float | str | bool | time | date | datetime | timedelta


def _text(cell: Cell) -> str:
    """Return what a person sees in the cell, as near as the file tells."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _confine(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def main(arguments: list[str]) -> int:
    """Write how many rows the first sheet has, then the rows."""
    rows, columns, memory, seconds = map(int, arguments)
    _confine(memory, seconds)
    try:
        workbook = CalamineWorkbook.from_filelike(sys.stdin.buffer)
        if not workbook.sheet_names:
            return UNREADABLE
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, ValueError, OSError):
        return UNREADABLE
    # Where the last filled cell stands, counted from 0; None in an empty sheet. The sheet's height would leave out the
    # empty rows above the first filled one, which `iter_rows` gives.
    last_row, last_column = sheet.end or (-1, -1)
    if last_row >= rows or last_column >= columns:
        return TOO_LARGE
    write = sys.stdout.buffer.write
    write(orjson.dumps(last_row + 1) + b"\n")
    for row in sheet.iter_rows():
        write(orjson.dumps([_text(cell) for cell in row]) + b"\n")
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
