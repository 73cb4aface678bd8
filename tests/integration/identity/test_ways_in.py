"""What an administrator, a token or a controller alone could make, to come in as somebody else or stay in."""

import dataclasses
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    AccountInUseError,
    AnotherControllerNeededError,
    CredentialsRefusedError,
    LinkRefusedError,
    NotPermittedError,
    RoleNotForProgramsError,
    TokenRefusedError,
    TokenTooLongError,
)
from governance.identity.models import Account
from governance.identity.service import (
    IssuedLink,
    NewAccount,
    NewRole,
    NewToken,
    SetRule,
    account_by_email,
    account_by_id,
    actor_of_token,
    add_account,
    add_token,
    assign_role,
    change_password,
    countersign_role,
    countersign_token,
    link_password,
    prepare_password,
    reset_second_factor,
    revoke_role,
    roles_in_force,
    set_second_factor_rule,
)
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import PASSWORD, People, people, person

MARIE = "marie@demo.example"


def hired_by_the_administrator(house: People) -> tuple[Account, IssuedLink]:
    admin = house.admin()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, admin, NewAccount(email=MARIE))
        assign_role(session, house.clock, house.ids, admin, NewRole(account_id=account.id, role=Role.SALES))
        return account, link_password(session, house.clock, house.ids, admin, account)


def countersign(house: People, account: Account) -> None:
    controller, waiting = house.controller(), house.assignment(account)
    with house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, controller, waiting.id)


def use(house: People, link: IssuedLink) -> None:
    house.doorkeeper.use_link(UseLink(secret=link.secret, email=MARIE, password=PASSWORD))


def own_token(house: People, actor: Actor, role: Role, *, days: int | None = None) -> str:
    until = None if days is None else house.clock.now() + timedelta(days=days)
    with house.database.write() as session:
        command = NewToken(name="mine", role=role, own=True, expires_at=until)
        return add_token(session, house.clock, house.ids, actor, command).secret


def actor_of(house: People, secret: str) -> Actor:
    with house.database.read() as session:
        return actor_of_token(session, house.clock, house.attestor, secret)


def second_controller(house: People) -> Actor:
    return person(house.account("second@demo.example", Role.CONTROLLER), Role.CONTROLLER)


def roles_of(house: People, account_id: object) -> frozenset[Role]:
    with house.database.read() as session:
        return roles_in_force(session, house.attestor, account_id, house.clock.now())  # type: ignore[arg-type]


def test_a_link_that_an_administrator_made_opens_nothing_once_the_role_is_confirmed(house: People) -> None:
    account, link = hired_by_the_administrator(house)

    countersign(house, account)

    with pytest.raises(LinkRefusedError):
        use(house, link)


def test_a_link_made_by_somebody_who_administers_no_more_is_refused(house: People) -> None:
    admin = house.admin()
    _, link = hired_by_the_administrator(house)
    controller = house.controller()
    with house.database.write() as session:
        command = NewRole(account_id=admin.id, role=Role.ADMIN)  # type: ignore[arg-type]
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)

    with pytest.raises(LinkRefusedError):
        use(house, link)


def test_a_password_set_through_an_administrators_link_ends_when_the_role_is_confirmed(house: People) -> None:
    account, link = hired_by_the_administrator(house)
    use(house, link)
    opened = house.sign_in(MARIE)

    countersign(house, account)

    assert house.doorkeeper.by_session(opened.secret, None) is None
    with pytest.raises(CredentialsRefusedError):
        house.sign_in(MARIE)
    with house.database.read() as session:
        assert account_by_email(session, MARIE).password_hash is None


def test_a_password_set_through_the_controllers_link_stays(house: People) -> None:
    account, _ = hired_by_the_administrator(house)
    controller = house.controller()
    with house.database.write() as session:
        link = link_password(session, house.clock, house.ids, controller, account)
    use(house, link)

    countersign(house, account)

    house.sign_in(MARIE)


def test_roles_taken_away_and_given_back_do_not_let_an_administrator_keep_what_they_reset(house: People) -> None:
    admin, account = house.admin(), house.account(MARIE, Role.SALES)
    with house.database.write() as session:
        revoke_role(
            session, house.clock, house.ids, house.attestor, admin, NewRole(account_id=account.id, role=Role.SALES)
        )
        reset_second_factor(session, house.clock, house.ids, house.attestor, admin, account.id)
        assign_role(session, house.clock, house.ids, admin, NewRole(account_id=account.id, role=Role.SALES))

    countersign(house, account)

    with pytest.raises(CredentialsRefusedError):
        house.sign_in(MARIE)


def test_a_programs_token_has_no_secret_until_it_is_countersigned(house: People) -> None:
    controller = house.controller()
    made = house.token(by=house.admin())
    assert (made.secret, made.token.secret_hash) == ("", None)

    with house.database.write() as session:
        issued = countersign_token(session, house.clock, house.attestor, controller, made.token.id)

    assert actor_of(house, issued.secret).roles == {Role.SERVICE}


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMIN, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR])
def test_no_program_acts_where_a_person_decides_or_looks_into_everything(house: People, role: Role) -> None:
    controller = house.controller()

    with pytest.raises(RoleNotForProgramsError), house.database.write() as session:
        add_token(session, house.clock, house.ids, controller, NewToken(name="till", role=role))


def test_a_token_makes_no_other_way_in(house: People) -> None:
    controller = house.controller()
    account = house.account(MARIE)
    actor = actor_of(house, own_token(house, controller, Role.CONTROLLER))

    with pytest.raises(NotPermittedError), house.database.write() as session:
        add_token(session, house.clock, house.ids, actor, NewToken(name="till", role=Role.SERVICE))
    with pytest.raises(NotPermittedError), house.database.write() as session:
        link_password(session, house.clock, house.ids, actor, account)
    with pytest.raises(NotPermittedError), house.database.write() as session:
        assign_role(session, house.clock, house.ids, actor, NewRole(account_id=account.id, role=Role.ADMIN))
    with pytest.raises(NotPermittedError), house.database.write() as session:
        assign_role(session, house.clock, house.ids, actor, NewRole(account_id=account.id, role=Role.SALES))


def test_a_token_confirms_no_way_in(house: People) -> None:
    controller, admin = house.controller(), house.admin()
    account = house.account(MARIE, Role.SALES, by=admin)
    program = house.token(by=admin)
    actor = actor_of(house, own_token(house, controller, Role.CONTROLLER))
    role = house.assignment(account)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, actor, role.id)
    with pytest.raises(NotPermittedError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, actor, program.token.id)


def test_in_a_terminal_of_the_host_a_token_says_who_decides(house: People) -> None:
    controller, account = house.controller(), house.account(MARIE, Role.SALES, by=house.admin())
    role = house.assignment(account)
    typing = dataclasses.replace(controller, kind=ActorKind.HOST, token=house.ids.new(), host_user="camille")

    with house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, typing, role.id)
        link_password(session, house.clock, house.ids, typing, session.get_one(Account, account.id))
    with pytest.raises(NotPermittedError), house.database.write() as session:
        own = NewToken(name="mine again", role=Role.CONTROLLER, own=True)
        add_token(session, house.clock, house.ids, typing, own)


@pytest.mark.parametrize(("role", "most"), [(Role.SALES, 400), (Role.CONTROLLER, 90)])
def test_a_token_of_ones_own_ends(house: People, role: Role, most: int) -> None:
    actor = house.holder(role)
    with pytest.raises(TokenTooLongError):
        own_token(house, actor, role, days=most + 1)

    secret = own_token(house, actor, role)

    house.clock.advance(days=89)
    actor_of(house, secret)
    house.clock.advance(days=1)
    with pytest.raises(TokenRefusedError):
        actor_of(house, secret)


def test_a_token_of_ones_own_dies_with_the_password(house: People) -> None:
    actor = house.holder(Role.SALES)
    secret = own_token(house, actor, Role.SALES)
    with house.database.write() as session:
        account = account_by_id(session, actor.id)  # type: ignore[arg-type]
        hashed = prepare_password(house.hasher, account.email, "a new and better password")
        change_password(session, house.attestor, actor, account, hashed)

    with pytest.raises(TokenRefusedError):
        actor_of(house, secret)


def test_a_token_of_ones_own_dies_with_the_second_factor(house: People) -> None:
    controller, actor = house.controller(), house.holder(Role.SALES)
    secret = own_token(house, actor, Role.SALES)
    with house.database.write() as session:
        reset_second_factor(session, house.clock, house.ids, house.attestor, controller, actor.id)  # type: ignore[arg-type]

    with pytest.raises(TokenRefusedError):
        actor_of(house, secret)


def test_a_token_is_refused_while_its_role_requires_a_factor_that_nobody_enrolled(house: People) -> None:
    controller = house.controller()
    secret = own_token(house, controller, Role.CONTROLLER)
    with house.database.write() as session:
        rule = SetRule(role=Role.CONTROLLER, required=True)
        set_second_factor_rule(session, house.clock, house.attestor, controller, rule)

    with pytest.raises(TokenRefusedError):
        actor_of(house, secret)


def test_what_a_controller_gives_themself_waits_for_the_other_controller(house: People) -> None:
    controller, other = house.controller(), second_controller(house)
    house.clock.advance(days=30)
    assert controller.id is not None
    with house.database.write() as session:
        command = NewRole(account_id=controller.id, role=Role.SALES)
        waiting = assign_role(session, house.clock, house.ids, controller, command)
        assert waiting.countersigned_at is None

    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, controller, waiting.id)
    with house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, other, waiting.id)

    assert Role.SALES in roles_of(house, controller.id)


def test_a_controllers_program_waits_for_the_other_controller(house: People) -> None:
    controller, other = house.controller(), second_controller(house)
    house.clock.advance(days=30)
    made = house.token(by=controller)
    assert not made.secret

    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, controller, made.token.id)
    with house.database.write() as session:
        assert not countersign_token(session, house.clock, house.attestor, other, made.token.id).token.in_conflict


def test_a_controller_alone_decides_in_their_own_matter_and_it_is_flagged(house: People) -> None:
    controller = house.controller()
    assert controller.id is not None
    with house.database.write() as session:
        command = NewRole(account_id=controller.id, role=Role.SALES)
        assigned = assign_role(session, house.clock, house.ids, controller, command)
        assert (assigned.countersigned_at is not None, assigned.in_conflict) == (True, True)

    issued = house.token()

    assert (bool(issued.secret), issued.token.in_conflict) == (True, True)


@pytest.fixture
def parallel(postgres_url: str, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    database = Database(postgres_url)
    with people(database, clock, ids, tmp_path) as built:
        yield built
    database.close()


def test_two_controllers_who_take_each_other_away_at_once_leave_one(parallel: People) -> None:
    house = parallel
    first, second = house.controller(), second_controller(parallel)
    assert first.id is not None
    assert second.id is not None
    refused: list[str] = []

    def take_first_away() -> None:
        try:
            with house.database.write() as session:
                command = NewRole(account_id=first.id, role=Role.CONTROLLER)  # type: ignore[arg-type]
                revoke_role(session, house.clock, house.ids, house.attestor, second, command)
        except AccountInUseError:
            refused.append("second")

    with house.database.write() as session:
        command = NewRole(account_id=second.id, role=Role.CONTROLLER)
        revoke_role(session, house.clock, house.ids, house.attestor, first, command)
        thread = threading.Thread(target=take_first_away)
        thread.start()
        time.sleep(0.5)
    thread.join()

    assert refused == ["second"]
    assert roles_of(house, first.id) == {Role.CONTROLLER}
