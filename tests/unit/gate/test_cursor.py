"""Cursors and opaque identifiers."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.gate.cursor import CursorBinding, Cursors, question_digest
from governance.gate.errors import CursorInvalidError
from governance.gate.pseudonyms import Veil
from governance.gate.query import Condition, Operator, Order, Query

BINDING = CursorBinding(actor_id=uuid.UUID(int=1), purpose_id=1, table_id=1, opaque=False, question=bytes(16))
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(max_size=20),
    st.binary(max_size=16),
    st.booleans(),
    st.dates(),
    st.uuids(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(values=st.lists(VALUES, min_size=1, max_size=4))
@settings(max_examples=50)
def test_a_cursor_comes_back_as_it_was(values: list[Any]) -> None:
    cursors = Cursors(bytes(32))

    assert cursors.open(BINDING, cursors.seal(BINDING, values), length=len(values)) == tuple(values)


@pytest.mark.parametrize(
    "other",
    [
        replace(BINDING, actor_id=uuid.UUID(int=2)),
        replace(BINDING, actor_id=None),
        replace(BINDING, purpose_id=2),
        replace(BINDING, table_id=2),
        replace(BINDING, opaque=True),
        replace(BINDING, question=bytes([1]) * 16),
    ],
)
def test_a_cursor_opens_for_its_own_question_only(other: CursorBinding) -> None:
    cursors = Cursors(bytes(32))
    cursor = cursors.seal(BINDING, [1])

    with pytest.raises(CursorInvalidError):
        cursors.open(other, cursor, length=1)
    with pytest.raises(CursorInvalidError):
        cursors.open(BINDING, cursor, length=2)
    with pytest.raises(CursorInvalidError):
        Cursors(bytes([1]) * 32).open(BINDING, cursor, length=1)


def test_a_question_has_one_digest() -> None:
    query = Query(purpose="p", table="t")
    where = Condition(field="points", operator=Operator.LESS, value=3)

    digests = {
        question_digest(each)
        for each in (
            query,
            replace(query, where=(where,)),
            replace(query, where=(replace(where, value=4),)),
            replace(query, where=(replace(where, operator=Operator.GREATER),)),
            replace(query, order=(Order(field="points"),)),
            replace(query, order=(Order(field="points", descending=True),)),
        )
    }

    assert len(digests) == 6
    assert question_digest(replace(query, limit=7, fields=("email",))) == question_digest(query)


@given(row=st.binary(min_size=16, max_size=16), table=st.integers(1, 32767))
@settings(max_examples=50)
def test_an_opaque_identifier_leads_back_to_its_row_alone(row: bytes, table: int) -> None:
    here, there = Veil(bytes(32)), Veil(bytes([1]) * 32)
    shown = here.hide(table, row).decode()

    assert here.find(table, shown) == row
    assert here.hide(table, row).decode() == shown
    assert there.find(table, shown) is None
    assert here.find(table % 32767 + 1, shown) is None
    assert there.hide(table, row).decode() != shown


@pytest.mark.parametrize("text", ["", "A" * 43, "A" * 44, "é" * 43, "*" * 43, str(uuid.UUID(int=1))])
def test_what_was_never_shown_leads_nowhere(text: str) -> None:
    assert Veil(bytes(32)).find(1, text) is None


def test_keys_are_not_shown() -> None:
    assert repr(Veil(bytes(32))) == "<Veil>"
    with pytest.raises(TypeError):
        Veil(bytes(32)).__reduce__()


def test_the_day_and_the_moment_are_told_apart() -> None:
    cursors = Cursors(bytes(32))
    values = [date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)]

    assert cursors.open(BINDING, cursors.seal(BINDING, values), length=2) == tuple(values)
