"""Recording consents, on both databases: once, many, twice, out of order, after tampering."""

import itertools
import random
import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from audit.log import Log
from audit.models import LogEntry
from consent.errors import (
    BatchTooLargeError,
    ExpiryError,
    FutureEventError,
    NotAskedError,
    NotForYouError,
    OperatorRequiredError,
    PersonNotFoundError,
    PurposeNotInForceError,
)
from consent.models import Consent, EarlierEvent
from consent.permissions import RECORDERS
from consent.probe import COLUMNS, Verdict, make_probe
from consent.service import (
    ConsentRecord,
    ConsentRef,
    Desk,
    RecordEvent,
    Withdraw,
    consent_history,
    record_consent,
    record_many,
    withdraw_consent,
)
from consent.service.recording import MAX_BATCH
from consent.states import ConsentState, EventKind, Happening, Method, fold
from governance.actor import SYSTEM, ActorKind, Role
from governance.database import Database
from governance.vault.models import DataSubject
from governance.vault.subject_keys import erase, restrict
from governance.vocabulary import Channel
from register.errors import PurposeNotFoundError
from register.service import NoticeRef
from tests.builders.ground import StandingClock, an_actor

SUPPORT = an_actor(Role.SUPPORT)
PROGRAM = an_actor(Role.SERVICE, kind=ActorKind.PROGRAM)
K = EventKind


def an_event(kind: EventKind = K.GIVEN, subject_id: int = 1, **fields: object) -> RecordEvent:
    given_fields: dict[str, object] = {
        "subject_id": subject_id,
        "purpose": "newsletter",
        "channel": Channel.EMAIL,
        "kind": kind,
        "method": Method.CHECKBOX,
        **fields,
    }
    return RecordEvent(**given_fields)  # type: ignore[arg-type] # a test's own fields


def recorded(database: Database, desk: Desk, *events: RecordEvent) -> ConsentRecord:
    """Record events, one transaction each, and return what the last one came to."""
    told = []
    for event in events:
        with database.write() as session:
            told.append(record_consent(session, desk, SUPPORT, event))
    return told[-1]


def judged(database: Database, desk: Desk, now: datetime | None = None) -> dict[int, Verdict]:
    """Ask as the gate does: people, LEFT JOIN their consents, and the probe."""
    probe = make_probe(
        desk.attestor, purpose_id=1, channel=Channel.EMAIL.code, now=desk.clock.now() if now is None else now
    )
    consent = Consent.__table__.c
    join = (consent.subject_id == DataSubject.id) & (consent.purpose_id == 1) & (consent.channel == Channel.EMAIL.code)
    columns = [consent[name] for name in COLUMNS]
    statement = select(DataSubject.id, *columns).outerjoin(Consent, join).order_by(DataSubject.id)
    with database.read() as session:
        return {row[0]: probe(*row) for row in session.execute(statement)}


def test_a_given_consent_opens_at_the_gate_for_that_person_only(database: Database, desk: Desk) -> None:
    told = recorded(database, desk, an_event())

    assert (told.state, told.sequence, told.holds, told.intact) == (ConsentState.GIVEN, 1, True, True)
    assert judged(database, desk) == {1: Verdict.GIVEN, 2: Verdict.NOT_GIVEN, 3: Verdict.NOT_GIVEN}


def test_a_withdrawn_consent_closes_and_twice_is_once(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event())
    told = []
    for _ in range(2):
        with database.write() as session:
            told += withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=1, purpose="newsletter"))

    assert [(each.state, each.sequence) for each in told] == [(ConsentState.WITHDRAWN, 2)] * 2
    assert judged(database, desk)[1] is Verdict.NOT_GIVEN


def test_withdrawing_everywhere_reaches_every_channel_on_file(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event(), an_event(channel=Channel.SMS))

    with database.write() as session:
        told = withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=1, purpose="newsletter"))

    assert {each.ref.channel: each.state for each in told} == {
        Channel.EMAIL: ConsentState.WITHDRAWN,
        Channel.SMS: ConsentState.WITHDRAWN,
    }


def test_withdrawing_what_was_never_given_is_heard(database: Database, desk: Desk) -> None:
    with database.write() as session:
        (told,) = withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=2, purpose="calls"))
        assert (told.ref.channel, told.state) == (Channel.TELEPHONE, ConsentState.WITHDRAWN)
        with pytest.raises(NotAskedError):
            withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=2, purpose="orders"))


def test_consent_expires_by_itself(database: Database, desk: Desk, clock: StandingClock) -> None:
    recorded(database, desk, an_event(expires_at=clock.now() + timedelta(days=1)))

    assert judged(database, desk)[1] is Verdict.GIVEN
    clock.advance(days=1)
    assert judged(database, desk)[1] is Verdict.NOT_GIVEN


def test_a_form_sent_twice_is_one_event(database: Database, desk: Desk, clock: StandingClock) -> None:
    recorded(database, desk, an_event())
    clock.advance(seconds=2)
    assert recorded(database, desk, an_event()).sequence == 1
    clock.advance(minutes=2)
    assert recorded(database, desk, an_event()).sequence == 2


def test_an_event_that_carries_its_time_is_recorded_once(database: Database, desk: Desk, clock: StandingClock) -> None:
    event = an_event(occurred_at=clock.now() - timedelta(days=30))
    recorded(database, desk, event)
    clock.advance(days=1)

    assert recorded(database, desk, event).sequence == 1
    with database.write() as session:
        report = record_many(session, desk, PROGRAM, [event, event])
    assert (report.recorded, report.repeated, report.given) == (0, 2, 1)


def test_an_older_event_delivered_late_changes_nothing(database: Database, desk: Desk, clock: StandingClock) -> None:
    earlier = clock.now() - timedelta(days=2)
    told = recorded(database, desk, an_event(K.WITHDRAWN), an_event(occurred_at=earlier))

    assert (told.state, told.sequence) == (ConsentState.WITHDRAWN, 2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(EventKind), min_size=1, max_size=6), seed=st.integers(0, 1000))
def test_whatever_the_order_and_the_batches_the_state_is_the_same(
    database: Database, desk: Desk, kinds: list[EventKind], seed: int
) -> None:
    start = desk.clock.now() - timedelta(days=1)
    events = [
        an_event(kind, subject_id, occurred_at=start + timedelta(minutes=minute))
        for minute, kind in enumerate(kinds)
        for subject_id in (1, 2)
    ]
    expected = fold(
        Happening(kind=event.kind, occurred_at=start + timedelta(minutes=m)) for m, event in enumerate(events[::2])
    )
    shuffler = random.Random(seed)
    shuffler.shuffle(events)
    cut = shuffler.randrange(len(events) + 1)
    with database.write() as session:
        for table in (EarlierEvent, Consent):
            session.connection().execute(table.__table__.delete())  # type: ignore[attr-defined] # a declarative table
        for part in (events[:cut], events[cut:], events):
            record_many(session, desk, PROGRAM, part)
    with database.read() as session:
        rows = session.execute(select(Consent.state, Consent.sequence)).all()
    assert rows == [(expected.state.code if expected.state else 0, len(kinds))] * 2


def test_a_batch_is_one_fact_about_all_its_people(database: Database, desk: Desk) -> None:
    with database.write() as session:
        report = record_many(session, desk, SYSTEM, [an_event(subject_id=number) for number in (1, 2, 3)])

    with database.read() as session:
        (entry,) = session.scalars(select(LogEntry)).all()
        body = bytes(entry.body)
    assert (report.recorded, report.repeated, report.given) == (3, 0, 3)
    assert b'"subjects":[1,2,3]' in body
    assert b'"recorded":3' in body


def test_an_empty_batch_is_nothing_and_a_huge_one_refused(database: Database, desk: Desk) -> None:
    with database.write() as session:
        assert record_many(session, desk, SYSTEM, []).recorded == 0
        with pytest.raises(BatchTooLargeError):
            record_many(session, desk, SYSTEM, list(itertools.repeat(an_event(), MAX_BATCH + 1)))


def test_the_fact_tells_what_and_how_and_never_who_by_name(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event(notice=NoticeRef(slug="newsletter-form", version=3)))

    with database.read() as session:
        entry = session.scalars(select(LogEntry)).one()
        body = bytes(entry.body)
        event = session.scalars(select(Consent)).one()
        assert (entry.object_type, entry.object_id, entry.purpose) == ("consent", "1.newsletter.email", "newsletter")
        assert (event.notice_id, event.operator_id) == (1, SUPPORT.id)
    assert b'"notice":"newsletter-form@3/fr"' in body
    assert b'"method":"checkbox"' in body


@pytest.mark.parametrize("role", list(Role))
def test_those_who_talk_with_customers_record(database: Database, desk: Desk, role: Role) -> None:
    with database.write() as session:
        if role in RECORDERS:
            assert record_consent(session, desk, an_actor(role), an_event()).holds
        else:
            with pytest.raises(NotForYouError):
                record_consent(session, desk, an_actor(role), an_event())


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (an_event(subject_id=99), PersonNotFoundError),
        (an_event(purpose="unheard-of"), PurposeNotFoundError),
        (an_event(purpose="' OR 1=1 --"), PurposeNotFoundError),
        (an_event(purpose="orders"), NotAskedError),
        (an_event(purpose="future"), PurposeNotInForceError),
        (an_event(occurred_at=datetime.fromisoformat("2026-11-22T09:02:00+00:00")), FutureEventError),
        (an_event(occurred_at=datetime.fromisoformat("1969-12-31T00:00:00+00:00")), FutureEventError),
        (an_event(expires_at=datetime.fromisoformat("2026-11-22T09:00:00+00:00")), ExpiryError),
        (an_event(expires_at=datetime.fromisoformat("9999-12-31T23:59:59-14:00")), ExpiryError),
        (an_event(K.REFUSED, expires_at=datetime.fromisoformat("2027-11-22T09:00:00+00:00")), ExpiryError),
    ],
)
def test_what_makes_no_sense_is_refused(
    database: Database, desk: Desk, event: RecordEvent, error: type[Exception]
) -> None:
    with database.write() as session, pytest.raises(error):
        record_consent(session, desk, SUPPORT, event)


@pytest.mark.parametrize("method", [Method.ORAL, Method.PAPER])
def test_what_is_said_or_signed_was_received_by_somebody(database: Database, desk: Desk, method: Method) -> None:
    with database.write() as session:
        with pytest.raises(OperatorRequiredError):
            record_consent(session, desk, PROGRAM, an_event(method=method))
        assert record_consent(session, desk, SUPPORT, an_event(method=method)).holds


def test_nothing_is_recorded_of_an_erased_person_and_a_restricted_one_is_heard(database: Database, desk: Desk) -> None:
    with database.write() as session:
        erase(session, 1)
        restrict(session, desk.keyring, 2)
        with pytest.raises(PersonNotFoundError):
            record_consent(session, desk, SUPPORT, an_event())
        assert record_consent(session, desk, SUPPORT, an_event(K.WITHDRAWN, 2)).state is ConsentState.WITHDRAWN


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent SET state = 2",
        "UPDATE consent SET state = 2, holds_until = NULL, sequence = 1",
        "UPDATE consent SET kind = 2, state = 2",
        "UPDATE consent_earlier_event SET kind = 4",
        "DELETE FROM consent_earlier_event; DELETE FROM consent",
        "DELETE FROM consent_earlier_event",
        "DELETE FROM consent",
    ],
)
def test_a_withdrawal_undone_by_sql_opens_nothing_then_or_later(
    database: Database, desk: Desk, log: Log, statement: str
) -> None:
    recorded(database, desk, an_event(), an_event(K.WITHDRAWN))
    with database.write_connection() as connection:
        for part in statement.split("; "):
            connection.execute(text(part))

    assert judged(database, desk)[1] is not Verdict.GIVEN
    for kind in (K.REQUESTED, K.RENEWED, K.EXPIRED, K.REQUESTED):
        desk.clock.advance(hours=1)  # type: ignore[attr-defined] # the test's clock stands still
        told = recorded(database, desk, an_event(kind))
        with database.read() as session:
            history = consent_history(session, desk, log, SUPPORT, told.ref)
        assert told.state is history.record.state is not ConsentState.GIVEN
        assert judged(database, desk)[1] is Verdict.NOT_GIVEN
    with database.write() as session:
        assert withdraw_consent(session, desk, SUPPORT, Withdraw(subject_id=1, purpose="newsletter"))


def test_a_fresh_yes_opens_again_after_tampering_and_the_log_says_so(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event(), an_event(K.WITHDRAWN))
    with database.write_connection() as connection:
        connection.execute(text("UPDATE consent SET state = 2"))
    desk.clock.advance(days=1)  # type: ignore[attr-defined] # the test's clock stands still

    assert recorded(database, desk, an_event()).holds
    assert judged(database, desk)[1] is Verdict.GIVEN
    assert recorded(database, desk, an_event(K.REQUESTED)).holds
    with database.read() as session:
        bodies = [bytes(body) for body in session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))]
    assert [b'"altered":true' in body for body in bodies] == [False, False, True, False]


def test_a_consent_moved_to_another_person_opens_nothing(database: Database, desk: Desk) -> None:
    recorded(database, desk, an_event())
    with database.write_connection() as connection:
        connection.execute(text("UPDATE consent SET subject_id = 2"))

    assert judged(database, desk) == {1: Verdict.NOT_GIVEN, 2: Verdict.BROKEN, 3: Verdict.NOT_GIVEN}


def test_two_programs_at_once_lose_no_event(database: Database, desk: Desk, clock: StandingClock) -> None:
    start = clock.now() - timedelta(days=1)

    def deliver(offset: int) -> None:
        for minute in range(5):
            event = an_event(occurred_at=start + timedelta(minutes=2 * minute + offset))
            with database.write() as session:
                record_consent(session, desk, PROGRAM, event)

    threads = [threading.Thread(target=deliver, args=(offset,)) for offset in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(EarlierEvent)) == 9
        assert session.scalars(select(Consent.sequence)).one() == 10
        assert judged(database, desk)[1] is Verdict.GIVEN


def test_a_reference_reads_back(database: Database, desk: Desk) -> None:
    told = recorded(database, desk, an_event())

    assert ConsentRef.parse(str(told.ref)) == told.ref


@pytest.mark.parametrize(
    "statement", ["DELETE FROM consent_earlier_event WHERE sequence = 1", "UPDATE consent SET sequence = 9"]
)
def test_what_was_said_before_tampering_and_delivered_after_opens_nothing(
    database: Database, desk: Desk, clock: StandingClock, statement: str
) -> None:
    recorded(database, desk, an_event(), an_event(K.WITHDRAWN))
    with database.write_connection() as connection:
        connection.execute(text(statement))
    clock.advance(days=1)
    recorded(database, desk, an_event(K.REQUESTED))

    late = recorded(database, desk, an_event(occurred_at=clock.now() - timedelta(hours=30)))
    assert not late.holds
    assert recorded(database, desk, an_event()).holds


def test_a_withdrawal_stays_one_when_its_proof_is_invalidated(database: Database, desk: Desk, log: Log) -> None:
    told = recorded(database, desk, an_event(), an_event(K.WITHDRAWN), an_event(K.INVALIDATED))

    with database.read() as session:
        history = consent_history(session, desk, log, SUPPORT, told.ref)
    assert told.state is history.record.state is ConsentState.WITHDRAWN
    assert history.record.intact
