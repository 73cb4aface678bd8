"""The workbook of the simplified register: the list, a sheet for each activity, and the complement behind them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import IO, Final

from governance.spreadsheets.ods_writer import Cell, OdsWriter, Part, Style, Value
from register.exchange.cnil.card import CardRow
from register.exchange.cnil.complement import SHEET, complement_rows, heading_rows
from register.exchange.cnil.drawing import card_of
from register.exchange.cnil.labels import CHANGED, COLUMNS, CREATED, PLACES, Section
from register.exchange.cnil.listing import TITLE, ListLine, head_rows
from register.exchange.written import WrittenActivity, WrittenParty

_WIDTHS: Final = (9.0, 6.5, 5.0, 5.0, 7.0, 4.0, 4.0, 6.0)
_COLUMNS: Final = len(_WIDTHS)


def write_simplified(out: IO[bytes], activities: Iterable[WrittenActivity]) -> None:
    """Write activities, one at a time."""
    lines: list[ListLine] = []
    controllers: Counter[WrittenParty] = Counter()
    with OdsWriter(out, _WIDTHS) as writer:
        listing, sheets, complement = writer.part(), writer.part(), writer.part()
        complement.begin(SHEET)
        for row in heading_rows():
            complement.row(row)
        for activity in activities:
            if activity.controller is not None:
                controllers[activity.controller] += 1
            name = _sheet(sheets, activity)
            for row in complement_rows(name, activity):
                complement.row(row)
            lines.append(ListLine.of(activity))
        complement.end()
        listing.begin(TITLE)
        # The register is that of whoever answers for most of it; each sheet names its own.
        for row in head_rows(next((each for each, _ in controllers.most_common(1)), None)):
            listing.row(row)
        for line in lines:
            listing.row(line.cells())
        listing.end()


def _sheet(sheets: Part, activity: WrittenActivity) -> str:
    card = card_of(activity)
    given = sheets.begin(activity.name_fr)
    sheets.row((Cell(activity.name_fr, Style.TITLE),))
    days = {CREATED: activity.created_on, CHANGED: activity.changed_on}
    for section in Section:
        sheets.row(_HEADINGS[section])
        for row in card.rows(section):
            sheets.row((Cell(row.label, Style.LABEL), days[row.label]) if row.label in days else _cells(section, row))
        sheets.row(())
    sheets.end()
    return given


def _cells(section: Section, row: CardRow) -> Sequence[Value]:
    cells: list[Value] = [Cell(row.label, Style.LABEL)]
    for text, place in zip(row.texts, PLACES[section], strict=False):
        cells += [None] * (place - len(cells))
        cells.append(text)
    return cells


def _heading(section: Section) -> Sequence[Value]:
    cells: list[Value] = [Cell(section, Style.HEADING)]
    named = dict(zip(PLACES[section], COLUMNS[section], strict=False))
    cells += [Cell(named.get(place), Style.HEADING) for place in range(1, _COLUMNS)]
    return cells


_HEADINGS: Final = {section: _heading(section) for section in Section}
