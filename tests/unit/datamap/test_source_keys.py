"""Keys of adopted rows as text: one text for each key, and back."""

import contextlib
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.datamap.errors import SourceKeyError
from governance.datamap.source_keys import KeyValue, key_values, source_key_of

VALUES: st.SearchStrategy[KeyValue] = st.one_of(
    st.integers(),
    st.text(),
    st.booleans(),
    st.binary(),
    st.uuids(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_a_key_comes_back_as_it_was(values: list[KeyValue]) -> None:
    text = source_key_of(values)

    assert key_values(text) == tuple(values)
    assert source_key_of(key_values(text)) == text
    assert text.isascii()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((1,), "[1]"),
        (("é", 2), '["\\u00e9",2]'),
        ((Decimal("12.00"),), "[12]"),
        ((3.0,), "[3]"),
        ((Decimal("1.50"),), '[{"n":"1.5"}]'),
        ((True,), "[true]"),
        ((b"\x00\xff",), '[{"b":"AP8="}]'),
        ((memoryview(b"a"),), '[{"b":"YQ=="}]'),
        ((uuid.UUID(int=7),), '[{"u":"00000000-0000-0000-0000-000000000007"}]'),
        ((date(2026, 11, 22),), '[{"d":"2026-11-22"}]'),
        ((time(9, 30),), '[{"t":"09:30:00"}]'),
        (
            (datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=1))),),
            '[{"m":"2026-11-22T09:00:00+00:00"}]',
        ),
    ],
)
def test_the_text_of_a_key_is_fixed(values: tuple[object, ...], text: str) -> None:
    assert source_key_of(values) == text


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, float("nan"), float("inf"), Decimal("NaN"), object()])
def test_what_cannot_name_a_row_is_refused(value: object) -> None:
    with pytest.raises(SourceKeyError):
        source_key_of((value,))


DAMAGED = ['[{"u":"x"}]', "[[]]", "[]", "{}", '[{"b":"?"}]', '[{"n":"x"}]', "[null]", "[1.5]", '[{"z":"1"}]', "x"]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(SourceKeyError, match="damaged text"):
        key_values(text)


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with contextlib.suppress(SourceKeyError):
        assert key_values(text)
