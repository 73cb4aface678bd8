"""The sheet of an activity as a person sees it: rows of words under headings, each with where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.errors import Phrase, phrase
from governance.spreadsheets.ods_writer import writable
from governance.spreadsheets.workbooks import Sheet
from register.exchange.cnil.labels import COLUMNS, NAME, PLACES, UNFILLED, Section, plain

_HEADINGS: Final = {plain(section): section for section in Section}
_LETTERS: Final = 26
# Headings that the template words otherwise elsewhere, or that people shorten.
_HEADINGS_TOO: Final = {
    "finalites du traitement": Section.PURPOSES,
    "finalite s du traitement": Section.PURPOSES,
    "categories de donnees personnelles": Section.DATA,
    "transferts hors ue eee": Section.TRANSFERS,
    "mesures de securite techniques et organisationnelles": Section.MEASURES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A row of a part.

    Attributes:
        label: What stands before it.
        texts: What is filled in, column by column; empty where nothing is.
        row: Its number in the sheet, from 1; 0 where it was never in one.
        columns: In which columns, counted from 0.
    """

    label: str
    texts: tuple[str, ...]
    row: int = 0
    columns: tuple[int, ...] = ()

    def __getitem__(self, column: int) -> str:
        return self.texts[column] if column < len(self.texts) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The sheet of an activity."""

    sheet: str = ""
    parts: Mapping[Section, Sequence[CardRow]] = field(default_factory=dict)

    def rows(self, section: Section) -> Sequence[CardRow]:
        """Return the rows of a part."""
        return self.parts.get(section, ())

    def said(self, label: str) -> CardRow | None:
        """Return the row of the description that has this label."""
        wanted = plain(label)
        return next((row for row in self.rows(Section.DESCRIPTION) if plain(row.label).startswith(wanted)), None)

    def place(self, row: CardRow | None = None, column: int = 0) -> Phrase:
        """Return where something of it stands."""
        if row is None or not row.row:
            return phrase("sheet “{sheet}”", sheet=self.sheet)
        letter = column_letters(row.columns[column] if column < len(row.columns) else 0)
        return phrase("sheet “{sheet}”, cell {cell}", sheet=self.sheet, cell=f"{letter}{row.row}")


def same_words(one: Sequence[CardRow], other: Sequence[CardRow]) -> bool:
    """Say whether two parts tell the same; blanks do not count, nor where a row stands."""
    return _told(one) == _told(other)


def seen(text: str) -> str:
    """Return what is left of a text once it has stood in a cell: no blanks at its ends, one between its words."""
    return " ".join(writable(_unless_unfilled(text)).split())


def _told(rows: Sequence[CardRow]) -> list[tuple[str, ...]]:
    told = (tuple(map(seen, row.texts)) for row in rows)
    return [texts[: max(place for place, text in enumerate(texts) if text) + 1] for texts in told if any(texts)]


def column_letters(place: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def read_card(sheet: Sheet) -> Card | None:
    """Return the sheet of an activity; None where the sheet is none."""
    parts: dict[Section, list[CardRow]] = {}
    section: Section | None = None
    columns: tuple[int, ...] = ()
    first = _first_column(sheet)
    if first is None:
        return None
    for number, cells in enumerate(sheet.rows, start=1):
        label = cells[first].strip() if first < len(cells) else ""
        heading = _heading(label)
        if heading is not None:
            section, columns = heading, _columns(heading, cells, first)
            parts.setdefault(section, [])
        elif section is not None and any(cell.strip() for cell in cells[first:]):
            texts = tuple(_filled(cells, column) for column in columns)
            if label or any(texts):
                row = CardRow(label=label, texts=texts, row=number, columns=columns)
                parts[section].append(row)
    has_name = any(plain(row.label).startswith(plain(NAME)) for row in parts.get(Section.DESCRIPTION, ()))
    return Card(sheet=sheet.name, parts=parts) if has_name and len(parts) > 1 else None


def _first_column(sheet: Sheet) -> int | None:
    """Return in which column the labels stand: people insert columns before it."""
    wanted = plain(NAME)
    for cells in sheet.rows:
        for place, cell in enumerate(cells):
            if plain(cell) == wanted:
                return place
    return None


def _heading(label: str) -> Section | None:
    words = plain(label)
    return _HEADINGS.get(words) or _HEADINGS_TOO.get(words)


def _columns(section: Section, cells: Sequence[str], first: int) -> tuple[int, ...]:
    """Return the columns of a part: where their headings stand, or where the template has them."""
    found = {plain(cell): place for place, cell in reversed(list(enumerate(cells))) if place > first}
    places = PLACES[section]
    names = COLUMNS[section]
    if not names:
        return tuple(first + place for place in places)
    return tuple(found.get(plain(name), first + place) for name, place in zip(names, places, strict=True))


def _filled(cells: Sequence[str], column: int) -> str:
    return _unless_unfilled(cells[column].strip()) if column < len(cells) else ""


def _unless_unfilled(text: str) -> str:
    return "" if plain(text) in UNFILLED and not any(each.isdigit() for each in text) else text


def filled_rows(card: Card, section: Section) -> Iterator[CardRow]:
    """Yield the rows of a part in which something is filled in."""
    yield from (row for row in card.rows(section) if any(row.texts))
