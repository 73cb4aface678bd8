"""What has run out is said to have: once, dated when it did, and told to nobody as more than that."""

import uuid
from datetime import timedelta

from sqlalchemy import text

from audit.log import Log
from audit.search import Filters, search
from consent.expiring import JOB, Expiring
from consent.service import ConsentRef, Desk, consent_history
from consent.states import ConsentState, EventKind
from governance.actor import Role
from governance.database import Database
from governance.jobs.queue import Lease
from governance.vocabulary import Channel
from tests.builders.ground import StandingClock, an_actor
from tests.integration.consent.test_recording import an_event, recorded

SUPPORT = an_actor(Role.SUPPORT)
K = EventKind


def expire(database: Database, desk: Desk, clock: StandingClock) -> int:
    lease = Lease(
        id=uuid.UUID(int=1), kind=JOB, payload={}, attempts=1, claims=1, progress=0, total=None, until=clock.now()
    )
    done = Expiring(database=database, attestor=desk.attestor, clock=clock).step(lease)
    assert done.finished
    return done.progress


def kinds(database: Database, desk: Desk, log: Log) -> list[EventKind]:
    ref = ConsentRef(subject_id=1, purpose="newsletter", channel=Channel.EMAIL)
    with database.read() as session:
        history = consent_history(session, desk, log, SUPPORT, ref)
    return [event.kind for event in history.events]


def test_what_has_run_out_is_closed_when_it_did_and_once(
    database: Database, desk: Desk, log: Log, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(days=30)
    recorded(database, desk, an_event(expires_at=until))
    assert expire(database, desk, clock) == 0

    clock.advance(days=31)
    assert [expire(database, desk, clock) for _ in range(2)] == [1, 0]

    with database.read() as session:
        ref = ConsentRef(subject_id=1, purpose="newsletter", channel=Channel.EMAIL)
        history = consent_history(session, desk, log, SUPPORT, ref)
        entry = search(session, Filters(object_type="consent", subject=1), limit=5)
        assert {"verb": "expire", "count": 1} in [each.said["details"] for each in entry]
    assert (history.record.state, history.record.intact) == (ConsentState.EXPIRED, True)
    assert (history.events[-1].occurred_at, history.events[-1].recorded_at) == (until, clock.now())


def test_a_renewal_recorded_late_still_counts(database: Database, desk: Desk, log: Log, clock: StandingClock) -> None:
    until = clock.now() + timedelta(days=30)
    recorded(database, desk, an_event(expires_at=until))
    clock.advance(days=40)
    expire(database, desk, clock)

    renewed_at, renewed_until = until - timedelta(days=1), clock.now() + timedelta(days=300)
    told = recorded(database, desk, an_event(K.RENEWED, occurred_at=renewed_at, expires_at=renewed_until))

    assert told.holds
    assert expire(database, desk, clock) == 0
    clock.advance(days=301)
    assert expire(database, desk, clock) == 1


def test_what_was_altered_is_left_alone_and_holds_up_nobody(
    database: Database, desk: Desk, log: Log, clock: StandingClock
) -> None:
    for subject_id in (1, 2):
        recorded(database, desk, an_event(subject_id=subject_id, expires_at=clock.now() + timedelta(days=30)))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE consent SET holds_until = holds_until + 1 WHERE subject_id = 1"))
    clock.advance(days=31)

    assert expire(database, desk, clock) == 1
    assert kinds(database, desk, log) == [K.GIVEN]


def test_what_has_no_end_never_runs_out(database: Database, desk: Desk, clock: StandingClock) -> None:
    recorded(database, desk, an_event())
    clock.advance(days=10_000)

    assert expire(database, desk, clock) == 0
