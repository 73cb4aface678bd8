"""The register as linked data: read without asking anybody, in terms that exist, in the shape that the law asks for."""

import socket
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pyshacl
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.periods import Period
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.values import MeasureDomain
from register.lifecycle import ActivityState
from register.lines.contents import (
    AssetLine,
    DecisionLine,
    MeasureLine,
    PartyLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard, Subject
from register.linked import vocabulary
from register.linked.graph import register_pieces
from register.linked.vocabulary import CONTEXT
from register.models import Activity, PurposeData
from register.service import Desk, MeasureTerms, PutLine, keep_measure, put_line
from register.stated import Stated, state_activities
from register.values import FinalFate, Provenance, SpecialCondition
from tests.builders.register import a_complete_draft, a_party, a_purpose, the_dpo, the_owner

# rdflib's own reader of JSON-LD uses what rdflib is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
DPV = Namespace(CONTEXT["dpv"])
GDPR = Namespace(CONTEXT["eu-gdpr"])
DCT = Namespace(CONTEXT["dct"])
# The vocabulary’s own files, where they lie beside the checkout.
VOCABULARY = Path(__file__).parents[4] / "shared" / "data" / "dpv"
# Every term of the vocabularies that a register may be told in; each was looked up in version 2.3.
TERMS = set(
    """
    dpv:ROPA dpv:Process dpv:Purpose dpv:PersonalData dpv:SpecialCategoryPersonalData dpv:DataSubject dpv:Customer
    dpv:Employee dpv:DataController dpv:DataProcessor dpv:ThirdParty dpv:Recipient dpv:Representative
    dpv:DataProtectionOfficer dpv:DataImporter dpv:Country dpv:ThirdCountry dpv:Technology dpv:Consequence
    dpv:TechnicalOrganisationalMeasure dpv:RightExerciseNotice dpv:DataSubjectScale dpv:StorageCondition
    dpv:StorageDuration dpv:LegitimateInterestAssessment dpv:DataTransferImpactAssessment dpv:Transfer
    dpv:AutomatedDecisionMaking dpv:Profiling dpv:Erase dpv:Anonymise dpv:Store dpv:Required dpv:Optional
    dpv:DataSubjectDataSource dpv:DataControllerDataSource dpv:ThirdPartyDataSource dpv:PublicDataSource
    dpv:ActivityProposed dpv:ActivityOngoing dpv:ActivityHalted dpv:ActivityCompleted
    dpv:hasProcess dpv:hasPurpose dpv:hasPersonalData dpv:hasLegalBasis dpv:hasDataController dpv:hasDataProcessor
    dpv:hasDataSubject dpv:hasRecipient dpv:hasRepresentative dpv:hasDataProtectionOfficer dpv:hasDataImporter
    dpv:hasCountry dpv:hasThirdCountry dpv:hasProcessing dpv:hasConsequence dpv:hasAssessment dpv:hasRight dpv:hasNotice
    dpv:hasTechnicalOrganisationalMeasure dpv:isImplementedUsingTechnology dpv:hasStorageCondition dpv:hasDuration
    dpv:hasDataSource dpv:hasNecessity dpv:hasDataSubjectScale dpv:hasActivityStatus dpv:hasName dpv:hasIdentifier
    dpv:hasAddress dpv:hasContact
    pd:Identifying pd:Contact pd:Family pd:Professional pd:Financial pd:Tracking pd:Location pd:Behavioural
    pd:Preference pd:PurchasesAndSpendingHabit pd:Interaction pd:OfficialID pd:Criminal
    eu-gdpr:A6-1-a eu-gdpr:A6-1-b eu-gdpr:A6-1-c eu-gdpr:A6-1-d eu-gdpr:A6-1-e eu-gdpr:A6-1-f
    eu-gdpr:A9-2-a eu-gdpr:A9-2-b eu-gdpr:A9-2-c eu-gdpr:A9-2-d eu-gdpr:A9-2-e eu-gdpr:A9-2-f eu-gdpr:A9-2-g
    eu-gdpr:A9-2-h eu-gdpr:A9-2-i eu-gdpr:A9-2-j
    eu-gdpr:A45-3 eu-gdpr:A46-2-b eu-gdpr:A46-2-c eu-gdpr:A46-2-e eu-gdpr:A46-2-f eu-gdpr:A46-3-a
    eu-gdpr:A49-1-a eu-gdpr:A49-1-b eu-gdpr:A49-1-c eu-gdpr:A49-1-d eu-gdpr:A49-1-e eu-gdpr:A49-1-f eu-gdpr:A49-1-g
    eu-gdpr:A49-2
    eu-gdpr:A7-3 eu-gdpr:A15 eu-gdpr:A16 eu-gdpr:A17 eu-gdpr:A18 eu-gdpr:A20 eu-gdpr:A21 eu-gdpr:A22
    """.split()  # noqa: SIM905 -- a line for each would be two pages
)


def whole(term: str) -> URIRef:
    prefix, _, name = term.partition(":")
    return URIRef(CONTEXT[prefix] + name)


def told(records: tuple[Stated, ...]) -> bytes:
    return b"".join(register_pieces(records, AT))


def graph_of(document: bytes) -> Graph:
    return Graph().parse(data=document, format="json-ld")


def used(graph: Graph) -> set[URIRef]:
    ours = tuple(CONTEXT[prefix] for prefix in ("dpv", "pd", "eu-gdpr"))
    return {term for triple in graph for term in triple if isinstance(term, URIRef) and str(term).startswith(ours)}


def checked(graph: Graph) -> tuple[bool, str]:
    shapes = Graph().parse(data=files("register.linked").joinpath("shapes.ttl").read_text("utf-8"), format="turtle")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    return conforms, report


@pytest.fixture
def stated(database: Database, desk: Desk) -> tuple[Stated, ...]:
    """A register that says something of everything."""
    with database.write() as session:
        built = a_purpose(session, data=[(kind, each) for kind in SubjectKind for each in DataCategory])
        unrecorded(session, "rows of a test")
        rows = session.query(PurposeData).all()
        for row, source, fate in zip(rows, list(Provenance) * 20, list(FinalFate) * 20, strict=False):
            row.provenance, row.final_fate, row.archived_for = source, fate, Period("P100D")
        built.purpose.special_condition = SpecialCondition.EMPLOYMENT
        for number, basis in enumerate(LawfulBasis, start=10):
            a_purpose(session, id=number, slug=f"p{number}", basis=basis, activity=built.activity)
        dpo, other = a_party("Cabinet Exemple"), a_party("Hébergeur Exemple")
        session.add_all([dpo, other])
        session.flush()
        built.party.dpo_id, built.party.representative_id = dpo.id, dpo.id
        built.party.registration, built.party.email = "123456782", "contact@boutique.example"
    with database.write() as session:
        a_complete_draft(session, desk)
        measure = keep_measure(
            session,
            desk,
            the_dpo(),
            (None, MeasureTerms(domain=MeasureDomain.ACCESS, label_fr="Clés", label_en="Keys")),
        )
        situation = {Safeguard.DEROGATION: Derogation.CONTRACT}
        lines: list[tuple[Subject, Any]] = [
            *((Subject.PARTIES, PartyLine(party_id=other.id, relation=each, part="x")) for each in Relation),
            (Subject.TRANSFERS, TransferLine(country="DE", recipient="Filiale")),
            *(
                (Subject.TRANSFERS, TransferLine(
                    country="US", recipient=f"a {each}", safeguard=each, grounds="g", assessment="fine",
                    assessed_on=date(2026, 1, 2), derogation=situation.get(each),
                ))
                for each in Safeguard
            ),
            (Subject.MEASURES, MeasureLine(measure_id=measure.id, remark="r")),
            (Subject.PEOPLE, PeopleLine(subject_kind=SubjectKind.CUSTOMER, estimate=1200)),
            (Subject.DECISIONS, DecisionLine(
                name="Score", ground=DecisionGround.CONTRACT, logic="l", significance="s", safeguards="w"
            )),
            (Subject.DECISIONS, DecisionLine(name="Segment", solely=False)),
            (Subject.RIGHTS, RightsLine(how_fr="Écrivez-nous", how_en="Write to us")),
            (Subject.ASSETS, AssetLine(kind=AssetKind.APPLICATION, name="CRM")),
        ]  # fmt: skip
        for subject, line in lines:
            put_line(session, desk, the_owner(), PutLine(activity="loyalty", subject=subject, line=line))
        activities = session.query(Activity).order_by(Activity.id).all()
        found = state_activities(session, desk.attestor, activities, AT.date())
        session.expunge_all()
    return found


def test_a_register_conforms_to_its_shapes_and_says_what_the_law_asks_for(stated: tuple[Stated, ...]) -> None:
    graph = graph_of(told(stated))

    assert checked(graph) == (True, checked(graph)[1])
    register = graph.value(predicate=RDF.type, object=DPV.ROPA)
    assert len(set(graph.objects(register, DPV.hasProcess))) == 2
    loyalty = next(each.activity for each in stated if each.activity.slug == "loyalty")
    draft = URIRef(f"urn:uuid:{loyalty.id}")
    assert (draft, DCT.title, Literal("Fidélité", lang="fr")) in graph
    assert (draft, DPV.hasActivityStatus, DPV.ActivityProposed) in graph
    assert len(set(graph.subjects(DPV.hasThirdCountry))) == len(Safeguard)
    assert {str(each) for each in graph.objects(None, DPV.hasRight)} >= {str(GDPR.A15), str(GDPR.A21), str(GDPR.A22)}
    assert len(set(graph.objects(None, DPV.hasPersonalData))) >= len(SubjectKind) * len(DataCategory)


def test_no_term_is_used_that_was_not_looked_up(stated: tuple[Stated, ...]) -> None:
    assert used(graph_of(told(stated))) <= set(map(whole, TERMS))


def test_every_word_of_the_register_has_a_term_that_was_looked_up() -> None:
    tables = [table for name, table in vars(vocabulary).items() if name.isupper() and name != "CONTEXT"]

    assert {term for table in tables if isinstance(table, dict) for term in table.values()} <= TERMS
    for kind, table in (
        (LawfulBasis, vocabulary.BASES), (SpecialCondition, vocabulary.CONDITIONS),
        (Derogation, vocabulary.DEROGATIONS), (DataCategory, vocabulary.CATEGORIES), (SubjectKind, vocabulary.PEOPLE),
        (Provenance, vocabulary.SOURCES), (FinalFate, vocabulary.FATES), (ActivityState, vocabulary.STATUSES),
    ):  # fmt: skip
        assert set(table) == set(kind)
    assert set(vocabulary.SAFEGUARDS) == set(Safeguard) - {Safeguard.DEROGATION}


# Nothing is tested, and pytest says so, where nobody put the files beside the checkout.
@pytest.mark.parametrize("folder", [VOCABULARY] if any(VOCABULARY.glob("*.ttl")) else [])
def test_every_term_exists_in_the_vocabulary_where_its_files_are_at_hand(folder: Path) -> None:
    known = Graph()
    for path in folder.glob("*.ttl"):
        known.parse(path, format="turtle")

    assert len(known) > 0
    assert {term for term in TERMS if (whole(term), None, None) not in known} == set()


def test_reading_it_asks_nobody(stated: tuple[Stated, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("asked somebody")

    document = told(stated)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert set(orjson.loads(document)["@context"]) == set(CONTEXT)
    assert len(graph_of(document)) > 100


def _without(graph: Graph, predicate: URIRef) -> Graph:
    broken = Graph() + graph
    broken.remove((None, predicate, None))
    return broken


BREAKAGES = (
    DPV.hasLegalBasis, DPV.hasDataSource, DPV.hasStorageCondition, DPV.hasActivityStatus, DPV.hasName, DCT.title,
    DPV.hasDataImporter,
)  # fmt: skip


@pytest.mark.parametrize("predicate", BREAKAGES, ids=lambda each: each.rpartition("#")[2])
def test_what_lacks_something_does_not_conform(stated: tuple[Stated, ...], predicate: URIRef) -> None:
    assert not checked(_without(graph_of(told(stated)), predicate))[0]


def test_a_register_of_nothing_conforms() -> None:
    assert checked(graph_of(told(())))[0]


def test_a_role_is_told_by_its_slug(stated: tuple[Stated, ...]) -> None:
    graph = graph_of(told(stated))

    roles = {str(graph.value(each, DCT.identifier)) for each in graph.subjects(RDF.type, DPV.Recipient)}
    assert roles == {Role.SUPPORT.value}
