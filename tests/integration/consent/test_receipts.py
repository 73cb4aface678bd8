"""Proof of a consent: what it says, that it is checked without the house, and that it says what was altered."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyshacl
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rdflib import Graph, URIRef
from sqlalchemy import text

from audit.anchor import Anchor, create
from audit.log import Log
from audit.notes import from_base64
from audit.proofs import EntryProof, verify_proof
from audit.signer import Signer
from audit.transaction import unrecorded
from consent.errors import ConsentNotFoundError, NotForYouError
from consent.evidence.values import Age, Evidence, Guardian, Weakness, Wording
from consent.receipts.errors import NothingGivenError, ReceiptRefusedError
from consent.receipts.issuing import issue
from consent.receipts.kantara import to_kantara
from consent.receipts.linked import EVENTS, STATES, to_linked
from consent.receipts.pages import draw_offstage
from consent.receipts.proving import ProofDesk, prove_consent, prove_to_person
from consent.receipts.schemas import check_kantara, open_receipt
from consent.receipts.values import Proof, ReceiptFormat
from consent.service import ConsentRef, Desk, Withdraw, record_many, withdraw_consent
from consent.states import ConsentState, EventKind, Method
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.vault.subject_keys import erase
from governance.vocabulary import Channel
from governance.web.offstage import Studio
from register.linked.vocabulary import CONTEXT
from register.pages.wording import FILTERS
from tests.builders.audit import LEAF_KEY, ORIGIN, AnchoredLog
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.integration.consent.test_recording import an_event, recorded

# rdflib's own reader of JSON-LD uses what rdflib is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

K = EventKind
DPO, SUPPORT = an_actor(Role.DPO), an_actor(Role.SUPPORT)
PERSON = Actor(kind=ActorKind.SUBJECT, id=None, roles=frozenset())
REF = ConsentRef(subject_id=1, purpose="newsletter", channel=Channel.EMAIL)
WORDS = Evidence(wording=Wording(text="Oui aux offres.", form="fiche", version=2), address="203.0.113.77")
SHARED = Path(__file__).parents[4] / "shared" / "data"
# Every term that a receipt may be told in, besides those of the register; each was looked up in version 2.3.
TERMS = set(
    """
    dpv:ConsentReceipt dpv:ConsentRecord dpv:WithdrawConsent dpv:PrivacyNotice dpv:Location dpv:Customer dpv:DataSubject
    dpv:Employee dpv:Process dpv:Purpose dpv:PersonalData dpv:Recipient dpv:DataController dpv:StorageCondition
    dpv:StorageDuration dpv:EndlessDuration dpv:UntilTimeDuration dpv:ConsentUnknown dpv:ConsentRequested
    dpv:ConsentGiven dpv:RenewedConsentGiven dpv:ConsentRefused dpv:ConsentWithdrawn dpv:ConsentExpired
    dpv:ConsentInvalidated dpv:hasRecordOfActivity dpv:hasDataSubject dpv:hasProcess dpv:hasConsentStatus
    dpv:hasConsentControl dpv:isExercisedAt dpv:isIndicatedAtTime dpv:isIndicatedBy dpv:hasIndicationMethod
    dpv:hasDuration dpv:hasNotice dpv:hasAuthority dpv:hasJurisdiction dpv:hasDataController dpv:hasPurpose
    dpv:hasLegalBasis dpv:hasPersonalData dpv:hasRecipient dpv:hasDataSource dpv:hasNecessity dpv:hasStorageCondition
    dpv:hasProcessing dpv:hasName dpv:hasIdentifier dpv:hasAddress dpv:hasContact dpv:DataSubjectDataSource dpv:Optional
    dpv:Required dpv:Erase dpv:hasAssessment dpv:LegitimateInterestAssessment
    pd:Identifying pd:Contact pd:Preference pd:Interaction eu-gdpr:A6-1-a
    """.split()  # noqa: SIM905 -- a line for each would be two pages
)


@pytest.fixture
def books(database: Database, log: Log, clock: StandingClock, tmp_path: Path) -> AnchoredLog:
    folder = tmp_path / "anchor"
    create(folder, ORIGIN)
    return AnchoredLog(database=database, log=log, signer=Signer(database, clock, folder, LEAF_KEY), folder=folder)


@pytest.fixture
def proving(desk: Desk, books: AnchoredLog, ids: CountingIds) -> ProofDesk:
    return ProofDesk(desk, ids, books.log, books.signer, "https://egide.example")


def proved(database: Database, proving: ProofDesk, ref: ConsentRef = REF, actor: Actor = DPO) -> Proof:
    with database.read() as session:
        found = prove_consent(session, proving, actor, ref)
        session.expunge_all()
        return found


def graph_of(proof: Proof) -> Graph:
    return Graph().parse(data=json.dumps(to_linked(proof)), format="json-ld")


def conforms(graph: Graph) -> tuple[bool, str]:
    shapes = Graph().parse(data=files("consent.receipts").joinpath("shapes.ttl").read_text("utf-8"), format="turtle")
    holds, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    return holds, report


def a_kantara_receipt() -> dict[str, Any]:
    """Return a receipt of another house: a fictional tram company."""
    return {
        "version": "KI-CR-v1.1.0",
        "jurisdiction": "BE",
        "consentTimestamp": 1700000000,
        "collectionMethod": "counter",
        "consentReceiptID": "6c0a5c4e-6e6e-4e53-9c3b-6d3b7d6f2a11",
        "piiPrincipalId": "passenger 12",
        "piiControllers": [
            {
                "piiController": "Trams d'Exemple",
                "contact": "Office",
                "address": {},
                "email": "a@b.example",
                "phone": "1",
            }
        ],
        "policyUrl": "https://trams.example/privacy",
        "services": [
            {
                "service": "Season ticket",
                "purposes": [
                    {
                        "consentType": "EXPLICIT",
                        "purposeCategory": ["2 - Contracted Service"],
                        "piiCategory": ["2 - Contact"],
                        "termination": "one year",
                        "thirdPartyDisclosure": True,
                        "thirdPartyName": "A printer of cards",
                    }
                ],
            }
        ],
        "sensitive": False,
        "spiCat": [],
    }


class TestWhatAProofSays:
    def test_words_time_means_chain_and_log(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        with database.write() as session:
            withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=1, purpose="newsletter"))

        found = proved(database, proving)

        yes, no = found.events
        assert (yes.event.kind, no.event.kind) == (K.GIVEN, K.WITHDRAWN)
        assert yes.evidence is not None
        assert yes.evidence.evidence.wording == WORDS.wording
        assert yes.evidence.evidence.address == "203.0.113.0/24"
        assert (found.record.state, found.record.holds, found.sound) == (ConsentState.WITHDRAWN, False, True)
        assert found.withdrawn_at == no.event.occurred_at

    def test_each_event_leads_to_its_entry_in_the_signed_log(
        self, database: Database, desk: Desk, proving: ProofDesk, books: AnchoredLog
    ) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        recorded(database, desk, an_event(K.REFUSED, occurred_at=desk.clock.now() + timedelta(seconds=-5)))

        for place, each in enumerate(proved(database, proving).events, start=1):
            assert each.entry is not None
            assert each.entry.proof is not None
            head, proof = verify_proof(each.entry.proof, books.verifier)
            assert proof.index == each.entry.index < head.size
            assert proof.body is not None
            said = json.loads(proof.body)
            assert (said["object"]["id"], said["details"]["sequence"]) == (str(REF), place)

    def test_an_entry_of_several_people_proves_the_same_and_names_nobody_else(
        self, database: Database, desk: Desk, proving: ProofDesk, books: AnchoredLog
    ) -> None:
        with database.write() as session:
            record_many(session, desk, SUPPORT, [an_event(subject_id=each) for each in (1, 2)])

        [event] = proved(database, proving).events

        assert event.entry is not None
        assert event.entry.proof is not None
        assert event.entry.leaf is not None
        assert EntryProof.parse(event.entry.proof).body is None
        verify_proof(event.entry.proof, books.verifier, from_base64(event.entry.leaf))

    def test_a_refusal_is_proved_too(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(K.REFUSED))

        found = proved(database, proving)

        assert (found.record.state, found.given, len(found.events)) == (ConsentState.REFUSED, None, 1)

    def test_the_same_consent_has_the_same_number_and_each_proof_its_own(
        self, database: Database, desk: Desk, proving: ProofDesk
    ) -> None:
        recorded(database, desk, an_event(), an_event(subject_id=2))
        first, again = proved(database, proving), proved(database, proving)
        other = proved(database, proving, replace(REF, subject_id=2))

        assert first.record_id == again.record_id != other.record_id
        assert first.principal_id == again.principal_id != other.principal_id
        assert first.receipt_id != again.receipt_id

    def test_who_looked_is_in_the_log(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event())
        proved(database, proving)

        with database.read() as session:
            told = session.execute(text("SELECT body FROM audit_entry ORDER BY leaf_index DESC LIMIT 1")).scalar_one()
        said = json.loads(bytes(told))
        assert (said["action"], said["details"], said["object"]["id"]) == ("read", {"verb": "prove"}, str(REF))

    def test_the_person_is_told_where_the_log_tells_it_and_not_who_recorded_it(
        self, database: Database, desk: Desk, proving: ProofDesk
    ) -> None:
        recorded(database, desk, an_event(evidence=WORDS))

        with database.read() as session:
            found = prove_to_person(session, proving, PERSON, REF)

        [event] = found.events
        assert event.entry is not None
        assert (event.entry.proof, found.checkpoint) == (None, None)

    def test_only_those_who_look_consents_up_are_given_one(
        self, database: Database, desk: Desk, proving: ProofDesk
    ) -> None:
        recorded(database, desk, an_event())
        with pytest.raises(NotForYouError):
            proved(database, proving, actor=an_actor(Role.SECURITY))

    @pytest.mark.parametrize(
        "ref", [replace(REF, subject_id=3), replace(REF, subject_id=99), replace(REF, purpose="nothing")], ids=str
    )
    def test_nothing_is_proved_of_what_was_never_recorded(
        self, database: Database, desk: Desk, proving: ProofDesk, ref: ConsentRef
    ) -> None:
        recorded(database, desk, an_event())
        with pytest.raises(ConsentNotFoundError):
            proved(database, proving, ref)

    def test_nothing_is_left_to_prove_of_somebody_erased(
        self, database: Database, desk: Desk, proving: ProofDesk
    ) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        with database.write() as session:
            erase(session, 1)
            unrecorded(session, "a test erases")
        with pytest.raises(ConsentNotFoundError):
            proved(database, proving)


class TestWhatWasAltered:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE consent SET state = 2 WHERE subject_id = 1",
            "UPDATE consent_earlier_event SET method = 4 WHERE subject_id = 1",
            "DELETE FROM consent_earlier_event WHERE subject_id = 1",
        ],
    )
    def test_an_altered_chain_is_said_and_does_not_count(
        self, database: Database, desk: Desk, proving: ProofDesk, statement: str
    ) -> None:
        recorded(database, desk, an_event(), an_event(K.WITHDRAWN, occurred_at=desk.clock.now()))
        alter(database, statement)

        found = proved(database, proving)

        assert not found.sound
        assert not found.record.holds
        assert graph_says(found, "altered outside Égide")

    def test_evidence_taken_away_is_missed(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        alter(database, "DELETE FROM consent_evidence")

        found = proved(database, proving)

        assert found.events[0].evidence_gone
        assert not found.sound

    def test_other_words_are_not_believed(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        alter(database, "UPDATE consent_wording SET text = 'Oui à tout.'")

        found = proved(database, proving)

        assert found.events[0].evidence is not None
        assert found.events[0].evidence.evidence.wording is None
        assert not found.sound

    def test_an_entry_rewritten_in_the_log_is_said(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(evidence=WORDS))
        proved(database, proving)
        with database.write_connection() as connection:
            body = bytes(connection.execute(text("SELECT body FROM audit_entry WHERE leaf_index = 0")).scalar_one())
            changed = {"body": body.replace(b'"checkbox"', b'"paper"')}
            connection.execute(text("UPDATE audit_entry SET body = :body WHERE leaf_index = 0"), changed)

        found = proved(database, proving)

        assert found.events[0].entry is not None
        assert found.events[0].entry.broken
        assert not found.sound


class TestReceiptsForMachines:
    @pytest.fixture
    def proof(self, database: Database, desk: Desk, proving: ProofDesk) -> Proof:
        recorded(database, desk, an_event(K.REQUESTED, evidence=WORDS))
        recorded(database, desk, an_event(method=Method.DOUBLE_OPT_IN, evidence=WORDS))
        return proved(database, proving)

    def test_linked_data_has_the_shape_of_a_receipt(self, proof: Proof) -> None:
        holds, report = conforms(graph_of(proof))
        assert holds, report

    @pytest.mark.parametrize("lost", ["dct:created", "dpv:hasRecordOfActivity", "dct:conformsTo"])
    def test_what_lacks_something_has_not(self, proof: Proof, lost: str) -> None:
        told = to_linked(proof)
        del told[lost]
        assert not conforms(Graph().parse(data=json.dumps(told), format="json-ld"))[0]

    def test_it_is_told_in_terms_that_exist(self, proof: Proof) -> None:
        ours = tuple(CONTEXT[prefix] for prefix in ("dpv", "pd", "eu-gdpr"))
        used = {
            str(t) for triple in graph_of(proof) for t in triple if isinstance(t, URIRef) and str(t).startswith(ours)
        }
        known = {CONTEXT[prefix] + name for prefix, _, name in (each.partition(":") for each in TERMS)}
        assert used <= known
        assert {*EVENTS.values(), *STATES.values()} <= TERMS
        assert set(STATES) == set(ConsentState)
        assert set(EVENTS) == set(EventKind)
        if SHARED.exists():
            vocabulary = Graph()
            for name in ("dpv-2.3", "pd", "eu-gdpr"):
                vocabulary.parse(SHARED / "dpv" / f"{name}.ttl")
            assert known <= {str(each) for each in vocabulary.subjects()}

    @pytest.mark.parametrize("form", [ReceiptFormat.JSONLD, ReceiptFormat.KANTARA])
    def test_it_is_checked_with_the_public_key_alone(
        self, proof: Proof, books: AnchoredLog, form: ReceiptFormat
    ) -> None:
        receipt = issue(books.signer, proof, form)

        opened = open_receipt(receipt, books.verifier)
        assert opened.form is form
        # By hand, as anybody may without us: RFC 7515, section 5.2.
        head, body, signature = receipt.split(".")
        key = Ed25519PublicKey.from_public_bytes(books.verifier.public)
        key.verify(unpadded(signature), f"{head}.{body}".encode())
        assert json.loads(unpadded(body)) == opened.content
        assert json.loads(unpadded(head))["alg"] == "Ed25519"
        with pytest.raises(InvalidSignature):
            key.verify(unpadded(signature), f"{head}.{body[:-4]}AAAA".encode())

    def test_what_was_changed_or_signed_by_others_is_refused(
        self, proof: Proof, books: AnchoredLog, tmp_path: Path
    ) -> None:
        receipt = issue(books.signer, proof, ReceiptFormat.JSONLD)
        head, body, signature = receipt.split(".")
        create(tmp_path / "other", ORIGIN)
        no_signature = base64.urlsafe_b64encode(b'{"alg":"none","typ":"egide-consent-receipt"}').rstrip(b"=").decode()

        for forged in ("", "a.b.c", f"{head}.{body[:-2]}xx.{signature}", f"{no_signature}.{body}.", receipt[:-1]):
            with pytest.raises(ReceiptRefusedError):
                open_receipt(forged, books.verifier)
        with pytest.raises(ReceiptRefusedError):
            open_receipt(receipt, Anchor(tmp_path / "other").verifier)
        # A checkpoint is signed by the same key, and is none.
        with pytest.raises(ReceiptRefusedError):
            open_receipt(books.checkpoint().note, books.verifier)

    def test_kantara_tells_of_a_yes_alone(self, database: Database, desk: Desk, proving: ProofDesk) -> None:
        recorded(database, desk, an_event(K.REFUSED))
        with pytest.raises(NothingGivenError):
            to_kantara(proved(database, proving))

    def test_ours_is_one_by_their_schema_and_theirs_by_ours(self, proof: Proof) -> None:
        check_kantara(to_kantara(proof))
        check_kantara(a_kantara_receipt())
        if SHARED.exists():
            folder = SHARED / "consent"
            written = (folder / "kantara-receipt-v1.1-schema.json").read_text("utf-8")
            kept = "\n".join(line for line in written.split("\n") if not line.lstrip().startswith("//"))
            theirs = jsonschema_rs.validator_for(json.loads(kept))
            theirs.validate(to_kantara(proof))
            check_kantara(json.loads((folder / "kantara-receipt-v1.1-example.json").read_text("utf-8")))

    @pytest.mark.parametrize("lost", ["version", "policyUrl", "consentTimestamp", "piiControllers", "spiCat"])
    def test_what_lacks_something_is_no_kantara_receipt(self, lost: str) -> None:
        told = a_kantara_receipt()
        del told[lost]
        with pytest.raises(ReceiptRefusedError):
            check_kantara(told)

    def test_a_receiver_has_a_name(self) -> None:
        told = a_kantara_receipt()
        del told["services"][0]["purposes"][0]["thirdPartyName"]
        with pytest.raises(ReceiptRefusedError):
            check_kantara(told)


def unpadded(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def alter(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        assert connection.execute(text(statement)).rowcount


def graph_says(proof: Proof, words: str) -> bool:
    return any(words in str(each) for each in graph_of(proof).objects())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("channel", list(Channel))
def test_whatever_was_recorded_can_be_drawn(
    database: Database, desk: Desk, proving: ProofDesk, language: str, channel: Channel
) -> None:
    """Each kind of event, means, age and weakness, on each channel, in either language."""
    for place, kind in enumerate(K):
        for method, age in zip(Method, [*Age] * 3, strict=True):
            evidence = Evidence(
                wording=WORDS.wording,
                age=age,
                guardian=Guardian(name="Un parent (fictif)", means="au magasin"),
                weaknesses=frozenset(Weakness),
            )
            at = desk.clock.now() - timedelta(days=place + 1, hours=method.code)
            recorded(database, desk, an_event(kind, method=method, evidence=evidence, occurred_at=at))
    with database.read() as session:
        proof = prove_consent(session, proving, DPO, REF)
        named = replace(proof, record=replace(proof.record, ref=replace(REF, channel=channel)))
        drawn = draw_offstage(Studio(FILTERS))(named, language)

    assert f'lang="{language}"' in drawn
    assert drawn.count('class="event') == len(K) * len(Method)
