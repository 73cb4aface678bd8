"""Contracts with processors: put on file, corrected, and listed by processor with how they stand. GDPR Art. 28(3)."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from register.catalogue.contracts import contract_state
from register.catalogue.errors import ContractDatesError, ContractNotFoundError
from register.catalogue.models import Contract
from register.catalogue.values import Clause, ContractState, SubProcessing
from register.lines.models import ActivityParty
from register.lines.values import Relation
from register.models import Party
from register.service.catalogue.parties import check_writes_parties, find_party
from register.service.desk import Desk
from register.values import Page

CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What a contract with a processor says, as somebody read it.

    Attributes:
        label: What it is called.
        clauses: The points of GDPR Art. 28(3) that were found in it.
        sub_processors: Those whom the processor may engage, one a line.
        audited_on: When the processor was last audited.
        document: Where the contract lies.
    """

    party_id: uuid.UUID
    label: str
    signed_on: date | None = None
    ends_on: date | None = None
    clauses: frozenset[Clause] = frozenset()
    sub_processing: SubProcessing = SubProcessing.NONE
    sub_processors: str = field(default="", repr=False)
    audited_on: date | None = None
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """An organisation that processes for us, or may, and how its contract stands."""

    party: Party
    state: ContractState
    contracts: Sequence[Contract]


def add_contract(
    session: Session, desk: Desk, actor: Actor, terms: ContractTerms, *, from_file: bool = False
) -> Contract:
    """Put a contract on file; one that a file brings does not count before somebody looked at it.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        PartyNotFoundError: If the processor is not on file.
        ContractDatesError: If it would end before it was signed.
    """
    check_writes_parties(actor)
    find_party(session, terms.party_id)
    contract = Contract(id=desk.ids.new(), changed_at=desk.clock.now(), from_file=from_file, **_columns(terms))
    session.add(contract)
    session.flush()
    _record(session, actor, contract, "import-contract" if from_file else "add-contract")
    return contract


def change_contract(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID, ContractTerms]) -> Contract:
    """Correct what is on file about a contract, whole; whose it is stays. Whoever does has looked at it.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        ContractNotFoundError: If there is no such contract, or it is another processor's.
        ContractDatesError: If it would end before it was signed.
    """
    contract_id, terms = target
    check_writes_parties(actor)
    contract = session.get(Contract, contract_id, with_for_update=True, populate_existing=True)
    if contract is None or contract.party_id != terms.party_id:
        raise ContractNotFoundError(reference=str(contract_id))
    anew = not desk.attestor.is_whole(contract)
    for name, value in _columns(terms).items():
        setattr(contract, name, value)
    contract.from_file = False
    contract.changed_at = desk.clock.now()
    if anew:
        desk.attestor.sign_anew(contract)
    session.flush()
    _record(session, actor, contract, "write-contract-anew" if anew else "change-contract")
    return contract


def find_contract(session: Session, contract_id: uuid.UUID) -> Contract:
    """Return a contract.

    Raises:
        ContractNotFoundError: If there is none.
    """
    found = session.get(Contract, contract_id)
    if found is None:
        raise ContractNotFoundError(reference=str(contract_id))
    return found


def list_processors(session: Session, today: date, *, after: uuid.UUID | None, limit: int) -> Page[Processor]:
    """Return those who process for an activity, or have a contract, in the order in which they came; two statements."""
    named = select(ActivityParty.party_id).where(ActivityParty.relation == Relation.PROCESSOR)
    statement = select(Party).where(or_(Party.id.in_(named), Party.id.in_(select(Contract.party_id))))
    if after is not None:
        statement = statement.where(Party.id > after)
    page = Page.cut(
        session.scalars(statement.order_by(Party.id).limit(limit + 1)).all(), limit, lambda row: str(row.id)
    )
    parties = [row.id for row in page.rows]
    found = session.scalars(select(Contract).where(Contract.party_id.in_(parties)).order_by(Contract.id)).all()
    rows = [_processor(party, [each for each in found if each.party_id == party.id], today) for party in page.rows]
    return Page(rows=rows, next=page.next)


def _processor(party: Party, contracts: Sequence[Contract], today: date) -> Processor:
    return Processor(party=party, state=contract_state(contracts, today), contracts=contracts)


def _columns(terms: ContractTerms) -> dict[str, Any]:
    if terms.ends_on is not None and (terms.signed_on is None or terms.ends_on < terms.signed_on):
        raise ContractDatesError
    return {**asdict(terms), "clauses": "".join(sorted(terms.clauses))}


def _record(session: Session, actor: Actor, contract: Contract, verb: str) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=CONTRACT,
            object_id=str(contract.id),
            details={"verb": verb, "party": str(contract.party_id)},
        ),
    )
