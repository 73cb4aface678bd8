"""What is said of a file brought in, and what is told of it: values without behaviour."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from governance.customers.importing.batches import Duplicates
from governance.customers.importing.mapping import ColumnMapping
from governance.customers.uploads.models import UploadState
from register.values import NoticeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a file is to be read.

    Attributes:
        columns: Column number to field or link; None for a column that is left out.
        constants: Field to the text that every row gets.
        meanings: Field to spellings, each with what it stands for.
        source: Where the data come from, in words.
        notice: Which notice the people were given; None where none is known.
        point: Through which collection point they came, where the people did not give them themselves.
        duplicates: What becomes of rows whose e-mail address is on file.
        collected_on: When the whole file was collected, where no column says it.
    """

    columns: Mapping[int, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(repr=False, default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(repr=False, default_factory=dict)
    source: str = ""
    notice: NoticeRef | None = None
    point: str = ""
    duplicates: Duplicates = Duplicates.REFUSE
    collected_on: date | None = None

    @property
    def mapping(self) -> ColumnMapping:
        """The same as an import takes it."""
        return ColumnMapping(
            numbers=self.columns, constants=self.constants, values=self.meanings, collected_on=self.collected_on
        )

    def to_bytes(self) -> bytes:
        """Return the settings as they are sealed."""
        return orjson.dumps(
            {
                "columns": {str(number): target for number, target in self.columns.items()},
                "constants": dict(self.constants),
                "meanings": {name: dict(spellings) for name, spellings in self.meanings.items()},
                "source": self.source,
                "notice": None if self.notice is None else str(self.notice),
                "point": self.point,
                "duplicates": self.duplicates.value,
                "collected_on": self.collected_on,
            }
        )

    @classmethod
    def from_bytes(cls, note: bytes) -> "Settings":
        """Read settings that were sealed."""
        said: dict[str, Any] = orjson.loads(note)
        day = said["collected_on"]
        return cls(
            columns={int(number): target for number, target in said["columns"].items()},
            constants=said["constants"],
            meanings=said["meanings"],
            source=said["source"],
            notice=NoticeRef.read(said["notice"] or ""),
            point=said["point"],
            duplicates=Duplicates(said["duplicates"]),
            collected_on=None if day is None else date.fromisoformat(day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTold:
    """What is told of a file to those who may know of it: nothing of what it holds.

    Attributes:
        own: Whether it is the reader's own.
        rows: Rows below the header, where it was read.
        row: How many of them were dealt with.
        accepted: Rows written.
        refused: Rows refused.
        failure: Why it broke off, as a code.
        ready: Whether it was said how it is read.
    """

    id: uuid.UUID
    own: bool
    table: str
    purpose: str
    state: UploadState
    size: int
    rows: int | None
    row: int
    accepted: int
    refused: int
    import_id: uuid.UUID | None
    failure: str | None
    ready: bool
    actor_id: uuid.UUID
    made_at: datetime
    changed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSeen:
    """A column of a file, as whoever brought it in sees it.

    Attributes:
        number: Counted from 1.
        header: What stands at its top.
        samples: Some of its cells.
        target: What it seems to fill, or was said to.
    """

    number: int
    header: str = field(repr=False)
    samples: tuple[str, ...] = field(repr=False)
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSpelling:
    """A cell that stands for none of a field's choices.

    Attributes:
        name: The field.
        text: What the cell holds.
        count: How often, among the rows that were looked at.
    """

    name: str
    text: str = field(repr=False)
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSeen:
    """A row as it would be kept: values by field."""

    number: int
    values: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What importing a file would come to, by its first rows.

    Attributes:
        fields: The fields that are filled, in the order of the map.
        rows: The first rows that would be written.
        left_out: The columns that fill nothing, by their headers, or by their numbers where they have none.
        tried: How many rows were tried.
        whole: Whether that is all of them.
        accepted: Of these, how many would be written.
        refused: Of these, how many would be refused.
        duplicates: Of the refused, how many for somebody or something on file.
        unsolicited: Of the accepted, how many are of people on the list of refusals.
        problems: How many rows each problem refuses: by field and code.
        unknown: Spellings that stand for none of a field's choices.
    """

    fields: tuple[str, ...]
    rows: tuple[RowSeen, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False, default=())
    tried: int
    whole: bool
    accepted: int
    refused: int
    duplicates: int
    unsolicited: int
    problems: Mapping[tuple[str, str], int]
    unknown: tuple[UnknownSpelling, ...] = field(repr=False, default=())
