"""Roles: who assigns, who confirms, what a row changed by SQL does."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from governance.actor import BUSINESS_ROLES, SYSTEM, Actor, ActorKind, Role
from governance.identity.errors import (
    AccountInUseError,
    ControllerAlreadyNamedError,
    EndsInThePastError,
    NothingToCountersignError,
    NotPermittedError,
    RoleAlreadyHeldError,
    RoleConflictError,
    RoleNotHeldError,
    RoleTooLongError,
)
from governance.identity.models import RoleAssignment
from governance.identity.service import (
    NewRole,
    OnBehalf,
    actor_of_email,
    assign_role,
    countersign_role,
    disable_account,
    name_first_controller,
    revoke_role,
    roles_in_force,
    waiting_assignments,
    waiting_roles,
)
from governance.vault.errors import AttestationError, PolicySetError
from tests.builders.identity import CONTROLLER_EMAIL, People, person, stored

HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root")


def roles_of(house: People, email: str) -> frozenset[Role]:
    with house.database.read() as session:
        return actor_of_email(session, house.clock, house.attestor, OnBehalf(email=email, host_user="root")).roles


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_what_an_administrator_assigns_counts_once_the_controller_countersigns(house: People, role: Role) -> None:
    admin = house.admin()
    controller = house.controller()
    account = house.account("new@demo.example", role, by=admin)
    with house.database.read() as session:
        assert roles_in_force(session, house.attestor, account.id, house.clock.now()) == frozenset()
        waiting_id = next(a.id for a in waiting_assignments(session) if a.account_id == account.id)
        assert waiting_roles(session, person(account)) == [role]

    with house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, controller, waiting_id)

    assert roles_of(house, "new@demo.example") == {role}


def test_an_administrator_cannot_make_the_account_that_approves_for_them(house: People) -> None:
    admin = house.admin()
    house.controller()
    puppet = house.account("puppet@demo.example", Role.CONTROLLER, by=admin)
    business = house.account("sales@demo.example", Role.SALES, by=admin)
    with house.database.read() as session:
        held = roles_in_force(session, house.attestor, puppet.id, house.clock.now())
    waiting = house.assignment(business)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, person(puppet, *held), waiting.id)


@pytest.mark.parametrize("actor", [HOST, SYSTEM])
def test_not_even_the_host_puts_a_business_role_in_force(house: People, actor: Actor) -> None:
    house.account("sales@demo.example", *sorted(BUSINESS_ROLES), by=actor)

    assert roles_of(house, "sales@demo.example") == frozenset()


def test_the_host_names_the_first_controller_once(house: People) -> None:
    house.controller()
    other = house.account("other@demo.example", by=HOST)

    with pytest.raises(ControllerAlreadyNamedError), house.database.write() as session:
        name_first_controller(session, house.clock, house.ids, HOST, other)

    assert roles_of(house, CONTROLLER_EMAIL) == {Role.CONTROLLER}


def test_a_controller_who_was_revoked_is_not_followed_by_another_first_one(house: People) -> None:
    controller = house.controller()
    house.account("second@demo.example", Role.CONTROLLER)
    other = house.account("other@demo.example", by=HOST)
    assert controller.id is not None
    with house.database.write() as session:
        command = NewRole(account_id=controller.id, role=Role.CONTROLLER)
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)

    with pytest.raises(ControllerAlreadyNamedError), house.database.write() as session:
        name_first_controller(session, house.clock, house.ids, HOST, other)


def test_the_house_is_never_left_without_a_controller(house: People) -> None:
    controller = house.controller()
    account = house.account("second@demo.example", Role.CONTROLLER, by=house.admin())
    assert controller.id is not None
    command = NewRole(account_id=controller.id, role=Role.CONTROLLER)

    with pytest.raises(AccountInUseError), house.database.write() as session:
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)
    with pytest.raises(AccountInUseError), house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, controller.id)

    waiting = house.assignment(account)
    with house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, controller, waiting.id)
    with house.database.write() as session:
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)
    with pytest.raises(AccountInUseError), house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, HOST, account.id)


def test_a_controller_deleted_by_sql_is_not_followed_by_another_first_one(house: People) -> None:
    house.controller()
    other = house.account("other@demo.example", by=HOST)
    with house.database.write_connection() as connection:
        connection.execute(text("DELETE FROM role_assignment WHERE role = 'controller'"))

    with pytest.raises(PolicySetError), house.database.write() as session:
        name_first_controller(session, house.clock, house.ids, HOST, other)


def test_a_program_countersigns_nothing(house: People) -> None:
    account = house.account("new@demo.example", Role.SALES, by=house.admin())
    program = Actor(kind=ActorKind.PROGRAM, id=house.ids.new(), roles=frozenset({Role.CONTROLLER}))
    waiting = house.assignment(account)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, program, waiting.id)


def test_what_waits_for_nothing_is_not_countersigned(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES)
    assigned = house.assignment(account)

    for assignment_id in (assigned.id, account.id):
        with pytest.raises(NothingToCountersignError), house.database.write() as session:
            countersign_role(session, house.clock, house.ids, house.attestor, controller, assignment_id)


def test_a_role_ends_when_it_is_said_to(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example")
    until = house.clock.now().replace(hour=18)
    with house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.SALES, valid_until=until)
        assign_role(session, house.clock, house.ids, controller, command)

    assert roles_of(house, "new@demo.example") == {Role.SALES}
    house.clock.moment = until
    assert roles_of(house, "new@demo.example") == frozenset()


def test_a_role_does_not_end_before_it_begins(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example")

    with pytest.raises(EndsInThePastError), house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.SALES, valid_until=house.clock.now())
        assign_role(session, house.clock, house.ids, controller, command)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_ends_within_a_year_but_those_who_could_open_the_house_again(house: People, role: Role) -> None:
    account = house.account("new@demo.example", role)

    until = house.assignment(account).valid_until

    for_good = role in {Role.CONTROLLER, Role.ADMIN}
    assert until == (None if for_good else house.clock.now() + timedelta(days=365))


@pytest.mark.parametrize(("days", "accepted"), [(400, True), (401, False)])
def test_a_role_lasts_four_hundred_days_at_most(house: People, days: int, accepted: bool) -> None:
    controller = house.controller()
    account = house.account("new@demo.example")
    until = house.clock.now() + timedelta(days=days)
    command = NewRole(account_id=account.id, role=Role.SALES, valid_until=until)

    with nullcontext() if accepted else pytest.raises(RoleTooLongError), house.database.write() as session:
        assert assign_role(session, house.clock, house.ids, controller, command).valid_until == until


def test_a_role_that_ended_is_given_again(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES)
    house.clock.advance(days=366)
    assert roles_of(house, "new@demo.example") == frozenset()

    with house.database.write() as session:
        assign_role(session, house.clock, house.ids, controller, NewRole(account_id=account.id, role=Role.SALES))

    assert roles_of(house, "new@demo.example") == {Role.SALES}


def test_a_role_that_ended_conflicts_with_nothing(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.DPO)
    house.clock.advance(days=366)

    with house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.ADMIN)
        assert not assign_role(session, house.clock, house.ids, controller, command).in_conflict


def test_a_renewed_role_takes_the_place_of_the_one_held(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES)
    before = house.assignment(account)
    house.clock.advance(days=350)

    with house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.SALES, renews=True)
        assign_role(session, house.clock, house.ids, controller, command)

    after = house.assignment(account)
    assert (after.id != before.id, after.valid_until) == (True, house.clock.now() + timedelta(days=365))
    assert roles_of(house, "new@demo.example") == {Role.SALES}


def test_a_tampered_role_is_not_made_good_by_renewing_it(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES)
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE role_assignment SET reason = 'x' WHERE role = 'sales'"))

    with pytest.raises(AttestationError), house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.SALES, renews=True)
        assign_role(session, house.clock, house.ids, controller, command)


def test_a_role_is_held_once_taken_back_and_given_again(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES)
    command = NewRole(account_id=account.id, role=Role.SALES)
    with pytest.raises(RoleAlreadyHeldError), house.database.write() as session:
        assign_role(session, house.clock, house.ids, controller, command)
    with house.database.write() as session:
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)
    assert roles_of(house, "new@demo.example") == frozenset()
    with pytest.raises(RoleNotHeldError), house.database.write() as session:
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)

    with house.database.write() as session:
        assign_role(session, house.clock, house.ids, controller, command)

    assert roles_of(house, "new@demo.example") == {Role.SALES}


def test_conflicting_roles_are_refused_or_flagged_where_there_is_no_second_person(house: People) -> None:
    controller = house.controller()
    account = house.account("dpo@demo.example", Role.DPO)
    with pytest.raises(RoleConflictError), house.database.write() as session:
        assign_role(session, house.clock, house.ids, controller, NewRole(account_id=account.id, role=Role.CONTROLLER))

    with house.database.write() as session:
        command = NewRole(account_id=account.id, role=Role.CONTROLLER, no_second_person=True)
        flagged = assign_role(session, house.clock, house.ids, controller, command)

    assert flagged.in_conflict
    assert roles_of(house, "dpo@demo.example") == {Role.DPO, Role.CONTROLLER}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE role_assignment SET role = 'dpo' WHERE id = :id",
        "UPDATE role_assignment SET countersigned_at = assigned_at WHERE id = :id",
        "UPDATE role_assignment SET account_id = :thief WHERE id = :id",
    ],
)
def test_a_role_changed_by_sql_closes(house: People, change: str) -> None:
    admin = house.admin()
    house.controller()
    thief = house.account("thief@demo.example", by=admin)
    account = house.account("sales@demo.example", Role.SALES, by=admin)
    assignment = house.assignment(account)
    values = {"id": stored(assignment.id, house.database), "thief": stored(thief.id, house.database)}

    with house.database.write_connection() as connection:
        connection.execute(text(change), {k: v for k, v in values.items() if f":{k}" in change})

    email = "thief@demo.example" if "thief" in change else "sales@demo.example"
    with pytest.raises(AttestationError):
        roles_of(house, email)


def test_a_revoked_role_put_back_by_sql_is_found_in_the_policy_set(house: People) -> None:
    controller = house.controller()
    account = house.account("sales@demo.example", Role.SALES)
    before = house.assignment(account)
    with house.database.write() as session:
        revoke_role(
            session, house.clock, house.ids, house.attestor, controller, NewRole(account_id=account.id, role=Role.SALES)
        )

    with house.database.write_connection() as connection:
        connection.execute(
            text("UPDATE role_assignment SET revoked_at = NULL, revoked_by = NULL, mac = :mac WHERE id = :id"),
            {"mac": before.mac, "id": stored(before.id, house.database)},
        )

    with pytest.raises(PolicySetError), house.database.read() as session:
        house.attestor.verify_policy_set(session)


def test_a_tampered_role_is_not_made_good_by_countersigning_it(house: People) -> None:
    controller = house.controller()
    account = house.account("new@demo.example", Role.SALES, by=house.admin())
    waiting = house.assignment(account)
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE role_assignment SET role = 'dpo' WHERE countersigned_at IS NULL"))

    with pytest.raises(AttestationError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, controller, waiting.id)


def test_the_database_refuses_two_live_assignments_of_one_role(house: People) -> None:
    account = house.account("new@demo.example", Role.SALES)
    mac = house.assignment(account).mac

    with pytest.raises(IntegrityError), house.database.write_connection() as connection:
        connection.execute(
            RoleAssignment.__table__.insert(),  # type: ignore[attr-defined]
            {
                "id": house.ids.new(),
                "account_id": account.id,
                "role": Role.SALES,
                "assigned_by": None,
                "assigned_at": house.clock.now(),
                "reason": "",
                "in_conflict": False,
                "mac": mac,
            },
        )
