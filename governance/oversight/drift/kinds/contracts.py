"""Processors of activities in force whose contract is missing, over, incomplete or about to end. GDPR Art. 28(3)."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import ActivityRef, Finding, Kind, Severity
from governance.oversight.values import Label
from register.catalogue.contracts import contract_standing, lacking
from register.catalogue.models import Contract
from register.catalogue.values import ContractState
from register.lines.models import ActivityParty
from register.lines.values import Relation
from register.models import Party
from register.values import FORCE

_SEVERITIES: Final[Mapping[ContractState, Severity]] = {
    ContractState.MISSING: Severity.SERIOUS,
    ContractState.OVER: Severity.SERIOUS,
    ContractState.INCOMPLETE: Severity.SETTLE,
    ContractState.ENDING: Severity.KNOW,
}


def contracts(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each processor; three statements."""
    processes = ActivityParty.relation == Relation.PROCESSOR
    named: dict[uuid.UUID, list[ActivityRef]] = defaultdict(list)
    for party, activity in ground.whole(
        ActivityParty, ("party_id", "activity_id"), processes, ActivityParty.standing.in_(FORCE)
    ):
        if activity in ground.running:
            named[party].append(ground.running[activity])
    processors = select(ActivityParty.party_id).where(processes)
    on_file: dict[uuid.UUID, list[Contract]] = defaultdict(list)
    for contract in ground.session.scalars(select(Contract).where(Contract.party_id.in_(processors))):
        if ground.is_whole(contract):
            on_file[contract.party_id].append(contract)
    called = ground.session.execute(select(Party.id, Party.name).where(Party.id.in_(processors)).order_by(Party.id))
    for party, name in called:
        standing = contract_standing(on_file[party], ground.today)
        state = standing.state
        if party in named and state in _SEVERITIES:
            yield Finding(
                kind=Kind.CONTRACT,
                severity=_SEVERITIES[state],
                key=(str(party),),
                code=state.value,
                concerns=Role.CONTROLLER,
                activities=tuple(named[party]),
                name=name,
                place=str(party),
                **_of(standing.contract, ground.today),
                count=len(named[party]),
            )


def _of(contract: Contract | None, today: date) -> dict[str, Any]:
    """Return which contract is meant, what it lacks, and the day that matters."""
    if contract is None:
        return {}
    return {
        "label": Label(fr=contract.label, en=contract.label),
        "reference": str(contract.id),
        "parts": tuple(each.value for each in lacking(contract, today)),
        "day": contract.ends_on,
    }
