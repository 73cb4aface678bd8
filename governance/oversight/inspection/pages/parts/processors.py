"""Processors, and how each contract stands. GDPR Art. 28."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext
from sqlalchemy import func, select

from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import AT_ONCE, Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Facts, Heading, Table
from governance.web.clockface import day
from register.catalogue.labels import CLAUSE_LABELS, CONTRACT_STATE_LABELS, SUB_PROCESSING_LABELS
from register.catalogue.models import Contract
from register.lines.models import ActivityParty
from register.lines.values import Relation
from register.service.catalogue.contracts import Processor, list_processors

_PROCESSORS: Final = mark("Processors")
_CONTRACTS: Final = mark("Contracts on file")


@dataclass(frozen=True, slots=True)
class Processors:
    """Those who process for the house."""

    key: str = "processors"
    title: str = mark("Processors and their contracts")
    article: str = "GDPR Art. 28"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many there are."""
        named = select(func.count(func.distinct(ActivityParty.party_id)))
        return {
            _PROCESSORS: ground.session.scalar(named.where(ActivityParty.relation == Relation.PROCESSOR)) or 0,
            _CONTRACTS: ground.session.scalar(select(func.count()).select_from(Contract)) or 0,
        }

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list, with what was found in each contract."""
        found = list(_processors(ground))
        for each in found:
            ground.attestor.verify(each.party)
            for contract in each.contracts:
                ground.attestor.verify(contract)
        press.sheet(
            Title("processors", phrase("Processors and their contracts")),
            Paper(
                article=self.article,
                lede=mark("Who processes for the company, under which contract, and what was found in it."),
                say=lambda: _blocks(found),
            ),
        )
        return None


def _processors(ground: Ground) -> Iterator[Processor]:
    """Go through them; where some activities are named, through those that these name."""
    wanted: frozenset[uuid.UUID] | None = None
    if ground.only:
        named = select(ActivityParty.party_id).where(
            ActivityParty.relation == Relation.PROCESSOR, ActivityParty.activity_id.in_(ground.in_scope)
        )
        wanted = frozenset(ground.session.scalars(named))
    after = None
    while True:
        page = list_processors(ground.session, ground.today, after=after, limit=AT_ONCE)
        yield from (each for each in page.rows if wanted is None or each.party.id in wanted)
        if page.next is None:
            return
        after = uuid.UUID(page.next)


def _blocks(found: Sequence[Processor]) -> Sequence[Block]:
    return [
        Table(
            name="processors",
            columns=[
                (gettext("Processor"), 24),
                (gettext("Country"), 9),
                (gettext("State"), 19),
                (gettext("Contract"), 20),
                (gettext("Signed on"), 14),
                (gettext("Ends on"), 14),
            ],
            rows=[row for each in found for row in _rows(each)],
            empty=gettext("Nobody processes for the company: neither an activity nor a contract names anybody."),
        ),
        *(block for each in found for block in _contracts(each)),
    ]


def _rows(each: Processor) -> Iterator[Sequence[str]]:
    who = (each.party.name, each.party.country, gettext(CONTRACT_STATE_LABELS[each.state]))
    if not each.contracts:
        yield (*who, "—", "—", "—")
    for contract in each.contracts:
        signed = "—" if contract.signed_on is None else day(contract.signed_on)
        yield (*who, contract.label, signed, "—" if contract.ends_on is None else day(contract.ends_on))


def _contracts(each: Processor) -> Iterator[Block]:
    for contract in each.contracts:
        lacking = "\n".join(gettext(CLAUSE_LABELS[clause]) for clause in contract.missing_clauses)
        yield Heading(f"{each.party.name} · {contract.label}")
        yield Facts([
            (gettext("Points of Art. 28(3) not found in it"), lacking or gettext("none: all eight are there")),
            (gettext("Sub-processing"), gettext(SUB_PROCESSING_LABELS[contract.sub_processing])),
            (gettext("Sub-processors"), contract.sub_processors or "—"),
            (gettext("Last audit"), "—" if contract.audited_on is None else day(contract.audited_on)),
            (gettext("Where the contract lies"), contract.document or "—"),
        ])  # fmt: skip
