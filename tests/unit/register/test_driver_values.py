"""Values as a driver gives them are converted and encoded as the model's own are, whatever SQL wrote."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, Enum, Integer, String, Text, make_url
from sqlalchemy.types import TypeEngine

from governance.clock import from_microseconds, to_microseconds
from governance.orm import CompactUuid, PeriodText, UTCDateTime
from governance.periods import Period
from governance.vault.attested import BoundColumn
from governance.vault.canonical import encode_moment, encode_one
from governance.vocabulary import DataCategory
from register.driver_values import UNREADABLE, UNREADABLE_BYTES, conversion, encoding

SQLITE, POSTGRESQL = (make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql"))
PARIS = timezone(timedelta(hours=1))
NAME = b"name of the column"
KINDS: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "string": String(40),
    "number": Integer(),
    "identifier": CompactUuid(),
    "moment": UTCDateTime(),
    "day": Date(),
    "period": PeriodText(),
    "flag": Boolean(),
    "category": Enum(DataCategory, native_enum=False, values_callable=lambda e: [member.value for member in e]),
}
IDENTIFIER = uuid.UUID(int=7)
MOMENT = datetime(2026, 11, 23, 13, tzinfo=UTC)


def read(kind: str, dialect: Any, raw: Any) -> tuple[Any, bytes]:
    column: Column[Any] = Column("name", KINDS[kind])
    convert = conversion(column, dialect)
    bound = BoundColumn("name", NAME, "name", column, lambda row: row)
    return convert(raw), encoding(bound, convert, dialect)(raw)


@pytest.mark.parametrize(
    ("kind", "dialect", "raw", "value"),
    [
        ("text", SQLITE, "", ""),
        ("text", POSTGRESQL, "été", "été"),
        ("string", SQLITE, "été", "été"),
        ("number", SQLITE, -7, -7),
        ("identifier", SQLITE, IDENTIFIER.bytes, IDENTIFIER),
        ("identifier", POSTGRESQL, IDENTIFIER, IDENTIFIER),
        ("moment", SQLITE, to_microseconds(MOMENT), MOMENT),
        ("moment", POSTGRESQL, MOMENT.astimezone(PARIS), MOMENT),
        ("day", SQLITE, "2026-11-23", date(2026, 11, 23)),
        ("day", POSTGRESQL, date(2026, 11, 23), date(2026, 11, 23)),
        ("period", SQLITE, "P3Y", Period("P3Y")),
        ("flag", SQLITE, 1, True),
        ("flag", POSTGRESQL, False, False),
        ("category", SQLITE, "identity", DataCategory.IDENTITY),
    ],
)
def test_what_we_wrote_is_encoded_as_the_model_has_it(kind: str, dialect: Any, raw: Any, value: Any) -> None:
    assert read(kind, dialect, raw) == (value, NAME + encode_one(value))


@given(text=st.text(), number=st.integers(), moment=st.datetimes(), identifier=st.uuids())
def test_the_short_way_and_the_long_one_give_the_same_bytes(
    text: str, number: int, moment: datetime, identifier: uuid.UUID
) -> None:
    at = moment.replace(tzinfo=UTC)

    assert read("text", SQLITE, text)[1] == NAME + encode_one(text)
    assert read("number", SQLITE, number)[1] == NAME + encode_one(number)
    assert read("moment", SQLITE, to_microseconds(at))[1] == NAME + encode_one(from_microseconds(to_microseconds(at)))
    assert read("identifier", SQLITE, identifier.bytes)[1] == NAME + encode_one(identifier)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stands_under_a_mac_where_a_value_is_null(kind: str) -> None:
    assert read(kind, SQLITE, None) == (None, b"")


# SQLite keeps any type in any column.
@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("identifier", b"fifteen bytes ."),
        ("identifier", b"seventeen bytes.."),
        ("moment", 9_000_000_000_000_000_000),
        ("moment", "2026-11-23"),
        ("day", "yesterday"),
        ("period", "a while"),
        ("category", "forged"),
    ],
)
def test_what_nothing_of_ours_reads_is_like_no_value(kind: str, raw: Any) -> None:
    value, encoded = read(kind, SQLITE, raw)

    assert value is UNREADABLE
    # A moment that no calendar holds keeps its number, which no row of ours has under its MAC.
    assert encoded in {UNREADABLE_BYTES, NAME + encode_moment(9_000_000_000_000_000_000)}


@pytest.mark.parametrize(("kind", "raw"), [("number", 1.0), ("text", "\ud800"), ("text", 1.5)])
def test_what_has_no_encoding_never_fits(kind: str, raw: Any) -> None:
    assert read(kind, SQLITE, raw)[1] == UNREADABLE_BYTES


@pytest.mark.parametrize(("kind", "raw"), [("text", b"abc"), ("text", 7), ("number", "7")])
def test_a_value_of_another_type_is_not_encoded_as_the_one_it_looks_like(kind: str, raw: Any) -> None:
    looks_like = {"text": "7" if raw == 7 else "abc", "number": 7}[kind]

    assert read(kind, SQLITE, raw)[1] != NAME + encode_one(looks_like)
