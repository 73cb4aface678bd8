"""What the file of accountability is made of: training, the officer's designation, letters of authorities, maturity."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

HIGHEST_LEVEL: Final = 5


class Mandate(StrEnum):
    """Whether the officer is of the house or of a firm. GDPR Art. 37(6)."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Direction(StrEnum):
    """Which way a letter went."""

    IN = "in"
    OUT = "out"


class MaturityActivity(StrEnum):
    """The eight activities by which the CNIL lets an organisation assess itself (its model of 2021)."""

    PROCEDURES = "procedures"
    GOVERNANCE = "governance"
    INVENTORY = "inventory"
    COMPLIANCE = "compliance"
    TRAINING = "training"
    REQUESTS = "requests"
    SECURITY = "security"
    BREACHES = "breaches"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTerms:
    """A session that was held, whole.

    Attributes:
        accounts: Those that took part.
    """

    subject: str
    held_on: date
    minutes: int
    held_by: str = field(repr=False, default="")
    note: str = field(repr=False, default="")
    accounts: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerTerms:
    """A designation, whole."""

    name: str = field(repr=False)
    mandate: Mandate
    since: date
    firm_id: uuid.UUID | None = None
    until: date | None = None
    number: str = ""
    declared_on: date | None = None
    published: str = field(repr=False, default="")
    resources: str = field(repr=False, default="")
    conflicts: str = field(repr=False, default="")
    conflicts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTerms:
    """A letter from or to an authority, whole."""

    authority: str
    direction: Direction
    dated_on: date
    subject: str = field(repr=False)
    reference: str = ""
    summary: str = field(repr=False, default="")
    due_on: date | None = None
    answers_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """Where an activity stands, where it is to stand, and why it is thought so."""

    level: int
    target: int
    justification: str = field(repr=False, default="")


MaturityTerms = Mapping[MaturityActivity, Assessed]
