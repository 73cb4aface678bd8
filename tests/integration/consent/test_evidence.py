"""What proves an event: kept once, shortened, sealed under the person's key, and told with the history."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from audit.log import Log
from audit.models import LogEntry
from audit.transaction import unrecorded
from consent.errors import GuardianRequiredError
from consent.evidence.models import ConsentEvidence, ShownWording
from consent.evidence.values import Age, Evidence, Guardian, KeptEvidence, Weakness, Wording
from consent.service import ConsentRef, Desk, History, RecordEvent, consent_history, record_consent, record_many
from consent.states import ConsentState, EventKind
from governance.actor import Role
from governance.database import Database
from governance.vault.subject_keys import erase
from governance.vocabulary import Channel
from tests.builders.ground import StandingClock, an_actor
from tests.integration.consent.test_recording import an_event, recorded

SUPPORT = an_actor(Role.SUPPORT)
K = EventKind
WORDS = Wording(text="Je veux recevoir les offres par e-mail.", form="fiche-magasin", version=3)
EVIDENCE = Evidence(
    wording=WORDS,
    address="203.0.113.77",
    device="Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    file_id=uuid.UUID(int=7),
)
GUARDIAN = Guardian(name="Un parent (fictif)", means="a signé la fiche au magasin")
REF = ConsentRef(subject_id=1, purpose="newsletter", channel=Channel.EMAIL)


def history(database: Database, desk: Desk, log: Log, ref: ConsentRef = REF) -> History:
    with database.read() as session:
        return consent_history(session, desk, log, SUPPORT, ref)


def proved(database: Database, desk: Desk, log: Log) -> dict[int, KeptEvidence]:
    return dict(history(database, desk, log).evidence)


def test_words_address_and_device_are_kept_with_the_event_shortened(database: Database, desk: Desk, log: Log) -> None:
    recorded(database, desk, an_event(evidence=EVIDENCE))

    kept = replace(EVIDENCE, address="203.0.113.0/24", device="Firefox, Linux")
    assert proved(database, desk, log) == {0: KeptEvidence(sequence=1, evidence=kept)}


def test_the_same_words_are_kept_once_for_everybody(database: Database, desk: Desk) -> None:
    for subject_id in (1, 2, 3):
        recorded(database, desk, an_event(subject_id=subject_id, evidence=EVIDENCE))
    recorded(database, desk, an_event(kind=K.REFUSED, evidence=Evidence(wording=replace(WORDS, version=4))))

    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ShownWording)) == 2


def test_nothing_of_where_it_came_from_lies_in_clear(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event(evidence=replace(EVIDENCE, guardian=GUARDIAN)))

    with database.read() as session:
        row = session.execute(select(ConsentEvidence.__table__)).mappings().one()

    assert not any(clear in repr(row).encode() for clear in (b"203.0.113", b"Firefox", b"parent"))


def test_a_form_sent_twice_is_proved_once(database: Database, desk: Desk, log: Log) -> None:
    recorded(database, desk, an_event(evidence=EVIDENCE), an_event(evidence=EVIDENCE))

    assert list(proved(database, desk, log)) == [0]


def test_the_log_knows_the_evidence_of_each_event(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event(evidence=EVIDENCE))

    with database.read() as session:
        mac = session.scalars(select(ConsentEvidence.mac)).one()
        body = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index.desc()).limit(1)).one()
    assert mac.hex().encode() in bytes(body)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_evidence SET weaknesses = 1",
        "UPDATE consent_evidence SET wording_id = NULL",
        "UPDATE consent_evidence SET box = NULL",
        "UPDATE consent_evidence SET file_id = NULL",
        "UPDATE consent_wording SET text = 'I want everything.'",
    ],
)
def test_evidence_altered_by_sql_proves_nothing_and_says_so(
    database: Database, desk: Desk, log: Log, statement: str
) -> None:
    recorded(database, desk, an_event(evidence=EVIDENCE))

    with database.engine.begin() as connection:
        connection.execute(text(statement))

    kept = proved(database, desk, log)[0]
    assert (kept.intact, kept.evidence) == (False, Evidence(weaknesses=frozenset({Weakness.NO_PROOF})))


def test_evidence_put_beside_another_event_proves_nothing(database: Database, desk: Desk, log: Log) -> None:
    recorded(database, desk, an_event(kind=K.REFUSED), an_event(evidence=EVIDENCE))

    with database.engine.begin() as connection:
        connection.execute(text("UPDATE consent_evidence SET sequence = 1"))

    assert not proved(database, desk, log)[0].intact


def test_what_was_personal_ends_with_the_person(database: Database, desk: Desk, log: Log) -> None:
    recorded(database, desk, an_event(evidence=EVIDENCE))
    with database.write() as session:
        erase(session, 1)

        unrecorded(session, "a test erases")

    evidence = proved(database, desk, log)[0].evidence
    assert (evidence.address, evidence.device, evidence.wording) == (None, None, WORDS)


def test_a_batch_keeps_what_is_weak_about_each_event(
    database: Database, desk: Desk, log: Log, clock: StandingClock
) -> None:
    weak = Evidence(weaknesses=frozenset({Weakness.BUNDLED, Weakness.UNKNOWN_DATE}))
    with database.write() as session:
        events = [an_event(subject_id=each, occurred_at=clock.now(), evidence=weak) for each in (1, 2, 1)]
        record_many(session, desk, SUPPORT, events)

    assert proved(database, desk, log)[0].evidence == weak


class TestMinorsUnder15:
    """GDPR Art. 8, LIL art. 45: the minor and a holder of parental authority agree together."""

    ALONE = Evidence(age=Age.UNDER_15)
    TOGETHER = Evidence(age=Age.UNDER_15, guardian=GUARDIAN)

    def test_a_minor_does_not_agree_alone(self, database: Database, desk: Desk) -> None:
        with pytest.raises(GuardianRequiredError), database.write() as session:
            record_consent(session, desk, SUPPORT, an_event(evidence=self.ALONE))

    def test_both_together_do(self, database: Database, desk: Desk) -> None:
        assert recorded(database, desk, an_event(evidence=self.TOGETHER)).holds

    @pytest.mark.parametrize("evidence", [None, Evidence(wording=WORDS)])
    def test_who_said_they_were_under_15_is_taken_at_their_word(
        self, database: Database, desk: Desk, evidence: Evidence | None
    ) -> None:
        recorded(database, desk, an_event(kind=K.REQUESTED, evidence=self.ALONE))

        with pytest.raises(GuardianRequiredError), database.write() as session:
            record_consent(session, desk, SUPPORT, an_event(evidence=evidence))
        with pytest.raises(GuardianRequiredError), database.write() as session:
            record_many(session, desk, SUPPORT, [an_event(evidence=evidence)])

    def test_the_yes_of_a_parent_later_gives_what_the_minor_asked_for(self, database: Database, desk: Desk) -> None:
        recorded(database, desk, an_event(kind=K.REQUESTED, evidence=self.ALONE))

        assert recorded(database, desk, an_event(evidence=Evidence(guardian=GUARDIAN))).state is ConsentState.GIVEN

    def test_who_has_turned_15_agrees_alone(self, database: Database, desk: Desk) -> None:
        recorded(database, desk, an_event(kind=K.REQUESTED, evidence=self.ALONE))

        assert recorded(database, desk, an_event(evidence=Evidence(age=Age.FROM_15))).holds

    @pytest.mark.parametrize("kind", [K.REFUSED, K.WITHDRAWN])
    def test_a_minor_says_no_alone(self, database: Database, desk: Desk, kind: EventKind) -> None:
        recorded(database, desk, an_event(evidence=self.TOGETHER))

        event: RecordEvent = an_event(kind=kind, evidence=self.ALONE)
        assert not recorded(database, desk, event).holds
