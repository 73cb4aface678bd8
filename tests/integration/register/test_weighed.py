"""A compatibility test opens what was weighed and nothing besides, whatever the purpose comes to use later."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy.orm import Session

from governance.database import Database
from governance.days import day_of
from governance.vault.errors import AttestationError
from governance.vocabulary import Channel, DataCategory, LawfulBasis
from register import older_errors
from register.declared import declared_purpose
from register.lifecycle import Verb
from register.lines.contents import RightsLine
from register.lines.values import Subject
from register.service import (
    ActivityChange,
    DecideTest,
    Desk,
    PurposeChange,
    SetPurposeData,
    Step,
    advise_test,
    change_activity,
    change_purpose,
    decide_test,
    set_purpose_data,
    write_test,
)
from register.values import OlderData
from tests.builders.ground import StandingClock
from tests.builders.lines import given
from tests.builders.register import (
    CUSTOMERS,
    a_complete_draft,
    a_purpose,
    activate,
    step,
    terms,
    the_controller,
    the_dpo,
    the_owner,
)
from tests.integration.register.test_older_data import FAVOURABLE, POINTS, SLUG, a_later_purpose, again, decision


def uses(session: Session, desk: Desk, *categories: DataCategory) -> None:
    data = [terms(), *(terms(each) for each in categories)]
    set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=SLUG, data=data))


def decided(session: Session, desk: Desk) -> None:
    write_test(session, desk, the_owner(), POINTS)
    advise_test(session, desk, the_dpo(), FAVOURABLE)
    decide_test(session, desk, the_controller(), decision(desk))


def activated(session: Session, desk: Desk) -> OlderData:
    again(session, desk)
    step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))
    session.flush()
    return declared_purpose(session, desk.attestor, SLUG).older_data(desk.clock.now())


def under_review(session: Session, desk: Desk) -> None:
    step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))


def test_what_a_draft_came_to_use_after_the_decision_closes_all_of_it_at_the_activation(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        decided(session, desk)
        uses(session, desk, DataCategory.CONTACT, DataCategory.BEHAVIOUR)

        assert activated(session, desk) is OlderData.CLOSED


def test_what_was_weighed_while_it_was_proposed_stays_open_once_it_is_in_force(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        under_review(session, desk)
        uses(session, desk, DataCategory.CONTACT)
        decided(session, desk)

        assert activated(session, desk) is OlderData.COMPATIBLE


def test_data_that_came_to_rest_on_consent_alone_is_asked_for_again_at_the_activation(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        uses(session, desk, DataCategory.CONTACT)
        decided(session, desk)
        a_purpose(session, id=50, slug="mail", basis=LawfulBasis.CONSENT, data=[(CUSTOMERS, DataCategory.CONTACT)])

        assert activated(session, desk) is OlderData.CLOSED


@pytest.mark.parametrize("advised", [False, True])
def test_nobody_advises_or_decides_on_more_than_was_weighed(database: Database, desk: Desk, advised: bool) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        write_test(session, desk, the_owner(), POINTS)
        if advised:
            advise_test(session, desk, the_dpo(), FAVOURABLE)
        under_review(session, desk)
        uses(session, desk, DataCategory.CONTACT)
        activated(session, desk)

        with pytest.raises(older_errors.TestOutgrownError, match="contact"):
            if advised:
                decide_test(session, desk, the_controller(), decision(desk))
            else:
                advise_test(session, desk, the_dpo(), FAVOURABLE)
        # Weighed anew, it goes on.
        decided(session, desk)
        session.flush()
        assert declared_purpose(session, desk.attestor, SLUG).older_data(desk.clock.now()) is OlderData.COMPATIBLE


def test_no_test_is_written_for_what_rests_on_consent_alone(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_purpose(session, id=50, slug="mail", basis=LawfulBasis.CONSENT, data=[(CUSTOMERS, DataCategory.CONTACT)])
        a_complete_draft(session, desk)
        uses(session, desk, DataCategory.CONTACT)

        with pytest.raises(older_errors.CollectedOnConsentError):
            write_test(session, desk, the_owner(), POINTS)


def letters_that_ended(session: Session, desk: Desk) -> None:
    """Let an activity by consent alone run, and retire it."""
    a_complete_draft(session, desk, "letters")
    consent = PurposeChange(basis=LawfulBasis.CONSENT, consent_channel=Channel.EMAIL)
    change_purpose(session, desk.clock, desk.attestor, the_owner(), ("letters-points", consent))
    given(session, desk, Subject.RIGHTS, RightsLine(how_fr="Écrire.", how_en="Write."), slug="letters")
    activate(session, desk, "letters")
    step(session, desk, the_controller(), Step(activity="letters", verb=Verb.RETIRE, text="No more letters."))


def test_ending_what_rested_on_consent_opens_nothing_that_consent_did_not(database: Database, desk: Desk) -> None:
    with database.write() as session:
        letters_that_ended(session, desk)
        a_later_purpose(session, desk)

        with pytest.raises(older_errors.CollectedOnConsentError, match="identity"):
            write_test(session, desk, the_owner(), POINTS)


_LETTERS = "activity_id = (SELECT id FROM activity WHERE slug = 'letters')"


@pytest.mark.parametrize(
    ("attack", "refused"),
    [
        (f"DELETE FROM activity_version WHERE verb = 'activate' AND {_LETTERS}", older_errors.PastGoneError),
        ("UPDATE activity_version SET snapshot = replace(snapshot, 'consent', 'contract')", AttestationError),
        (f"UPDATE activity_version SET verb = 'submit' WHERE verb = 'activate' AND {_LETTERS}", AttestationError),
        (f"UPDATE activity_version SET revision = 900 WHERE verb = 'activate' AND {_LETTERS}", AttestationError),
    ],
    ids=["deleted", "reworded", "called otherwise", "moved"],
)
def test_sql_makes_nobody_forget_what_was_collected_on_consent(
    database: Database, desk: Desk, attack: str, refused: type[Exception]
) -> None:
    with database.write() as session:
        letters_that_ended(session, desk)
        a_later_purpose(session, desk)
    with database.write_connection() as connection:
        connection.exec_driver_sql(attack)

    with pytest.raises(refused), database.write() as session:
        write_test(session, desk, the_owner(), POINTS)


def test_what_was_collected_by_a_contract_too_is_weighed_after_that_contract(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk, "sales")
        activate(session, desk, "sales")
        step(session, desk, the_controller(), Step(activity="sales", verb=Verb.RETIRE, text="No more sales."))
        a_purpose(session, id=50, slug="mail", basis=LawfulBasis.CONSENT, data=[(CUSTOMERS, DataCategory.IDENTITY)])
        a_later_purpose(session, desk)

        assert write_test(session, desk, the_owner(), POINTS).decided_at is None


def test_nobody_was_informed_before_the_record_was_kept(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        write_test(session, desk, the_owner(), POINTS)
        advise_test(session, desk, the_dpo(), FAVOURABLE)
        begun = day_of(desk.clock.now())

        def decided_on(day: date) -> DecideTest:
            return DecideTest(purpose=SLUG, informed_on=day, information="By e-mail.")

        with pytest.raises(older_errors.InformedTooEarlyError):
            decide_test(session, desk, the_controller(), decided_on(begun - timedelta(days=1)))
        since = ("loyalty", ActivityChange(kept_since=begun - timedelta(days=30)))
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        change_activity(session, desk.clock, desk.attestor, the_owner(), since)
        assert decide_test(session, desk, the_controller(), decided_on(begun - timedelta(days=1))).opens_at


SUMMER: Final = datetime(2027, 7, 1, 22, 30, tzinfo=UTC)


def test_it_opens_when_the_day_begins_in_france(database: Database, desk: Desk, clock: StandingClock) -> None:
    clock.moment = SUMMER
    command = DecideTest(purpose=SLUG, informed_on=date(2027, 7, 3), information="By e-mail.")
    with database.write() as session:
        a_later_purpose(session, desk)
        write_test(session, desk, the_owner(), POINTS)
        advise_test(session, desk, the_dpo(), FAVOURABLE)

        opens_at = decide_test(session, desk, the_controller(), command).opens_at
        assert opens_at == SUMMER + timedelta(days=1) - timedelta(minutes=30)
