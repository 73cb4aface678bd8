"""What the fictional company says of its activities: who takes part, where data go, what protects them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.customers.demo.company import DOMAIN, PURPOSES
from governance.days import day_of
from governance.vocabulary import SubjectKind
from register.catalogue.models import Measure
from register.catalogue.values import Clause, SubProcessing
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
from register.lines.values import AssetKind, Relation, Safeguard, Subject
from register.service import ContractTerms, Desk, NewParty, SetLines, add_contract, add_party, set_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partner:
    """An organisation that takes part in activities.

    Attributes:
        parts: What it does or receives, by activity.
        runs_for: How many days its contract still runs; None where it has no end.
        clauses: What was found in the contract, where it processes for the company.
    """

    name: str
    city: str
    parts: Mapping[str, str]
    country: str = "FR"
    relation: Relation = Relation.PROCESSOR
    contract: str = ""
    runs_for: int | None = None
    clauses: frozenset[Clause] = frozenset(Clause)


_HOST: Final = _Partner(
    name="Hébergement Alizé (société fictive)",
    city="Roubaix",
    parts={
        "customer-management": "Héberge la base des clients et ses sauvegardes.",
        "accounting": "Héberge le logiciel de comptabilité et les factures.",
        "studies": "Héberge les extractions sous pseudonyme.",
    },
    contract="Contrat d’hébergement",
)
_MAILINGS: Final = _Partner(
    name="Routage Plume (société fictive)",
    city="Nantes",
    parts={"direct-marketing": "Envoie les e-mails et les SMS aux adresses qui lui sont remises pour chaque envoi."},
    contract="Conditions de routage",
    runs_for=60,
)
_CALLS: Final = _Partner(
    name="Appels Boréal (société fictive)",
    city="Rabat",
    country="MA",
    parts={"direct-marketing": "Appelle les personnes qui ont consenti au démarchage téléphonique."},
    contract="Prestation d’appels",
    clauses=frozenset(Clause) - {Clause.AUDIT},
)
_CARRIER: Final = _Partner(
    name="Transports Comète (société fictive)",
    city="Villeurbanne",
    relation=Relation.RECIPIENT,
    parts={"customer-management": "Reçoit le nom, l’adresse et le téléphone de qui attend un colis."},
)
_PARTNERS: Final = (_HOST, _MAILINGS, _CALLS, _CARRIER)

_MEASURES: Final[Mapping[str, str]] = {
    "Comptes nominatifs, jamais partagés": "",
    "Habilitations par rôle, revues chaque trimestre": "Dans Égide.",
    "Données chiffrées en base": "Une clé par personne, dans Égide.",
    "Journal des accès, vérifiable": "Dans Égide.",
    "Sauvegardes quotidiennes, tenues à part": "Chez l’hébergeur, chiffrées.",
    "Engagement de confidentialité signé": "",
}
_ABOUT: Final[Mapping[SubjectKind, int]] = {SubjectKind.CUSTOMER: 2000, SubjectKind.CONTACT: 200}
_SIGNED_BEFORE: Final = timedelta(days=300)
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "customer-management": ("customers", "contacts", "orders", "order_lines", "equipment", "exchanges"),
    "accounting": ("customers", "companies", "orders"),
    "direct-marketing": ("customers", "exchanges"),
    "studies": ("customers", "orders", "behaviour"),
}
_APPLICATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer-management": ("Boutique en ligne", "Caisse du magasin"),
    "accounting": ("Logiciel de comptabilité",),
    "direct-marketing": ("Outil de routage",),
}
_RIGHTS: Final = RightsLine(
    how_fr=f"Écrire à dpo@{DOMAIN}, ou à la société par la poste. Réponse sous un mois. "
    "Chaque message rappelle comment ne plus en recevoir ; retirer son accord est aussi simple que le donner.",
    how_en=f"Write to dpo@{DOMAIN}, or to the company by post. Answered within a month. Each message says how to stop "
    "receiving them; taking consent back is as easy as giving it.",
)
_SCORE: Final = DecisionLine(
    name="Segment de clientèle",
    solely=False,
    logic="Les achats de deux ans, leur fréquence et leur montant placent chacun dans l’un de six segments.",
    significance="Le choix des offres proposées. Aucun prix, aucun service n’en dépend.",
    safeguards="Opposition possible à tout moment.",
)
# What is drafted still lacks all of this, and says so.
_BARE: Final = frozenset({"loyalty"})


class Lines:
    """Writes the lines of each record, as whoever drafts it."""

    def __init__(self, session: Session, desk: Desk, owner: Actor) -> None:
        """Put the organisations and their contracts on file."""
        self._session: Final = session
        self._desk: Final = desk
        self._today: Final = day_of(desk.clock.now())
        self._parties: Final[Mapping[str, uuid.UUID]] = {each.name: self._on_file(owner, each) for each in _PARTNERS}
        chosen = select(Measure.label_fr, Measure.id).where(Measure.label_fr.in_(_MEASURES))
        self._measures: Final = session.execute(chosen).all()

    def write(self, drafter: Actor, activity: str) -> None:
        """Write those of an activity."""
        if activity in _BARE:
            return
        found: Mapping[Subject, Sequence[Content]] = {
            Subject.PARTIES: self._parties_of(activity),
            Subject.TRANSFERS: self._transfers_of(activity),
            Subject.MEASURES: [MeasureLine(measure_id=each, remark=_MEASURES[name]) for name, each in self._measures],
            Subject.PEOPLE: _people_of(activity),
            Subject.DECISIONS: [_SCORE] if activity == "studies" else [],
            Subject.RIGHTS: [_RIGHTS],
            Subject.ASSETS: _assets_of(activity),
        }
        for subject, lines in found.items():
            if lines:
                set_lines(self._session, self._desk, drafter, SetLines(activity=activity, subject=subject, lines=lines))

    def _on_file(self, owner: Actor, partner: _Partner) -> uuid.UUID:
        new = NewParty(name=partner.name, city=partner.city, country=partner.country)
        party = add_party(self._session, self._desk.ids, owner, new)
        if partner.contract:
            ends = None if partner.runs_for is None else self._today + timedelta(days=partner.runs_for)
            terms = ContractTerms(
                party_id=party.id,
                label=partner.contract,
                signed_on=self._today - _SIGNED_BEFORE,
                ends_on=ends,
                clauses=partner.clauses,
                sub_processing=SubProcessing.GENERAL,
                document="Classeur « Contrats », armoire de la direction",
            )
            add_contract(self._session, self._desk, owner, terms)
        return party.id

    def _parties_of(self, activity: str) -> list[Content]:
        return [
            PartyLine(party_id=self._parties[each.name], relation=each.relation, part=each.parts[activity])
            for each in _PARTNERS
            if activity in each.parts
        ]

    def _transfers_of(self, activity: str) -> list[Content]:
        return [
            TransferLine(
                country=each.country,
                party_id=self._parties[each.name],
                safeguard=Safeguard.STANDARD_CLAUSES,
                grounds="Clauses types signées avec le contrat ; copie sur demande.",
                assessment="La loi marocaine n’oblige pas le prestataire à livrer ces fichiers d’appels, qui sont "
                "détruits chaque soir.",
                assessed_on=self._today - _SIGNED_BEFORE,
            )
            for each in _PARTNERS
            if activity in each.parts and each.country != "FR"
        ]


def _people_of(activity: str) -> list[Content]:
    kinds = {kind for each in PURPOSES if each.activity == activity for kind in each.kinds}
    return [PeopleLine(subject_kind=kind, estimate=_ABOUT[kind]) for kind in sorted(kinds)]


def _assets_of(activity: str) -> list[Content]:
    tables = [AssetLine(kind=AssetKind.TABLE, name=each) for each in _TABLES.get(activity, ())]
    return [*tables, *(AssetLine(kind=AssetKind.APPLICATION, name=each) for each in _APPLICATIONS.get(activity, ()))]
