"""What the lines of a record lack before it can be submitted, each with its article."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self, TypeVar

from sqlalchemy.orm import Session

from register.catalogue.adequacy import adequacy_on
from register.catalogue.contracts import contract_states
from register.catalogue.countries import EEA
from register.catalogue.models import Adequacy
from register.catalogue.values import ContractState
from register.lines.contents import TransferLine
from register.lines.models import ActivityDecision, ActivityLine, ActivityParty, ActivityRights, ActivityTransfer
from register.lines.told import Called, called_in, read_lines_of
from register.lines.values import DecisionGround, Derogation, Relation, Safeguard, Subject
from register.models import Activity
from register.shortcomings import Shortcoming
from register.values import Capacity, Standing

_Line = TypeVar("_Line", bound=ActivityLine)
# What will be in force once the controller has activated.
_REMAINING = frozenset({Standing.PROPOSED, Standing.IN_FORCE})
# GDPR Art. 46(2), 46(3): what has to be made effective in the country itself.
_APPROPRIATE = frozenset(Safeguard) - {Safeguard.ADEQUACY, Safeguard.DEROGATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What the lines of some activities say, and what stands beside them on a day.

    Attributes:
        every: The lines, by activity and subject.
        called: What the organisations and measures that they name are called.
        adequacy: The decision on adequacy in force for each country that has one.
        contracts: How the contract of each processor stands that would come.
    """

    every: Mapping[uuid.UUID, Mapping[Subject, Sequence[ActivityLine]]]
    called: Mapping[uuid.UUID, Called]
    adequacy: Mapping[str, Adequacy]
    contracts: Mapping[uuid.UUID, ContractState]

    @classmethod
    def read(cls, session: Session, activities: Collection[uuid.UUID], today: date) -> Self:
        """Read them, in as many statements for many activities as for one."""
        every = read_lines_of(session, activities)
        rows = [row for subjects in every.values() for each in subjects.values() for row in each]
        countries = {row.country for row in rows if isinstance(row, ActivityTransfer)}
        coming = [party for subjects in every.values() for party in _coming(subjects[Subject.PARTIES])]
        return cls(
            every=every,
            called=called_in(session, rows),
            adequacy=adequacy_on(session, countries, today),
            contracts=contract_states(session, coming, today),
        )

    def remaining(self, activity: uuid.UUID, kind: type[_Line]) -> list[_Line]:
        """Return the lines of a kind that will be in force once the controller has activated."""
        rows = (row for each in self.every[activity].values() for row in each)
        return [row for row in rows if isinstance(row, kind) and row.standing in _REMAINING]


def line_shortcomings(activity: Activity, lines: Lines) -> Iterator[Shortcoming]:
    """Yield what the lines of a record lack, or say against each other."""
    parties = lines.remaining(activity.id, ActivityParty)
    yield from _of_capacity(activity.capacity, {row.relation for row in parties})
    for row in parties:
        yield from _of_party(row, lines.called[row.party_id][0])
    for transfer in lines.remaining(activity.id, ActivityTransfer):
        name = transfer.recipient if transfer.party_id is None else lines.called[transfer.party_id][0]
        decision = lines.adequacy.get(transfer.country)
        yield from transfer_shortcomings(transfer, f"{name} ({transfer.country})", decision)
    for decides in lines.remaining(activity.id, ActivityDecision):
        yield from _of_decision(decides)
    for party in _coming(lines.every[activity.id][Subject.PARTIES]):
        if lines.contracts[party] in {ContractState.MISSING, ContractState.OVER}:
            yield Shortcoming(code="no-contract", article="GDPR Art. 28(3)", about=lines.called[party][0])


def decides_alone(activity: Activity, lines: Lines) -> bool:
    """Say whether a machine alone shall decide something of somebody."""
    return any(row.solely for row in lines.remaining(activity.id, ActivityDecision))


def says_how_to_exercise(activity: Activity, lines: Lines) -> bool:
    """Say whether the record tells how people exercise their rights: taking consent back is one of them."""
    return any(row.how_fr or row.how_en for row in lines.remaining(activity.id, ActivityRights))


def _coming(rows: Iterable[ActivityLine]) -> list[uuid.UUID]:
    """Return the processors that would come: they need a contract in force.

    One that is there already is not sent away by a date that passed: that is told all the time, and settled.
    """
    processors = [row for row in rows if isinstance(row, ActivityParty) and row.relation is Relation.PROCESSOR]
    there = {row.party_id for row in processors if row.standing is not Standing.PROPOSED}
    return list(dict.fromkeys(row.party_id for row in processors if row.party_id not in there))


def _of_capacity(capacity: Capacity, relations: Iterable[Relation]) -> Iterator[Shortcoming]:
    if capacity is Capacity.JOINT_CONTROLLER and Relation.JOINT_CONTROLLER not in relations:
        yield Shortcoming(code="no-joint-controller", article="GDPR Art. 26(1), 30(1)(a)")
    if capacity is Capacity.PROCESSOR and Relation.PRINCIPAL not in relations:
        yield Shortcoming(code="no-principal", article="GDPR Art. 30(2)(a)")


def _of_party(row: ActivityParty, name: str) -> Iterator[Shortcoming]:
    if row.relation is Relation.JOINT_CONTROLLER and not row.part:
        yield Shortcoming(code="no-arrangement", article="GDPR Art. 26(1), 26(2)", about=name)
    if row.relation is Relation.PRINCIPAL and not row.part:
        yield Shortcoming(code="no-categories-of-processing", article="GDPR Art. 30(2)(b)", about=name)


def transfer_shortcomings(
    row: ActivityTransfer | TransferLine, about: str, decision: Adequacy | None
) -> Iterator[Shortcoming]:
    """Yield what a transfer lacks, by the decision on adequacy that is in force for its country."""
    if row.country in EEA:
        return
    partial = decision is not None and decision.partial
    if row.safeguard is None:
        yield Shortcoming(code="transfer-without-safeguard", article="GDPR Art. 44, 46(1)", about=about)
    elif row.safeguard is Safeguard.ADEQUACY and decision is None:
        yield Shortcoming(code="no-adequacy-decision", article="GDPR Art. 45(1)", about=about)
    elif row.safeguard is Safeguard.ADEQUACY and partial and not row.grounds:
        yield Shortcoming(code="partial-adequacy-unexplained", article="GDPR Art. 45(1)", about=about)
    # Clauses and rules protect as far as the law of the country lets them (CJEU C-311/18).
    elif row.safeguard in _APPROPRIATE and (decision is None or partial) and not row.assessment:
        yield Shortcoming(code="no-transfer-assessment", article="GDPR Art. 46(1)", about=about)
    elif row.derogation is Derogation.COMPELLING_INTERESTS and not row.assessment:
        yield Shortcoming(code="no-transfer-assessment", article="GDPR Art. 49(1), 49(6)", about=about)


def _of_decision(row: ActivityDecision) -> Iterator[Shortcoming]:
    if not (row.logic and row.significance):
        yield Shortcoming(code="decision-unexplained", article="GDPR Art. 13(2)(f)", about=row.name)
    if not row.solely:
        return
    if row.ground is None:
        yield Shortcoming(code="decision-without-ground", article="GDPR Art. 22(1), 22(2)", about=row.name)
    elif row.ground is not DecisionGround.LAW and not row.safeguards:
        yield Shortcoming(code="decision-without-safeguards", article="GDPR Art. 22(3)", about=row.name)
