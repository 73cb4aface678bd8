"""Organisations, their contracts and measures that a file names, found on file or put there.

An organisation on file is the one meant where the file says nothing otherwise of it; what differs is another one, for
what is on file is never written over. Within one file, two that differ are two.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.errors import Phrase, phrase
from register.catalogue.models import Contract, Measure
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.placed import PlacedActivity
from register.exchange.reading import written_contract
from register.exchange.written import (
    WrittenActivity,
    WrittenContact,
    WrittenContract,
    WrittenMeasure,
    WrittenOfficer,
    WrittenParty,
)
from register.models import Party
from register.service.catalogue.choices import MeasureTerms, keep_measure
from register.service.catalogue.contracts import ContractTerms, add_contract
from register.service.catalogue.parties import NewParty, add_party
from register.service.desk import Desk

_CONTACT: Final = tuple(WrittenContact.__dataclass_fields__)
_Said = tuple[str, ...]
# What is said of an organisation, of its representative, of its data protection officer and of the firm of that one,
# and of the firm it acts for itself.
_Key = tuple[_Said, _Said | None, _Said | None, _Said | None, _Said | None]
_NAME: Final = _CONTACT.index("name")
_NO_MEASURE: Final = phrase("the catalogue has no such measure: the data protection officer adds it, or take it out")
# Names asked for at once.
_PART: Final = 500


class PartiesNamed:
    """The organisations of one file.

    Attributes:
        added: Those that were put on file.
    """

    def __init__(
        self,
        session: Session,
        desk: Desk,
        actor: Actor,
        activities: Sequence[WrittenActivity],
        brought: Collection[uuid.UUID] = (),
    ) -> None:
        """Look up those whose names the activities say.

        Args:
            session: A writing transaction.
            desk: Puts on file what is not there.
            actor: Who drafts.
            activities: Who names them.
            brought: Those that the same file put on file before: they are meant where it says the very same alone.
        """
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self._on_file: Final = _on_file(session, sorted({each.name for each in _contacts(activities)}))
        self._settled: Final[dict[_Key, uuid.UUID]] = {}
        self._named: Final[dict[str, list[uuid.UUID]]] = {}
        for party, (said, *_) in self._on_file.items():
            self._named.setdefault(said[_NAME], []).append(party)
        self._brought: Final = frozenset(brought)
        self.added: Final[list[uuid.UUID]] = []

    def of(self, party: WrittenContact) -> uuid.UUID:
        """Return the identifier of an organisation, put on file where it is not."""
        key = _key(party)
        if key not in self._settled:
            found = self._exactly(key) or self._meant(key)
            self._settled[key] = found or self._add(party)
        return self._settled[key]

    def _exactly(self, key: _Key) -> uuid.UUID | None:
        return next((party for party in self._of_name(key) if self._on_file[party] == key), None)

    def _meant(self, key: _Key) -> uuid.UUID | None:
        others = (party for party in self._of_name(key) if party not in self._brought)
        return next((party for party in others if _agree(key, self._on_file[party])), None)

    def _of_name(self, key: _Key) -> Sequence[uuid.UUID]:
        return self._named.get(key[0][_NAME], ())

    def _add(self, party: WrittenContact) -> uuid.UUID:
        told: dict[str, Any] = {name: getattr(party, name) for name in _CONTACT}
        if isinstance(party, WrittenParty):
            for name, contact in (("representative_id", party.representative), ("dpo_id", party.dpo)):
                told[name] = None if contact is None else self.of(contact)
        if isinstance(party, WrittenOfficer) and party.firm is not None:
            told["firm_id"] = self.of(party.firm)
        command = NewParty(**told)
        added = add_party(self._session, self._desk.ids, self._actor, command).id
        self.added.append(added)
        return added


class ContractsNamed:
    """The contracts of one file with processors: those on file are left as they are, others are put there.

    Attributes:
        added: How many were put on file.
    """

    def __init__(self, session: Session, desk: Desk, actor: Actor) -> None:
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self._on_file: Final[dict[uuid.UUID, set[WrittenContract]]] = {}
        self.added = 0

    def keep(self, party: uuid.UUID, contracts: Sequence[WrittenContract]) -> None:
        """Put those contracts of a processor on file that are not there."""
        if party not in self._on_file:
            rows = self._session.scalars(select(Contract).where(Contract.party_id == party))
            self._on_file[party] = {written_contract(vars(row)) for row in rows}
        for contract in contracts:
            if contract not in self._on_file[party]:
                told = {name: getattr(contract, name) for name in WrittenContract.__dataclass_fields__}
                terms = ContractTerms(**{**told, "party_id": party, "clauses": frozenset(contract.clauses)})
                add_contract(self._session, self._desk, self._actor, terms, from_file=True)
                self._on_file[party].add(contract)
                self.added += 1


class MeasuresNamed:
    """The measures of one file, by their words in either language.

    Attributes:
        added: How many were added to the catalogue.
    """

    def __init__(self, session: Session, desk: Desk, actor: Actor) -> None:
        """Read the catalogue."""
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self._known: Final[dict[str, uuid.UUID]] = {}
        for row in session.execute(select(Measure.id, Measure.label_fr, Measure.label_en).order_by(Measure.id)):
            for label in (row.label_fr, row.label_en):
                self._known.setdefault(label.casefold(), row.id)
        self.added = 0

    def known(self, measure: WrittenMeasure) -> uuid.UUID | None:
        """Return the identifier of a measure that the catalogue has."""
        return self._known.get(measure.label_fr.casefold()) or self._known.get(measure.label_en.casefold())

    def of(self, measure: WrittenMeasure, place: Phrase | str) -> uuid.UUID:
        """Return the identifier of a measure; the DPO adds one that the catalogue has not.

        Raises:
            MalformedRegisterError: If it has not, and it is not the DPO who imports.
        """
        found = self.known(measure)
        if found is None:
            if Role.DPO not in self._actor.roles:
                raise MalformedRegisterError(wrongs=(Wrong(place, _NO_MEASURE),))
            terms = MeasureTerms(domain=measure.domain, label_fr=measure.label_fr, label_en=measure.label_en)
            found = keep_measure(self._session, self._desk, self._actor, (None, terms)).id
            self._known[measure.label_fr.casefold()] = self._known[measure.label_en.casefold()] = found
            self.added += 1
        return found


def check_measures(session: Session, desk: Desk, actor: Actor, activities: Sequence[PlacedActivity]) -> None:
    """Refuse activities with measures that the catalogue has not, and that whoever imports does not add.

    Raises:
        MalformedRegisterError: With each place.
    """
    if Role.DPO in actor.roles:
        return
    named = MeasuresNamed(session, desk, actor)
    wrongs = tuple(
        Wrong(placed.place_of(f"measures[{number}]"), _NO_MEASURE)
        for placed in activities
        for number, measure in enumerate(placed.activity.measures)
        if named.known(measure) is None
    )
    if wrongs:
        raise MalformedRegisterError(wrongs=wrongs)


def _contacts(activities: Sequence[WrittenActivity]) -> Iterator[WrittenContact]:
    for activity in activities:
        parties = [activity.controller, *(each.party for each in activity.parties)]
        parties += [each.party for each in activity.transfers]
        for party in parties:
            if party is not None:
                firm = None if party.dpo is None else party.dpo.firm
                yield from (each for each in (party, party.representative, party.dpo, firm) if each is not None)


def _on_file(session: Session, names: Sequence[str]) -> Mapping[uuid.UUID, _Key]:
    rows: dict[uuid.UUID, Any] = {}
    for start in range(0, len(names), _PART):
        found = select(Party).where(Party.name.in_(names[start : start + _PART])).order_by(Party.id)
        rows |= {row.id: row for row in session.scalars(found)}
    others = {each for row in rows.values() for each in (row.representative_id, row.dpo_id, row.firm_id)}
    beside = {row.id: row for row in session.scalars(select(Party).where(Party.id.in_(others - {None})))}
    acting = {row.firm_id for row in beside.values()} - {None}
    beside |= {row.id: row for row in session.scalars(select(Party).where(Party.id.in_(acting - beside.keys())))}

    def said(party_id: uuid.UUID | None) -> _Said | None:
        return None if party_id is None else _said(beside[party_id])

    def firm_of(officer_id: uuid.UUID | None) -> _Said | None:
        return None if officer_id is None else said(beside[officer_id].firm_id)

    return {
        row.id: (_said(row), said(row.representative_id), said(row.dpo_id), firm_of(row.dpo_id), said(row.firm_id))
        for row in rows.values()
    }


def _said(contact: Any) -> _Said:
    return tuple(getattr(contact, name) for name in _CONTACT)


def _key(party: WrittenContact) -> _Key:
    beside: list[WrittenContact | None] = [None, None, None]
    if isinstance(party, WrittenParty):
        beside = [party.representative, party.dpo, None if party.dpo is None else party.dpo.firm]
    firm = party.firm if isinstance(party, WrittenOfficer) else None
    representative, dpo, its_firm, own = (None if each is None else _said(each) for each in (*beside, firm))
    return _said(party), representative, dpo, its_firm, own


def _agree(asked: _Key, on_file: _Key) -> bool:
    """Say whether what a file says of an organisation is no other than what is on file; it may say less."""
    return all(
        said is None
        or (known is not None and all(here in {"", there} for here, there in zip(said, known, strict=True)))
        for said, known in zip(asked, on_file, strict=True)
    )
