"""What one writes of each line, and which of them is which: the table of the subjects of a record."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from governance.vocabulary import SubjectKind
from register.lines.models import (
    ActivityAsset,
    ActivityDecision,
    ActivityLine,
    ActivityMeasure,
    ActivityParty,
    ActivityPeople,
    ActivityRights,
    ActivityTransfer,
)
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLine:
    """Another organisation that takes part.

    Attributes:
        part: What it does or receives; of a joint controller, what the arrangement says (GDPR Art. 26).
    """

    party_id: uuid.UUID
    relation: Relation
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """That data go to another country.

    Attributes:
        country: ISO 3166-1, two letters.
        party_id: To whom; None where only a kind of recipient is named.
        recipient: Which kind of recipient.
        grounds: What covers this one, or where a copy of the safeguard can be had.
        assessment: What the transfer impact assessment found.
    """

    country: str
    party_id: uuid.UUID | None = None
    recipient: str = ""
    safeguard: Safeguard | None = None
    derogation: Derogation | None = None
    grounds: str = ""
    assessment: str = ""
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A measure of the catalogue, chosen for an activity."""

    measure_id: uuid.UUID
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleLine:
    """About how many people of a kind there are."""

    subject_kind: SubjectKind
    estimate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """What a machine decides, or makes of somebody.

    Attributes:
        solely: Whether no person decides, or whoever does follows the machine.
        ground: Which exception of GDPR Art. 22(2) it rests on.
    """

    name: str
    solely: bool = True
    ground: DecisionGround | None = None
    logic: str = ""
    significance: str = ""
    safeguards: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsLine:
    """How people exercise their rights, in both languages, and which limits there are."""

    how_fr: str = ""
    how_en: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetLine:
    """An application, or a table of the data map."""

    kind: AssetKind
    name: str


Content = PartyLine | TransferLine | MeasureLine | PeopleLine | DecisionLine | RightsLine | AssetLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How the lines of a subject are kept.

    Attributes:
        model: Their table.
        content: What one writes of each.
        key: The fields that tell one from another; an activity has one line of a key in force.
    """

    model: type[ActivityLine]
    content: type[Content]
    key: tuple[str, ...]

    def key_of(self, line: object) -> tuple[Any, ...]:
        """Return what tells this line, or its content, from the others of an activity."""
        return tuple(getattr(line, name) for name in self.key)

    def content_of(self, row: ActivityLine) -> Content:
        """Return what a row says."""
        return self.content(**{name: getattr(row, name) for name in self.names})

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of its content."""
        return tuple(each.name for each in fields(self.content))


SPECS: Final[Mapping[Subject, Spec]] = {
    Subject.PARTIES: Spec(
        model=ActivityParty,
        content=PartyLine,
        key=("party_id", "relation"),
    ),
    Subject.TRANSFERS: Spec(
        model=ActivityTransfer,
        content=TransferLine,
        key=("country", "party_id", "recipient"),
    ),
    Subject.MEASURES: Spec(model=ActivityMeasure, content=MeasureLine, key=("measure_id",)),
    Subject.PEOPLE: Spec(model=ActivityPeople, content=PeopleLine, key=("subject_kind",)),
    Subject.DECISIONS: Spec(model=ActivityDecision, content=DecisionLine, key=("name",)),
    Subject.RIGHTS: Spec(model=ActivityRights, content=RightsLine, key=()),
    Subject.ASSETS: Spec(model=ActivityAsset, content=AssetLine, key=("kind", "name")),
}
