"""Sets of entries as ranges."""

from hypothesis import given
from hypothesis import strategies as st

from audit.ranges import Ranges

pairs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


def ranges(of: list[tuple[int, int]]) -> tuple[Ranges, set[int]]:
    made = Ranges()
    for first, last in of:
        made.add(first, last)
    return made, {number for first, last in of for number in range(first, last + 1)}


@given(pairs, pairs)
def test_a_difference_is_that_of_the_sets(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    (some, these), (others, those) = ranges(left), ranges(right)

    rest = {number for first, last in some.minus(others) for number in range(first, last + 1)}

    assert rest == these - those


@given(pairs)
def test_ranges_hold_what_was_added(of: list[tuple[int, int]]) -> None:
    made, numbers = ranges(of)

    assert {number for number in range(80) if number in made} == numbers
    assert {number for first, last in made for number in range(first, last + 1)} == numbers


def test_neighbours_become_one_range() -> None:
    made, _ = ranges([(1, 1), (2, 2), (3, 3), (5, 5)])

    assert list(made) == [(1, 3), (5, 5)]
