"""The life of an activity, on both databases: what opens, when, and what is kept of it."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.database import Database
from governance.periods import Period
from governance.vault.errors import AttestationError, PolicySetError
from governance.vocabulary import DataCategory, LawfulBasis
from register.declared import declared_purpose, declared_purposes
from register.errors import (
    AdviserDecidesError,
    ContentFrozenError,
    IncompleteActivityError,
    NotYourActivityError,
    OpinionRequiredError,
    PersonRequiredError,
    ProposalsPendingError,
    ReasonRequiredError,
    StepNotAllowedError,
    StepNotPossibleError,
)
from register.lifecycle import ActivityState, Mode, Opinion, Verb
from register.models import ActivityVersion
from register.record import record_of
from register.service import (
    Desk,
    NewActivity,
    NewPurpose,
    PurposeChange,
    SetMode,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    add_purpose,
    change_purpose,
    draft_activity,
    end_purpose,
    keep_purpose,
    list_versions,
    set_mode,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import Standing
from tests.builders.ground import StandingClock, an_actor
from tests.builders.register import (
    CUSTOMERS,
    a_complete_draft,
    activate,
    controllers,
    step,
    terms,
    the_controller,
    the_dpo,
    the_owner,
)

IDENTITY = (CUSTOMERS, DataCategory.IDENTITY)
CONTACT = (CUSTOMERS, DataCategory.CONTACT)


def test_a_draft_opens_nothing(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    with database.read() as session:
        declared = declared_purposes(session, desk.attestor)["loyalty-points"]
    assert not declared.open
    assert declared.data == frozenset()


def test_an_activated_activity_opens_what_it_declares(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)

    with database.read() as session:
        every = declared_purposes(session, desk.attestor)
        one = declared_purpose(session, desk.attestor, "loyalty-points")
    declared = every["loyalty-points"]
    assert declared.open
    assert declared.mode is Mode.OBSERVE
    assert declared.data == {IDENTITY}
    assert declared.recipients == {Role.SUPPORT}
    assert declared.retention[IDENTITY].active_for == "P3Y"
    assert every.problems == ()
    assert every.by_id[declared.id] == declared == one


def test_a_suspended_activity_is_closed_at_once_and_resumes(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="Complaint."))

    with database.read() as session:
        assert not declared_purposes(session, desk.attestor)["loyalty-points"].open
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RESUME))
    with database.read() as session:
        assert declared_purposes(session, desk.attestor)["loyalty-points"].open


def test_a_revision_takes_effect_only_when_the_controller_activates_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        longer = [terms(active_for=Period("P30D")), terms(DataCategory.CONTACT)]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=longer))
        roles = frozenset({Role.MARKETING})
        set_purpose_recipients(session, desk, the_owner(), SetPurposeRecipients(purpose="loyalty-points", roles=roles))
    with database.write() as session:
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))

    with database.read() as session:
        before = declared_purposes(session, desk.attestor)["loyalty-points"]
    with database.write() as session:
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))
    with database.read() as session:
        after = declared_purposes(session, desk.attestor)["loyalty-points"]
    assert before.open
    assert before.data == {IDENTITY}
    assert before.recipients == {Role.SUPPORT}
    assert before.retention[IDENTITY].active_for == "P3Y"
    assert after.open
    assert after.data == {IDENTITY, CONTACT}
    assert after.recipients == {Role.MARKETING}
    assert after.retention[IDENTITY].active_for == "P30D"


def test_wishing_for_what_is_in_force_takes_the_proposals_back(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        set_purpose_data(
            session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=[terms(active_for=Period("P1D"))])
        )
        with pytest.raises(ProposalsPendingError, match="2 proposed"):
            step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))
        rows = set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=[terms()]))
        confirmed = step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))

        assert [row.standing for row in rows] == [Standing.IN_FORCE]
        assert confirmed.state is ActivityState.ACTIVE


def test_a_purpose_leaves_with_the_next_activation_unless_kept(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        second = NewPurpose(
            activity="loyalty", slug="gifts", label_fr="Cadeaux", label_en="Gifts", basis=LawfulBasis.CONTRACT
        )
        add_purpose(session, desk.clock, desk.attestor, the_owner(), second)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="gifts", data=[terms()]))
        roles = SetPurposeRecipients(purpose="gifts", roles=frozenset({Role.SALES}))
        set_purpose_recipients(session, desk, the_owner(), roles)
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "gifts")
        kept = keep_purpose(session, desk.clock, desk.attestor, the_owner(), "gifts")
        assert kept.standing is Standing.IN_FORCE
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "gifts")
        assert declared_purposes(session, desk.attestor)["gifts"].open
        activate(session, desk)

    with database.read() as session:
        assert list(declared_purposes(session, desk.attestor)) == ["loyalty-points"]


def test_retiring_ends_every_purpose_and_keeps_its_number(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RETIRE))
        a_complete_draft(session, desk, "newer")

        declared = declared_purposes(session, desk.attestor)
        assert list(declared) == ["newer-points"]
        assert declared["newer-points"].id == 2


def test_an_incomplete_record_is_refused_with_everything_it_lacks(database: Database, desk: Desk) -> None:
    with database.write() as session:
        new = NewActivity(slug="bare", name_fr="Nue", name_en="Bare")
        draft_activity(session, desk.clock, desk.ids, the_owner(), new)
        purpose = NewPurpose(
            activity="bare", slug="scoring", label_fr="Score", label_en="Score", basis=LawfulBasis.LEGITIMATE_INTERESTS
        )
        add_purpose(session, desk.clock, desk.attestor, the_owner(), purpose)
        special = SetPurposeData(purpose="scoring", data=[terms(DataCategory.SPECIAL)])
        set_purpose_data(session, desk, the_owner(), special)

        with pytest.raises(IncompleteActivityError) as refused:
            step(session, desk, the_owner(), Step(activity="bare", verb=Verb.SUBMIT))

    assert [lack.code for lack in refused.value.shortcomings] == [
        "no-controller",
        "no-recipient",
        "special-category-without-condition",
        "no-balancing-test",
    ]
    assert "GDPR Art. 9(2)" in str(refused.value)


@pytest.mark.parametrize(
    ("category", "ground", "article"),
    [
        (DataCategory.NATIONAL_NUMBER, "number_ground", "GDPR Art. 87"),
        (DataCategory.OFFENCES, "offences_ground", "GDPR Art. 10"),
    ],
)
def test_the_national_number_and_offences_take_a_ground_of_their_own_and_no_condition_of_article_9(
    database: Database, desk: Desk, category: DataCategory, ground: str, article: str
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        used = SetPurposeData(purpose="loyalty-points", data=[terms(DataCategory.IDENTITY), terms(category)])
        set_purpose_data(session, desk, the_owner(), used)

        with pytest.raises(IncompleteActivityError) as refused:
            step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        [lack] = refused.value.shortcomings
        assert (lack.code, lack.article) == (f"{category.value}-without-ground", article)

        change: dict[str, Any] = {ground: "Decree no. 2019-341, art. 2"}
        said = PurposeChange(**change)
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", said))
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))


def test_which_data_exactly_is_a_term_and_changes_with_an_activation_alone(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        exact = [replace(terms(), which_fr="Nom"), terms(DataCategory.CONTACT)]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=exact))

        lines = record_of(session, desk.attestor, "loyalty").purposes[0].data
        told = {line.category: line for line in lines}[DataCategory.IDENTITY]

        assert told.in_force is not None
        assert told.proposed is not None
        assert (told.in_force.which_fr, told.proposed.which_fr) == ("", "Nom")


def test_overriding_the_dpo_takes_a_written_reason(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        against = Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.UNFAVOURABLE, text="Kept too long.")
        step(session, desk, the_dpo(), against)
        with pytest.raises(ReasonRequiredError):
            step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE, text="  "))

        activated = step(
            session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE, text="Law asks for it.")
        )

        assert activated.overriding_reason == "Law asks for it."


def test_an_opinion_against_says_why(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))

        with pytest.raises(OpinionRequiredError):
            step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE))
        with pytest.raises(ReasonRequiredError):
            step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.RESERVED))


def test_who_advised_does_not_decide_while_somebody_else_could(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        first, _second = controllers(session, desk, clock, 2)
        both = Actor(kind=ActorKind.PERSON, id=first, roles=frozenset({Role.DPO, Role.CONTROLLER}))
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        step(session, desk, both, Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))

        with pytest.raises(AdviserDecidesError):
            step(session, desk, both, Step(activity="loyalty", verb=Verb.ACTIVATE))


def test_a_firm_of_one_advises_and_decides_and_the_record_and_the_log_say_so(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        (only,) = controllers(session, desk, clock, 1)
        both = Actor(kind=ActorKind.PERSON, id=only, roles=frozenset({Role.DPO, Role.CONTROLLER}))
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        step(session, desk, both, Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
        assert not record_of(session, desk.attestor, "loyalty").activity.decided_alone

        step(session, desk, both, Step(activity="loyalty", verb=Verb.ACTIVATE))

    with database.read() as session:
        assert record_of(session, desk.attestor, "loyalty").activity.decided_alone
        bodies = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))
        said = [orjson.loads(bytes(body))["details"] for body in bodies]
        assert said[-1]["alone"] is True


def test_two_people_who_advise_and_decide_are_not_flagged(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)

        assert not record_of(session, desk.attestor, "loyalty").activity.decided_alone


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (the_dpo(), StepNotAllowedError),
        (the_owner(), StepNotAllowedError),
        (an_actor(Role.ADMIN), StepNotAllowedError),
        (SYSTEM, PersonRequiredError),
        (an_actor(Role.CONTROLLER, kind=ActorKind.PROGRAM), PersonRequiredError),
    ],
)
def test_only_the_controller_in_person_activates(
    database: Database, desk: Desk, actor: Actor, error: type[Exception]
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))

        with pytest.raises(error):
            step(session, desk, actor, Step(activity="loyalty", verb=Verb.ACTIVATE))


def test_the_head_of_another_line_moves_nothing(database: Database, desk: Desk) -> None:
    stranger = the_owner(number=999)
    with database.write() as session:
        a_complete_draft(session, desk)

        with pytest.raises(NotYourActivityError):
            step(session, desk, stranger, Step(activity="loyalty", verb=Verb.SUBMIT))
        with pytest.raises(NotYourActivityError):
            set_purpose_data(session, desk, stranger, SetPurposeData(purpose="loyalty-points", data=[]))


def test_content_is_frozen_once_submitted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))

        with pytest.raises(ContentFrozenError, match="submitted"):
            set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=[]))


def test_a_step_that_the_state_does_not_know_is_refused_with_those_it_does(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

        with pytest.raises(StepNotPossibleError, match="Possible: submit, retire"):
            step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))


def test_every_step_keeps_a_version_whose_digest_is_in_the_log(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        set_mode(session, desk.clock, desk.attestor, the_controller(), SetMode(activity="loyalty", mode=Mode.ENFORCE))

    with database.read() as session:
        versions = list_versions(session, "loyalty", after=None, limit=10).rows
        verbs = [version.verb for version in versions]
        last = orjson.loads(versions[-1].snapshot)
        bodies = [bytes(body) for body in session.scalars(select(LogEntry.body)).all()]
    assert verbs == [Verb.SUBMIT, Verb.ADVISE, Verb.ACTIVATE, None]
    assert last["mode"] == "enforce"
    assert last["purposes"][0]["data"][0]["category"] == "identity"
    assert sum(b'"snapshot"' in body for body in bodies) == 4
    assert not any(b"Law" in body for body in bodies)


def test_setting_the_mode_is_the_controllers(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

        with pytest.raises(StepNotAllowedError):
            set_mode(session, desk.clock, desk.attestor, the_dpo(), SetMode(activity="loyalty", mode=Mode.ENFORCE))


def test_an_activity_opened_by_sql_stays_closed_and_is_reported(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND))
    with database.write_connection() as connection:
        connection.execute(text("UPDATE activity SET state = 'active', running = :yes"), {"yes": True})

    with database.read() as session:
        declared = declared_purposes(session, desk.attestor)
        with pytest.raises(AttestationError):
            declared_purpose(session, desk.attestor, "loyalty-points")
    assert "loyalty-points" not in declared
    assert [problem.table for problem in declared.problems] == ["activity"]
    with pytest.raises((AttestationError, PolicySetError)), database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RETIRE))


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE purpose SET basis = 'legal-obligation'", "purpose"),
        ("UPDATE purpose_data SET category = 'special'", "purpose_data"),
        ("UPDATE purpose_recipient SET role = 'analyst'", "purpose_recipient"),
    ],
)
def test_a_row_changed_by_sql_declares_nothing(database: Database, desk: Desk, statement: str, table: str) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    with database.write_connection() as connection:
        connection.execute(text(statement))

    with database.read() as session:
        declared = declared_purposes(session, desk.attestor)
    assert [problem.table for problem in declared.problems] == [table]
    purpose = declared.get("loyalty-points")
    assert purpose is None or (CUSTOMERS, DataCategory.SPECIAL) not in purpose.data
    assert purpose is None or Role.ANALYST not in purpose.recipients


def test_a_version_changed_by_sql_is_found(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    with database.write_connection() as connection:
        connection.execute(text("UPDATE activity_version SET note = 'all was well'"))

    with database.read() as session:
        for version in session.scalars(select(ActivityVersion)):
            with pytest.raises(AttestationError):
                desk.attestor.verify(version)
