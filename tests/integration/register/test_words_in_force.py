"""What of a running record is written in place, on both databases: nobody lets it run unread, and nobody states it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.database import Database
from governance.days import day_of
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory
from register.errors import CapacityInForceError, ProposalsPendingError
from register.exchange.reading import written_activities
from register.in_force import versions_gone
from register.lifecycle import ActivityState, Verb
from register.models import Activity
from register.notices.facts import gather
from register.older_errors import AlreadyBegunError
from register.service import (
    ActivityChange,
    Desk,
    NewParty,
    PurposeChange,
    SetPurposeData,
    Step,
    add_party,
    change_activity,
    change_purpose,
    get_activity,
    set_purpose_data,
)
from register.stated import Stated, state_activities
from register.values import Capacity
from tests.builders.register import a_complete_draft, activate, step, terms, the_controller, the_owner

_WRITTEN = pytest.mark.parametrize("kind", ["activity", "purpose"])


@_WRITTEN
def test_words_that_the_officer_has_not_read_are_not_confirmed(database: Database, desk: Desk, kind: str) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, _written(kind, "Revendre les fichiers."))
        with pytest.raises(ProposalsPendingError, match="1 proposed"):
            _step(session, desk, Verb.CONFIRM)

        _write(session, desk, _written(kind, ""))
        assert _step(session, desk, Verb.CONFIRM).state is ActivityState.ACTIVE, "what stood there was written back"


@_WRITTEN
def test_nor_do_they_come_into_force_by_a_suspension_that_ends(database: Database, desk: Desk, kind: str) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, _written(kind, "Revendre les fichiers."))
        _step(session, desk, Verb.SUSPEND)
        with pytest.raises(ProposalsPendingError):
            _step(session, desk, Verb.RESUME)


def test_they_come_into_force_by_submission_opinion_and_activation(database: Database, desk: Desk) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, ActivityChange(description="Compter mieux."))
        activate(session, desk)
        assert _stated(session, desk).activity.description == "Compter mieux."

        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        assert _step(session, desk, Verb.CONFIRM).state is ActivityState.ACTIVE


def test_until_then_documents_state_the_words_in_force(database: Database, desk: Desk) -> None:
    with database.write() as session:
        _under_review(session, desk)
        before = _stated(session, desk)
        other = add_party(session, desk.ids, the_owner(), NewParty(name="Autre Boutique"))
        named = ActivityChange(name_fr="Autre", name_en="Other", description="Autre.", controller_id=other.id)
        _write(session, desk, named)
        _write(session, desk, PurposeChange(interest="Autre."))
        during = _stated(session, desk)
        activate(session, desk)
        after = _stated(session, desk)

    assert _words(before) == _words(during) == ("Fidélité", "Loyalty", "", "Boutique Exemple", "")
    assert _words(after) == ("Autre", "Other", "Autre.", "Autre Boutique", "Autre.")


@pytest.mark.parametrize("verb", [None, Verb.SUSPEND])
def test_files_tell_the_same_as_documents(database: Database, desk: Desk, verb: Verb | None) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, ActivityChange(description="Autre."))
        _write(session, desk, PurposeChange(interest="Autre."))
        more = (terms(), terms(DataCategory.LOCATION))
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=more))
        if verb is not None:
            _step(session, desk, verb)
        stated = _stated(session, desk)
        (written,) = written_activities(session, desk.attestor, only={"loyalty"})

    assert written.description == stated.activity.description == ""
    assert written.purposes[0].interest == stated.purposes[0].purpose.interest == ""
    told = {each.category for each in stated.purposes[0].data}
    assert {each.category for each in written.purposes[0].data} == told
    assert DataCategory.LOCATION not in told


def test_words_are_not_stated_where_the_version_in_force_went_missing(database: Database, desk: Desk) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, ActivityChange(description="Autre."))
    with database.write() as session:
        session.execute(text("DELETE FROM activity_version WHERE verb = 'activate'"))
    with database.read() as session, pytest.raises(AttestationError):
        _stated(session, desk)


def test_an_older_version_is_not_taken_for_the_one_in_force(database: Database, desk: Desk) -> None:
    with database.write() as session:
        _under_review(session, desk)
        _write(session, desk, ActivityChange(description="Autre."))
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        _write(session, desk, ActivityChange(description="Encore une autre."))
        activity = get_activity(session, "loyalty")
        newest = activity.version_in_force
        assert versions_gone(session) == {}
        session.execute(text("DELETE FROM activity_version WHERE revision >= :newest"), {"newest": newest})
    with database.read() as session:
        assert versions_gone(session) == {"loyalty": 2}
        with pytest.raises(AttestationError, match="activity_version"):
            _stated(session, desk)
        with pytest.raises(AttestationError, match="activity_version"):
            gather(session, desk.attestor, day_of(desk.clock.now()))


def test_what_runs_keeps_its_capacity(database: Database, desk: Desk) -> None:
    with database.write() as session:
        _under_review(session, desk)
        with pytest.raises(CapacityInForceError):
            _write(session, desk, ActivityChange(capacity=Capacity.PROCESSOR))
        _write(session, desk, ActivityChange(capacity=Capacity.CONTROLLER))


@pytest.mark.parametrize("verb", [Verb.REVIEW, Verb.SUSPEND])
@pytest.mark.parametrize(
    "forged",
    ["UPDATE purpose_data SET retention_source = 'forged'", "UPDATE purpose SET interest = 'forged'"],
)
def test_no_step_signs_what_was_altered_and_closing_waits_for_nothing(
    database: Database, desk: Desk, forged: str, verb: Verb
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    with database.write() as session:
        session.execute(text(forged))
    with database.write() as session:
        if verb is Verb.SUSPEND:
            assert _step(session, desk, verb).state is ActivityState.SUSPENDED
        else:
            with pytest.raises(AttestationError):
                _step(session, desk, verb)


def test_a_version_that_went_missing_does_not_let_older_data_be_declared_once_more(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        _under_review(session, desk)
        session.execute(text("DELETE FROM activity_version WHERE verb = 'activate'"))
        with pytest.raises(AlreadyBegunError):
            step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT, collected_for="And this."))


def _under_review(session: Session, desk: Desk) -> None:
    a_complete_draft(session, desk)
    activate(session, desk)
    step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))


def _step(session: Session, desk: Desk, verb: Verb) -> Activity:
    return step(session, desk, the_controller(), Step(activity="loyalty", verb=verb, text="Why."))


def _written(kind: str, words: str) -> ActivityChange | PurposeChange:
    return ActivityChange(description=words) if kind == "activity" else PurposeChange(interest=words)


def _write(session: Session, desk: Desk, change: ActivityChange | PurposeChange) -> None:
    if isinstance(change, ActivityChange):
        change_activity(session, desk.clock, desk.attestor, the_owner(), ("loyalty", change))
    else:
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", change))


def _stated(session: Session, desk: Desk) -> Stated:
    activities = [get_activity(session, "loyalty")]
    return state_activities(session, desk.attestor, activities, day_of(desk.clock.now()))[0]


def _words(stated: Stated) -> tuple[str, ...]:
    activity, controller = stated.activity, stated.controller
    assert controller is not None
    interest = stated.purposes[0].purpose.interest
    return activity.name_fr, activity.name_en, activity.description, controller.name, interest
