"""How each answer is taken over: by the use cases that whoever drafts has anyway, and as they would write it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from governance.actor import Actor
from register.catalogue.models import Contract
from register.catalogue.values import Clause, SubProcessing
from register.lines.contents import AssetLine, Content, MeasureLine, PartyLine, PeopleLine, TransferLine
from register.lines.values import AssetKind, Relation, Subject
from register.models import LABEL_LENGTH
from register.questionnaires.comparing import Now, transfer_line
from register.questionnaires.errors import NoContractOnFileError, ProcessorNotNamedError
from register.questionnaires.items import AnsweredTransfer, Contact, Item
from register.questionnaires.values import Part
from register.record import RecordLine
from register.service import (
    ActivityChange,
    ContractTerms,
    Desk,
    NewParty,
    PartyChange,
    PutLine,
    add_party,
    change_activity,
    change_contract,
    change_party,
    put_line,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One answer about to be taken over.

    Attributes:
        words: How it is written where the record has words for it: with its question, in the language of whoever takes.
    """

    session: Session
    desk: Desk
    actor: Actor
    now: Now
    item: Item
    words: str


def take_over(taking: Taking) -> None:
    """Write an answer into the record, as a proposal; or on file, where it is about the processor itself.

    Raises:
        RegisterError: If whoever acts could not write it there themselves.
        AttestationError: If what it would be written into was altered outside Égide.
    """
    _TAKERS[taking.item.part](taking)


def _put(taking: Taking, subject: Subject, line: Content, instead_of: RecordLine | None = None) -> None:
    shown = None if instead_of is None else instead_of.shown.id
    command = PutLine(activity=taking.now.activity.id, subject=subject, line=line, instead_of=shown)
    put_line(taking.session, taking.desk, taking.actor, command)


def _measure(taking: Taking) -> None:
    assert isinstance(taking.item.said, MeasureLine)  # noqa: S101 -- of its part
    party = taking.now.party
    _put(taking, Subject.MEASURES, replace(taking.item.said, remark="" if party is None else party.name))


def _people(taking: Taking) -> None:
    assert isinstance(taking.item.said, PeopleLine)  # noqa: S101 -- of its part
    there = taking.now.line(Subject.PEOPLE, (taking.item.said.subject_kind,))
    _put(taking, Subject.PEOPLE, taking.item.said, there)


def _application(taking: Taking) -> None:
    assert isinstance(taking.item.said, AssetLine)  # noqa: S101 -- of its part
    _put(taking, Subject.ASSETS, AssetLine(kind=AssetKind.APPLICATION, name=taking.item.said.name))


def _transfer(taking: Taking) -> None:
    said, party = taking.item.said, taking.now.party
    assert isinstance(said, AnsweredTransfer)  # noqa: S101 -- of its part
    assert party is not None  # noqa: S101 -- only processors are asked
    there = transfer_line(taking.now, said.country)
    before = there.content if there is not None else None
    line = before if isinstance(before, TransferLine) else TransferLine(country=said.country, party_id=party.id)
    line = replace(line, safeguard=said.safeguard, derogation=None, grounds=said.grounds or line.grounds)
    _put(taking, Subject.TRANSFERS, line, there)


def _role(taking: Taking) -> None:
    party, there = taking.now.party, taking.now.role
    if party is None or there is None:
        raise ProcessorNotNamedError
    part = getattr(there.content, "part", "")
    line = PartyLine(party_id=party.id, relation=Relation.PROCESSOR, part=_joined(part, taking.words))
    _put(taking, Subject.PARTIES, line, there)


def _description(taking: Taking) -> None:
    activity = taking.now.activity
    change = ActivityChange(description=_joined(activity.description, taking.words))
    desk = taking.desk
    change_activity(taking.session, desk.clock, desk.attestor, taking.actor, (activity.id, change))


def _sub_processors(taking: Taking) -> None:
    said = str(taking.item.said)
    contract = _contract(taking)
    # Which authorisation was given, the contract says; that nobody may be engaged and somebody is cannot both be.
    kind = contract.sub_processing
    if said and kind is SubProcessing.NONE:
        kind = SubProcessing.SPECIFIC
    _correct(taking, contract, sub_processors=said, sub_processing=kind)


def _ends_on(taking: Taking) -> None:
    assert isinstance(taking.item.said, date)  # noqa: S101 -- of its part
    _correct(taking, _contract(taking), ends_on=taking.item.said)


def _contract(taking: Taking) -> Contract:
    contract = taking.now.contract
    if contract is None:
        raise NoContractOnFileError
    # Whoever takes one answer over has not looked at the rest, which is written again with it.
    taking.session.refresh(contract, with_for_update=True)
    taking.desk.attestor.verify(contract)
    return contract


def _correct(taking: Taking, contract: Contract, **changed: Any) -> None:
    terms = ContractTerms(
        party_id=contract.party_id,
        label=contract.label,
        signed_on=contract.signed_on,
        ends_on=contract.ends_on,
        clauses=frozenset(Clause(each) for each in contract.clauses),
        sub_processing=contract.sub_processing,
        sub_processors=contract.sub_processors,
        audited_on=contract.audited_on,
        document=contract.document,
    )
    change_contract(taking.session, taking.desk, taking.actor, (contract.id, replace(terms, **changed)))


def _breach_contact(taking: Taking) -> None:
    said, party = taking.item.said, taking.now.party
    assert isinstance(said, Contact)  # noqa: S101 -- of its part
    assert party is not None  # noqa: S101 -- only processors are asked
    reached = {name: value for name, value in asdict(said).items() if value and name != "name"}
    if reached:
        change_party(taking.session, taking.actor, party.id, PartyChange(**reached))


def _dpo(taking: Taking) -> None:
    said, party = taking.item.said, taking.now.party
    assert isinstance(said, Contact)  # noqa: S101 -- of its part
    assert party is not None  # noqa: S101 -- only processors are asked
    name = (said.name or said.email)[:LABEL_LENGTH]
    officer = add_party(
        taking.session, taking.desk.ids, taking.actor, NewParty(name=name, email=said.email, telephone=said.telephone)
    )
    change_party(taking.session, taking.actor, party.id, PartyChange(dpo_id=officer.id))


def _joined(before: str, added: str) -> str:
    return f"{before}\n\n{added}" if before else added


_TAKERS: Final[Mapping[Part, Callable[[Taking], None]]] = {
    Part.MEASURE: _measure,
    Part.SECURITY: _role,
    Part.SUB_PROCESSORS: _sub_processors,
    Part.TRANSFER: _transfer,
    Part.CERTIFICATIONS: _role,
    Part.ENDS_ON: _ends_on,
    Part.BREACH_CONTACT: _breach_contact,
    Part.DPO: _dpo,
    Part.DATA: _description,
    Part.SOURCES: _description,
    Part.PEOPLE: _people,
    Part.WHO: _description,
    Part.KEPT: _description,
    Part.APPLICATION: _application,
    Part.PAPERS: _description,
}
