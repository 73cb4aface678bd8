"""Recovery codes, relying parties, freshness: what needs no database."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from governance.identity.errors import FreshSecondFactorNeededError
from governance.identity.factors import recovery
from governance.identity.factors.ceremony import RelyingParty, went_back
from governance.identity.service.freshness import FRESH, check_fresh_second_factor, is_fresh
from tests.builders.vault import an_attestor

ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2)
FIRST, SECOND = uuid.UUID(int=11), uuid.UUID(int=12)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Confirmed:
    confirmed_at: datetime | None


def test_there_are_ten_recovery_codes_and_none_twice() -> None:
    codes = recovery.new_codes()

    assert len(set(codes)) == 10
    assert all(len(code) == 11 and code[5] == "-" for code in codes)


def test_a_recovery_code_is_taken_out_however_it_is_typed_and_only_once(tmp_path: Path) -> None:
    attestor, codes = an_attestor(tmp_path), recovery.new_codes()
    hashes = recovery.hash_codes(attestor, ADA, codes)

    left = recovery.without(hashes, attestor, ADA, f" {codes[3].upper().replace('-', ' ')} ")

    assert left is not None
    assert recovery.count(left) == 9
    assert recovery.without(left, attestor, ADA, codes[3]) is None
    assert recovery.without(left, attestor, ADA, codes[4]) is not None


def test_the_recovery_codes_of_one_account_open_no_other(tmp_path: Path) -> None:
    attestor, codes = an_attestor(tmp_path), recovery.new_codes()
    hashes = recovery.hash_codes(attestor, ADA, codes)

    assert recovery.without(hashes, attestor, BOB, codes[0]) is None
    assert not any(code.replace("-", "").encode() in hashes for code in codes)


@pytest.mark.parametrize("code", ["", "-", "\ud800", "x" * 10_000])
def test_what_is_no_recovery_code_is_none(tmp_path: Path, code: str) -> None:
    attestor = an_attestor(tmp_path)
    hashes = recovery.hash_codes(attestor, ADA, recovery.new_codes())

    assert recovery.without(hashes, attestor, ADA, code) is None


@pytest.mark.parametrize(
    ("base_url", "possible"),
    [
        ("http://localhost:8000", True),
        ("https://egide.example", True),
        ("https://egide.example:8443/sub", True),
        ("http://egide.example", False),
        ("https://192.0.2.1", False),
        ("http://127.0.0.1:8000", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_need_a_name_and_https_or_this_very_machine(base_url: str, possible: bool) -> None:
    assert RelyingParty.at(base_url).possible is possible


def test_the_origin_is_the_address_without_its_path() -> None:
    party = RelyingParty.at("https://Egide.example:8443/sub")

    assert (party.name, party.origin) == ("egide.example", "https://egide.example:8443")


@pytest.mark.parametrize(
    ("before", "now", "back"), [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True), (5, 4, True), (5, 0, True)]
)
def test_a_counter_that_does_not_move_on_went_back(before: int, now: int, back: bool) -> None:
    assert went_back(before, now) is back


@pytest.mark.parametrize(
    ("ago", "fresh"), [(timedelta(0), True), (FRESH, True), (FRESH + timedelta(seconds=1), False), (None, False)]
)
def test_what_was_confirmed_ten_minutes_ago_is_fresh(ago: timedelta | None, fresh: bool) -> None:
    confirmed = Confirmed(None if ago is None else NOW - ago)

    assert is_fresh(confirmed, NOW) is fresh
    if not fresh:
        with pytest.raises(FreshSecondFactorNeededError):
            check_fresh_second_factor(confirmed, NOW)


def test_nobody_is_not_fresh() -> None:
    with pytest.raises(FreshSecondFactorNeededError):
        check_fresh_second_factor(None, NOW)
