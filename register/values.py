"""The register's words, and what the floors above read of it: frozen, verified, without a database behind."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, Self, TypeVar

from governance.actor import Role
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode

_Row = TypeVar("_Row")
_NOTICE: Final = re.compile(r"([a-z0-9-]{1,64})@([0-9]{1,7})/([a-z]{2})")


class Capacity(StrEnum):
    """In what capacity the organisation processes: whose register an activity stands in. GDPR Art. 30(1) and (2)."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint-controller"
    PROCESSOR = "processor"


class Register(StrEnum):
    """One of the two registers: of what is done for oneself, and of what is done for others. GDPR Art. 30(1), 30(2)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"

    @property
    def capacities(self) -> frozenset[Capacity]:
        """In what capacities the activities are done that stand in it."""
        others = frozenset({Capacity.PROCESSOR})
        return others if self is Register.PROCESSOR else frozenset(Capacity) - others


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


class PurposePart(StrEnum):
    """A part of a purpose that was filled in beforehand, and that somebody has to look at."""

    WORDS = "words"
    DATA = "data"
    RECIPIENTS = "recipients"


class Origin(StrEnum):
    """Where the parts of a purpose that nobody has looked at come from."""

    STARTING_POINT = "starting-point"
    FILE = "import"
    REFUSED_READS = "refused-reads"
    PARENT = "parent"


class OlderData(StrEnum):
    """How a purpose stands to data that was collected under no notice that names it. GDPR Art. 6(4), 13(3), 14(4).

    Of those that open, the first that holds is told.
    """

    COLLECTED_FOR = "collected-for"
    CONSENT = "consent"
    LAW = "law"
    COMPATIBLE = "compatible"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRef:
    """One version of a text in one language."""

    slug: str
    version: int = 1
    language: str = "fr"

    def __str__(self) -> str:
        return f"{self.slug}@{self.version}/{self.language}"

    @classmethod
    def read(cls, text: str) -> "NoticeRef | None":
        """Return the reference that a text writes as above; None where it is none."""
        found = _NOTICE.fullmatch(text)
        return None if found is None else cls(slug=found[1], version=int(found[2]), language=found[3])


FORCE: Final = frozenset({Standing.IN_FORCE, Standing.LEAVING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long data of one category of one kind of person is kept.

    Attributes:
        active_for: In the active base, from the starting event.
        archived_for: In the intermediate archive, after the active base.
        starting_event: What the first runs from.
        final_fate: What becomes of the data at the end.
    """

    active_for: Period
    archived_for: Period
    starting_event: StartingEvent
    final_fate: FinalFate

    def ends(self, day: date) -> date:
        """Return the last day on which data are kept whose event was on a day."""
        return self.archived_for.ends(self.active_for.ends(day))

    def latest_over(self, today: date) -> date:
        """Return the latest day of an event from which no phase covers today any more."""
        return self.active_for.latest_event(self.archived_for.latest_event(today - timedelta(days=1)))


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
        collected_for: Whether the data on file when it began was collected for it, as the controller declared.
        named_by: The numbers of the notices that name it.
        compatible_from: From when older data is open to it by a compatibility test; None where by none.
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
    collected_for: bool = False
    named_by: frozenset[int] = frozenset()
    compatible_from: datetime | None = None

    def older_data(self, now: datetime) -> OlderData:
        """Return how it stands to data that was collected under no notice that names it."""
        if self.collected_for:
            return OlderData.COLLECTED_FOR
        if self.compatible_from is not None and self.compatible_from <= now:
            return OlderData.COMPATIBLE
        return older_by_basis(self.basis, self.consent_channel)

    def observes(self, now: datetime) -> bool:
        """Say whether missing grants are reported instead of refused. It ends by itself, whatever job runs or not."""
        return self.mode is Mode.OBSERVE and self.observes_until is not None and now < self.observes_until

    @property
    def retention(self) -> Mapping[tuple[SubjectKind, DataCategory], Retention]:
        """How long each pair is kept."""
        return MappingProxyType({pair: data.retention for pair, data in self.declared.items()})


def older_by_basis(basis: LawfulBasis | None, consent_channel: Channel | None) -> OlderData:
    """Return what the basis alone makes of older data: GDPR Art. 6(4), first sentence.

    Consent names the purpose to each person, and is looked up for each; a text of law that obliges needs no test.
    """
    if consent_channel is not None:
        return OlderData.CONSENT
    return OlderData.LAW if basis is LawfulBasis.LEGAL_OBLIGATION else OlderData.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row that was left out because its attestation does not hold: what it would open stays closed."""

    table: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPurposes(Mapping[str, DeclaredPurpose]):
    """Every declared purpose by slug, and the rows that were left out.

    Attributes:
        notices: The numbers of the notices that were published, which are those that name a purpose.
    """

    by_slug: Mapping[str, DeclaredPurpose]
    problems: tuple[Problem, ...] = ()
    notices: Mapping[NoticeRef, int] = field(default_factory=dict)
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
