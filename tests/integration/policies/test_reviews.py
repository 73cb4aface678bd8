"""Reviews: who looks at which grants again, what stands first, and what comes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.actor import Actor, Role
from governance.database import Database
from governance.policies.errors import (
    NotForYouError,
    NotInForceError,
    NotYourPurposeError,
    ReasonMissingError,
)
from governance.policies.models import Grant, GrantReview
from governance.policies.reviews import Reviewed, reviews_for
from governance.policies.service import Desk, GrantState, ReviewGrants, review_grants, state_of
from governance.policies.values import Verdict
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, GrantedAction
from tests.builders.ground import StandingClock, an_actor
from tests.builders.policies import a_grant, a_person, facts_of
from tests.builders.register import the_controller, the_owner


@pytest.fixture
def grant(database: Database, desk: Desk) -> Grant:
    with database.write() as session:
        made = a_grant(session)
        a_grant(session, category=DataCategory.CONTACT)
        unrecorded(session, "a test's grants")
        session.flush()
        session.expunge(made)
    return made


def looked_at(database: Database, desk: Desk, actor: Actor) -> list[Reviewed]:
    with database.read() as session:
        return [each for activity in reviews_for(session, actor, desk.clock.now()) for each in activity.grants]


def reviewed(grant: Grant, verdict: Verdict, reason: str = "") -> ReviewGrants:
    return ReviewGrants(grant_ids=(grant.id,), verdict=verdict, reason=reason)


def test_grants_that_say_the_same_are_looked_at_together(database: Database, desk: Desk, grant: Grant) -> None:
    a_person(database, desk, Role.SUPPORT, number=21)

    (found,) = looked_at(database, desk, the_owner())

    assert found.categories == (DataCategory.IDENTITY, DataCategory.CONTACT)
    assert (found.holders.people, found.last_review, found.last_use, found.due) == (1, None, None, False)


def test_what_nobody_looked_at_for_long_stands_first(
    database: Database, desk: Desk, grant: Grant, clock: StandingClock
) -> None:
    with database.write() as session:
        a_grant(session, category=DataCategory.ECONOMIC, action=GrantedAction.EXPORT)
        clock.advance(days=100)
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.KEEP))
    clock.advance(days=80)
    found = looked_at(database, desk, the_controller())

    assert [(each.action, each.due) for each in found] == [
        (GrantedAction.READ, True),
        (GrantedAction.EXPORT, True),
    ]
    with database.write() as session:
        every = [each for one in found if one.action is GrantedAction.READ for each in one.grant_ids]
        review_grants(session, desk, the_controller(), ReviewGrants(grant_ids=tuple(every), verdict=Verdict.KEEP))
    found = looked_at(database, desk, the_controller())
    assert [(each.action, each.due) for each in found] == [
        (GrantedAction.EXPORT, True),
        (GrantedAction.READ, False),
    ]
    assert found[1].last_review == clock.now()


def test_the_last_use_is_the_last_read_by_somebody_in_the_role(
    database: Database, desk: Desk, grant: Grant, clock: StandingClock
) -> None:
    support = a_person(database, desk, Role.SUPPORT, number=21)
    sales = a_person(database, desk, Role.SALES, number=22)
    for reader, days in ((support, 1), (sales, 2)):
        clock.advance(days=days)
        with database.write() as session:
            read = Fact(
                retention=Retention.ACCESS,
                action=Action.READ,
                actor=reader,
                object_type="customers",
                purpose="customer-relationship",
            )
            record(session, read)

    (found,) = looked_at(database, desk, the_owner())

    assert found.last_use == clock.now() - timedelta(days=2)


def test_keeping_and_taking_back_are_recorded(database: Database, desk: Desk, grant: Grant) -> None:
    with database.write() as session:
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.KEEP))
    with pytest.raises(ReasonMissingError), database.write() as session:
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.TAKE_BACK, " "))
    with database.write() as session:
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.TAKE_BACK, "No longer needed."))

    with database.read() as session:
        taken = session.get_one(Grant, grant.id)
        verdicts = session.scalars(select(GrantReview.verdict).order_by(GrantReview.id)).all()
        assert state_of(taken, desk.clock.now()) is GrantState.REVOKED
        assert taken.revoked_because == "No longer needed."
    assert verdicts == [Verdict.KEEP, Verdict.TAKE_BACK]
    assert sum('"verb":"review"' in fact for fact in facts_of(database, "grant")) == 2
    with pytest.raises(NotInForceError, match="revoked"), database.write() as session:
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.KEEP))


def test_several_are_reviewed_together_or_not_at_all(database: Database, desk: Desk, grant: Grant) -> None:
    with database.write() as session:
        waiting = a_grant(session, category=DataCategory.ECONOMIC, approved=False)
        unrecorded(session, "a test's grant")

    both = ReviewGrants(grant_ids=(grant.id, waiting.id), verdict=Verdict.TAKE_BACK, reason="Over.")
    with pytest.raises(NotInForceError), database.write() as session:
        review_grants(session, desk, the_owner(), both)

    with database.read() as session:
        assert session.get_one(Grant, grant.id).revoked_at is None


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OWNER, Role.CONTROLLER}])
def test_only_owners_and_controllers_review(database: Database, desk: Desk, grant: Grant, role: Role) -> None:
    with pytest.raises(NotForYouError), database.write() as session:
        review_grants(session, desk, an_actor(role, number=801), reviewed(grant, Verdict.KEEP))


def test_the_head_of_another_line_sees_and_reviews_nothing_here(database: Database, desk: Desk, grant: Grant) -> None:
    stranger = the_owner(number=999)

    assert looked_at(database, desk, stranger) == []
    with pytest.raises(NotYourPurposeError), database.write() as session:
        review_grants(session, desk, stranger, reviewed(grant, Verdict.KEEP))


def test_a_grant_altered_by_sql_is_not_made_good_by_keeping_it(database: Database, desk: Desk, grant: Grant) -> None:
    with database.write_connection() as connection:
        connection.execute(text("UPDATE access_grant SET reason = 'x'"))

    with pytest.raises(AttestationError), database.write() as session:
        review_grants(session, desk, the_owner(), reviewed(grant, Verdict.KEEP))
