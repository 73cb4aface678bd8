"""Samples: anybody draws the same ones again, and nobody chooses them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from audit.sampling import draw


@given(st.text(max_size=64), st.integers(0, 10**12), st.integers(0, 200))
def test_a_seed_draws_the_same_different_places_of_the_log_each_time(seed: str, of: int, wanted: int) -> None:
    places = draw(seed, of, min(wanted, of))

    assert places == draw(seed, of, min(wanted, of))
    assert len(places) == len(set(places)) == min(wanted, of)
    assert all(0 <= place < of for place in places)


@given(st.text(max_size=64), st.integers(1, 10**6), st.integers(1, 50))
def test_a_larger_sample_begins_with_the_smaller_one(seed: str, of: int, wanted: int) -> None:
    assert draw(seed, of, wanted + 10)[: min(wanted, of)] == draw(seed, of, wanted)


def test_a_sample_as_large_as_the_log_is_the_whole_log() -> None:
    assert sorted(draw("dice", 37, 200)) == list(range(37))


def test_every_place_is_as_likely_as_any_other() -> None:
    drawn = Counter(place for seed in range(3_000) for place in draw(str(seed), 10, 1))

    assert min(drawn.values()) > 220
    assert max(drawn.values()) < 380


def test_the_places_are_those_that_anybody_can_compute() -> None:
    # The first eight bytes of SHA-256 of "abc\\n1000\\n0", then 1, then 2, as big-endian numbers modulo 1,000.
    assert draw("abc", 1_000, 3) == [944, 74, 850]
