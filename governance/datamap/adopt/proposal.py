"""A proposed map: what a person is shown before anything can be read."""

from dataclasses import dataclass
from enum import StrEnum

from governance.datamap.values import FieldKind, Link, MappedField


class Confidence(StrEnum):
    """How much a proposal rests on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why something is proposed, in phrases. Shares and counts; never a value of the database."""

    confidence: Confidence
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The grounds in one line."""
        return f"{self.confidence.value}: {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedField:
    """A field, and why."""

    field: MappedField
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLink:
    """A link to a data subject, and why."""

    link: Link
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A column or table that is not proposed: it stays unreachable until a person describes it.

    Attributes:
        name: Its physical name.
        reason: Why.
        kind: What a person might start from, for a column.
    """

    name: str
    reason: str
    kind: FieldKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTable:
    """A table, and why it is taken for what it is."""

    name: str
    physical: str
    schema: str | None
    key: tuple[str, ...]
    about: Grounds
    links: tuple[ProposedLink, ...]
    fields: tuple[ProposedField, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A whole proposal.

    Attributes:
        source: The name proposed for the database; None for Égide's own.
        address: Its address without a password; None where it needs one.
        tables: The tables proposed.
        left_out: The tables that are not.
    """

    source: str | None
    address: str | None
    tables: tuple[ProposedTable, ...]
    left_out: tuple[LeftOut, ...]
