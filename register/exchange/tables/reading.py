"""A register that is kept as a table: each line an activity, whatever program keeps it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from governance.errors import phrase
from register.exchange.codec import WrongValueError, read
from register.exchange.codec import plain as as_plain
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.tables.columns import Field
from register.exchange.tables.laying import Laid
from register.exchange.tables.line import Line
from register.exchange.tables.rows import activity_of
from register.exchange.unique import once_each
from register.exchange.written import MOST_ACTIVITIES, WrittenActivity
from register.values import PurposePart

NAME: Final = "table"
_ALL: Final = tuple(PurposePart)
_PLACES: Final[Mapping[str, Field]] = {
    "name_fr": Field.NAME, "name_en": Field.NAME, "slug": Field.REFERENCE, "controller": Field.CONTROLLER,
    "purposes": Field.PURPOSES, "transfers": Field.TRANSFERS, "measures": Field.MEASURES, "parties": Field.RECIPIENTS,
    "people": Field.ESTIMATE,
}  # fmt: skip


def read_table(laid: Laid, digest: str) -> ReadRegister:
    """Return the activities of a table.

    Args:
        laid: Where its headings stand, and what its columns say.
        digest: That of the file.

    Raises:
        MalformedRegisterError: If something in it cannot be read, with each row and cell.
    """
    found: list[PlacedActivity] = []
    wrongs: list[Wrong] = []
    for row in laid.sheet.below(laid.row):
        line = Line(row=row, headings=laid.headings, fields=laid.fields, strict=laid.said)
        _read(line, found, wrongs)
    if wrongs:
        raise MalformedRegisterError(wrongs=tuple(wrongs))
    columns = {place + 1: said.value for place, said in sorted(laid.fields.items())}
    return ReadRegister(format=NAME, digest=digest, activities=once_each(found), columns=columns)


def _read(line: Line, found: list[PlacedActivity], wrongs: list[Wrong]) -> None:
    if len(found) >= MOST_ACTIVITIES:
        reason = phrase("there are more than {most} activities: import them in parts", most=MOST_ACTIVITIES)
        raise MalformedRegisterError(wrongs=(Wrong(line.place(Field.NAME), reason),))
    if not line.said(Field.NAME):
        wrongs.append(Wrong(line.place(Field.NAME), phrase("the activity has no name: write it in this cell")))
        return
    activity = activity_of(line)
    wrongs += line.wrongs
    cells = {path: line.place(field) for path, field in _PLACES.items()}
    placed = PlacedActivity(
        activity=activity, where=line.place(Field.NAME), cells=cells, notes=tuple(line.notes), guessed=_ALL
    )
    try:
        read(WrittenActivity, as_plain(activity), "")
    except WrongValueError as error:
        wrongs.append(Wrong(placed.place_of(str(error.wrong.place).lstrip(".")), error.wrong.reason))
        return
    found.append(replace(placed, activity=activity))
