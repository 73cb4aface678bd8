"""The cookie of a device: what it says, to whom, and what it does not."""

import uuid
from pathlib import Path

import pytest

from governance.identity.known_devices import LONGEST_COOKIE, knows, remembering, shown
from governance.vault.attest import Attestor
from tests.builders.vault import an_attestor

CAMILLE, NOEMIE = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def attestor(tmp_path: Path) -> Attestor:
    return an_attestor(tmp_path)


def is_known(attestor: Attestor, cookie: str, account_id: uuid.UUID, revision: int = 1) -> bool:
    device = shown(cookie)
    return device is not None and knows(attestor, device, account_id, revision)


def test_a_device_knows_who_signed_in_on_it_and_nobody_else(attestor: Attestor) -> None:
    cookie = remembering(attestor, None, CAMILLE, 1)

    assert is_known(attestor, cookie, CAMILLE)
    assert not is_known(attestor, cookie, NOEMIE)


def test_another_password_ends_what_it_knew(attestor: Attestor) -> None:
    assert not is_known(attestor, remembering(attestor, None, CAMILLE, 1), CAMILLE, 2)


def test_several_people_share_a_device_under_one_name_and_the_one_longest_ago_is_forgotten(attestor: Attestor) -> None:
    cookie = remembering(attestor, None, CAMILLE, 1)
    name = shown(cookie)
    for each in range(2, 9):
        cookie = remembering(attestor, shown(cookie), uuid.UUID(int=each), 1)
    assert is_known(attestor, cookie, CAMILLE)

    cookie = remembering(attestor, shown(cookie), uuid.UUID(int=9), 1)

    assert not is_known(attestor, cookie, CAMILLE)
    assert is_known(attestor, cookie, NOEMIE)
    assert len(cookie) == LONGEST_COOKIE
    now = shown(cookie)
    assert now is not None
    assert name is not None
    assert now.name == name.name


def test_signing_in_again_adds_nothing(attestor: Attestor) -> None:
    cookie = remembering(attestor, None, CAMILLE, 1)

    assert remembering(attestor, shown(cookie), CAMILLE, 1) == cookie


def test_a_mark_belongs_to_the_name_beside_it(attestor: Attestor) -> None:
    mine, other = (shown(remembering(attestor, None, each, 1)) for each in (CAMILLE, NOEMIE))
    assert mine is not None
    assert other is not None

    assert not knows(attestor, type(mine)(name=other.name, marks=mine.marks), CAMILLE, 1)


@pytest.mark.parametrize("cookie", ["", "x", "é", "A" * 21, "A" * 24, "=" * 24, "A" * 400, "\ud800", "AAAA\n" * 9])
def test_what_is_no_cookie_of_ours_is_no_device(cookie: str) -> None:
    device = shown(cookie)

    assert device is None or device.marks == ()


def test_the_cookie_says_nothing_of_whose_it_is(attestor: Attestor) -> None:
    assert remembering(attestor, None, CAMILLE, 1) != remembering(attestor, None, CAMILLE, 1)
