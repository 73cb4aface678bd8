"""Looking consents up: who may, that it is recorded first, what is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.entries import Fact
from audit.errors import LogUnavailableError
from audit.log import Log
from audit.models import LogEntry
from consent.errors import ConsentNotFoundError, NotForYouError
from consent.permissions import READERS
from consent.service import ConsentRef, Desk, RecordEvent, consent_history, consent_status, record_many
from consent.states import ConsentState, EventKind, Method
from governance.actor import Role
from governance.database import Database
from governance.vocabulary import Channel
from tests.builders.ground import an_actor

DPO = an_actor(Role.DPO)


def given_and_refused(database: Database, desk: Desk) -> None:
    when = desk.clock.now() - timedelta(days=1)
    with database.write() as session:
        events = [
            RecordEvent(subject_id=1, purpose=purpose, channel=channel, kind=kind, method=Method.ORAL, occurred_at=when)
            for purpose, channel, kind in (
                ("newsletter", Channel.EMAIL, EventKind.GIVEN),
                ("calls", Channel.TELEPHONE, EventKind.REFUSED),
            )
        ]
        record_many(session, desk, DPO, events)


def test_a_persons_choices_are_told_with_their_state(database: Database, desk: Desk, log: Log) -> None:
    given_and_refused(database, desk)

    with database.read() as session:
        told = consent_status(session, desk, log, DPO, 1)
    assert {str(each.ref): (each.state, each.holds) for each in told} == {
        "1.newsletter.email": (ConsentState.GIVEN, True),
        "1.calls.telephone": (ConsentState.REFUSED, False),
    }


def test_a_history_tells_every_event(database: Database, desk: Desk, log: Log) -> None:
    given_and_refused(database, desk)
    ref = ConsentRef(subject_id=1, purpose="calls", channel=Channel.TELEPHONE)

    with database.read() as session:
        history = consent_history(session, desk, log, DPO, ref)
    assert [(event.kind, event.method) for event in history.events] == [(EventKind.REFUSED, Method.ORAL)]
    assert history.record.intact


def test_looking_is_recorded_even_where_there_is_nothing(database: Database, desk: Desk, log: Log) -> None:
    with database.read() as session:
        assert consent_status(session, desk, log, DPO, 3) == []
        with pytest.raises(ConsentNotFoundError):
            consent_history(session, desk, log, DPO, ConsentRef(subject_id=3, purpose="calls", channel=Channel.SMS))
        with pytest.raises(ConsentNotFoundError):
            consent_history(session, desk, log, DPO, ConsentRef(subject_id=3, purpose="none", channel=Channel.SMS))

    with database.read() as session:
        looks = session.scalars(select(LogEntry.object_type)).all()
    assert list(looks) == ["consent", "consent"]


class _FullLog:
    """A log on a full disk."""

    def append(self, fact: Fact) -> object:
        raise LogUnavailableError(reason="disk full")


def test_without_a_log_nothing_is_told(database: Database, desk: Desk) -> None:
    given_and_refused(database, desk)

    with database.read() as session, pytest.raises(LogUnavailableError):
        consent_status(session, desk, _FullLog(), DPO, 1)


@pytest.mark.parametrize("role", list(Role))
def test_only_those_concerned_look(database: Database, desk: Desk, log: Log, role: Role) -> None:
    with database.read() as session:
        if role in READERS:
            assert consent_status(session, desk, log, an_actor(role), 1) == []
        else:
            with pytest.raises(NotForYouError):
                consent_status(session, desk, log, an_actor(role), 1)
