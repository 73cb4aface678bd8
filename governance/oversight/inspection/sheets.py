"""What a part says on paper, in blocks; the same tables leave as CSV, for whoever sorts and counts."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Final

from governance.spreadsheets.cells import neutralise

# A document shows so many lines of a table, and says where the rest is.
MOST_ROWS: Final = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a document."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `article` is the provision behind it, `quiet` says that it explains, and states nothing."""

    text: str
    article: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that stand as they are: a signed note, a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        columns: What each is called, with the share of the width that it takes.
        empty: What is said where there is no line.
        name: How its CSV is named; empty where it leaves on paper alone.
    """

    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    empty: str = ""
    name: str = ""

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        """What a document shows of it."""
        return self.rows[:MOST_ROWS]


Block = Heading | Words | Code | Facts | Table


def write_table(out: IO[bytes], table: Table) -> None:
    """Write a table as CSV; what begins like a formula gets an apostrophe in front."""
    # With the mark of UTF-8, without which a spreadsheet takes accents for something else.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([label for label, _ in table.columns])
    writer.writerows([neutralise(cell) for cell in row] for row in table.rows)
    text.flush()
    text.detach()
