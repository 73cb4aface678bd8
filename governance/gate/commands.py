"""What may be written through the gate, and what a write answers: values without behaviour."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.entries import EntryRef
from governance.gate.retries.service import Retry
from register.values import NoticeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRow:
    """A row to create.

    Attributes:
        links: By link, the row of the person's own table, where the row speaks of somebody on file.
        source: Where the data comes from; the actor's own entry where empty.
        notice: Which notice the people were given; None where none is known, which closes the row to later purposes.
        retry: Makes a repeated request the first one's answer.
        twice: Whether a person may be put on file whose e-mail address somebody on file has: a couple shares one.
    """

    purpose: str
    table: str
    values: Mapping[str, object] = field(repr=False)
    links: Mapping[str, uuid.UUID] = field(default_factory=dict)
    source: str = ""
    notice: NoticeRef | None = None
    retry: Retry | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """Fields of a row to change; the others stay.

    Attributes:
        revision: The one that the change was made against.
        notice: Which notice the person was given this time; None where none, so that what they were told before holds
            (GDPR Art. 13(4)).
        twice: Whether the person may get an e-mail address that somebody else on file has.
    """

    purpose: str
    table: str
    id: uuid.UUID
    revision: int
    values: Mapping[str, object] = field(repr=False)
    source: str = ""
    notice: NoticeRef | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRow:
    """A row to delete. The person it speaks of stays on file: erasing a person is another matter."""

    purpose: str
    table: str
    id: uuid.UUID
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """What a write answers."""

    id: uuid.UUID
    revision: int
    entry: EntryRef | None
