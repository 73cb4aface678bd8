"""Two at the same moment: one of them is told that they came second."""

import threading
from collections.abc import Callable

from governance.actor import SYSTEM, Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    CredentialsRefusedError,
    EmailTakenError,
    IdentityError,
    LinkRefusedError,
    SignInLockedError,
    TokenNameTakenError,
)
from governance.identity.lockout import FREE_FAILURES
from governance.identity.service import NewAccount, NewToken, add_account, add_token, link_first_administrator
from tests.builders.identity import People


def at_once(count: int, act: Callable[[], object]) -> list[type[BaseException]]:
    """Do the same in several threads at the same moment, and return what each was refused with."""
    barrier = threading.Barrier(count)
    refused: list[type[BaseException]] = []

    def run() -> None:
        barrier.wait()
        try:
            act()
        except IdentityError as error:
            refused.append(type(error))

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_accounts_of_one_address_at_once_are_one(house: People) -> None:
    def add() -> None:
        with house.database.write() as session:
            add_account(session, house.clock, house.ids, SYSTEM, NewAccount(email="new@demo.example"))

    assert at_once(4, add) == [EmailTakenError] * 3


def test_two_tokens_of_one_name_at_once_are_one(house: People) -> None:
    controller = house.controller()

    def add() -> None:
        with house.database.write() as session:
            add_token(session, house.clock, house.ids, controller, NewToken(name="till", role=Role.SERVICE))

    assert at_once(4, add) == [TokenNameTakenError] * 3


def test_a_link_used_twice_at_once_is_used_once(house: People) -> None:
    with house.database.write() as session:
        secret = link_first_administrator(session, house.clock, house.ids, SYSTEM).secret

    def use() -> None:
        # Each its own address, so that nothing but the link can refuse.
        email = f"first-{threading.get_ident()}@demo.example"
        house.doorkeeper.use_link(UseLink(secret=secret, email=email, password="a long enough password"))

    assert at_once(4, use) == [LinkRefusedError] * 3


def test_many_guesses_at_once_are_many_failures(house: People) -> None:
    house.account("support@demo.example", Role.SUPPORT)
    before = house.hasher.checks

    refused = at_once(12, lambda: house.sign_in("support@demo.example", "a wrong guess indeed"))

    assert len(refused) == 12
    assert refused.count(CredentialsRefusedError) == FREE_FAILURES + 1
    assert refused.count(SignInLockedError) == 12 - FREE_FAILURES - 1
    assert house.hasher.checks - before == FREE_FAILURES + 1
