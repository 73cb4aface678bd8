"""The process that reads workbooks: rows of text on standard output, one JSON list a line, sheet after sheet.

A workbook of a thousand bytes can ask for a sheet of seventeen thousand million cells, and the reader of the format
then asks the system for all of them. Here it does so in a process that may not have them, holds no key, sees no setting
and ends with the file. Run by its path in isolated mode: it imports nothing of the house.

Standard input is the workbook; arguments: most rows, most columns, most bytes of output, bytes of memory, seconds of
processor time, and how many sheets are wanted of those that it has.
"""

import resource
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetMetadata, SheetVisibleEnum

TOO_LARGE: Final = 3
UNREADABLE: Final = 4
# Beyond this a float no longer holds every whole number (IEEE 754 binary64).
_EXACT: Final = 2**53

# As many as fit into a cell of Excel: a text that stands once in the file may stand in every cell.
MOST_LETTERS: Final = 32_767

Cell = int | float | str | bool | time | date | datetime | timedelta


class _TooMuchError(Exception):
    pass


def _text(cell: Cell) -> str:
    """Return what a person sees in the cell, as near as the file tells."""
    if isinstance(cell, str):
        if len(cell) > MOST_LETTERS:
            raise _TooMuchError
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
    """Write for each sheet its name, how many rows it has and whether it is hidden, then the rows."""
    rows, columns, output, memory, seconds, most = map(int, arguments)
    _confine(memory, seconds)
    try:
        workbook = CalamineWorkbook.from_filelike(sys.stdin.buffer)
        sheets = workbook.sheets_metadata[:most]
        if not sheets:
            return UNREADABLE
        write = _bounded(output)
        for place, told in enumerate(sheets):
            left = _write(told, workbook.get_sheet_by_index(place), (rows, columns), write)
            if left is None:
                return TOO_LARGE
            rows = left
    except _TooMuchError:
        return TOO_LARGE
    except (CalamineError, ValueError, OSError):
        return UNREADABLE
    sys.stdout.buffer.flush()
    return 0


def _bounded(most: int) -> Callable[[bytes], None]:
    """Return what writes a line: a file within its bounds may still name one long text in every cell."""
    written = 0

    def write(line: bytes) -> None:
        nonlocal written
        written += len(line)
        if written > most:
            raise _TooMuchError
        sys.stdout.buffer.write(line)

    return write


def _write(
    told: SheetMetadata, sheet: CalamineSheet, most: tuple[int, int], write: Callable[[bytes], None]
) -> int | None:
    """Write one sheet, and return how many rows may follow; None where it has too many."""
    # Where the last filled cell stands, counted from 0; None in an empty sheet. The sheet's height would leave out the
    # empty rows above the first filled one, which `iter_rows` gives.
    rows, columns = most
    last_row, last_column = sheet.end or (-1, -1)
    if last_row >= rows or last_column >= columns:
        return None
    write(orjson.dumps([told.name, last_row + 1, told.visible != SheetVisibleEnum.Visible]) + b"\n")
    for row in sheet.iter_rows():
        write(orjson.dumps([_text(cell) for cell in row]) + b"\n")
    return rows - last_row - 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
