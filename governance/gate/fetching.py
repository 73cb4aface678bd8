"""What both ways of fetching have in common: the question, and the batches that answer it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from governance.gate.filters import NO_FILTERS, Filters
from governance.gate.program import Program
from governance.gate.query import Order

Row = Sequence[Any]
Position = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which rows, in which order.

    Attributes:
        filters: What they must be.
        order: Fields to order by, before what orders rows anyhow.
    """

    filters: Filters = NO_FILTERS
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows, one after the other.

    Attributes:
        rows: Tuples as the program's format has them.
        end: The position of the last row that was looked at.
        exhausted: Whether no row lies behind it.
        unenrolled: How many rows were looked at that are not registered, and so not given.
    """

    rows: Sequence[Row] = field(repr=False)
    end: Position | None = field(repr=False)
    exhausted: bool
    unenrolled: int = 0


class Fetcher(Protocol):
    """Fetches the rows of one program."""

    @property
    def program(self) -> Program:
        """The program."""
        ...

    def batch(self, question: Question, start: Position | None, wanted: int) -> Batch:
        """Return the rows behind a position; the first ones for None."""
        ...

    def one(self, row_id: uuid.UUID) -> Row | None:
        """Return one row, if it is there."""
        ...

    def position(self, question: Question, row: Row) -> Position:
        """Return where a row of a batch stands in the order."""
        ...

    def order_length(self, question: Question) -> int:
        """Return how many values a position has."""
        ...
