"""What the register states of activities, for whoever is handed a document: read whole, a batch in as many statements.

Of an activity that came into force, what is in force; of a draft, what it says. What is proposed beside something in
force is nobody's business outside the house. A row that was altered outside Égide is stated by nobody.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.service import called
from governance.vault.attest import Attested, Attestor
from register.catalogue.adequacy import adequacy_on
from register.catalogue.contracts import contract_states
from register.catalogue.models import Adequacy
from register.catalogue.values import ContractState
from register.in_force import being_rewritten, is_settled, told_in_force, told_in_place, versions_gone, words_told
from register.lifecycle import ActivityState
from register.lines.contents import SPECS, Content, DecisionLine, PartyLine, TransferLine
from register.lines.models import ActivityLine
from register.lines.rights import rights_under
from register.lines.told import Called, named_by
from register.lines.values import Relation, Subject
from register.models import Activity, ActivityVersion, Party, Purpose, PurposeData
from register.on_file import measures_on_file, parties_and_theirs, parties_on_file
from register.record import TERMS
from register.service.purposes.records import PurposeRecord, describe_purposes
from register.values import FORCE, Register, Standing

# More decisions on one activity than that are left to the pages.
DECISIONS: Final = 12
_BATCH: Final = 100
_NOBODY: Final = uuid.UUID(int=0)


class _Standing(Protocol):
    @property
    def standing(self) -> Standing: ...


_Row = TypeVar("_Row", bound=_Standing)
_Settled = Callable[[_Standing], bool]
_Lines = Mapping[Subject, Mapping[uuid.UUID, Sequence[ActivityLine]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPurpose:
    """A purpose, the data it uses on the terms that count, and who receives them."""

    purpose: Purpose
    data: tuple[PurposeData, ...]
    recipients: tuple[Role, ...]

    @property
    def groups(self) -> tuple[tuple[PurposeData, ...], ...]:
        """Its data, those of one kind of people that are on the same terms together."""
        found: dict[object, list[PurposeData]] = {}
        for row in self.data:
            found.setdefault((row.subject_kind, *(getattr(row, name) for name in TERMS)), []).append(row)
        return tuple(map(tuple, found.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLine:
    """A line of the record beside its purposes, with what the organisation or measure that it names is called."""

    content: Content
    called: Called | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDecision:
    """One decision on the activity, without the text that its version keeps; `number` is its place among them all."""

    version: ActivityVersion
    who: str | None
    number: int

    @property
    def digest(self) -> str:
        """The SHA-256 of its text, in hexadecimal: what the log holds."""
        return hashlib.sha256(self.version.snapshot.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the register states of one activity on a day.

    Attributes:
        settled: Whether it came into force, so that what is in force is stated, and not what is proposed.
        owner: What the head of the business line is called.
        lines: What else the record says, by subject.
        contracts: How the contracts of its processors stand, perhaps among others.
        adequacy: The decisions on adequacy in force for the countries it sends data to, perhaps among others.
        decisions: The last ones, the newest first.
        earlier: How many came before them.
        gone: How many versions were taken away outside Égide; those that are left are numbered without them.
    """

    activity: Activity
    settled: bool
    controller: Party | None
    representative: Party | None
    dpo: Party | None
    dpo_firm: Party | None
    owner: str | None
    purposes: tuple[StatedPurpose, ...]
    lines: Mapping[Subject, tuple[StatedLine, ...]]
    contracts: Mapping[uuid.UUID, ContractState]
    adequacy: Mapping[str, Adequacy]
    decisions: tuple[StatedDecision, ...]
    earlier: int
    gone: int

    @property
    def rights(self) -> list[tuple[str, str]]:
        """Which rights people have by the bases of its purposes, each with its article."""
        machines = [line.content for line in self.lines[Subject.DECISIONS]]
        alone = any(isinstance(each, DecisionLine) and each.solely for each in machines)
        return list(rights_under({each.purpose.basis for each in self.purposes}, decides_alone=alone))


def state_activities(
    session: Session, attestor: Attestor, activities: Sequence[Activity], today: date
) -> tuple[Stated, ...]:
    """Return what is stated of these activities, in their order.

    Raises:
        AttestationError: If a row of one of them was altered outside Égide: nothing is stated then.
    """
    reader = _Reader(session, attestor, [activity.id for activity in activities])
    for activity in activities:
        attestor.verify(activity)
    kept = reader.in_force(activities)
    activities = [replace(each, **words_told(kept[each.id])) if each.id in kept else each for each in activities]
    parties = reader.parties(activities)
    owners = called(session, {each.owner_id for each in activities if each.owner_id is not None})
    purposes, lines, decisions = reader.purposes(), reader.lines(), reader.decisions()
    contracts, adequacy = _contracts(session, lines, today), _adequacy(session, lines, today)
    gone = versions_gone(session, *(activity.id for activity in activities)) if activities else {}
    found = []
    for activity in activities:
        side, controller = _side(activity), parties.get(activity.controller_id or _NOBODY)
        dpo = parties.get((controller and controller.dpo_id) or _NOBODY)
        versions, earlier = decisions[activity.id]
        found.append(
            Stated(
                activity=activity,
                settled=_settled(activity),
                controller=controller,
                representative=parties.get((controller and controller.representative_id) or _NOBODY),
                dpo=dpo,
                dpo_firm=parties.get((dpo and dpo.firm_id) or _NOBODY),
                owner=owners.get(activity.owner_id or _NOBODY),
                purposes=tuple(
                    _purpose(each, side, kept.get(activity.id)) for each in purposes[activity.id] if side(each.purpose)
                ),
                lines={each: tuple(_lines(each, lines[each][activity.id], side, reader)) for each in Subject},
                contracts=contracts,
                adequacy=adequacy,
                decisions=versions,
                earlier=earlier,
                gone=gone.get(activity.slug, 0),
            )
        )
    return tuple(found)


def stated_activities(
    session: Session,
    attestor: Attestor,
    only: Collection[str] | None,
    today: date,
    register: Register | None = None,
) -> Iterator[Stated]:
    """Yield what is stated of activities in the order in which they were drafted, a batch at a time.

    Args:
        session: A transaction that reads; what was read is let go with its batch.
        attestor: Who vouches for the rows.
        only: The slugs of those wanted; None for all but those that were retired.
        today: The day on which contracts and decisions on adequacy count.
        register: Which of the two registers; None for both.

    Raises:
        AttestationError: If a row of one of them was altered outside Égide.
    """
    wanted = Activity.state != ActivityState.RETIRED if only is None else Activity.slug.in_(only)
    statement = select(Activity).where(wanted).order_by(Activity.id).limit(_BATCH)
    if register is not None:
        statement = statement.where(Activity.capacity.in_(register.capacities))
    rows = session.scalars(statement).all()
    while rows:
        yield from state_activities(session, attestor, rows, today)
        last = rows[-1].id
        session.expunge_all()
        rows = session.scalars(statement.where(Activity.id > last)).all()


def _settled(activity: Activity) -> bool:
    return is_settled(activity.state, running=activity.running)


def _side(activity: Activity) -> _Settled:
    """Return which rows of an activity count, of several that say the same thing."""
    settled = _settled(activity)

    def counts(row: _Standing) -> bool:
        return row.standing in FORCE if settled else row.standing in {Standing.PROPOSED, Standing.IN_FORCE}

    return counts


def _chosen(rows: Iterable[_Row], side: _Settled, key: Callable[[_Row], Hashable]) -> list[_Row]:
    """Return the rows that count; of two of one key, that which is proposed: in a draft it replaces the other."""
    found: dict[Hashable, _Row] = {}
    for row in filter(side, rows):
        if key(row) not in found or row.standing is Standing.PROPOSED:
            found[key(row)] = row
    return list(found.values())


def _purpose(record: PurposeRecord, side: _Settled, kept: Mapping[str, Any] | None) -> StatedPurpose:
    data = _chosen(record.data, side, lambda row: (row.subject_kind, row.category))
    roles = {row.role for row in record.recipients if side(row)}
    return StatedPurpose(
        purpose=record.purpose if kept is None else replace(record.purpose, **told_in_place(kept, record.purpose.slug)),
        data=tuple(sorted(data, key=lambda row: (row.subject_kind.code, row.category.code))),
        recipients=tuple(role for role in Role if role in roles),
    )


def _lines(subject: Subject, rows: Iterable[ActivityLine], side: _Settled, reader: "_Reader") -> Iterator[StatedLine]:
    spec = SPECS[subject]
    for row in _chosen(rows, side, spec.key_of):
        yield StatedLine(content=spec.content_of(row), called=reader.called.get(named_by(row) or _NOBODY))


class _Reader:
    """Reads everything of some activities, a table at a time, and checks that each row is Égide's."""

    def __init__(self, session: Session, attestor: Attestor, ids: Collection[uuid.UUID]) -> None:
        self._session: Final = session
        self._attestor: Final = attestor
        self._ids: Final = ids
        self.called: dict[uuid.UUID, Called] = {}

    def in_force(self, activities: Iterable[Activity]) -> Mapping[uuid.UUID, Mapping[str, Any]]:
        """Return what the version in force keeps of each activity whose own words may be others by now."""
        rewritten = {
            each.id: each.version_in_force
            for each in activities
            if _settled(each) and being_rewritten(each.words_in_force, each.state)
        }
        return told_in_force(self._session, self._attestor, rewritten)

    def parties(self, activities: Iterable[Activity]) -> Mapping[uuid.UUID, Party]:
        wanted = {each.controller_id for each in activities if each.controller_id is not None}
        return parties_and_theirs(self._session, wanted)

    def purposes(self) -> Mapping[uuid.UUID, list[PurposeRecord]]:
        rows = self._session.scalars(select(Purpose).where(Purpose.activity_id.in_(self._ids)).order_by(Purpose.id))
        found: dict[uuid.UUID, list[PurposeRecord]] = defaultdict(list)
        for record in describe_purposes(self._session, rows.all()):
            verified: list[Attested] = [record.purpose, *record.data, *record.recipients]
            for row in verified:
                self._attestor.verify(row)
            found[record.purpose.activity_id].append(record)
        return found

    def lines(self) -> _Lines:
        found: dict[Subject, dict[uuid.UUID, list[ActivityLine]]] = {each: defaultdict(list) for each in Subject}
        every: list[ActivityLine] = []
        for subject, spec in SPECS.items():
            statement = select(spec.model).where(spec.model.activity_id.in_(self._ids)).order_by(spec.model.id)
            for row in self._session.scalars(statement):
                self._attestor.verify(row)
                found[subject][row.activity_id].append(row)
                every.append(row)
        named = {each for row in every if (each := named_by(row)) is not None}
        parties, measures = parties_on_file(self._session, named), measures_on_file(self._session, named)
        self.called = {key: (row.name, row.name) for key, row in parties.items()}
        self.called |= {key: (row.label_fr, row.label_en) for key, row in measures.items()}
        return found

    def decisions(self) -> Mapping[uuid.UUID, tuple[tuple[StatedDecision, ...], int]]:
        place = func.row_number().over(
            partition_by=ActivityVersion.activity_id, order_by=ActivityVersion.revision.desc()
        )
        newest = (
            select(ActivityVersion.activity_id, ActivityVersion.revision, place.label("place"))
            .where(ActivityVersion.activity_id.in_(self._ids))
            .subquery()
        )
        rows = self._session.scalars(
            select(ActivityVersion)
            .join(
                newest,
                (newest.c.activity_id == ActivityVersion.activity_id) & (newest.c.revision == ActivityVersion.revision),
            )
            .where(newest.c.place <= DECISIONS)
            .order_by(ActivityVersion.revision.desc())
        ).all()
        counted = (
            select(ActivityVersion.activity_id, func.count())
            .where(ActivityVersion.activity_id.in_(self._ids))
            .group_by(ActivityVersion.activity_id)
        )
        kept = {row[0]: row[1] for row in self._session.execute(counted)}
        names = called(self._session, {row.actor_id for row in rows if row.actor_id is not None})
        found: dict[uuid.UUID, list[StatedDecision]] = {each: [] for each in self._ids}
        for row in rows:
            self._attestor.verify(row)
            decided = found[row.activity_id]
            number = kept[row.activity_id] - len(decided)
            decided.append(StatedDecision(version=row, who=names.get(row.actor_id or _NOBODY), number=number))
        return {key: (tuple(each), kept.get(key, 0) - len(each)) for key, each in found.items()}


def _contracts(session: Session, lines: _Lines, today: date) -> Mapping[uuid.UUID, ContractState]:
    named = [content for content in _contents(lines, Subject.PARTIES) if isinstance(content, PartyLine)]
    processors = {each.party_id for each in named if each.relation is Relation.PROCESSOR}
    return contract_states(session, processors, today)


def _adequacy(session: Session, lines: _Lines, today: date) -> Mapping[str, Adequacy]:
    named = _contents(lines, Subject.TRANSFERS)
    return adequacy_on(session, {each.country for each in named if isinstance(each, TransferLine)}, today)


def _contents(lines: _Lines, subject: Subject) -> Iterator[Content]:
    return (SPECS[subject].content_of(row) for rows in lines[subject].values() for row in rows)
