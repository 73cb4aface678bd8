"""Who confirms what concerns a controller: another one, whom they did not make for it and did not just take away."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from governance.actor import SYSTEM, Actor, Role
from governance.identity.errors import AccountInUseError, AnotherControllerNeededError
from governance.identity.letters import LETTER_JOB, Letter
from governance.identity.models import Account, RoleAssignment
from governance.identity.service import (
    IssuedToken,
    NewRole,
    NewToken,
    add_token,
    assign_role,
    countersign_role,
    countersign_token,
    disable_account,
    revoke_role,
)
from governance.identity.service.second_person import another_decides, concerns
from governance.jobs.models import Job
from tests.builders.identity import People, person


def controller(house: People, email: str, by: Actor | None = None) -> Actor:
    return person(house.account(email, Role.CONTROLLER, by=by), Role.CONTROLLER)


def give(house: People, by: Actor, to: Actor, role: Role = Role.SALES) -> RoleAssignment:
    assert to.id is not None
    with house.database.write() as session:
        return assign_role(session, house.clock, house.ids, by, NewRole(account_id=to.id, role=role))


def confirm(house: People, by: Actor, assignment: RoleAssignment) -> RoleAssignment:
    with house.database.write() as session:
        return countersign_role(session, house.clock, house.ids, house.attestor, by, assignment.id)


def take_away(house: People, by: Actor, of: Actor) -> None:
    assert of.id is not None
    command = NewRole(account_id=of.id, role=Role.CONTROLLER)
    with house.database.write() as session:
        revoke_role(session, house.clock, house.ids, house.attestor, by, command)


def is_open(assignment: RoleAssignment) -> tuple[bool, bool]:
    return assignment.countersigned_at is not None, assignment.in_conflict


def another(house: People, actor: Actor) -> bool:
    assert actor.id is not None
    with house.database.read() as session:
        return another_decides(session, actor.id, house.clock.now())


def test_what_a_puppet_gives_its_maker_waits_for_a_controller_of_their_own(house: People) -> None:
    maker = house.controller()
    second = controller(house, "second@demo.example", SYSTEM)
    confirm(house, maker, house.assignment(_account(house, second)))
    house.clock.advance(days=31)
    puppet = controller(house, "puppet@demo.example", maker)

    waiting = give(house, puppet, maker)

    assert is_open(waiting)[0] is False
    for partial in (puppet, maker):
        with pytest.raises(AnotherControllerNeededError):
            confirm(house, partial, waiting)
    assert is_open(confirm(house, second, waiting)) == (True, False)


def test_where_there_is_none_what_a_puppet_gives_its_maker_is_flagged(house: People) -> None:
    maker = house.controller()
    puppet = controller(house, "puppet@demo.example", maker)

    assert is_open(give(house, puppet, maker)) == (True, True)
    waiting = give(house, house.admin(), maker, Role.SUPPORT)
    assert is_open(confirm(house, puppet, waiting)) == (True, True)


def test_a_puppet_s_puppet_is_one_too(house: People) -> None:
    maker = house.controller()
    puppet = controller(house, "puppet@demo.example", maker)
    another_one = controller(house, "another@demo.example", puppet)

    assert is_open(give(house, another_one, maker)) == (True, True)
    assert is_open(give(house, another_one, puppet, Role.SUPPORT))[0] is False, "the maker is nobody's puppet"


def test_whoever_was_named_by_the_controller_s_countersignature_is_named_by_them(house: People) -> None:
    maker = house.controller()
    named = controller(house, "second@demo.example", SYSTEM)
    confirm(house, maker, house.assignment(_account(house, named)))

    assert is_open(give(house, named, maker)) == (True, True)


def test_after_30_days_whoever_was_named_is_a_second_person(house: People) -> None:
    maker = house.controller()
    named = controller(house, "second@demo.example", maker)
    house.clock.advance(days=30, seconds=-1)
    with house.database.read() as session:
        assert maker.id is not None
        assert concerns(session, named.id, maker.id, house.clock.now())
    house.clock.advance(seconds=1)

    assert is_open(give(house, named, maker)) == (True, False)


def test_whoever_named_somebody_is_a_second_person_to_them(house: People) -> None:
    maker = house.controller()
    named = controller(house, "second@demo.example", maker)

    waiting = give(house, named, named)

    assert is_open(waiting)[0] is False
    assert is_open(confirm(house, maker, waiting))[0] is True


def test_whoever_takes_the_other_controller_away_serves_themself_no_sooner(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    third = controller(house, "third@demo.example", first)
    house.clock.advance(days=60)
    take_away(house, first, second)
    take_away(house, first, third)
    spare = controller(house, "spare@demo.example", first)

    assert is_open(give(house, first, first))[0] is False
    waiting = give(house, spare, first, Role.SUPPORT)
    for partial in (first, spare):
        with pytest.raises(AnotherControllerNeededError):
            confirm(house, partial, waiting)
    give(house, first, second, Role.CONTROLLER)
    assert is_open(give(house, first, first, Role.MARKETING))[0] is False, "given back, it is as if never taken"
    assert is_open(confirm(house, second, waiting)) == (True, False), "the same person as ever"


def test_after_30_days_whoever_is_alone_decides_alone(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    spare = controller(house, "spare@demo.example", first)
    house.clock.advance(days=60)
    take_away(house, first, second)
    take_away(house, spare, spare)
    house.clock.advance(days=30, seconds=-1)
    assert another(house, first)
    house.clock.advance(seconds=1)

    assert is_open(give(house, first, first)) == (True, True)


def test_whoever_seems_to_give_the_role_up_is_waited_for(house: People) -> None:
    """Their token or their open browser would do, in somebody else's hands."""
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    house.clock.advance(days=60)
    assert another(house, first)

    take_away(house, second, second)

    assert another(house, first)
    assert is_open(give(house, first, first))[0] is False


def test_a_controller_whose_account_was_closed_is_waited_for(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    house.clock.advance(days=60)
    assert second.id is not None
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, first, second.id)

    assert another(house, first)
    house.clock.advance(days=30)
    assert not another(house, first)


def test_a_controller_whose_role_ended_on_its_day_is_not_waited_for(house: People) -> None:
    first = house.controller()
    second = house.account("second@demo.example")
    until = house.clock.now()
    house.clock.advance(days=-40)
    with house.database.write() as session:
        command = NewRole(account_id=second.id, role=Role.CONTROLLER, valid_until=until)
        assign_role(session, house.clock, house.ids, first, command)
    house.clock.advance(days=39)
    assert another(house, first)
    house.clock.advance(days=1)

    assert not another(house, first)


def test_a_puppet_confirms_no_token_of_its_maker(house: People) -> None:
    maker = house.controller()
    controller(house, "second@demo.example", maker)
    house.clock.advance(days=60)
    puppet = controller(house, "puppet@demo.example", maker)
    waiting = _token(house, maker)
    assert not waiting.secret

    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, puppet, waiting.token.id)


@pytest.mark.parametrize("days", [1, None])
def test_the_last_controller_s_role_is_renewed_for_good_alone(house: People, days: int | None) -> None:
    only = house.controller()
    until = None if days is None else house.clock.now() + timedelta(days=days)
    renewed = None
    try:
        renewed = renew(house, only, only, until)
    except AccountInUseError:
        assert days is not None
    assert (renewed is not None and is_open(renewed)[0]) is (days is None)


def test_a_controller_waits_for_no_renewal_that_nobody_could_confirm(house: People) -> None:
    """The other one has just gone: they are waited for, and confirm nothing any more."""
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    house.clock.advance(days=60)
    take_away(house, second, second)

    with pytest.raises(AccountInUseError):
        renew(house, first, first, None)


def test_where_another_stays_for_good_a_controller_s_role_is_renewed_until_a_day(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    assert is_open(renew(house, first, second, house.clock.now() + timedelta(days=1)))[0]

    with pytest.raises(AccountInUseError):
        renew(house, second, first, house.clock.now() + timedelta(days=2))


def test_every_controller_is_told_of_another_and_of_one_less(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)
    assert told(house, Letter.CONTROLLER_NAMED) == {first.id, second.id}

    take_away(house, first, second)

    assert told(house, Letter.CONTROLLER_GONE) == {first.id, second.id}


def test_a_controller_whose_renewal_waits_is_one_less_meanwhile(house: People) -> None:
    first = house.controller()
    second = controller(house, "second@demo.example", first)

    assert is_open(renew(house, second, second, None))[0] is False

    assert told(house, Letter.CONTROLLER_GONE) == {first.id, second.id}


def test_no_other_role_is_told_of(house: People) -> None:
    first = house.controller()
    sales = person(house.account("sales@demo.example", Role.SALES), Role.SALES)
    assert sales.id is not None
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, first, sales.id)

    assert told(house, Letter.CONTROLLER_NAMED) == told(house, Letter.CONTROLLER_GONE) == set()


def renew(house: People, by: Actor, of: Actor, until: datetime | None) -> RoleAssignment:
    assert of.id is not None
    command = NewRole(account_id=of.id, role=Role.CONTROLLER, valid_until=until, renews=True)
    with house.database.write() as session:
        return assign_role(session, house.clock, house.ids, by, command)


def told(house: People, letter: Letter) -> set[uuid.UUID]:
    with house.database.read() as session:
        payloads = [job.payload for job in session.scalars(select(Job).where(Job.kind == LETTER_JOB))]
    return {uuid.UUID(each["account"]) for each in payloads if each["letter"] == letter.value}


def _account(house: People, actor: Actor) -> Account:
    with house.database.read() as session:
        found = session.get_one(Account, actor.id)
        session.expunge(found)
    return found


def _token(house: People, by: Actor) -> IssuedToken:
    with house.database.write() as session:
        return add_token(session, house.clock, house.ids, by, NewToken(name="till", role=Role.SERVICE))
