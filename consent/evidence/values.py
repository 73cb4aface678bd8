"""Evidence as values: what a caller gives with an event, and what is told of it afterwards."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from governance.errors import mark
from governance.vocabulary import SLUG_LENGTH, Coded

# A sentence beside a box, or a script that an operator reads out; not a contract.
MOST_WORDS: Final = 2000
FORM_LENGTH: Final = SLUG_LENGTH
MOST_NAME: Final = 200


class Weakness(Coded):
    """What an event lacks to prove a consent. Stored as a bit each."""

    NO_PROOF = mark("no-proof")
    UNKNOWN_DATE = mark("unknown-date")
    UNKNOWN_WORDS = mark("unknown-words")
    BUNDLED = mark("bundled")

    @property
    def bit(self) -> int:
        """Its bit in the column."""
        return 1 << (self.code - 1)


class Age(StrEnum):
    """What the person said of their age, where it matters: LIL art. 45."""

    UNDER_15 = mark("under-15")
    FROM_15 = mark("from-15")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The exact words that were shown or read out, and the form they stood on.

    Attributes:
        text: The label beside the box, or the script of an operator, as it was.
        form: The form's name at whoever collected; empty for none.
        version: The form's version; 0 for none.
        language: The language of the words.
    """

    text: str
    form: str = ""
    version: int = 0
    language: str = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """The holder of parental authority who agreed together with a minor. LIL art. 45.

    Attributes:
        name: What they are called.
        means: How they were asked and how they answered, in a few words.
    """

    name: str = field(repr=False)
    means: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves one event. Its repr names nobody.

    Attributes:
        wording: What was shown.
        address: The network address that it came from; shortened before it is kept.
        device: What the browser said of itself; shortened before it is kept.
        age: What the person said of their age.
        guardian: Who agreed with a minor.
        file_id: A scan among the sealed files.
        weaknesses: What it lacks.
    """

    wording: Wording | None = None
    address: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
    age: Age | None = None
    guardian: Guardian | None = None
    file_id: uuid.UUID | None = None
    weaknesses: frozenset[Weakness] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvidence:
    """Evidence as it is on file.

    Attributes:
        sequence: Of the event.
        evidence: What it says; the address and the device as short as they are kept.
        intact: Whether nothing of it was altered outside Égide.
    """

    sequence: int
    evidence: Evidence
    intact: bool = True
