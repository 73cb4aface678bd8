"""What is attested is encoded so that no two contents share their bytes."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.clock import from_microseconds
from governance.vault.canonical import encode

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.text(max_size=3),
    st.binary(max_size=3),
    st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    st.integers(0, 3).map(from_microseconds),
    st.uuids(),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
)


class Colour(StrEnum):
    RED = "red"


def typed(value: Any) -> Any:
    """Tell apart what Python holds equal: 1 and True."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    return (type(value), value)


@given(one=st.lists(values, max_size=3), other=st.lists(values, max_size=3))
def test_different_values_are_never_encoded_alike(one: list[Any], other: list[Any]) -> None:
    assert (typed(one) == typed(other)) == (encode(*one) == encode(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), ((1,), (True,)), ((1,), ("1",)), ((None,), ()), (("",), (b"",)), (([],), ([[]],))],
)
def test_values_that_look_alike_are_told_apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assert encode(*one) != encode(*other)


def test_one_moment_is_encoded_alike_in_every_time_zone() -> None:
    paris = timezone(timedelta(hours=1))

    assert encode(datetime(2026, 1, 1, 1, tzinfo=paris)) == encode(datetime(2026, 1, 1, 0, tzinfo=UTC))


def test_a_state_is_encoded_as_its_slug() -> None:
    assert encode(Colour.RED) == encode("red")


def test_the_order_of_keys_does_not_matter() -> None:
    assert encode({"a": 1, "b": 2}) == encode({"b": 2, "a": 1})


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        encode(datetime(2026, 1, 1))  # noqa: DTZ001 -- the point of the test


@pytest.mark.parametrize("value", [1.5, Decimal(1), object(), {1}])
def test_a_type_without_one_spelling_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        encode(value)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("a", b"s\0\0\0\x01a"),
        (b"b", b"b\0\0\0\x01b"),
        (-3, b"i\0\0\0\x02-3"),
        (True, b"?\0\0\0\x01\1"),
        (None, b"n\0\0\0\0"),
        (datetime(2026, 11, 22, 9, 0, 0, 1, tzinfo=UTC), b"t\0\0\0\x101795338000000001"),
        (date(2026, 11, 22), b"d\0\0\0\x0a2026-11-22"),
        (uuid.UUID(int=1), b"u\0\0\0\x10" + bytes(15) + b"\1"),
        (["x"], b"l\0\0\0\x06s\0\0\0\x01x"),
        ({"k": 1}, b"m\0\0\0\x0cs\0\0\0\x01ki\0\0\0\x011"),
    ],
)
def test_the_format_has_not_changed(value: Any, encoded: bytes) -> None:
    assert encode(value) == encoded
