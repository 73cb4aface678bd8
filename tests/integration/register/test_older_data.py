"""Older data opens to a purpose by the five points, an opinion, a decision and the information of people; or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Actor, Role
from governance.database import Database
from governance.vocabulary import DataCategory, LawfulBasis
from register import errors, older_errors
from register.declared import declared_purpose
from register.lifecycle import Opinion, Verb
from register.models import CompatibilityTest
from register.service import (
    AdviseTest,
    DecideTest,
    Desk,
    NewPurpose,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    WriteTest,
    add_purpose,
    advise_test,
    current_test,
    decide_test,
    set_purpose_data,
    set_purpose_recipients,
    withdraw_test,
    write_test,
)
from register.values import OlderData
from tests.builders.ground import an_actor
from tests.builders.register import (
    a_complete_draft,
    a_purpose,
    activate,
    step,
    terms,
    the_controller,
    the_dpo,
    the_owner,
)

SLUG: Final = "loyalty-points"
POINTS: Final = WriteTest(
    purpose=SLUG,
    link="Points are counted on what people buy.",
    context="They are customers, and were told that we keep their orders.",
    nature="No special categories.",
    consequences="A voucher at most.",
    safeguards="Sealed, and kept no longer.",
)
FAVOURABLE: Final = AdviseTest(purpose=SLUG, opinion=Opinion.FAVOURABLE)


def decision(desk: Desk, days: int = 0, reason: str = "") -> DecideTest:
    day = (desk.clock.now() + timedelta(days=days)).date()
    return DecideTest(purpose=SLUG, informed_on=day, information="By e-mail.", reason=reason)


def a_later_purpose(session: Session, desk: Desk, collected_for: str = "") -> None:
    a_complete_draft(session, desk)
    again(session, desk, collected_for)
    step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))


def again(session: Session, desk: Desk, collected_for: str = "") -> None:
    step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT, collected_for=collected_for))
    step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))


def opened(session: Session, desk: Desk, days: int = 0) -> OlderData:
    session.flush()
    return declared_purpose(session, desk.attestor, SLUG).older_data(desk.clock.now() + timedelta(days=days))


def write(session: Session, desk: Desk, actor: Actor | None = None) -> object:
    return write_test(session, desk, actor or the_owner(), POINTS)


def advise(session: Session, desk: Desk, actor: Actor | None = None) -> object:
    return advise_test(session, desk, actor or the_dpo(), FAVOURABLE)


def decide(session: Session, desk: Desk, actor: Actor | None = None) -> object:
    return decide_test(session, desk, actor or the_controller(), decision(desk))


def withdraw(session: Session, desk: Desk, actor: Actor | None = None) -> object:
    return withdraw_test(session, desk, actor or the_controller(), SLUG)


def test_older_data_opens_by_test_opinion_decision_and_information(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        assert opened(session, desk) is OlderData.CLOSED
        write(session, desk)
        assert opened(session, desk) is OlderData.CLOSED
        advise(session, desk)
        assert opened(session, desk) is OlderData.CLOSED
        decide_test(session, desk, the_controller(), decision(desk, days=2))

        assert opened(session, desk) is OlderData.CLOSED
        assert opened(session, desk, days=2) is OlderData.COMPATIBLE
        withdraw(session, desk)
        assert opened(session, desk, days=2) is OlderData.CLOSED
        # What was decided stays on file, and another may be written.
        write(session, desk)
        assert len(session.scalars(select(CompatibilityTest)).all()) == 2


def test_no_word_of_a_test_stands_in_the_log(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        for act in (write, advise, decide):
            act(session, desk)
    with database.read() as session:
        bodies = b"".join(session.scalars(select(LogEntry.body)))

    assert b"decide-test" in bodies
    assert b"voucher" not in bodies


def test_writing_it_anew_takes_a_new_opinion(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        for act in (write, advise, write):
            act(session, desk)

        with pytest.raises(errors.OpinionRequiredError):
            decide(session, desk)


def test_against_the_opinion_the_controller_says_why(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        write(session, desk)
        with pytest.raises(errors.ReasonRequiredError):
            advise_test(session, desk, the_dpo(), AdviseTest(purpose=SLUG, opinion=Opinion.UNFAVOURABLE))
        against = AdviseTest(purpose=SLUG, opinion=Opinion.UNFAVOURABLE, text="Nobody expects it.")
        advise_test(session, desk, the_dpo(), against)
        with pytest.raises(errors.ReasonRequiredError):
            decide(session, desk)

        assert decide_test(session, desk, the_controller(), decision(desk, reason="They do.")).overriding_reason


Act = Callable[[Session, Desk, Actor | None], object]


@pytest.mark.parametrize(
    ("act", "actor", "error"),
    [
        (write, the_controller(), errors.DraftingNotAllowedError),
        (write, an_actor(Role.SALES), errors.DraftingNotAllowedError),
        (advise, the_owner(), errors.StepNotAllowedError),
        (advise, the_controller(), errors.StepNotAllowedError),
        (decide, the_dpo(), errors.StepNotAllowedError),
        (decide, the_owner(), errors.StepNotAllowedError),
        (withdraw, the_dpo(), errors.StepNotAllowedError),
    ],
)
def test_each_step_is_for_whom_the_law_names(
    database: Database, desk: Desk, act: Act, actor: Actor, error: type[errors.RegisterError]
) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        write(session, desk)
        advise(session, desk)

        with pytest.raises(error):
            act(session, desk, actor)


def test_what_is_decided_is_not_written_over(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        with pytest.raises(older_errors.TestNotFoundError):
            decide(session, desk)
        for act in (write, advise, decide):
            act(session, desk)

        for act in (write, advise, decide):
            with pytest.raises(older_errors.TestDecidedError):
                act(session, desk)


def test_another_business_line_writes_no_test(database: Database, desk: Desk) -> None:
    with database.write() as session:
        unrecorded(session, "a test sets the scene")
        a_purpose(session, slug=SLUG, collected_for=None, owner_id=the_owner().id)

        with pytest.raises(errors.NotYourActivityError):
            write(session, desk, the_owner(number=899))


def test_what_data_was_collected_for_is_said_before_the_officer_s_first_opinion_only(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_later_purpose(session, desk, collected_for="Customers opened an account for it.")
        assert opened(session, desk) is OlderData.COLLECTED_FOR
        with pytest.raises(older_errors.TestNotNeededError):
            write(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))

        with pytest.raises(older_errors.AlreadyBegunError):
            again(session, desk, "And for this.")


def test_nobody_says_it_past_the_opinion(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        again(session, desk)
        command = Step(activity="loyalty", verb=Verb.ACTIVATE, collected_for="It was, though.")

        with pytest.raises(older_errors.AlreadyBegunError):
            step(session, desk, the_controller(), command)


def test_what_was_said_is_said_anew_with_the_next_submission(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        again(session, desk, "Customers opened an account for it.")
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.RETURN))
        again(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))

        assert opened(session, desk) is OlderData.CLOSED


def test_a_purpose_added_later_is_closed_to_older_data(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        added = NewPurpose(
            activity="loyalty", slug="later", label_fr="Plus tard", label_en="Later", basis=LawfulBasis.CONTRACT
        )
        add_purpose(session, desk.clock, desk.attestor, the_owner(), added)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="later", data=[terms()]))
        recipients = SetPurposeRecipients(purpose="later", roles=frozenset({Role.SUPPORT}))
        set_purpose_recipients(session, desk, the_owner(), recipients)
        activate(session, desk)

        later = declared_purpose(session, desk.attestor, "later")
        assert later.open
        assert later.older_data(desk.clock.now()) is OlderData.CLOSED
        assert opened(session, desk) is OlderData.COLLECTED_FOR


def test_no_test_opens_what_rests_on_consent_alone(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        a_purpose(session, id=9, slug="letters", basis=LawfulBasis.CONSENT)

        with pytest.raises(older_errors.CollectedOnConsentError, match="identity"):
            write(session, desk)
        a_purpose(session, id=10, slug="contracts")
        write(session, desk)


def test_more_data_than_was_weighed_closes_older_data_until_it_is_weighed_again(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        for act in (write, advise, decide):
            act(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        more = [terms(), terms(DataCategory.CONTACT)]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=SLUG, data=more))
        assert opened(session, desk) is OlderData.COMPATIBLE
        activate(session, desk)

        assert opened(session, desk) is OlderData.CLOSED
        assert current_test(session, 1) is None
