"""Entries: canonical bytes, and what cannot be one."""

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from audit.entries import MAX_BODY_BYTES, Action, Entry, Fact, JsonValue, Outcome, Retention, to_entry
from audit.errors import EntryTooLargeError, InvalidFactError
from audit.subjects import decode_subjects, encode_subjects, to_bitmap
from governance.actor import SYSTEM, Actor, ActorKind, Role
from tests.builders.audit import a_fact

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ID = uuid.UUID(int=7)


def entry(fact: Fact) -> Entry:
    return to_entry(fact, ID, AT)


def test_an_entry_says_who_did_what_when_why_to_what_and_whom() -> None:
    said = json.loads(entry(a_fact(3)).body)

    assert said == {
        "action": "read",
        "actor": {
            "address": "192.0.2.1",
            "id": "00000000-0000-0000-0000-000000000001",
            "kind": "person",
            "roles": ["support"],
        },
        "at": "2026-11-22T09:00:00Z",
        "details": {"fields": ["email"], "number": 3},
        "id": str(ID),
        "object": {"id": "row-3", "type": "customers"},
        "outcome": "done",
        "purpose": "after-sales",
        "retention": "access",
        "subjects": [3],
        "v": 1,
    }


def test_the_body_is_canonical() -> None:
    body = entry(a_fact(3, z=1, a=2, é="ü")).body

    said = json.loads(body)
    assert body == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_host_user_is_named_on_behalf_of_the_account() -> None:
    actor = Actor(kind=ActorKind.HOST, id=ID, roles=frozenset({Role.DPO}), host_user="root")
    fact = Fact(retention=Retention.SECURITY, action=Action.POLICY, actor=actor, object_type="grant")

    assert json.loads(entry(fact).body)["actor"]["host_user"] == "root"


def test_the_same_fact_is_always_the_same_bytes() -> None:
    elsewhere = timezone(timedelta(hours=2))
    fact = a_fact(3)

    assert to_entry(fact, ID, AT).body == to_entry(fact, ID, AT.astimezone(elsewhere)).body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_details_come_back_as_they_were(details: dict[str, JsonValue]) -> None:
    fact = Fact(retention=Retention.WRITE, action=Action.JOB, actor=SYSTEM, object_type="job", details=details)

    body = entry(fact).body

    assert json.loads(body)["details"] == details
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "value",
    [1.5, b"x", AT, ID, {1: 2}, {"a": [object()]}, 2**53, -(2**53), (1, 2), {1, 2}, "\ud800", Outcome.DONE.__class__],
)
def test_what_has_more_than_one_spelling_is_refused(value: JsonValue) -> None:
    with pytest.raises(InvalidFactError):
        entry(a_fact(1, value=value))


def test_an_entry_takes_64_kib_and_no_more() -> None:
    room = MAX_BODY_BYTES - len(entry(a_fact(1, text="")).body)

    assert len(entry(a_fact(1, text="x" * room)).body) == MAX_BODY_BYTES
    with pytest.raises(EntryTooLargeError):
        entry(a_fact(1, text="x" * (room + 1)))


@given(st.sets(st.integers(0, 2**32 - 1), max_size=40))
def test_data_subjects_come_back_as_they_were(subjects: set[int]) -> None:
    encoded = encode_subjects(subjects)

    assert isinstance(encoded, list) == (len(subjects) <= 8)
    assert set(decode_subjects(encoded)) == subjects
    assert encode_subjects(BitMap(subjects)) == encoded
    assert encode_subjects(sorted(subjects, reverse=True)) == encoded


def test_a_page_of_neighbours_is_a_few_bytes() -> None:
    assert len(encode_subjects(range(5_000, 6_000))) < 40


@pytest.mark.parametrize("subjects", [[-1], [2**32], [-1, *range(20)], [2**32, *range(20)]])
def test_a_number_that_is_no_data_subject_is_refused(subjects: list[int]) -> None:
    with pytest.raises(InvalidFactError):
        entry(Fact(retention=Retention.ACCESS, action=Action.READ, actor=SYSTEM, object_type="x", subjects=subjects))


@pytest.mark.parametrize("serialised", [b"", b"x", bytes(100)])
def test_what_is_no_bitmap_is_refused(serialised: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        to_bitmap(serialised)
