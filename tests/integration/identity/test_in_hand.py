"""Two controllers, of whom one could be somebody else: by an account of their making, or by another's way in."""

import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from audit.models import LogEntry
from governance.actor import SYSTEM, Actor, Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    AnotherControllerNeededError,
    CredentialsRefusedError,
    LinkByMailError,
    LinkRefusedError,
)
from governance.identity.letters import LETTER_JOB, Letter
from governance.identity.models import Account, HandledController, RoleAssignment
from governance.identity.service import (
    IssuedLink,
    NewAccount,
    NewRole,
    NewToken,
    add_account,
    add_token,
    assign_role,
    countersign_role,
    countersign_token,
    link_password,
    reset_second_factor,
)
from governance.identity.service.second_person import another_decides, recently_handled
from governance.jobs.models import Job
from governance.vault.errors import PolicySetError
from tests.builders.identity import PASSWORD, People, person
from tests.builders.second_factors import add_app, visit_of

PUPPET = "puppet@demo.example"
SECOND = "second@demo.example"


@dataclass
class Two:
    """Two controllers who have known each other for long."""

    first: Actor
    second: Actor


@pytest.fixture
def two(house: People) -> Two:
    first = house.controller()
    second = person(house.account(SECOND, Role.CONTROLLER), Role.CONTROLLER)
    house.clock.advance(days=100)
    return Two(first, second)


def make(house: People, by: Actor, email: str = PUPPET) -> Account:
    with house.database.write() as session:
        return add_account(session, house.clock, house.ids, by, NewAccount(email=email))


def give(house: People, by: Actor, to: Account, role: Role = Role.SALES) -> RoleAssignment:
    with house.database.write() as session:
        return assign_role(session, house.clock, house.ids, by, NewRole(account_id=to.id, role=role))


def confirm(house: People, by: Actor, assignment: RoleAssignment) -> RoleAssignment:
    with house.database.write() as session:
        return countersign_role(session, house.clock, house.ids, house.attestor, by, assignment.id)


def link(house: People, by: Actor, account_id: uuid.UUID | None) -> IssuedLink:
    with house.database.write() as session:
        account = session.get_one(Account, account_id)
        return link_password(session, house.clock, house.ids, by, account)


def use(house: People, made: IssuedLink, email: str) -> None:
    house.doorkeeper.use_link(UseLink(secret=made.secret, email=email, password=PASSWORD))


def reset(house: People, by: Actor, of: Actor) -> None:
    assert of.id is not None
    with house.database.write() as session:
        reset_second_factor(session, house.clock, house.ids, house.attestor, by, of.id)


def state(assignment: RoleAssignment) -> tuple[bool, bool]:
    return assignment.countersigned_at is not None, assignment.in_conflict


def told(house: People) -> set[uuid.UUID]:
    with house.database.read() as session:
        payloads = [job.payload for job in session.scalars(select(Job).where(Job.kind == LETTER_JOB))]
    return {uuid.UUID(each["account"]) for each in payloads if each["letter"] == Letter.CONTROLLER_HANDLED}


def test_a_role_for_an_account_of_one_s_making_waits_for_the_other_controller(house: People, two: Two) -> None:
    waiting = give(house, two.first, make(house, two.first))

    assert state(waiting) == (False, False)
    with pytest.raises(AnotherControllerNeededError):
        confirm(house, two.first, waiting)
    assert state(confirm(house, two.second, waiting)) == (True, False)


def test_an_account_whose_role_the_other_confirmed_is_a_person_of_its_own(house: People, two: Two) -> None:
    account = make(house, two.first)
    confirm(house, two.second, give(house, two.first, account))

    assert state(give(house, two.first, account, Role.SUPPORT)) == (True, False)


def test_what_an_administrator_of_one_s_making_makes_is_one_s_own_making_too(house: People, two: Two) -> None:
    administrator = make(house, two.first, "clerk@demo.example")
    assert state(give(house, two.first, administrator, Role.ADMIN)) == (True, False)
    clerk = person(administrator, Role.ADMIN)
    waiting = give(house, clerk, make(house, clerk))
    with house.database.write() as session:
        token = add_token(session, house.clock, house.ids, clerk, NewToken(name="till", role=Role.SERVICE)).token

    with pytest.raises(AnotherControllerNeededError):
        confirm(house, two.first, waiting)
    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, two.first, token.id)
    assert state(confirm(house, two.second, waiting)) == (True, False)


def test_a_controller_whom_the_maker_named_lately_confirms_nothing_for_it(house: People, two: Two) -> None:
    named = person(house.account("named@demo.example", Role.CONTROLLER, by=two.first), Role.CONTROLLER)
    waiting = give(house, two.first, make(house, two.first))

    with pytest.raises(AnotherControllerNeededError):
        confirm(house, named, waiting)


def test_what_an_administrator_of_the_house_made_either_controller_confirms(house: People, two: Two) -> None:
    admin = house.admin()
    waiting = give(house, admin, make(house, admin))

    assert state(confirm(house, two.first, waiting)) == (True, False)


def test_where_there_is_no_other_the_role_counts_and_is_flagged(house: People) -> None:
    only = house.controller()
    account = make(house, only)

    assert state(give(house, only, account)) == (True, True)
    use(house, link(house, only, account.id), PUPPET)
    house.sign_in(PUPPET)


def test_a_password_through_a_controller_s_link_ends_with_the_confirmation_where_there_are_two(
    house: People, two: Two
) -> None:
    account = make(house, two.first)
    use(house, link(house, two.first, account.id), PUPPET)
    house.sign_in(PUPPET)

    confirm(house, two.second, give(house, two.first, account))

    with pytest.raises(CredentialsRefusedError):
        house.sign_in(PUPPET)


@pytest.mark.parametrize("role", [Role.SALES, Role.ADMIN])
def test_no_controller_sees_the_link_of_somebody_in_office_where_there_are_two(
    house: People, two: Two, role: Role
) -> None:
    account = house.account(PUPPET, role)

    with pytest.raises(LinkByMailError):
        link(house, two.first, account.id)

    use(house, link(house, SYSTEM, account.id), PUPPET)


def test_a_link_made_alone_opens_nothing_once_there_is_another_controller(house: People) -> None:
    first = house.controller()
    house.account(SECOND, Role.CONTROLLER)
    account = house.account(PUPPET, Role.SALES)
    house.clock.advance(days=30, seconds=-60)
    made = link(house, first, account.id)
    house.clock.advance(seconds=120)

    with pytest.raises(LinkRefusedError):
        use(house, made, PUPPET)


def test_no_controller_sees_another_s_link_and_the_host_may_make_it(house: People, two: Two) -> None:
    with pytest.raises(LinkByMailError):
        link(house, two.first, two.second.id)

    link(house, SYSTEM, two.second.id)
    assert told(house) == set()


def test_a_controller_whose_factor_was_reset_confirms_nothing_of_whoever_did_it_for_30_days(
    house: People, two: Two
) -> None:
    add_app(house, visit_of(house, house.sign_in(SECOND)))
    assert two.first.id is not None
    first = _account(house, two.first)
    waiting = give(house, two.first, first)

    reset(house, two.first, two.second)

    for partial in (two.first, two.second):
        with pytest.raises(AnotherControllerNeededError):
            confirm(house, partial, waiting)
    with house.database.read() as session:
        assert another_decides(session, two.first.id, house.clock.now()), "nobody gains by it either"
    house.clock.advance(days=30)
    assert confirm(house, two.second, waiting).countersigned_at is not None


def test_the_other_way_round_they_confirm_as_ever(house: People, two: Two) -> None:
    reset(house, two.first, two.second)

    waiting = give(house, two.second, _account(house, two.second))

    assert confirm(house, two.first, waiting).countersigned_at is not None


def test_a_third_controller_is_nobody_s(house: People, two: Two) -> None:
    third = person(house.account("third@demo.example", Role.CONTROLLER, by=two.second), Role.CONTROLLER)
    house.clock.advance(days=60)
    reset(house, two.first, two.second)
    reset(house, third, two.second)
    waiting = give(house, two.first, _account(house, two.first))

    with pytest.raises(AnotherControllerNeededError):
        confirm(house, two.second, waiting)
    assert confirm(house, third, waiting).countersigned_at is not None


def test_every_controller_is_told_and_the_log_knows(house: People, two: Two) -> None:
    reset(house, two.first, two.second)

    assert told(house) == {two.first.id, two.second.id}
    with house.database.read() as session:
        assert two.second.id is not None
        by = [each.handled_by for each in recently_handled(session, two.second.id, house.clock.now())]
        bodies = session.scalars(select(LogEntry.body)).all()
    assert by == [two.first.id]
    assert any(b"controller-handled" in body for body in bodies)


def test_of_nobody_else_is_it_noted(house: People, two: Two) -> None:
    sales = person(house.account(PUPPET, Role.SALES), Role.SALES)

    reset(house, two.first, sales)
    link(house, two.first, make(house, two.first, "new@demo.example").id)

    assert told(house) == set()


def test_a_note_taken_away_closes_everything(house: People, two: Two) -> None:
    reset(house, two.first, two.second)
    with house.database.write() as session:
        session.connection().exec_driver_sql(f"DELETE FROM {HandledController.__tablename__}")

    with pytest.raises(PolicySetError):
        give(house, two.second, make(house, two.second))


def _account(house: People, actor: Actor) -> Account:
    with house.database.read() as session:
        found = session.get_one(Account, actor.id)
        session.expunge(found)
    return found


def test_a_controller_whom_the_first_one_made_is_a_person_of_their_own_after_a_while(house: People) -> None:
    first = house.controller()
    made = make(house, first, SECOND)
    assert give(house, first, made, Role.CONTROLLER).in_conflict
    second = person(made, Role.CONTROLLER)
    house.clock.advance(days=31)

    own = give(house, second, made)
    hire = give(house, second, make(house, second))
    with house.database.write() as session:
        token = add_token(session, house.clock, house.ids, second, NewToken(name="till", role=Role.SERVICE)).token
    for each in (own, hire):
        assert each.countersigned_at is None
        with pytest.raises(AnotherControllerNeededError):
            confirm(house, second, each)
    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, second, token.id)

    assert confirm(house, first, own).countersigned_by == first.id
    assert not confirm(house, first, hire).in_conflict
