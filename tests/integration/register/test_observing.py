"""Loosening the rules of an activity takes a reason and an end, and the end comes by itself; on both databases."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.models import LogEntry
from governance.database import Database
from register.declared import declared_purposes
from register.errors import ObservationEndError, ReasonRequiredError, StepNotAllowedError
from register.lifecycle import LONGEST_OBSERVATION, Mode, Verb
from register.models import Activity
from register.service import Desk, SetMode, Step, get_activity, list_versions, set_mode, thread_of
from tests.builders.ground import StandingClock
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo

_WHY = "The new till writes under another role; the shop must stay open while we look."


@pytest.fixture
def standing(desk: Desk) -> StandingClock:
    assert isinstance(desk.clock, StandingClock)
    return desk.clock


def switch(session: Session, desk: Desk, mode: Mode, reason: str = "", days: int | None = None) -> Activity:
    command = SetMode(activity="loyalty", mode=mode, reason=reason, days=days)
    return set_mode(session, desk.clock, desk.attestor, the_controller(), command)


def enforced(session: Session, desk: Desk) -> None:
    a_complete_draft(session, desk)
    activate(session, desk)
    switch(session, desk, Mode.ENFORCE)


def test_what_begins_to_run_in_observe_has_an_end_from_the_start(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        assert get_activity(session, "loyalty").observed_until is None
        activate(session, desk)

    with database.read() as session:
        declared = declared_purposes(session, desk.attestor)["loyalty-points"]
    now = desk.clock.now()
    assert declared.observes_until == now + LONGEST_OBSERVATION
    assert declared.observes(now)
    assert not declared.observes(now + LONGEST_OBSERVATION)


def test_suspending_and_resuming_gives_no_more_time(database: Database, desk: Desk, standing: StandingClock) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        end = get_activity(session, "loyalty").observed_until
        standing.advance(days=3)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RESUME))

        assert get_activity(session, "loyalty").observed_until == end


def test_enforcing_is_a_word_and_drops_the_end(database: Database, desk: Desk) -> None:
    with database.write() as session:
        enforced(session, desk)

        assert get_activity(session, "loyalty").observed_until is None


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_loosening_takes_a_written_reason(database: Database, desk: Desk, reason: str) -> None:
    with database.write() as session:
        enforced(session, desk)

        with pytest.raises(ReasonRequiredError):
            switch(session, desk, Mode.OBSERVE, reason, days=7)
        assert get_activity(session, "loyalty").mode is Mode.ENFORCE


@pytest.mark.parametrize("days", [None, 0, -1, LONGEST_OBSERVATION.days + 1])
def test_loosening_takes_an_end_within_thirty_days(database: Database, desk: Desk, days: int | None) -> None:
    with database.write() as session:
        enforced(session, desk)

        with pytest.raises(ObservationEndError):
            switch(session, desk, Mode.OBSERVE, _WHY, days=days)
        assert get_activity(session, "loyalty").mode is Mode.ENFORCE


def test_loosening_is_the_controllers(database: Database, desk: Desk) -> None:
    with database.write() as session:
        enforced(session, desk)
        command = SetMode(activity="loyalty", mode=Mode.OBSERVE, reason=_WHY, days=7)

        with pytest.raises(StepNotAllowedError):
            set_mode(session, desk.clock, desk.attestor, the_dpo(), command)


def test_the_reason_is_kept_with_the_activity_and_not_in_the_log(database: Database, desk: Desk) -> None:
    with database.write() as session:
        enforced(session, desk)
        switch(session, desk, Mode.OBSERVE, _WHY, days=7)

    with database.read() as session:
        last = list_versions(session, "loyalty", after=None, limit=10).rows[-1]
        bodies = [bytes(body) for body in session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))]
        newest = thread_of(session, get_activity(session, "loyalty"))[0]
        assert (last.note, last.mode, newest.note) == (_WHY, Mode.OBSERVE, _WHY)
        end = orjson.loads(last.snapshot)["observed_until"]
    assert orjson.loads(bodies[-1])["details"]["observed_until"] == end
    assert not any(b"till writes" in body for body in bodies)


def test_an_observation_that_has_ended_enforces_without_anybody_doing_anything(
    database: Database, desk: Desk, standing: StandingClock
) -> None:
    with database.write() as session:
        enforced(session, desk)
        switch(session, desk, Mode.OBSERVE, _WHY, days=7)
        before = get_activity(session, "loyalty").revision

    standing.advance(days=7)

    with database.read() as session:
        activity = get_activity(session, "loyalty")
        assert not declared_purposes(session, desk.attestor)["loyalty-points"].observes(desk.clock.now())
        assert activity.mode_at(desk.clock.now()) is Mode.ENFORCE
        assert activity.mode_at(desk.clock.now() - timedelta(seconds=1)) is Mode.OBSERVE
        assert activity.revision == before


def test_more_time_takes_a_reason_again(database: Database, desk: Desk, standing: StandingClock) -> None:
    with database.write() as session:
        enforced(session, desk)
        first = switch(session, desk, Mode.OBSERVE, _WHY, days=7).observed_until
        # While it observes, observing again changes nothing: nobody prolongs by asking twice.
        assert switch(session, desk, Mode.OBSERVE, _WHY, days=30).observed_until == first
        standing.advance(days=7)
        with pytest.raises(ReasonRequiredError):
            switch(session, desk, Mode.OBSERVE, days=7)

        again = switch(session, desk, Mode.OBSERVE, _WHY, days=1)

        assert again.observed_until == desk.clock.now() + timedelta(days=1)


def test_the_database_takes_no_observation_without_an_end(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)

    with pytest.raises(IntegrityError), database.write_connection() as connection:
        connection.execute(text("UPDATE activity SET observed_until = NULL"))
