"""What the record says of what was answered: side by side, before anything is taken over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.catalogue.models import Contract
from register.lines.contents import SPECS, AssetLine, MeasureLine, PartyLine, PeopleLine, TransferLine
from register.lines.told import read_lines
from register.lines.values import Relation, Subject
from register.models import Activity, Party
from register.questionnaires.items import AnsweredTransfer, Contact, Item
from register.questionnaires.models import Questionnaire
from register.questionnaires.values import Part
from register.record import Change, RecordLine, record_lines

# What the record says: a line, words, a contact; None where it says nothing.
Says = str | date | TransferLine | PeopleLine | MeasureLine | AssetLine | Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The record as it stands, or is proposed, with the processor that was asked.

    Attributes:
        contract: The newest on file.
        dpo: The data protection officer of the processor, where one is on file.
    """

    activity: Activity
    lines: Mapping[Subject, Sequence[RecordLine]]
    party: Party | None
    dpo: Party | None
    contract: Contract | None

    def line(self, subject: Subject, key: tuple[Any, ...]) -> RecordLine | None:
        """Return the line of a key, unless it is leaving."""
        for line in self.lines[subject]:
            if line.change is not Change.LEAVING and SPECS[subject].key_of(line.content) == key:
                return line
        return None

    @property
    def role(self) -> RecordLine | None:
        """The line that names the processor."""
        return None if self.party is None else self.line(Subject.PARTIES, (self.party.id, Relation.PROCESSOR))


def read_now(session: Session, asked: Questionnaire, activity: Activity) -> Now:
    """Read the record as it stands, in as many statements whatever it holds."""
    party = None if asked.party_id is None else session.get(Party, asked.party_id)
    contract = None
    if party is not None:
        newest = select(Contract).where(Contract.party_id == party.id).order_by(Contract.id.desc()).limit(1)
        contract = session.scalar(newest)
    return Now(
        activity=activity,
        lines=record_lines(session, read_lines(session, activity.id)),
        party=party,
        dpo=None if party is None or party.dpo_id is None else session.get(Party, party.dpo_id),
        contract=contract,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the record says beside an answer, and whether it says the same."""

    says: Says
    agrees: bool


def beside(now: Now, item: Item) -> Beside:
    """Return what the record says of what an answer speaks of."""
    return _READERS[item.part](now, item)


def _measure(now: Now, item: Item) -> Beside:
    line = now.line(Subject.MEASURES, (getattr(item.said, "measure_id", None),))
    return _line(line, agrees=line is not None)


def _people(now: Now, item: Item) -> Beside:
    assert isinstance(item.said, PeopleLine)  # noqa: S101 -- of its part
    line = now.line(Subject.PEOPLE, (item.said.subject_kind,))
    return _line(line, agrees=line is not None and line.content == item.said)


def _application(now: Now, item: Item) -> Beside:
    assert isinstance(item.said, AssetLine)  # noqa: S101 -- of its part
    line = now.line(Subject.ASSETS, (item.said.kind, item.said.name))
    return _line(line, agrees=line is not None)


def _transfer(now: Now, item: Item) -> Beside:
    assert isinstance(item.said, AnsweredTransfer)  # noqa: S101 -- of its part
    line = transfer_line(now, item.said.country)
    said = line.content if line is not None else None
    if line is None or not isinstance(said, TransferLine):
        return Beside(says=None, agrees=False)
    told = replace(said, safeguard=item.said.safeguard, grounds=item.said.grounds or said.grounds)
    return _line(line, agrees=said == told)


def transfer_line(now: Now, country: str) -> RecordLine | None:
    """Return the line of a transfer to the processor that was asked."""
    return None if now.party is None else now.line(Subject.TRANSFERS, (country, now.party.id, ""))


def _sub_processors(now: Now, item: Item) -> Beside:
    said = None if now.contract is None else now.contract.sub_processors
    return Beside(says=said, agrees=said is not None and said.strip() == item.said)


def _ends_on(now: Now, item: Item) -> Beside:
    said = None if now.contract is None else now.contract.ends_on
    return Beside(says=said, agrees=said == item.said)


def _breach(now: Now, item: Item) -> Beside:
    assert isinstance(item.said, Contact)  # noqa: S101 -- of its part
    if now.party is None:
        return Beside(says=None, agrees=False)
    said = Contact(email=now.party.email, telephone=now.party.telephone)
    asked = Contact(email=item.said.email or said.email, telephone=item.said.telephone or said.telephone)
    return Beside(says=said if said != Contact() else None, agrees=said == asked and said != Contact())


def _dpo(now: Now, item: Item) -> Beside:
    said = None if now.dpo is None else Contact(name=now.dpo.name, email=now.dpo.email, telephone=now.dpo.telephone)
    return Beside(says=said, agrees=said == item.said)


def _role(now: Now, item: Item) -> Beside:
    line = now.role
    part = line.content.part if line is not None and isinstance(line.content, PartyLine) else ""
    return Beside(says=part or None, agrees=bool(part) and str(item.said) in part)


def _description(now: Now, item: Item) -> Beside:
    words = now.activity.description
    return Beside(says=words or None, agrees=isinstance(item.said, str) and item.said in words)


def _line(line: RecordLine | None, *, agrees: bool) -> Beside:
    says: Any = None if line is None else line.content
    return Beside(says=says, agrees=agrees)


_READERS: Final[Mapping[Part, Callable[[Now, Item], Beside]]] = {
    Part.MEASURE: _measure,
    Part.SECURITY: _role,
    Part.SUB_PROCESSORS: _sub_processors,
    Part.TRANSFER: _transfer,
    Part.CERTIFICATIONS: _role,
    Part.ENDS_ON: _ends_on,
    Part.BREACH_CONTACT: _breach,
    Part.DPO: _dpo,
    Part.DATA: _description,
    Part.SOURCES: _description,
    Part.PEOPLE: _people,
    Part.WHO: _description,
    Part.KEPT: _description,
    Part.APPLICATION: _application,
    Part.PAPERS: _description,
}
