"""What a file would bring, and bringing it: every activity a draft, by the same use cases as by hand, or none at all.

Nothing that is there is written over: an activity whose reference or name the register holds already is left out, or
drafted under another name, as somebody says.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.errors import listed
from register.exchange.checking import check_register
from register.exchange.errors import NameClashError, NothingToImportError
from register.exchange.naming import ContractsNamed, MeasuresNamed, PartiesNamed
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.written import WrittenActivity, WrittenPurpose
from register.lifecycle import ActivityState
from register.lines.contents import (
    AssetLine,
    Content,
    DecisionLine,
    MeasureLine,
    PartyLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.values import Subject
from register.models import LABEL_LENGTH, Activity, Purpose, UnconfirmedDefault
from register.permissions import check_drafts
from register.service.activities import NewActivity, draft_activity
from register.service.contents import (
    DataTerms,
    Desk,
    SetPurposeData,
    SetPurposeRecipients,
    set_purpose_data,
    set_purpose_recipients,
)
from register.service.lines import SetLines, set_lines
from register.service.naming import free_slug
from register.service.purposes import NewPurpose, add_purpose
from register.service.recording import record_change
from register.slugs import numbered_slugs
from register.values import Origin

REGISTER: Final = "register"
_OF_PURPOSES: Final = (
    "label_fr", "label_en", "consent_channel", "special_condition", "number_ground", "offences_ground",
    "legal_reference", "interest", "necessity", "balance",
)  # fmt: skip


class Fate(StrEnum):
    """What becomes of an activity of a file."""

    DRAFT = "draft"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An activity of a file, beside what the register holds.

    Attributes:
        placed: The activity, and where it stands.
        clashes_with: The slug of an activity that has its reference or its name; None where it is new.
        named: The activity under the reference and the names that it would be drafted with.
    """

    placed: PlacedActivity
    clashes_with: str | None
    named: WrittenActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRegister:
    """A file to import.

    Attributes:
        fates: What becomes of activities, by their place in the file; any other is drafted where it is new.
        clashing: What becomes of those whose name is taken; None asks.
    """

    register: ReadRegister
    fates: Mapping[int, Fate] = field(default_factory=dict)
    clashing: Fate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file.

    Attributes:
        drafted: The slugs of the drafts.
        left_out: How many activities were left out.
        parties: How many organisations were put on file.
        measures: How many measures were added to the catalogue.
        contracts: How many contracts with processors were put on file, to be looked at.
    """

    drafted: Sequence[str]
    left_out: int
    parties: int
    measures: int
    contracts: int


def look_over(session: Session, register: ReadRegister) -> list[Candidate]:
    """Return what a file would bring, and what of it is there already. Writes nothing.

    Raises:
        MalformedRegisterError: If it contradicts itself.
    """
    check_register(register.activities)
    there = session.execute(select(Activity.slug, Activity.name_fr, Activity.state).order_by(Activity.id)).all()
    slugs = {row.slug for row in there}
    names = {_plain(row.name_fr): row.slug for row in there if row.state is not ActivityState.RETIRED}
    return list(_candidates(register, slugs, names))


def import_register(session: Session, desk: Desk, actor: Actor, command: ImportRegister) -> Imported:
    """Draft the activities of a file, all of those wanted or none.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        MalformedRegisterError: If it contradicts itself, or names a measure that only the DPO could add.
        NameClashError: If names are taken and nobody said what to do.
        NothingToImportError: If nothing is left to draft.
        NumbersExhaustedError: If every number of purposes was given.
    """
    check_drafts(actor)
    candidates = look_over(session, command.register)
    wanted = [each for place, each in enumerate(candidates) if _fate(command, place, each) is Fate.DRAFT]
    undecided = [each.clashes_with for place, each in enumerate(candidates) if _fate(command, place, each) is None]
    if undecided:
        raise NameClashError(slugs=listed(dict.fromkeys(undecided)))
    if not wanted:
        raise NothingToImportError
    writing = _Writing(session, desk, actor, command.register)
    drafted = [writing.draft(each) for each in wanted]
    done = Imported(
        drafted=drafted,
        left_out=len(candidates) - len(drafted),
        parties=writing.parties.added,
        measures=writing.measures.added,
        contracts=writing.contracts.added,
    )
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.IMPORT,
            actor=actor,
            object_type=REGISTER,
            details={
                "format": command.register.format,
                "file": command.register.digest,
                "drafted": len(done.drafted),
                "left_out": done.left_out,
                "parties": done.parties,
                "measures": done.measures,
                "contracts": done.contracts,
            },
        ),
    )
    return done


def _fate(command: ImportRegister, place: int, candidate: Candidate) -> Fate | None:
    if place in command.fates:
        return command.fates[place]
    return Fate.DRAFT if candidate.clashes_with is None else command.clashing


def _candidates(register: ReadRegister, slugs: Collection[str], names: Mapping[str, str]) -> Iterator[Candidate]:
    # What the file itself will take is taken too.
    taken = {*slugs, *(each.activity.slug for each in register.activities)}
    for placed in register.activities:
        activity = placed.activity
        by_name = names.get(_plain(activity.name_fr))
        named = activity
        if activity.slug in slugs:
            named = replace(activity, slug=next(each for each in numbered_slugs(activity.slug) if each not in taken))
            taken.add(named.slug)
        if by_name is not None:
            named = replace(named, name_fr=_numbered(activity.name_fr), name_en=_numbered(activity.name_en))
        clash = activity.slug if activity.slug in slugs else by_name
        yield Candidate(placed=placed, clashes_with=clash, named=named)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _numbered(name: str) -> str:
    return f"{name[: LABEL_LENGTH - 4]} (2)"


class _Writing:
    """The writing of one file, within one transaction."""

    def __init__(self, session: Session, desk: Desk, actor: Actor, register: ReadRegister) -> None:
        activities = [each.activity for each in register.activities]
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self._register: Final = register
        self.parties: Final = PartiesNamed(session, desk, actor, activities)
        self.measures: Final = MeasuresNamed(session, desk, actor)
        self.contracts: Final = ContractsNamed(session, desk, actor)

    def draft(self, candidate: Candidate) -> str:
        """Draft one activity, and return its slug."""
        written = candidate.named
        command = NewActivity(
            slug=written.slug,
            name_fr=written.name_fr,
            name_en=written.name_en,
            reference=written.reference,
            kept_since=written.created_on,
            description=written.description,
            capacity=written.capacity,
            controller_id=None if written.controller is None else self.parties.of(written.controller),
        )
        activity = draft_activity(self._session, self._desk.clock, self._desk.ids, self._actor, command)
        given: dict[str, str] = {}
        for purpose in written.purposes:
            given[purpose.slug] = self._purpose(activity, purpose, given, candidate.placed)
        for subject, lines in self._lines(written, candidate.placed).items():
            if lines:
                command_lines = SetLines(activity=activity.id, subject=subject, lines=lines)
                set_lines(self._session, self._desk, self._actor, command_lines)
        for each in written.parties:
            if each.contracts:
                self.contracts.keep(self.parties.of(each.party), each.contracts)
        record_change(
            self._session, self._actor, activity, "import", format=self._register.format, file=self._register.digest
        )
        return activity.slug

    def _purpose(
        self, activity: Activity, written: WrittenPurpose, given: Mapping[str, str], placed: PlacedActivity
    ) -> str:
        command = NewPurpose(
            activity=activity.id,
            slug=free_slug(self._session, Purpose.slug, written.slug),
            basis=written.basis,
            parent=None if written.parent is None else given[written.parent],
            **{name: getattr(written, name) for name in _OF_PURPOSES},
        )
        purpose = add_purpose(self._session, self._desk.clock, self._desk.attestor, self._actor, command)
        terms = [
            DataTerms(**{name: getattr(each, name) for name in DataTerms.__dataclass_fields__}) for each in written.data
        ]
        set_purpose_data(self._session, self._desk, self._actor, SetPurposeData(purpose=purpose.id, data=terms))
        roles = frozenset(written.recipients)
        set_purpose_recipients(
            self._session, self._desk, self._actor, SetPurposeRecipients(purpose=purpose.id, roles=roles)
        )
        for part in placed.guessed:
            self._session.add(UnconfirmedDefault(purpose_id=purpose.id, part=part, starting_point=Origin.FILE))
        self._session.flush()
        return purpose.slug

    def _lines(self, written: WrittenActivity, placed: PlacedActivity) -> Mapping[Subject, Sequence[Content]]:
        rights = written.rights
        return {
            Subject.PARTIES: [
                PartyLine(party_id=self.parties.of(each.party), relation=each.relation, part=each.part)
                for each in written.parties
            ],
            Subject.TRANSFERS: [
                TransferLine(
                    country=each.country,
                    party_id=None if each.party is None else self.parties.of(each.party),
                    recipient=each.recipient,
                    safeguard=each.safeguard,
                    derogation=each.derogation,
                    grounds=each.grounds,
                    assessment=each.assessment,
                    assessed_on=each.assessed_on,
                )
                for each in written.transfers
            ],
            Subject.MEASURES: [
                MeasureLine(
                    measure_id=self.measures.of(each, placed.place_of(f"measures[{place}]")), remark=each.remark
                )
                for place, each in enumerate(written.measures)
            ],
            Subject.PEOPLE: [
                PeopleLine(subject_kind=each.subject_kind, estimate=each.estimate) for each in written.people
            ],
            Subject.DECISIONS: [
                DecisionLine(**{name: getattr(each, name) for name in DecisionLine.__dataclass_fields__})
                for each in written.decisions
            ],
            Subject.RIGHTS: []
            if rights is None
            else [RightsLine(how_fr=rights.how_fr, how_en=rights.how_en, limits=rights.limits)],
            Subject.ASSETS: [AssetLine(kind=each.kind, name=each.name) for each in written.assets],
        }
