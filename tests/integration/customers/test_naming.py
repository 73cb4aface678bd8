"""Naming one person opens them: one spelling of an identifier, and a query that finds whom it names."""

import re
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


def test_a_list_that_finds_more_people_than_were_named_shows_them(support: Reader) -> None:
    row = opened(support)

    answer = asked(support, {"field": "number", "operator": "prefix", "value": "C-"}, limit=1000)

    assert answer.status_code == 200
    assert row in {each["id"] for each in answer.get_json()["rows"]}
    assert support.get(f"/customers/{row}?purpose=customer-relationship").status_code == 303


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
