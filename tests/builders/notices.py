"""Collection points, and an activity that says everything of which people are to be told."""

from typing import Any

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.days import day_of
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lines.contents import DecisionLine, PartyLine, RightsLine, TransferLine
from register.lines.values import DecisionGround, Relation, Safeguard, Subject
from register.notices.models import CollectionPoint
from register.notices.values import CollectionWay
from register.service import (
    DataTerms,
    Desk,
    NewActivity,
    NewParty,
    NewPurpose,
    PointTerms,
    SetPurposeData,
    SetPurposeRecipients,
    add_contract,
    add_party,
    add_point,
    add_purpose,
    draft_activity,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import Provenance, StartingEvent
from tests.builders.lines import contract_terms, given
from tests.builders.register import activate, the_dpo, the_owner

WEBSITE = "website"
FAIR = "fair"


def a_point(session: Session, desk: Desk, slug: str = WEBSITE, **said: Any) -> CollectionPoint:
    """Open a collection point as the DPO: the website, for everything, unless told otherwise."""
    terms: dict[str, Any] = {
        "name_fr": "Site marchand",
        "name_en": "Online shop",
        "way": CollectionWay.WEBSITE,
        "covers_all": "activities" not in said,
        **said,
    }
    return add_point(session, desk, the_dpo(), PointTerms(slug=slug, **terms))


def a_bought_file(session: Session, desk: Desk, slug: str = FAIR, **said: Any) -> CollectionPoint:
    """Open a point at which data come from a file that was bought."""
    sources = {"source_fr": "Salon Fictif de Lyon", "source_en": "Fictional Fair of Lyon"}
    return a_point(session, desk, slug, way=CollectionWay.BOUGHT_FILE, **sources, **said)


def an_outspoken_activity(session: Session, desk: Desk, slug: str = "loyalty") -> None:
    """Draft and activate an activity of which there is something to say for each point of Articles 13 and 14."""
    firm = add_party(session, desk.ids, the_owner(), NewParty(name="Cabinet Garde", telephone="04 00 00 00 01"))
    officer = NewParty(name="Denise Garde (fictive)", email="dpo@boutique.example", firm_id=firm.id)
    dpo = add_party(session, desk.ids, the_owner(), officer)
    agent = add_party(session, desk.ids, the_owner(), NewParty(name="Représentant Exemple", city="Lyon"))
    shop = NewParty(
        name="Boutique Exemple",
        address="2 rue de la Paix",
        postcode="69003",
        city="Lyon",
        email="bonjour@boutique.example",
        representative_id=agent.id,
        dpo_id=dpo.id,
    )
    controller = add_party(session, desk.ids, the_owner(), shop)
    draft_activity(
        session,
        desk.clock,
        desk.ids,
        the_owner(),
        NewActivity(slug=slug, name_fr="Fidélité", name_en="Loyalty", controller_id=controller.id),
    )
    purposes: tuple[tuple[str, LawfulBasis, Channel | None, str, str, dict[str, Any]], ...] = (
        ("points", LawfulBasis.CONTRACT, None, "Compter les points", "Count points", {}),
        ("letters", LawfulBasis.CONSENT, Channel.EMAIL, "Envoyer des offres", "Send offers", {}),
        ("law", LawfulBasis.LEGAL_OBLIGATION, None, "Tenir les comptes", "Keep accounts",
         {"legal_reference": "C. com., art. L123-22"}),
        ("interest", LawfulBasis.LEGITIMATE_INTERESTS, None, "Prévenir la fraude", "Prevent fraud",
         {"interest": "Payer ce qui est dû", "necessity": "Rien de plus doux", "balance": "Attendu"}),
    )  # fmt: skip
    for name, basis, channel, french, english, more in purposes:
        command = NewPurpose(
            activity=slug,
            slug=f"{slug}-{name}",
            label_fr=french,
            label_en=english,
            basis=basis,
            consent_channel=channel,
            **more,
        )
        add_purpose(session, desk.clock, desk.attestor, the_owner(), command)
        data = [
            _terms(DataCategory.IDENTITY, obligatory=name == "points"),
            _terms(DataCategory.CONTACT, provenance=Provenance.THIRD_PARTY_FILE),
        ]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=command.slug, data=data))
        roles = SetPurposeRecipients(purpose=command.slug, roles=frozenset({Role.SUPPORT}))
        set_purpose_recipients(session, desk, the_owner(), roles)
    _lines(session, desk, slug)
    activate(session, desk, slug)


def _terms(category: DataCategory, **said: Any) -> DataTerms:
    return DataTerms(
        subject_kind=SubjectKind.CUSTOMER,
        category=category,
        active_for=Period("P3Y"),
        archived_for=Period("P5Y"),
        starting_event=StartingEvent.LAST_ORDER,
        retention_source="CNIL 2022",
        **said,
    )


def _lines(session: Session, desk: Desk, slug: str) -> None:
    host = add_party(session, desk.ids, the_owner(), NewParty(name="Hébergeur Exemple", country="MA"))
    add_contract(session, desk, the_owner(), contract_terms(host))
    part = PartyLine(party_id=host.id, relation=Relation.PROCESSOR, part="Héberge le site.")
    given(session, desk, Subject.PARTIES, part, slug=slug)
    transfer = TransferLine(
        country="MA",
        party_id=host.id,
        safeguard=Safeguard.STANDARD_CLAUSES,
        grounds="Décision 2021/914.",
        assessment="Rien ne s’y oppose.",
        assessed_on=day_of(desk.clock.now()),
    )
    given(session, desk, Subject.TRANSFERS, transfer, slug=slug)
    decision = DecisionLine(
        name="Score de fraude",
        ground=DecisionGround.CONTRACT,
        logic="Compare les commandes.",
        significance="Une commande peut être refusée.",
        safeguards="Une personne relit.",
    )
    given(session, desk, Subject.DECISIONS, decision, slug=slug)
    rights = RightsLine(how_fr="Par le formulaire du site.", how_en="By the form of the site.")
    given(session, desk, Subject.RIGHTS, rights, slug=slug)
