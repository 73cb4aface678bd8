"""The register as CSV, one line an activity, and as an Excel workbook, a sheet for each kind of thing it holds."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from governance.errors import mark
from governance.spreadsheets.cells import neutralise
from governance.spreadsheets.ods_writer import writable
from register.exchange.tables.lines import ACTIVITY_COLUMNS, LINE_SHEETS, Told, Value
from register.exchange.written import WrittenActivity

_ACTIVITIES: Final = mark("Activities")
_WIDTH: Final = 28
_LONGEST: Final = 32_767
_HEADING: Final = Font(bold=True, color="FFFFFF")
_GROUND: Final = PatternFill("solid", fgColor="0F5C5C")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def write_csv(out: IO[bytes], activities: Iterable[WrittenActivity], language: str) -> None:
    """Write one line an activity; what begins like a formula gets an apostrophe in front."""
    told = Told(language)
    # With the mark of UTF-8, without which a spreadsheet takes accents for something else.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([told.say(heading) for heading, _ in ACTIVITY_COLUMNS])
    for activity in activities:
        writer.writerow([_plain(tell(told, activity)) for _, tell in ACTIVITY_COLUMNS])
    text.flush()
    text.detach()


def write_xlsx(out: IO[bytes], activities: Iterable[WrittenActivity], language: str) -> None:
    """Write a workbook: activities first, then what they hold, each line under its activity's reference."""
    told = Told(language)
    workbook = Workbook(write_only=True)
    first = _sheet(workbook, told, _ACTIVITIES, [heading for heading, _ in ACTIVITY_COLUMNS])
    others = [(each, _sheet(workbook, told, each.title, each.headings)) for each in LINE_SHEETS]
    for activity in activities:
        first.append([_cell(first, tell(told, activity)) for _, tell in ACTIVITY_COLUMNS])
        for lines, sheet in others:
            for row in lines.rows(told, activity):
                sheet.append([_cell(sheet, value) for value in row])
    workbook.save(out)


def _sheet(workbook: Workbook, told: Told, title: str, headings: Sequence[str]) -> Any:
    sheet = workbook.create_sheet(told.say(title)[:31])
    sheet.freeze_panes = "C2" if title == _ACTIVITIES else "B2"
    for place in range(len(headings)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _WIDTH
    cells = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, told.say(heading))
        cell.font, cell.fill, cell.alignment = _HEADING, _GROUND, _WRAPPED
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    text = writable(value)[:_LONGEST]
    if not text.startswith("="):
        return text
    # What somebody wrote is text, whatever it begins with.
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    return cell


def _plain(value: Value) -> str:
    return neutralise(value) if isinstance(value, str) else "" if value is None else str(value)
