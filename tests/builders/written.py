"""Fictional activities, written out: one in which nothing is left empty, and what a file of them says."""

from dataclasses import replace
from datetime import date
from typing import Any

from governance.actor import Role
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.catalogue.values import Clause, MeasureDomain, SubProcessing
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.written import (
    WrittenActivity,
    WrittenAsset,
    WrittenContact,
    WrittenContract,
    WrittenDecision,
    WrittenMeasure,
    WrittenOfficer,
    WrittenPartaking,
    WrittenParty,
    WrittenPeople,
    WrittenPurpose,
    WrittenRights,
    WrittenTerms,
    WrittenTransfer,
)
from register.lines.values import AssetKind, DecisionGround, Relation, Safeguard
from register.values import Capacity, FinalFate, Provenance, SpecialCondition, StartingEvent

THE_OFFICES = WrittenContact(
    name="Cabinet Conseil Exemple",
    legal_form="SELARL",
    registration="987654321",
    address="2 rue des Lois",
    postcode="69001",
    city="Lyon",
    telephone="04 00 00 00 00",
)
THE_DPO = WrittenOfficer(name="Camille Modèle", city="Lyon", email="dpo@conseil.example", firm=THE_OFFICES)
THE_FIRM = WrittenParty(
    name="Boutique Exemple",
    legal_form="SARL",
    registration="123456789",
    address="1 rue de Rivoli",
    postcode="75001",
    city="Paris",
    email="contact@boutique.example",
    telephone="01 00 00 00 00",
    dpo=THE_DPO,
)
HOST = WrittenParty(name="Hébergeur Exemple", city="Roubaix")
HOSTING = WrittenContract(
    label="Contrat d’hébergement",
    signed_on=date(2026, 1, 31),
    ends_on=date(2028, 1, 31),
    clauses=tuple(Clause),
    sub_processing=SubProcessing.SPECIFIC,
    sub_processors="Sauvegarde Exemple\nRéseau Exemple",
    audited_on=date(2026, 6, 1),
    document="Classeur 4",
)
ITS_DRAFT = WrittenContract(label="Avenant, à signer")
ABROAD = WrittenParty(name="Cloud Example Inc.", country="US", representative=WrittenContact(name="Example Europe"))


def terms(category: DataCategory, kind: SubjectKind = SubjectKind.CUSTOMER, **given: Any) -> WrittenTerms:
    told: dict[str, Any] = {"active_for": Period("P3Y"), "starting_event": StartingEvent.LAST_ORDER, **given}
    return WrittenTerms(subject_kind=kind, category=category, **told)


def a_written_activity(slug: str = "loyalty", **given: Any) -> WrittenActivity:
    """Return an activity in which nothing is left empty, unless told otherwise."""
    purpose = WrittenPurpose(
        slug=f"{slug}-points",
        label_fr="Compter les points de fidélité",
        label_en="Counting loyalty points",
        basis=LawfulBasis.CONTRACT,
        legal_reference="CGV, art. 4",
        data=(
            terms(
                DataCategory.IDENTITY,
                obligatory=True,
                archived_for=Period("P60M"),
                retention_source="C. civ., art. 2224",
            ),
            terms(DataCategory.PURCHASES, provenance=Provenance.INTERNAL, final_fate=FinalFate.ANONYMISATION),
        ),
        recipients=(Role.SALES, Role.SUPPORT),
    )
    offers = WrittenPurpose(
        slug=f"{slug}-offers",
        label_fr="Envoyer des offres choisies",
        label_en="Sending chosen offers",
        basis=LawfulBasis.CONSENT,
        consent_channel=Channel.EMAIL,
        parent=purpose.slug,
        data=(terms(DataCategory.CONTACT), terms(DataCategory.CONTACT, SubjectKind.PROSPECT)),
        recipients=(Role.MARKETING,),
    )
    diets = WrittenPurpose(
        slug=f"{slug}-diets",
        label_fr="Tenir compte des régimes",
        label_en="Heeding diets",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        consent_channel=Channel.EMAIL,
        special_condition=SpecialCondition.EXPLICIT_CONSENT,
        interest="Ne rien proposer qui nuise.",
        necessity="Sans cela, des offres dangereuses.",
        balance="La personne le dit elle-même.",
        data=(terms(DataCategory.SPECIAL),),
        recipients=(Role.SALES,),
    )
    told: dict[str, Any] = {
        "name_fr": "Programme de fidélité",
        "name_en": "Loyalty programme",
        "description": "Des points, puis des bons d’achat.\nUne carte par personne.",
        "capacity": Capacity.JOINT_CONTROLLER,
        "controller": THE_FIRM,
        "purposes": (purpose, offers, diets),
        "parties": (
            WrittenPartaking(
                party=HOST, relation=Relation.PROCESSOR, part="Héberge la base.", contracts=(HOSTING, ITS_DRAFT)
            ),
            WrittenPartaking(party=THE_FIRM, relation=Relation.RECIPIENT, part="Son magasin."),
            WrittenPartaking(
                party=WrittenParty(name="Enseigne Exemple"), relation=Relation.JOINT_CONTROLLER, part="Fixe les règles."
            ),
        ),
        "transfers": (
            WrittenTransfer(
                country="US",
                party=ABROAD,
                safeguard=Safeguard.STANDARD_CLAUSES,
                grounds="Contrat du 23/01/2025",
                assessment="Chiffré avant l’envoi.",
                assessed_on=date(2025, 2, 1),
            ),
            WrittenTransfer(country="CH", recipient="Imprimeurs", safeguard=Safeguard.ADEQUACY),
        ),
        "measures": (
            WrittenMeasure(
                domain=MeasureDomain.CONTINUITY, label_fr="Sauvegarde des données", label_en="Backups", remark="Nuit"
            ),
            WrittenMeasure(domain=MeasureDomain.ACCESS, label_fr="Comptes nominatifs", label_en="Personal accounts"),
        ),
        "people": (
            WrittenPeople(subject_kind=SubjectKind.CUSTOMER, estimate=2000),
            WrittenPeople(subject_kind=SubjectKind.PROSPECT, estimate=0),
        ),
        "decisions": (
            WrittenDecision(
                name="Score", ground=DecisionGround.CONTRACT, logic="Points.", significance="Bon.", safeguards="Appel."
            ),
        ),
        "rights": WrittenRights(how_fr="Écrire au DPO.", how_en="Write to the DPO.", limits="Aucune."),
        "assets": (
            WrittenAsset(kind=AssetKind.TABLE, name="customers"),
            WrittenAsset(kind=AssetKind.APPLICATION, name="Caisse"),
        ),
        **given,
    }
    return WrittenActivity(slug=slug, **told)


def as_read(*activities: WrittenActivity) -> ReadRegister:
    """Return activities as if a file had held them."""
    placed = [PlacedActivity(activity=each, where=f"$.activities[{place}]") for place, each in enumerate(activities)]
    return ReadRegister(format="json", digest="0" * 64, activities=placed)


def without_dates(activity: WrittenActivity) -> WrittenActivity:
    """Return an activity without what a draft has of its own: its state and its days."""
    return replace(activity, state=None, created_on=None, changed_on=None)
