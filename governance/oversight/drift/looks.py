"""What a look of the worker says, written and read back: counts, days and names of columns; no value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import orjson

from governance.datamap.drafting.undeclared import UndeclaredColumn, UndeclaredTable
from governance.datamap.values import MappedTable
from governance.oversight.drift.models import DriftLook
from governance.oversight.drift.values import Pair
from governance.vocabulary import DataCategory, SubjectKind

_TABLE: Final = "table:"
_SOURCE: Final = "source:"
_ROWS: Final = "rows:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """The data of one category of one kind of person in a table.

    Attributes:
        oldest: When the oldest of them were collected.
        count: How many rows were older than every period when the worker looked.
    """

    pair: Pair
    oldest: date | None
    count: int
    looked_at: datetime


def tells_age(table: MappedTable) -> bool:
    """Say whether a table says when its data were collected: only beside the boxes that Égide fills itself."""
    return not table.adopted and bool(table.boxes)


def place_of_table(table: str) -> str:
    """Return the place of one of Égide's own tables."""
    return f"{_TABLE}{table}"


def place_of_source(source: str) -> str:
    """Return the place of an adopted database."""
    return f"{_SOURCE}{source}"


def place_of_rows(table: str) -> str:
    """Return the place of the attested rows of a table that only grows."""
    return f"{_ROWS}{table}"


def table_of_place(place: str) -> str | None:
    """Return the table of a place where data age; None where it is another."""
    return place.removeprefix(_TABLE) if place.startswith(_TABLE) else None


def source_of_place(place: str) -> str | None:
    """Return the database of a place; None where it is another."""
    return place.removeprefix(_SOURCE) if place.startswith(_SOURCE) else None


def rows_of_place(place: str) -> str | None:
    """Return the table of a place whose rows are verified; None where it is another."""
    return place.removeprefix(_ROWS) if place.startswith(_ROWS) else None


def told_altered(count: int) -> str:
    """Return how many rows were altered as a look keeps it."""
    return orjson.dumps([{"altered": count}]).decode()


def altered_in(look: DriftLook) -> int:
    """Return how many rows a look found altered."""
    return sum(int(each["altered"]) for each in orjson.loads(look.found))


def told_ages(ages: Iterable[tuple[Pair, date | None, int]]) -> str:
    """Return ages as a look keeps them."""
    told = [
        {"kind": kind.value, "category": category.value, "oldest": oldest, "count": count}
        for (kind, category), oldest, count in ages
    ]
    return orjson.dumps(told).decode()


def aged_in(look: DriftLook) -> list[Aged]:
    """Return the ages that a look found, those of one kind of people and one category together."""
    found: dict[Pair, Aged] = {}
    for each in orjson.loads(look.found):
        pair = (SubjectKind(each["kind"]), DataCategory(each["category"]))
        days = [] if each["oldest"] is None else [date.fromisoformat(each["oldest"])]
        count = each["count"]
        if pair in found:
            before = found[pair]
            days += [] if before.oldest is None else [before.oldest]
            count += before.count
        found[pair] = Aged(pair=pair, oldest=min(days, default=None), count=count, looked_at=look.looked_at)
    return list(found.values())


def told_columns(tables: Iterable[UndeclaredTable]) -> str:
    """Return columns as a look keeps them."""
    return orjson.dumps(
        [
            {
                "schema": table.schema,
                "table": table.physical,
                "columns": [{"name": each.name, "guarded": each.guarded} for each in table.columns],
            }
            for table in tables
        ]
    ).decode()


def columns_in(look: DriftLook) -> list[UndeclaredTable]:
    """Return the columns that a look found."""
    return [
        UndeclaredTable(
            schema=each["schema"],
            physical=each["table"],
            columns=tuple(UndeclaredColumn(name=one["name"], guarded=one["guarded"]) for one in each["columns"]),
        )
        for each in orjson.loads(look.found)
    ]
