"""What the drift report is made of: findings, each of a kind, with a severity and whom it concerns."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

import orjson

from governance.actor import Role
from governance.oversight.values import Label
from governance.vocabulary import DataCategory, SubjectKind
from register.values import Capacity

_ID_BYTES: Final = 16


class Severity(StrEnum):
    """How much a finding matters, the gravest first."""

    SERIOUS = "serious"
    SETTLE = "to-settle"
    KNOW = "to-know"


class Kind(StrEnum):
    """What a finding is about, in the order in which they are told."""

    # What was altered outside Égide, so that the report leaves it out.
    ALTERED = "altered"
    # Data kept longer than every period that covers them.
    OVERDUE = "overdue"
    # Processors whose contract is missing, over or incomplete.
    CONTRACT = "contract"
    # Transfers that no safeguard in force protects.
    TRANSFER = "transfer"
    # Activities that are likely to need an impact assessment, where none is on file.
    ASSESSMENT = "assessment"
    # The officer whom the register names, and another one designated.
    OFFICER = "officer"
    # Columns found by their content, which the map does not describe.
    UNDECLARED = "undeclared"
    # Columns of the map that no activity in force covers.
    UNCOVERED = "uncovered"
    # Reads refused for want of a purpose.
    REFUSED = "refused"
    # Purposes granted for a year and never read for.
    UNUSED = "unused"
    # What a starting point proposed, in force and looked at by nobody.
    DEFAULTS = "defaults"
    # Records whose day of review has passed.
    REVIEW = "review"
    # Tables that an activity names and the map does not hold.
    ASSET = "asset"
    # Data that an activity names and no column holds.
    UNHELD = "unheld"


Pair = tuple[SubjectKind, DataCategory]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRef:
    """An activity that a finding is about."""

    id: uuid.UUID
    slug: str
    label: Label
    owner_id: uuid.UUID | None
    capacity: Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """That a finding was set aside: until when, why, by whom."""

    until: date
    severity: Severity
    reason: str
    by: uuid.UUID
    at: datetime


def name_of(kind: Kind, *key: str) -> str:
    """Return what names a finding, by its kind and its key."""
    return hashlib.sha256(orjson.dumps([kind.value, *key])).digest()[:_ID_BYTES].hex()


@dataclass(slots=True, kw_only=True, eq=False)
class Finding:
    """One place where practice and paper part; what is kept about it is put on it once it was found.

    Attributes:
        key: What tells it from the others of its kind: slugs and names, nothing personal.
        concerns: Whose it is to settle.
        code: Which case of its kind it is.
        activities: The activities it is about.
        label: What the register calls it, in both languages; `name`, where it has one name.
        reference: The identifier of what is to be mended, where its page takes one.
        parts: What of it, by code: the criteria that are met, what a contract lacks; who is named and who designated.
        count: How many columns, reads, rows, parts or days.
        at: A moment that its words tell: the last refusal, the last look.
        id: What names it in addresses: the same as long as it is found.
        since: When it was seen first; None where the worker has not seen it yet.
        aside: That it is set aside.
    """

    kind: Kind
    severity: Severity
    key: tuple[str, ...]
    concerns: Role
    code: str = ""
    activities: tuple[ActivityRef, ...] = ()
    label: Label | None = None
    name: str = ""
    place: str = ""
    role: Role | None = None
    purpose: str | None = None
    pairs: tuple[Pair, ...] = ()
    columns: tuple[str, ...] = ()
    reference: str = ""
    parts: tuple[str, ...] = ()
    count: int = 1
    day: date | None = None
    at: datetime | None = None
    since: datetime | None = None
    aside: Aside | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = name_of(self.kind, *self.key)

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Where it stands: the gravest first, then by kind, the largest first."""
        return _SEVERITIES[self.severity], _KINDS[self.kind], -self.count, self.id

    @property
    def cursor(self) -> str:
        """Its place in a list, for the page that follows."""
        severity, kind, count, identifier = self.order
        return f"{severity}.{kind}.{-count}.{identifier}"


_SEVERITIES: Final[Mapping[Severity, int]] = {each: place for place, each in enumerate(Severity)}
_KINDS: Final[Mapping[Kind, int]] = {each: place for place, each in enumerate(Kind)}
_PAIRS: Final[Mapping[Pair, int]] = {
    pair: place for place, pair in enumerate((kind, category) for kind in SubjectKind for category in DataCategory)
}


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Return pairs in the order of the vocabulary."""
    return tuple(sorted(pairs, key=_PAIRS.__getitem__))


def place_of(cursor: str) -> tuple[int, int, int, str]:
    """Return the place that a cursor says.

    Raises:
        ValueError: If it is none.
    """
    severity, kind, count, identifier = cursor.split(".", 3)
    return int(severity), int(kind), -int(count), identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the report looked at: an empty report is worth as much as that.

    Attributes:
        activities: How many activities run.
        columns: How many columns of the map speak of somebody.
        purposes: How many purposes are open.
        data_at: When the worker last looked at the data themselves; None where it never did.
        unreachable: Databases that did not answer it then.
        unaged: Tables of the map with data of people whose age cannot be told: nothing in them says when these were
            collected. None of them is ever found to be kept too long.
    """

    activities: int = 0
    columns: int = 0
    purposes: int = 0
    data_at: datetime | None = None
    unreachable: tuple[str, ...] = ()
    unaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """Everything that differs, the gravest first.

    Attributes:
        whole: Whether every kind could be told; where what decides was altered as a set, nothing but that can.
    """

    findings: Sequence[Finding]
    looked: Looked = field(default_factory=Looked)
    whole: bool = True

    @property
    def open(self) -> list[Finding]:
        """Those that are not set aside."""
        return [each for each in self.findings if each.aside is None]

    @property
    def set_aside(self) -> list[Finding]:
        """Those that are set aside for now."""
        return [each for each in self.findings if each.aside is not None]

    @property
    def counts(self) -> dict[Severity, int]:
        """How many are open, by severity."""
        found = self.open
        return {severity: sum(each.severity is severity for each in found) for severity in Severity}

    def for_owner(self, owner: uuid.UUID | None) -> Self:
        """Return what concerns the activities of one head of a line, and what was altered: that concerns everybody."""
        mine = [
            each
            for each in self.findings
            if each.kind is Kind.ALTERED or any(owner == ref.owner_id for ref in each.activities if ref.owner_id)
        ]
        return replace(self, findings=mine)
