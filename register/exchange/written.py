"""An activity written out: everything that the register holds of it, and nothing that only this house can resolve.

Organisations and measures stand with their words instead of identifiers, purposes with their slugs, so that another
house reads the same. Every format of `register.exchange` writes these and reads these.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final, TypeAlias

from governance.actor import Role
from governance.periods import NONE, Period
from governance.vocabulary import SLUG_LENGTH, Channel, DataCategory, LawfulBasis, SubjectKind
from register.catalogue.values import Clause, MeasureDomain, SubProcessing
from register.lifecycle import ActivityState
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard
from register.models import LABEL_LENGTH
from register.values import Capacity, FinalFate, Provenance, SpecialCondition, StartingEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a text or a list is, or how large a number; and what a text looks like."""

    least: int = 0
    most: int
    pattern: str | None = None


Slug: TypeAlias = Annotated[str, Bounds(least=1, most=SLUG_LENGTH, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Country: TypeAlias = Annotated[str, Bounds(least=2, most=2, pattern=r"^[A-Z]{2}$")]
Label: TypeAlias = Annotated[str, Bounds(least=1, most=LABEL_LENGTH)]
Line: TypeAlias = Annotated[str, Bounds(most=LABEL_LENGTH)]
Words: TypeAlias = Annotated[str, Bounds(most=10_000)]
MOST_LINES: Final = 500
MOST_ACTIVITIES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenContact:
    """An organisation, or its representative or data protection officer. GDPR Art. 30(1)(a)."""

    name: Label
    legal_form: Line = ""
    registration: Annotated[str, Bounds(most=32)] = ""
    address: Words = field(default="", repr=False)
    postcode: Annotated[str, Bounds(most=16)] = ""
    city: Line = ""
    country: Country = "FR"
    email: Annotated[str, Bounds(most=320)] = field(default="", repr=False)
    telephone: Annotated[str, Bounds(most=32)] = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOfficer(WrittenContact):
    """A data protection officer; of an external one, the firm they act for. GDPR Art. 37(6)."""

    firm: WrittenContact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenParty(WrittenContact):
    """An organisation with those who stand for it."""

    representative: WrittenContact | None = None
    dpo: WrittenOfficer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTerms:
    """One category of one kind of person, and the terms on which a purpose uses it. GDPR Art. 30(1)(c), (f)."""

    subject_kind: SubjectKind
    category: DataCategory
    active_for: Period
    starting_event: StartingEvent
    archived_for: Period = NONE
    final_fate: FinalFate = FinalFate.DELETION
    obligatory: bool = False
    provenance: Provenance = Provenance.PERSON
    retention_source: Words = ""
    which_fr: Words = ""
    which_en: Words = ""
    whom_fr: Words = ""
    whom_en: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPurpose:
    """Why data is used.

    Attributes:
        basis: None where a file does not say it; the draft does not say it either, and cannot be submitted so.
        parent: The slug of the purpose of the same activity whose sub-purpose it is.
    """

    slug: Slug
    label_fr: Label
    label_en: Label
    basis: LawfulBasis | None = None
    consent_channel: Channel | None = None
    special_condition: SpecialCondition | None = None
    parent: Slug | None = None
    number_ground: Words = ""
    offences_ground: Words = ""
    legal_reference: Words = ""
    interest: Words = ""
    necessity: Words = ""
    balance: Words = ""
    data: Annotated[tuple[WrittenTerms, ...], Bounds(most=MOST_LINES)] = ()
    recipients: Annotated[tuple[Role, ...], Bounds(most=len(Role))] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenContract:
    """A contract with a processor, as somebody read it. GDPR Art. 28(3).

    Attributes:
        clauses: The points of Art. 28(3) that were found in it, (a) to (h).
        sub_processors: Those whom the processor may engage, one a line.
        document: Where it lies.
    """

    label: Label
    signed_on: date | None = None
    ends_on: date | None = None
    clauses: Annotated[tuple[Clause, ...], Bounds(most=len(Clause))] = ()
    sub_processing: SubProcessing = SubProcessing.NONE
    sub_processors: Words = field(default="", repr=False)
    audited_on: date | None = None
    document: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPartaking:
    """Another organisation that takes part.

    Attributes:
        contracts: Those that are on file with a processor, for whichever activity.
    """

    party: WrittenParty
    relation: Relation
    part: Words = ""
    contracts: Annotated[tuple[WrittenContract, ...], Bounds(most=MOST_LINES)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTransfer:
    """That data go to another country: to a party, or else to a kind of recipient."""

    country: Country
    party: WrittenParty | None = None
    recipient: Line = ""
    safeguard: Safeguard | None = None
    derogation: Derogation | None = None
    grounds: Words = ""
    assessment: Words = ""
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMeasure:
    """A measure of security, in the words of the catalogue."""

    domain: MeasureDomain
    label_fr: Label
    label_en: Label
    remark: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPeople:
    """About how many people of a kind there are."""

    subject_kind: SubjectKind
    estimate: Annotated[int, Bounds(most=2_000_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDecision:
    """What a machine decides, or makes of somebody. GDPR Art. 22."""

    name: Label
    solely: bool = True
    ground: DecisionGround | None = None
    logic: Words = ""
    significance: Words = ""
    safeguards: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRights:
    """How people exercise their rights."""

    how_fr: Words = ""
    how_en: Words = ""
    limits: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAsset:
    """An application, or a table of the data map."""

    kind: AssetKind
    name: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenActivity:
    """A processing activity, whole. GDPR Art. 30(1), 30(2).

    Attributes:
        controller: Who answers for it, with representative and data protection officer.
        state: How far it was when it was written out. What is read back is a draft.
        reference: What the firm calls its record.
        created_on: When its record was begun, here or wherever it was kept before.
        changed_on: When it was changed last.
    """

    slug: Slug
    name_fr: Label
    name_en: Label
    reference: Line = ""
    description: Words = ""
    capacity: Capacity = Capacity.CONTROLLER
    controller: WrittenParty | None = None
    purposes: Annotated[tuple[WrittenPurpose, ...], Bounds(most=MOST_LINES)] = ()
    parties: Annotated[tuple[WrittenPartaking, ...], Bounds(most=MOST_LINES)] = ()
    transfers: Annotated[tuple[WrittenTransfer, ...], Bounds(most=MOST_LINES)] = ()
    measures: Annotated[tuple[WrittenMeasure, ...], Bounds(most=MOST_LINES)] = ()
    people: Annotated[tuple[WrittenPeople, ...], Bounds(most=MOST_LINES)] = ()
    decisions: Annotated[tuple[WrittenDecision, ...], Bounds(most=MOST_LINES)] = ()
    rights: WrittenRights | None = None
    assets: Annotated[tuple[WrittenAsset, ...], Bounds(most=MOST_LINES)] = ()
    state: ActivityState | None = None
    created_on: date | None = None
    changed_on: date | None = None
