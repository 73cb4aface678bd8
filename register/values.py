"""The register's words, and what the floors above read of it: frozen, verified, without a database behind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, Self, TypeVar

from governance.actor import Role
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode

_Row = TypeVar("_Row")


class Capacity(StrEnum):
    """In what capacity the organisation processes: whose register an activity stands in. GDPR Art. 30(1) and (2)."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint-controller"
    PROCESSOR = "processor"


class SpecialCondition(StrEnum):
    """Why special categories may be processed. GDPR Art. 9(2)(a) to (j), in that order."""

    EXPLICIT_CONSENT = "explicit-consent"
    EMPLOYMENT = "employment"
    VITAL_INTERESTS = "vital-interests"
    NON_PROFIT_BODY = "non-profit-body"
    MADE_PUBLIC = "made-public"
    LEGAL_CLAIMS = "legal-claims"
    PUBLIC_INTEREST = "public-interest"
    HEALTH_CARE = "health-care"
    PUBLIC_HEALTH = "public-health"
    ARCHIVING_RESEARCH = "archiving-research"


class Provenance(StrEnum):
    """Where data of a category comes from. Anything but the person brings GDPR Art. 14."""

    PERSON = "person"
    INTERNAL = "internal"
    THIRD_PARTY_FILE = "third-party-file"
    PUBLIC_SOURCE = "public-source"


class StartingEvent(StrEnum):
    """What starts a retention period."""

    COLLECTION = "collection"
    LAST_CONTACT = "last-contact"
    LAST_ORDER = "last-order"
    END_OF_RELATIONSHIP = "end-of-relationship"
    END_OF_CONTRACT = "end-of-contract"
    END_OF_FINANCIAL_YEAR = "end-of-financial-year"
    PAYMENT = "payment"
    CLOSURE = "closure"
    WITHDRAWAL = "withdrawal"


class FinalFate(StrEnum):
    """What becomes of data once every period has ended."""

    DELETION = "deletion"
    ANONYMISATION = "anonymisation"
    HISTORICAL_ARCHIVE = "historical-archive"


class Standing(StrEnum):
    """Whether a row of a purpose is in force.

    A proposed row comes into force when the controller activates, and a leaving one goes then; an ended purpose keeps
    its number, which nothing else may ever have.
    """

    PROPOSED = "proposed"
    IN_FORCE = "in-force"
    LEAVING = "leaving"
    ENDED = "ended"


FORCE: Final = frozenset({Standing.IN_FORCE, Standing.LEAVING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long data of one category of one kind of person is kept.

    Attributes:
        active_days: Days in the active base, from the starting event.
        archive_days: Days in the intermediate archive, after the active base.
        starting_event: What the days are counted from.
        final_fate: What becomes of the data at the end.
    """

    active_days: int
    archive_days: int
    starting_event: StartingEvent
    final_fate: FinalFate


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredData:
    """What a purpose declares about one category of one kind of person."""

    obligatory: bool
    provenance: Provenance
    retention: Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPurpose:
    """A purpose as the gate sees it: every row it comes from has its attestation checked.

    Attributes:
        id: The purpose's number, never reused.
        open: Whether data may be read for it now: its activity runs and the purpose is in force.
        mode: The mode that was set for its activity; whether it observes is a question of the time.
        observes_until: When the observation ends; None where none has an end, and so none counts.
        consent_channel: The channel on which consent is probed; None where the purpose needs no consent.
        data: What it may use: pairs of kind and category in force.
        recipients: The roles in force that may receive it.
        retention: How long each pair is kept.
    """

    id: int
    slug: str
    label_fr: str
    label_en: str
    activity_slug: str
    activity_state: ActivityState
    open: bool
    mode: Mode
    basis: LawfulBasis
    consent_channel: Channel | None
    special_condition: SpecialCondition | None
    data: frozenset[tuple[SubjectKind, DataCategory]]
    recipients: frozenset[Role]
    declared: Mapping[tuple[SubjectKind, DataCategory], DeclaredData]
    observes_until: datetime | None = None

    def observes(self, now: datetime) -> bool:
        """Say whether missing grants are reported instead of refused. It ends by itself, whatever job runs or not."""
        return self.mode is Mode.OBSERVE and self.observes_until is not None and now < self.observes_until

    @property
    def retention(self) -> Mapping[tuple[SubjectKind, DataCategory], Retention]:
        """How long each pair is kept."""
        return MappingProxyType({pair: data.retention for pair, data in self.declared.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row that was left out because its attestation does not hold: what it would open stays closed."""

    table: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPurposes(Mapping[str, DeclaredPurpose]):
    """Every declared purpose by slug, and the rows that were left out."""

    by_slug: Mapping[str, DeclaredPurpose]
    problems: tuple[Problem, ...] = ()
    by_id: Mapping[int, DeclaredPurpose] = field(init=False)

    def __post_init__(self) -> None:
        by_id = {purpose.id: purpose for purpose in self.by_slug.values()}
        object.__setattr__(self, "by_id", MappingProxyType(by_id))

    def __getitem__(self, slug: str) -> DeclaredPurpose:
        return self.by_slug[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_slug)

    def __len__(self) -> int:
        return len(self.by_slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[_Row]):
    """Some rows of a list in the order of their keys.

    Attributes:
        rows: The rows.
        next: What to give as `after` for the rows that follow; None where there are none.
    """

    rows: Sequence[_Row]
    next: str | None

    @classmethod
    def cut(cls, found: Sequence[_Row], limit: int, key: Callable[[_Row], str]) -> Self:
        """Return at most `limit` of the rows found, of which one more than the limit was asked for."""
        rows = found[:limit]
        return cls(rows=rows, next=key(rows[-1]) if len(found) > limit else None)
