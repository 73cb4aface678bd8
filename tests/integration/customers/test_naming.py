"""Who is read opens, by whatever row, filter or list: one spelling of an identifier, and no way around the question."""

import re
from collections import Counter
from typing import Any

import pytest
from werkzeug.test import TestResponse

from audit.search import Filters, search
from governance.actor import Role
from tests.builders.pages import Enter, Reader, records, row_of
from tests.builders.service import Service
from tests.builders.web import words

_EMAIL = "customer-4@demo.example"
_OTHER = "customer-5@demo.example"
_QUERY = "/data/customers/query"


@pytest.fixture
def support(enter: Enter) -> Reader:
    """Somebody who signed in just now, and has no record open."""
    return enter.afresh(Role.SUPPORT)


def opened(reader: Reader, email: str = _EMAIL) -> str:
    """Open a record for after-sales, and return its row."""
    record = reader.record_of(email)
    assert reader.get(record).status_code == 200
    return row_of(record)


def asked(reader: Reader, *where: dict[str, Any], purpose: str = "customer-relationship", **more: Any) -> TestResponse:
    return reader.program.post(_QUERY, {"purpose": purpose, "where": [*where], **more})


def needs_a_reason(answer: TestResponse) -> bool:
    return answer.status_code == 403 and "purpose-switch-needed" in answer.get_data(as_text=True)


def other_spellings(row: str) -> list[str]:
    return [row.upper(), row.replace("-", ""), f"{{{row}}}", f"urn:uuid:{row}", row[:-1] + row[-1].upper() + "%20"]


def test_a_row_has_one_spelling_and_no_other_opens_it(support: Reader) -> None:
    row = opened(support)

    for spelling in other_spellings(row):
        page = support.get(f"/customers/{spelling}?purpose=customer-relationship")
        assert page.status_code == 404
        rest = support.get(f"/api/v1/data/customers/{spelling}?purpose=after-sales")
        assert rest.status_code in {400, 404, 422}, spelling


def test_a_query_knows_a_person_by_the_one_spelling_of_their_row(support: Reader) -> None:
    row = opened(support)

    assert asked(support, {"field": "person", "value": row}, purpose="after-sales").status_code == 200
    for spelling in (row.upper(), row.replace("-", "")):
        answer = asked(support, {"field": "person", "value": spelling}, purpose="after-sales")
        assert answer.status_code in {400, 404, 422}


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_row_is_written_under_its_one_spelling_only(support: Reader, method: str) -> None:
    row = opened(support)
    body = {"purpose": "after-sales", "revision": 1} | ({"values": {"city": "Lyon"}} if method == "PATCH" else {})

    answer = support.program.ask(method, f"/data/customers/{row.upper()}", json=body)

    assert answer.status_code in {400, 404, 422}
    assert "row-id" in answer.get_data(as_text=True)


def test_a_query_that_names_the_person_of_an_open_record_is_asked_why(support: Reader, site: Service) -> None:
    row = opened(support)
    before = site.log_size()

    assert needs_a_reason(asked(support, {"field": "person", "value": row}))
    assert needs_a_reason(asked(support, {"field": "email", "value": _EMAIL}))
    assert needs_a_reason(asked(support, {"field": "email", "value": _EMAIL}, limit=1))
    assert site.log_size() == before


def test_the_same_question_about_what_hangs_on_the_person_is_asked_why(support: Reader) -> None:
    row = opened(support)

    answer = support.program.post(
        "/data/exchanges/query",
        {"purpose": "customer-relationship", "where": [{"field": "person", "value": row}]},
    )

    assert needs_a_reason(answer)


def test_naming_two_people_at_once_is_no_way_around_the_question(support: Reader) -> None:
    opened(support)

    both = asked(support, {"field": "email", "operator": "in", "value": [_EMAIL, _OTHER]})
    beside_nobody = asked(support, {"field": "email", "operator": "in", "value": [_EMAIL, "nobody@demo.example"]})

    assert needs_a_reason(both)
    assert needs_a_reason(beside_nobody)


def test_a_stream_is_no_way_around_the_question(support: Reader) -> None:
    opened(support)

    headers = {**support.program.headers, "Accept": "application/x-ndjson"}
    answer = support.program.client.post(
        f"/api/v1{_QUERY}",
        json={"purpose": "customer-relationship", "where": [{"field": "email", "value": _EMAIL}]},
        headers=headers,
    )

    assert needs_a_reason(answer)


def test_a_wider_filter_is_no_way_around_the_question(support: Reader) -> None:
    row = opened(support)

    answer = asked(support, {"field": "number", "operator": "prefix", "value": "C-"}, limit=1_000)

    assert needs_a_reason(answer)
    assert answer.get_json()["row"] == row


def test_a_list_without_a_filter_is_no_way_around_the_question(support: Reader) -> None:
    address = "/api/v1/data/customers?purpose=customer-relationship&limit=1000"
    assert support.get(address).status_code == 200

    opened(support)

    assert needs_a_reason(support.get(address))


def test_a_list_on_a_page_shows_whoever_is_open_and_leads_to_the_question(support: Reader) -> None:
    people = support.get("/api/v1/data/customers?purpose=after-sales&limit=1000").get_json()["rows"]
    names = Counter(each["family_name"][:3] for each in people)
    ((shared, count),) = names.most_common(1)
    row = next(each["id"] for each in people if each["family_name"][:3] == shared)
    assert support.get(f"/customers/{row}?purpose=after-sales").status_code == 200

    listed = support.find("customer-relationship", "name", shared)

    assert listed.status_code == 200
    assert len({row_of(each) for each in records(listed)} | {row}) == count
    assert support.get(f"/customers/{row}?purpose=customer-relationship").status_code == 303


def _named(row: str) -> dict[str, Any]:
    return {"field": "person", "value": row}


def _exchanges(reader: Reader, *where: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = reader.program.post("/data/exchanges/query", {"purpose": "after-sales", "where": [*where], **more})
    rows: list[dict[str, Any]] = answer.get_json()["rows"]
    return rows


@pytest.fixture
def talked(support: Reader) -> tuple[str, str]:
    """Return the row of a customer who had exchanges, and one of those."""
    where = {"field": "status", "operator": "in", "value": ["open", "waiting", "settled"]}
    for exchange in _exchanges(support, where, limit=50):
        (person,) = support.program.post(
            _QUERY,
            {"purpose": "after-sales", "where": [{"field": "person", "value": exchange["id"], "of": "exchanges"}]},
        ).get_json()["rows"]
        return person["id"], exchange["id"]
    raise LookupError


def test_one_row_about_an_open_person_is_asked_why(support: Reader, talked: tuple[str, str]) -> None:
    _, exchange = talked

    assert support.get(f"/api/v1/data/exchanges/{exchange}?purpose=after-sales").status_code == 200
    assert needs_a_reason(support.get(f"/api/v1/data/exchanges/{exchange}?purpose=customer-relationship"))


def test_no_other_record_in_the_address_leads_to_a_row_about_an_open_person(
    support: Reader, talked: tuple[str, str], site: Service
) -> None:
    _, exchange = talked
    other = "01a201d0-33c7-773c-b143-9869db000000"
    before = site.log_size()

    for below in ("correct", "delete"):
        answer = support.get(f"/customers/{other}/exchanges/{exchange}/{below}?purpose=customer-relationship")
        assert answer.status_code == 403
    assert site.log_size() == before


def test_the_task_in_an_address_tells_nothing_about_somebody_else_who_is_open(
    support: Reader, talked: tuple[str, str], site: Service
) -> None:
    row, exchange = talked
    found = asked(support, {"field": "email", "operator": "in", "value": [_EMAIL, _OTHER]}).get_json()["rows"]
    other = next(each["id"] for each in found if each["id"] != row)

    before = site.log_size()

    page = support.get(f"/customers/{other}?purpose=customer-relationship&task=ticket&of={exchange}")

    assert page.status_code == 200
    with site.wired.read() as session:
        entries = search(session, Filters(object_type="exchanges", object_id=exchange), limit=5)
    assert [entry for entry in entries if entry.index >= before] == []


def test_a_row_about_a_person_opens_their_record(enter: Enter, talked: tuple[str, str]) -> None:
    row, exchange = talked
    reader = enter.afresh(Role.SUPPORT)
    assert reader.get(f"/api/v1/data/exchanges/{exchange}?purpose=after-sales").status_code == 200

    led = reader.get(f"/customers/{row}?purpose=customer-relationship")

    assert led.status_code == 303
    assert led.headers["Location"].endswith("/purpose?to=customer-relationship")
    assert "Why another purpose?" in words(reader.get(led.headers["Location"]))
    assert reader.get(f"/customers/{row}").headers["Location"].endswith("?purpose=after-sales")
    assert needs_a_reason(reader.get(f"/api/v1/data/customers/{row}?purpose=customer-relationship"))
    reader.post(f"/customers/{row}/purpose", {"to": "customer-relationship", "reason": "asked"})
    assert reader.get(f"/api/v1/data/exchanges/{exchange}?purpose=customer-relationship").status_code == 200


@pytest.mark.parametrize("limit", [1, 100])
def test_all_that_is_said_of_one_person_opens_their_record(enter: Enter, talked: tuple[str, str], limit: int) -> None:
    row, _ = talked
    reader = enter.afresh(Role.SUPPORT)
    assert _exchanges(reader, _named(row), limit=limit)

    assert needs_a_reason(reader.get(f"/api/v1/data/customers/{row}?purpose=customer-relationship"))


def test_a_page_below_a_record_opens_it_too(enter: Enter, talked: tuple[str, str]) -> None:
    row, _ = talked
    reader = enter.afresh(Role.SUPPORT)
    assert reader.get(f"/customers/{row}/exchanges?purpose=after-sales").status_code == 200

    assert not support_may_read(reader, row, "customer-relationship")


def test_the_last_page_of_a_list_opens_nobody_who_happens_to_be_alone_on_it(enter: Enter) -> None:
    reader = enter.afresh(Role.SUPPORT)
    where = {"field": "number", "operator": "prefix", "value": "C-"}
    whole = asked(reader, where, limit=1_000).get_json()["rows"]
    first = asked(reader, where, limit=len(whole) - 1).get_json()

    (last,) = asked(reader, where, limit=len(whole) - 1, after=first["next"]).get_json()["rows"]

    assert support_may_read(reader, last["id"], "after-sales")


def test_the_first_page_of_one_row_opens_whom_it_shows(enter: Enter) -> None:
    reader = enter.afresh(Role.SUPPORT)
    (first,) = asked(reader, {"field": "number", "operator": "prefix", "value": "C-"}, limit=1).get_json()["rows"]

    assert not support_may_read(reader, first["id"], "after-sales")


def test_a_write_for_another_purpose_opens_no_record(support: Reader) -> None:
    row = opened(support)
    body = {"purpose": "customer-relationship", "revision": 1, "values": {"city": "Lyon"}}
    support.program.ask("PATCH", f"/data/customers/{row}", json=body)

    assert not support_may_read(support, row, "customer-relationship")


def support_may_read(reader: Reader, row: str, purpose: str) -> bool:
    return reader.get(f"/api/v1/data/customers/{row}?purpose={purpose}").status_code == 200


def test_a_query_that_found_whom_it_named_has_opened_them_for_its_purpose(support: Reader, site: Service) -> None:
    (found,) = asked(support, {"field": "email", "value": _EMAIL}, purpose="after-sales").get_json()["rows"]
    row = found["id"]

    led = support.get(f"/customers/{row}?purpose=customer-relationship")

    assert led.status_code == 303
    assert led.headers["Location"].endswith("/purpose?to=customer-relationship")
    assert support.get(f"/customers/{row}").headers["Location"].endswith("?purpose=after-sales")
    with site.wired.read() as session:
        (entry,) = search(session, Filters(object_type="customers", object_id=row), limit=1)
    assert entry.said["purpose"] == "after-sales"


def test_once_the_reason_is_given_the_query_is_answered(support: Reader) -> None:
    row = opened(support)

    support.post(f"/customers/{row}/purpose", {"to": "customer-relationship", "reason": "asked"})

    assert asked(support, {"field": "email", "value": _EMAIL}).status_code == 200
    assert asked(support, {"field": "person", "value": row}).status_code == 200


def test_a_search_on_the_page_that_finds_one_person_leads_to_the_question(support: Reader) -> None:
    row = opened(support)

    answer = support.find("customer-relationship", "email", _EMAIL)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/customers/{row}/purpose?to=customer-relationship"
    assert "Why another purpose?" in words(support.get(answer.headers["Location"]))


def test_a_search_on_the_page_that_finds_one_person_opens_them(support: Reader) -> None:
    (record,) = set(records(support.find("after-sales", "email", _EMAIL)))

    answer = support.get(re.sub("after-sales", "customer-relationship", record))

    assert answer.status_code == 303


def test_a_token_names_its_purpose_each_time_and_is_not_asked(site: Service, support: Reader) -> None:
    row = opened(support)
    program = site.program(Role.SUPPORT)

    for purpose in ("after-sales", "customer-relationship"):
        answer = program.post(_QUERY, {"purpose": purpose, "where": [{"field": "person", "value": row}]})
        assert answer.status_code == 200
