"""Clear columns: what another program kept, as JSON holds it."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.datamap.values import FieldKind, Storage
from governance.gate.columns import adopted_converter, own_converter, to_driver
from tests.builders.datamap import a_field


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        (FieldKind.TEXT, 12, "12"),
        (FieldKind.TEXT, b"\xff\xfe", "\ufffd\ufffd"),
        (FieldKind.PHONE, 33639980012, "33639980012"),
        (FieldKind.INTEGER, Decimal("12.00"), 12),
        (FieldKind.INTEGER, Decimal("1e30"), "1E+30"),
        (FieldKind.INTEGER, "many", "many"),
        (FieldKind.INTEGER, "7", 7),
        (FieldKind.NUMBER, 12.5, "12.5"),
        (FieldKind.NUMBER, Decimal("0.10"), "0.10"),
        (FieldKind.NUMBER, "none", "none"),
        (FieldKind.BOOLEAN, 1, True),
        (FieldKind.BOOLEAN, "t", True),
        (FieldKind.BOOLEAN, "no", False),
        (FieldKind.DATE, date(2026, 11, 22), "2026-11-22"),
        (FieldKind.DATE, datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "2026-11-22"),
        (FieldKind.DATE, "22/11/2026", "22/11/2026"),
        (FieldKind.MOMENT, datetime(2026, 11, 22, 9, 0), "2026-11-22T09:00:00Z"),  # noqa: DTZ001 -- kept without a zone
        (FieldKind.MOMENT, "2026-11-22 09:00", "2026-11-22T09:00:00Z"),
        (FieldKind.MOMENT, "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        (FieldKind.MOMENT, "yesterday", "yesterday"),
    ],
)
def test_another_programs_value_leaves_as_its_kind_or_as_text(kind: FieldKind, raw: Any, told: Any) -> None:
    assert adopted_converter(a_field(kind, storage=Storage.CLEAR))(raw) == told


@given(
    raw=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(),
        st.decimals(),
        st.text(),
        st.binary(),
        st.dates(),
        st.datetimes(),
        st.uuids(),
        st.times(),
    ),
    kind=st.sampled_from(list(FieldKind)),
)
@settings(max_examples=100)
def test_whatever_lies_there_can_be_written_as_json(raw: Any, kind: FieldKind) -> None:
    told = adopted_converter(a_field(kind, storage=Storage.CLEAR))(raw)

    assert (told is None) == (raw is None)
    orjson.dumps(told)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("kind", "clean"),
    [
        (FieldKind.MOMENT, "2026-11-20T09:00:00Z"),
        (FieldKind.REFERENCE, str(uuid.UUID(int=7))),
        (FieldKind.DATE, "2026-11-22"),
        (FieldKind.BOOLEAN, True),
        (FieldKind.INTEGER, 12),
        (FieldKind.TEXT, "anything"),
    ],
)
def test_a_value_goes_in_and_comes_out_the_same(dialect: str, kind: FieldKind, clean: Any) -> None:
    field = a_field(kind, storage=Storage.CLEAR)
    raw = to_driver(field, clean, dialect, adopted=False)
    convert = own_converter(field, dialect)
    if isinstance(raw, uuid.UUID):
        # The statement asks PostgreSQL for the bytes.
        raw = raw.bytes

    assert (raw if convert is None else convert(raw)) == clean
