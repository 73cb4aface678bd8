"""A stranger who guesses at somebody's password keeps them out neither of their device, nor of their session."""

import pytest

from governance.actor import Role
from governance.identity.doorkeeper import SignIn, UseLink
from governance.identity.errors import (
    ConfirmationsSpentError,
    CredentialsRefusedError,
    PasswordRefusedError,
    SignInLockedError,
)
from governance.identity.letters import Letter
from governance.identity.lockout import FREE_FAILURES, MOST_CONFIRMATIONS
from governance.identity.models import Account
from governance.identity.service import IssuedLink, link_password
from governance.identity.service.resets import make_mailed_link
from tests.builders.identity import PASSWORD, People
from tests.builders.second_factors import visit_of

SUPPORT, OTHER, NOBODY = "support@demo.example", "other@demo.example", "nobody@demo.example"
NEW = "a new and better password"


def guess(house: People, email: str = SUPPORT, device: str = "", times: int = 1) -> list[type]:
    refused = []
    for _ in range(times):
        with pytest.raises((CredentialsRefusedError, SignInLockedError)) as raised:
            house.doorkeeper.sign_in(SignIn(email=email, password="wrong password indeed", device=device))
        refused.append(raised.type)
    return refused


def come_in(house: People, device: str = "", password: str = PASSWORD) -> str:
    """Sign in, and return the cookie of the device."""
    opened = house.doorkeeper.sign_in(SignIn(email=SUPPORT, password=password, device=device))
    kept = house.doorkeeper.device_of(opened.secret, device)
    assert kept is not None
    return kept


def test_guesses_from_elsewhere_do_not_lock_a_device_on_which_somebody_signed_in(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    device = come_in(house)
    guess(house, times=20)

    for _ in range(4):
        come_in(house, device)
        house.clock.advance(minutes=15, seconds=1)
        guess(house, times=2)
    with pytest.raises(SignInLockedError):
        come_in(house)


def test_a_known_device_has_a_count_of_its_own_and_then_shares_that_of_all_others(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    device = come_in(house)

    tried = guess(house, device=device, times=2 * (FREE_FAILURES + 1) + 1)

    assert tried == [CredentialsRefusedError] * 2 * (FREE_FAILURES + 1) + [SignInLockedError]
    with pytest.raises(SignInLockedError):
        come_in(house, device)


def test_a_success_on_a_known_device_leaves_the_guesses_of_others_counted(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    device = come_in(house)
    guess(house, times=FREE_FAILURES + 1)

    come_in(house, device)

    assert guess(house) == [SignInLockedError]


def test_the_device_of_one_account_is_none_for_another_and_none_after_another_password(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    house.account(OTHER, Role.SUPPORT)
    device = come_in(house)
    locked = [CredentialsRefusedError] * (FREE_FAILURES + 1) + [SignInLockedError]

    assert guess(house, OTHER, device, times=FREE_FAILURES + 2) == locked
    assert guess(house, NOBODY, device, times=FREE_FAILURES + 2) == locked
    set_password(house, mailed_link(house, account))
    assert guess(house, SUPPORT, device, times=FREE_FAILURES + 2) == locked


@pytest.mark.parametrize("device", ["", "x", "A" * 44])
def test_known_and_unknown_addresses_are_answered_alike_whatever_device_is_shown(house: People, device: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    checks = house.hasher.checks

    known, unknown = (guess(house, email, device, times=FREE_FAILURES + 3) for email in (SUPPORT, NOBODY))

    assert known == unknown
    assert house.hasher.checks - checks == 2 * (FREE_FAILURES + 1)


def mailed_link(house: People, account: Account) -> IssuedLink:
    with house.database.write() as session:
        found = session.get_one(Account, account.id)
        made = make_mailed_link(session, house.clock, house.ids, found, Letter.PASSWORD_RESET, instead_of=None)
    assert made is not None
    return made


def set_password(house: People, made: IssuedLink) -> None:
    house.doorkeeper.use_link(UseLink(secret=made.secret, email="", password=NEW))


def test_a_password_set_by_a_mailed_link_forgets_the_guesses(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    guess(house, times=FREE_FAILURES + 1)

    set_password(house, mailed_link(house, account))

    come_in(house, password=NEW)


def test_a_password_set_by_the_controllers_link_forgets_the_guesses_and_by_an_administrators_it_does_not(
    house: People,
) -> None:
    account = house.account(SUPPORT)
    for maker, locked in ((house.admin(), True), (house.controller(), False)):
        guess(house, times=FREE_FAILURES + 1)
        with house.database.write() as session:
            made = link_password(session, house.clock, house.ids, maker, session.get_one(Account, account.id))
        set_password(house, made)
        assert (guess(house) == [SignInLockedError]) is locked


def test_guesses_at_the_door_do_not_keep_somebody_inside_from_confirming(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    guess(house, times=FREE_FAILURES + 1)

    house.second_door.confirm_password(visit, PASSWORD)

    assert guess(house) == [SignInLockedError], "whoever is inside says nothing of who guesses outside"


def test_guesses_inside_a_session_lock_that_session_and_end_it(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened, beside = house.sign_in(SUPPORT), house.sign_in(SUPPORT)
    visit = visit_of(house, opened)
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(PasswordRefusedError):
            house.second_door.confirm_password(visit, "wrong password indeed")
    with pytest.raises(SignInLockedError):
        house.second_door.change_password(visit, PASSWORD, NEW)
    house.second_door.confirm_password(visit_of(house, beside), PASSWORD)
    house.sign_in(SUPPORT)

    for _ in range(MOST_CONFIRMATIONS - FREE_FAILURES - 2):
        house.clock.advance(minutes=4)
        house.doorkeeper.by_session(opened.secret, None)
        with pytest.raises(PasswordRefusedError):
            house.second_door.change_password(visit, "wrong password indeed", NEW)
    house.clock.advance(minutes=15)
    with pytest.raises(ConfirmationsSpentError):
        house.second_door.confirm_password(visit, "wrong password indeed")

    assert house.doorkeeper.by_session(opened.secret, None) is None


def test_a_right_confirmation_forgets_the_wrong_ones_of_its_session(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    for _ in range(3):
        for _ in range(FREE_FAILURES):
            with pytest.raises(PasswordRefusedError):
                house.second_door.confirm_password(visit, "wrong password indeed")
        house.second_door.confirm_password(visit, PASSWORD)
