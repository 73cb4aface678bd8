"""Written values as JSON and back: the same, strictly read, and as the published schema says."""

import io
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.actor import Role
from governance.days import FIRST_DAY, LAST_DAY
from governance.text import is_plain
from governance.vocabulary import LawfulBasis
from register.exchange.errors import MalformedRegisterError
from register.exchange.json_file import FORMAT, json_schema, read_json, write_json
from register.exchange.written import WrittenActivity, WrittenPurpose, WrittenTransfer
from register.slugs import is_slug
from tests.builders.written import a_written_activity

ADDRESS = "https://egide.example/schema"
VALIDATOR = jsonschema_rs.Draft202012Validator(json_schema(ADDRESS))

DAYS = st.dates(FIRST_DAY, LAST_DAY)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40).filter(is_plain)
labels = texts.filter(lambda text: bool(text))
slugs = st.from_regex(r"\A[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}\Z")
purposes = st.builds(
    WrittenPurpose,
    slug=slugs,
    label_fr=labels,
    label_en=labels,
    basis=st.sampled_from([*LawfulBasis, None]),
    balance=texts,
    recipients=st.lists(st.sampled_from(Role), max_size=3).map(tuple),
)
transfers = st.builds(WrittenTransfer, country=st.sampled_from(["US", "CH"]), assessed_on=st.none() | DAYS)
activities = st.builds(
    replace,
    st.just(a_written_activity()),
    slug=slugs,
    name_fr=labels,
    description=texts,
    purposes=st.lists(purposes, max_size=2).map(tuple),
    transfers=st.lists(transfers, max_size=2).map(tuple),
    created_on=st.none() | DAYS,
)


def written(*given_activities: WrittenActivity) -> bytes:
    file = io.BytesIO()
    write_json(file, given_activities)
    return file.getvalue()


def altered(**changes: Any) -> bytes:
    told = orjson.loads(written(a_written_activity()))
    told["activities"][0].update(changes)
    return orjson.dumps(told)


@given(st.lists(activities, max_size=3))
def test_what_was_written_reads_the_same_and_fits_the_schema(given_activities: list[WrittenActivity]) -> None:
    file = written(*given_activities)

    assert [each.activity for each in read_json(file).activities] == given_activities
    assert [error.message for error in VALIDATOR.iter_errors(orjson.loads(file))] == []


def test_the_same_words_are_the_same_bytes() -> None:
    assert written(a_written_activity()) == written(a_written_activity())


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"slug": "Not a slug"}, "slug", "look like"),
        ({"slug": 3}, "slug", "text"),
        ({"name_fr": ""}, "name_fr", "1 to 200"),
        ({"name_fr": "x" * 201}, "name_fr", "1 to 200"),
        ({"name_fr": "\0"}, "name_fr", "stored"),
        ({"capacity": "owner"}, "capacity", "one of"),
        ({"created_on": "26/05/2018"}, "created_on", "day"),
        ({"created_on": "2018-5-26"}, "created_on", "day"),
        ({"rights": []}, "rights", "object"),
        ({"purposes": {}}, "purposes", "list"),
        ({"people": [{"subject_kind": "customer", "estimate": -1}]}, r"people\[0\].estimate", "whole number"),
        ({"people": [{"subject_kind": "customer", "estimate": True}]}, r"people\[0\].estimate", "whole number"),
        ({"people": [{"subject_kind": "customer"}]}, r"people\[0\].estimate", "missing"),
        ({"decisions": [{"name": "Score", "solely": "yes"}]}, r"decisions\[0\].solely", "true or false"),
        ({"unheard_of": 1}, "unheard_of", "no such field"),
    ],
)
def test_what_is_wrong_is_told_with_its_path_and_the_schema_refuses_it_too(
    changes: dict[str, Any], path: str, reason: str
) -> None:
    file = altered(**changes)

    with pytest.raises(MalformedRegisterError, match=rf"\$\.activities\[0\]\.{path}: .*{reason}"):
        read_json(file)
    # A schema tells no day from another text, and no text from one that a database cannot hold.
    if reason not in {"day", "stored"}:
        assert not VALIDATOR.is_valid(orjson.loads(file))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": "egide-register/2", "activities": []}',
        b'{"format": "egide-register/1", "format": "egide-register/1", "activities": []}',
        b'{"format": "egide-register/1"}',
        b'{"format": "egide-register/1", "activities": [], "more": 1}',
        b"[" * 100_000,
        b'{"format": NaN}',
        b'{"format": "\xff"}',
    ],
)
def test_what_is_no_register_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedRegisterError):
        read_json(content)


def test_every_wrong_activity_is_told_and_not_the_first_alone() -> None:
    told = orjson.loads(written(a_written_activity(), a_written_activity("second")))
    for each in told["activities"]:
        each["slug"] = "!"

    with pytest.raises(MalformedRegisterError) as refused:
        read_json(orjson.dumps(told))

    assert len(refused.value.wrongs) == 2


def test_the_schema_says_what_each_thing_is() -> None:
    schema = json_schema(ADDRESS)

    assert schema["properties"]["format"] == {"const": FORMAT}
    assert all(each["description"] for each in schema["$defs"].values())
    assert schema["$defs"]["WrittenActivity"]["required"] == ["slug", "name_fr", "name_en"]
    assert schema["$defs"]["WrittenActivity"]["properties"].keys() == {each.name for each in fields(WrittenActivity)}


def test_a_slug_of_the_schema_is_a_slug() -> None:
    pattern = json_schema(ADDRESS)["$defs"]["WrittenActivity"]["properties"]["slug"]["pattern"]
    for text in ("a", "a-b", "a1-2", "-a", "a-", "a--b", "A", "1a", "é"):
        assert jsonschema_rs.is_valid({"pattern": pattern}, text) == is_slug(text)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_that_can_be_kept_come_back(day: date) -> None:
    activity = replace(a_written_activity(), created_on=day)

    assert read_json(written(activity)).activities[0].activity == activity


@pytest.mark.parametrize("day", [date(1, 1, 1), LAST_DAY + timedelta(days=1)])
def test_a_day_that_no_page_could_count_from_is_refused(day: date) -> None:
    activity = replace(a_written_activity(), created_on=day)

    with pytest.raises(MalformedRegisterError, match="created_on"):
        read_json(written(activity))
