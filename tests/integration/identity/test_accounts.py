"""Accounts: one per address, however it is written."""

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from governance.actor import SYSTEM, Role
from governance.identity.errors import (
    EmailTakenError,
    InvalidEmailError,
    NotPermittedError,
    UnknownAccountError,
)
from governance.identity.service import (
    NewAccount,
    account_by_email,
    account_by_id,
    add_account,
    disable_account,
    list_accounts,
)
from governance.vault.errors import AttestationError
from tests.builders.ground import an_actor
from tests.builders.identity import People


def add(house: People, email: str) -> uuid.UUID:
    with house.database.write() as session:
        return add_account(session, house.clock, house.ids, SYSTEM, NewAccount(email=email)).id


@pytest.mark.parametrize(
    "written", ["camille@demo.example", " Camille@Demo.Example ", "CAMILLE@demo.example", "camille@DEMO.EXAMPLE"]
)
def test_an_address_stands_for_one_account(house: People, written: str) -> None:
    added = add(house, "Camille@demo.example")

    with house.database.read() as session:
        assert account_by_email(session, written).id == added
    with pytest.raises(EmailTakenError):
        add(house, written)


@pytest.mark.parametrize(
    "written", ["", "camille", "camille@", "@demo.example", "a b@demo.example", "x" * 300 + "@a.example"]
)
def test_what_is_no_address_is_refused(house: People, written: str) -> None:
    with pytest.raises(InvalidEmailError) as refused:
        add(house, written)

    assert written not in str(refused.value) or not written


def test_an_unknown_account_is_told_as_such(house: People) -> None:
    for email in ("nobody@demo.example", "not an address"):
        with pytest.raises(UnknownAccountError), house.database.read() as session:
            account_by_email(session, email)
    with pytest.raises(UnknownAccountError), house.database.read() as session:
        account_by_id(session, uuid.UUID(int=1))


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN, Role.CONTROLLER}])
def test_other_roles_add_and_disable_no_account(house: People, role: Role) -> None:
    account_id = add(house, "camille@demo.example")
    actor = an_actor(role)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        add_account(session, house.clock, house.ids, actor, NewAccount(email="new@demo.example"))
    if role is Role.SECURITY:
        return
    with pytest.raises(NotPermittedError), house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, actor, account_id)


def test_security_closes_an_account_that_is_lost(house: People) -> None:
    account_id = add(house, "camille@demo.example")

    with house.database.write() as session:
        account = disable_account(session, house.clock, house.ids, house.attestor, an_actor(Role.SECURITY), account_id)

    assert account.disabled_at == house.clock.now()


def test_accounts_are_listed_in_order_page_by_page(house: People) -> None:
    added = [add(house, f"person-{number}@demo.example") for number in range(5)]

    with house.database.read() as session:
        first = list_accounts(session, limit=3)
        rest = list_accounts(session, after=first[-1].id, limit=3)
        assert [account.id for account in (*first, *rest)] == added


def test_an_account_changed_by_sql_is_not_disabled_as_if_it_were_ours(house: People) -> None:
    account_id = add(house, "camille@demo.example")
    controller = house.controller()
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE account SET email = 'other@demo.example' WHERE email = 'camille@demo.example'"))

    with pytest.raises(AttestationError), house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, account_id)


def test_the_database_refuses_two_accounts_of_one_address(house: People) -> None:
    add(house, "camille@demo.example")
    add(house, "dominique@demo.example")

    with pytest.raises(IntegrityError), house.database.write_connection() as connection:
        connection.execute(text("UPDATE account SET email = 'camille@demo.example'"))


@pytest.mark.parametrize("change", ["email = ''", "credentials_revision = 0"])
def test_the_database_refuses_an_account_that_cannot_be(house: People, change: str) -> None:
    add(house, "camille@demo.example")

    with pytest.raises(IntegrityError), house.database.write_connection() as connection:
        connection.execute(text(f"UPDATE account SET {change}"))
