"""Which passwords may be chosen, and how they are kept."""

import argon2
import pytest

from governance.identity.errors import WeakPasswordError
from governance.identity.passwords import (
    MAXIMUM_BYTES,
    RFC_9106_LOW_MEMORY,
    HashCost,
    PasswordHasher,
    check_password,
)
from tests.builders.identity import CHEAP, PASSWORD

EMAIL = "camille.durand@demo.example"


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return PasswordHasher(CHEAP)


@pytest.mark.parametrize("password", ["x" * 12, "une phrase facile", "é" * 64, "a" * MAXIMUM_BYTES])
def test_any_composition_will_do(password: str) -> None:
    check_password(password, EMAIL)


@pytest.mark.parametrize("password", ["", "x" * 11, "a" * (MAXIMUM_BYTES + 1), "é" * 65, EMAIL, f" {EMAIL.upper()} "])
def test_too_short_too_long_or_the_address_will_not_do(password: str) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        check_password(password, EMAIL)

    assert EMAIL not in str(refused.value)


def test_the_right_password_matches_and_no_other(hasher: PasswordHasher) -> None:
    kept = hasher.hash(PASSWORD)

    assert hasher.matches(kept, PASSWORD)
    assert not hasher.matches(kept, PASSWORD + " ")
    assert not hasher.matches(kept, "")


def test_an_accent_may_be_typed_in_two_ways(hasher: PasswordHasher) -> None:
    kept = hasher.hash("caf\u00e9 du matin")

    assert hasher.matches(kept, "cafe\u0301 du matin")


def test_what_is_unseen_is_no_part_of_a_password(hasher: PasswordHasher) -> None:
    kept = hasher.hash("caf\u00e9 du\u200b matin")

    assert hasher.matches(kept, "caf\u00e9 du matin")
    with pytest.raises(WeakPasswordError):
        check_password("x" * 11 + "\u200b", EMAIL)


def test_nobody_has_every_password(hasher: PasswordHasher) -> None:
    assert not hasher.matches(None, PASSWORD)


def test_who_signs_in_first_waits_for_the_hash_of_nobody_whoever_it_is() -> None:
    hasher = PasswordHasher(CHEAP)
    assert "_nobody" not in vars(hasher)

    assert hasher.matches(hasher.hash(PASSWORD), PASSWORD)

    assert "_nobody" in vars(hasher)


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$v=19$m=8,t=1,p=1$abc", "plain text"])
def test_a_damaged_hash_matches_nothing(hasher: PasswordHasher, kept: str) -> None:
    assert not hasher.matches(kept, PASSWORD)


def test_an_endless_password_is_not_hashed_and_does_not_match(hasher: PasswordHasher) -> None:
    kept = hasher.hash("")

    assert not hasher.matches(kept, "x" * (MAXIMUM_BYTES + 1))


def test_the_kept_string_names_algorithm_version_and_cost(hasher: PasswordHasher) -> None:
    assert hasher.hash(PASSWORD).startswith("$argon2id$v=19$m=8,t=1,p=1$")


def test_a_hash_of_another_cost_is_outdated(hasher: PasswordHasher) -> None:
    kept = hasher.hash(PASSWORD)

    assert not hasher.is_outdated(kept)
    assert PasswordHasher(HashCost(passes=2, memory_kib=8, lanes=1)).is_outdated(kept)


def test_the_cost_in_service_is_the_second_recommendation_of_rfc_9106() -> None:
    profile = argon2.profiles.RFC_9106_LOW_MEMORY

    assert (RFC_9106_LOW_MEMORY.passes, RFC_9106_LOW_MEMORY.memory_kib, RFC_9106_LOW_MEMORY.lanes) == (
        profile.time_cost,
        profile.memory_cost,
        profile.parallelism,
    )


def test_a_text_that_no_encoding_takes_is_a_password_like_any_other(hasher: PasswordHasher) -> None:
    odd = "\ud800" * 12

    check_password(odd, EMAIL)
    assert hasher.matches(hasher.hash(odd), odd)
