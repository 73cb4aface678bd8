"""Where the headings of a table stand and what its columns say: as found, or as somebody says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NoReturn

from governance.errors import Phrase, phrase
from governance.spreadsheets.files import Row
from register.exchange.cnil.card import column_letters
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.tables.asked import AskedColumns
from register.exchange.tables.columns import ONCE, Certainty, Field, certainty_of, is_register, recognised
from register.exchange.tables.labels import FIELD_LABELS

# Below how many rows nobody looks for headings.
_MOST_HEADINGS: Final = 20
# A single column is no table.
_LEAST: Final = 2
_SAMPLES: Final = 3
_SAMPLED_ROWS: Final = 200
_SAMPLE: Final = 80
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet, or the whole of a CSV file, which has no name.

    Attributes:
        rows: From the first on, as often as they are gone through.
        hidden: Whether its owner put it out of sight: it is taken where somebody names it, or there is no other.
    """

    name: str
    rows: Iterable[list[str]]
    hidden: bool = False

    def below(self, number: int) -> Iterator[Row]:
        """Yield the rows that follow one, by its number, in which something stands."""
        for each, cells in enumerate(self.rows, start=1):
            if each > number and any(cell and not cell.isspace() for cell in cells):
                yield Row(number=each, cells=cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """How a table lies.

    Attributes:
        row: The number of the row of headings.
        fields: What each column says, by its place; whatever is in none is kept under its heading.
        complete: Whether it is a register as it is: it names activities and their purposes.
        said: Whether somebody said so.
    """

    sheet: TableSheet
    row: int
    headings: Sequence[str]
    fields: Mapping[int, Field]
    complete: bool
    said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as a person is asked about it.

    Attributes:
        number: Counted from 1.
        samples: Different values, from the top.
        says: What it says, where that is known.
    """

    number: int
    letters: str
    heading: str
    samples: Sequence[str]
    says: Field | None
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for the columns of a file.

    Attributes:
        digest: SHA-256 of the file.
        sheets: The names of its sheets; one that is empty for a file that has none.
    """

    digest: str
    sheets: Sequence[str]
    sheet: str
    row: int
    columns: Sequence[Column]

    @property
    def known(self) -> bool:
        """Say whether what each column says is known."""
        return all(each.says is not None for each in self.columns)


def lay(sheets: Sequence[TableSheet], asked: AskedColumns | None) -> Laid | None:
    """Return how a table lies; None where nothing looks like one.

    Raises:
        MalformedRegisterError: If something is said of the columns that cannot be.
    """
    given = None if asked is None else asked.row
    wanted: frozenset[str] = frozenset() if asked is None else frozenset(heading.strip() for heading in asked.columns)
    looked_at = sheets if asked is None or asked.sheet is None else [_named(sheets, asked.sheet)]
    candidates = [laid for each in looked_at if (laid := _found(each, given, wanted)) is not None]
    # Of those that look alike, the first: `max` keeps it.
    best = max(candidates, key=lambda each: _likeness(each, wanted), default=None)
    if asked is None or best is None:
        if asked is not None and given is not None:
            _refuse(phrase("row {row}", row=given), phrase("no headings stand there: choose another row"))
        return best
    return _as_asked(best, asked)


def propose(laid: Laid, sheets: Sequence[TableSheet], digest: str) -> Proposal:
    """Return what a person is asked about the columns."""
    samples: dict[int, dict[str, None]] = {}
    for row in islice(laid.sheet.below(laid.row), _SAMPLED_ROWS):
        for place, cell in enumerate(row.cells):
            told = samples.setdefault(place, {})
            if cell.strip() and len(told) < _SAMPLES:
                told[cell.strip()[:_SAMPLE]] = None
    width = max((len(laid.headings), *(place + 1 for place, told in samples.items() if told)))
    return Proposal(
        digest=digest,
        sheets=[each.name for each in sheets],
        sheet=laid.sheet.name,
        row=laid.row,
        columns=[
            _column(laid, place, list(samples.get(place, {})))
            for place in range(width)
            if _heading(laid, place) or samples.get(place)
        ],
    )


def _column(laid: Laid, place: int, samples: Sequence[str]) -> Column:
    heading = _heading(laid, place)
    certainty = Certainty.SAID if laid.said else certainty_of(heading)
    # One that recognises a heading may still leave it to a second column of the same name.
    says = laid.fields.get(place)
    return Column(
        number=place + 1,
        letters=column_letters(place),
        heading=heading[:_SHOWN],
        samples=samples,
        says=says,
        certainty=Certainty.UNKNOWN if says is None else certainty,
    )


def _heading(laid: Laid, place: int) -> str:
    return laid.headings[place].strip() if place < len(laid.headings) else ""


def _likeness(laid: Laid, wanted: frozenset[str]) -> tuple[bool, int, bool, int]:
    """Say how much a row looks like the headings that are looked for."""
    named = len(wanted.intersection(map(str.strip, laid.headings)))
    return not laid.sheet.hidden, named, laid.complete, len(laid.fields)


def _found(sheet: TableSheet, given: int | None, wanted: frozenset[str]) -> Laid | None:
    """Return how a sheet lies, its headings in a row that is given or the one that looks most like it."""
    best: Laid | None = None
    for number, cells in enumerate(islice(sheet.rows, given or _MOST_HEADINGS), start=1):
        if given not in {None, number} or sum(1 for cell in cells if cell.strip()) < (1 if given else _LEAST):
            continue
        fields = recognised(cells)
        complete = is_register(fields)
        laid = Laid(sheet=sheet, row=number, headings=cells, fields=fields, complete=complete, said=False)
        if best is None or _outdoes(_likeness(laid, wanted), _likeness(best, wanted)):
            best = laid
    return best


def _outdoes(one: tuple[bool, int, bool, int], other: tuple[bool, int, bool, int]) -> bool:
    """Say whether a row below is the headings rather than one above: by a word, a line of data may look like them."""
    return one[:3] > other[:3] or (one[:3] == other[:3] and not one[2] and one[3] > other[3] + 1)


def _as_asked(laid: Laid, asked: AskedColumns) -> Laid:
    if not asked.columns and not asked.numbers:
        return laid
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(laid.headings):
        places.setdefault(heading.strip(), []).append(place)
    said: dict[int, Field] = {}
    for heading, field in asked.columns.items():
        if heading.strip() not in places:
            _refuse(phrase("“{heading}”", heading=heading[:_SAMPLE]), phrase("no column has this heading"))
        said |= dict.fromkeys(places[heading.strip()], field)
    said |= {number - 1: field for number, field in asked.numbers.items()}
    once = ONCE.intersection(said.values())
    fields = {place: field for place, field in laid.fields.items() if field not in once} | said
    wrongs = [*_twice(fields), *_nameless(fields)]
    if wrongs:
        raise MalformedRegisterError(wrongs=tuple(wrongs))
    return Laid(sheet=laid.sheet, row=laid.row, headings=laid.headings, fields=fields, complete=True, said=True)


def _twice(fields: Mapping[int, Field]) -> Iterator[Wrong]:
    for field in ONCE:
        columns = [column_letters(place) for place, found in sorted(fields.items()) if found is field]
        if len(columns) > 1:
            place = phrase("columns {columns}", columns=", ".join(columns))
            yield Wrong(place, phrase("only one column can say this: {field}", field=phrase(FIELD_LABELS[field])))


def _nameless(fields: Mapping[int, Field]) -> Iterator[Wrong]:
    if Field.NAME not in fields.values():
        yield Wrong(phrase("the columns"), phrase("say which one names the activities"))


def _named(sheets: Sequence[TableSheet], name: str) -> TableSheet:
    found = next((each for each in sheets if each.name == name), None)
    if found is None:
        _refuse(phrase("sheet “{sheet}”", sheet=name[:_SAMPLE]), phrase("the file has no such sheet"))
    return found


def _refuse(place: Phrase, reason: Phrase) -> NoReturn:
    raise MalformedRegisterError(wrongs=(Wrong(place, reason),))
