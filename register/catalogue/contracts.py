"""How the contract with a processor stands, derived from what is on file and from the day. GDPR Art. 28(3)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vault.attest import attestor_of
from register.catalogue.models import Contract
from register.catalogue.values import Clause, ContractState, Lack, SubProcessing

# So long before its end a contract is said to end: time enough to negotiate the next.
SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractStanding:
    """How the contract of one processor stands, and by which of those on file; None where there is none."""

    state: ContractState
    contract: Contract | None = None


def contract_standing(contracts: Iterable[Contract], today: date) -> ContractStanding:
    """Return how the contract of one processor stands, by all that were put on file: what was renewed goes on."""
    on_file = list(contracts)
    if not on_file:
        return ContractStanding(state=ContractState.MISSING)
    signed = [each for each in on_file if each.signed_on is not None and each.signed_on <= today and not each.from_file]
    if not signed:
        newest = max(on_file, key=lambda each: (each.changed_at, each.id))
        return ContractStanding(state=ContractState.INCOMPLETE, contract=newest)
    latest = max(signed, key=lambda each: (_end(each), each.signed_on or date.min))
    if _end(latest) < today:
        return ContractStanding(state=ContractState.OVER, contract=latest)
    if lacking(latest, today):
        return ContractStanding(state=ContractState.INCOMPLETE, contract=latest)
    ending = _end(latest) - today <= SOON
    return ContractStanding(state=ContractState.ENDING if ending else ContractState.VALID, contract=latest)


def contract_state(contracts: Iterable[Contract], today: date) -> ContractState:
    """Return how the contract of one processor stands."""
    return contract_standing(contracts, today).state


def lacking(contract: Contract, today: date) -> tuple[Lack | Clause, ...]:
    """Return what a contract lacks: its date, points of Art. 28(3), the names of sub-processors, where it lies."""
    found: list[Lack | Clause] = []
    if contract.signed_on is None:
        found.append(Lack.SIGNATURE)
    elif contract.signed_on > today:
        found.append(Lack.BEGINNING)
    if contract.from_file:
        found.append(Lack.LOOK)
    found += contract.missing_clauses
    # GDPR Art. 28(2): a specific authorisation names those it is for.
    if contract.sub_processing is SubProcessing.SPECIFIC and not contract.sub_processors:
        found.append(Lack.SUB_PROCESSORS)
    if not contract.document:
        found.append(Lack.DOCUMENT)
    return tuple(found)


def contract_states(session: Session, parties: Collection[uuid.UUID], today: date) -> Mapping[uuid.UUID, ContractState]:
    """Return how the contracts of these processors stand, in one statement; an altered one does not count."""
    by_party: dict[uuid.UUID, list[Contract]] = defaultdict(list)
    rows = session.scalars(select(Contract).where(Contract.party_id.in_(parties)))
    for row in filter(attestor_of(session).is_whole, rows):
        by_party[row.party_id].append(row)
    return {party: contract_state(by_party[party], today) for party in parties}


def _end(contract: Contract) -> date:
    return contract.ends_on or date.max
