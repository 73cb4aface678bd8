"""What is asked of the gate, and what it answers: values without behaviour."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from typing import Any, Final

import orjson

from audit.entries import EntryRef
from governance.gate.reasons import Reason

LOWEST_LIMIT: Final = 1
HIGHEST_LIMIT: Final = 1_000
DEFAULT_LIMIT: Final = 100

Scalar = str | int | float | bool | None


class Operator(StrEnum):
    """How a field is compared with what was given."""

    EQUAL = "="
    IN = "in"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    PREFIX = "prefix"
    SOUNDS_LIKE = "sounds-like"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One filter. Its value may identify somebody, so it is not in the repr.

    Attributes:
        field: A field, or a link of the table, whose value is then the identifier of a row.
        operator: How it is compared.
        value: What it is compared with.
        of: For a link, the table whose row is named, where it is another than the person's own: the customer of an
            order is found by the order.
    """

    field: str
    operator: Operator = Operator.EQUAL
    value: Scalar | tuple[Scalar, ...] = attribute(repr=False)
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One field to order by; rows without a value come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to the gate.

    Attributes:
        purpose: The slug of a declared purpose.
        table: The name of a table of the data map.
        fields: The fields wanted; None for all of the table.
        where: Filters, all of which must hold.
        order: Fields to order by; the table's own order where empty.
        limit: Rows on a page, 1 to 1000.
        after: The cursor that came with the page before.
        rows: Only these, by their own identifiers, no more than a page holds; all where empty. For a room that keeps
            them; nobody outside names rows so.
    """

    purpose: str
    table: str
    fields: tuple[str, ...] | None = None
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    rows: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows that were given, and the entry of the log that says so.

    Attributes:
        purpose: The purpose they were given for.
        table: Their table.
        rows: A JSON array of objects; of a single row, the object.
        count: How many rows.
        withheld: The fields that were asked for and are not given of these rows, or not of all, each with the reason.
        entry: Where the log records the read.
        next: The cursor of the page after; None where this is the last.
        left_out: How many rows were left out, by reason, as the log has them.
    """

    purpose: str
    table: str
    rows: bytes = attribute(repr=False)
    count: int
    withheld: Mapping[str, Reason]
    entry: EntryRef
    next: str | None = None
    left_out: Mapping[str, int] = attribute(default_factory=dict)

    def decoded(self) -> list[dict[str, Any]]:
        """The rows as Python values."""
        rows: list[dict[str, Any]] | dict[str, Any] = orjson.loads(self.rows)
        return [rows] if isinstance(rows, dict) else rows

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.decoded())

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A part of a stream: newline-delimited JSON, recorded before it is handed out."""

    lines: bytes = attribute(repr=False)
    count: int
    entry: EntryRef
