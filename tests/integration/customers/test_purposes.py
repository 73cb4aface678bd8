"""The purpose of a record: it follows from the task, and another one for the same person takes a reason."""

import re

import pytest

from audit.entries import Action
from audit.search import Filters, search
from governance.actor import Actor, ActorKind, Role
from governance.gate.query import Condition, Query
from tests.builders.pages import Enter, Reader, elements, headings, links, options, row_of
from tests.builders.service import Service
from tests.builders.web import words

_EMAIL = "customer-4@demo.example"


@pytest.fixture
def support(enter: Enter) -> Reader:
    """Somebody who signed in just now, and has no record open."""
    return enter.afresh(Role.SUPPORT)


def opened(reader: Reader, email: str = _EMAIL) -> str:
    record = reader.record_of(email)
    assert reader.get(record).status_code == 200
    return record


def an_order(site: Service, role: Role = Role.SUPPORT, purpose: str = "order-management") -> dict[str, str]:
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({role}))
    query = Query(purpose=purpose, table="orders", fields=("number",), limit=1)
    found: dict[str, str] = site.wired.gate.read(actor, query).decoded()[0]
    return found


def test_a_direct_address_with_another_purpose_leads_to_the_question(support: Reader) -> None:
    record = opened(support)

    answer = support.get(record.replace("after-sales", "customer-relationship"))

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/customers/{row_of(record)}/purpose?to=customer-relationship"
    asked = support.get(answer.headers["Location"])
    assert headings(asked) == ["Why another purpose?"]
    assert "After-sales service" in words(asked)
    assert options(asked, "to")[0] != "after-sales"
    assert "after-sales" not in options(asked, "to")


@pytest.mark.parametrize("below", ["orders", "correct", "delete", "orders/new", "orders/x/correct"])
def test_no_page_below_a_record_is_a_way_around_the_question(support: Reader, below: str) -> None:
    record = opened(support)

    answer = support.get(f"/customers/{row_of(record)}/{below}?purpose=customer-relationship")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/purpose?to=customer-relationship")


def test_nothing_is_read_before_the_reason_is_given(support: Reader, site: Service) -> None:
    record = opened(support)
    before = site.log_size()

    support.follow(record.replace("after-sales", "customer-relationship"))

    assert site.log_size() == before


@pytest.mark.parametrize("reason", ["", "because", "Marie Durand is ill"])
def test_a_switch_without_a_reason_of_the_list_is_refused_and_not_recorded(
    support: Reader, site: Service, reason: str
) -> None:
    record = opened(support)
    before = site.log_size()

    answer = support.post(f"/customers/{row_of(record)}/purpose", {"to": "customer-relationship", "reason": reason})

    assert answer.status_code == 422
    assert "1 answer to correct" in words(answer)
    assert "Because: Choose why." in words(answer)
    assert "#reason" in links(answer)
    assert site.log_size() == before


def test_a_switch_to_a_purpose_that_is_none_says_so_beside_the_purpose(support: Reader) -> None:
    record = opened(support)

    answer = support.post(f"/customers/{row_of(record)}/purpose", {"to": "scoring", "reason": "asked"})

    assert answer.status_code == 422
    assert "Open it for: Choose the purpose to open the record for." in words(answer)
    assert "#to" in links(answer)


@pytest.mark.parametrize("row", ["marie.durand@demo.example", "01a201d0-33c7-773c-b143-9869db000000"])
def test_what_is_not_open_is_not_switched_and_leaves_no_word_in_the_log(
    support: Reader, site: Service, row: str
) -> None:
    before = site.log_size()

    answer = support.post(f"/customers/{row}/purpose", {"to": "customer-relationship", "reason": "asked"})

    assert answer.status_code == 303
    assert site.log_size() == before


def test_the_same_browser_does_not_get_round_the_question_by_asking_the_interface(support: Reader) -> None:
    record = opened(support)
    row = row_of(record)

    refused = support.get(f"/api/v1/data/customers/{row}?purpose=customer-relationship")

    assert refused.status_code == 403
    assert "purpose-switch-needed" in refused.get_data(as_text=True)
    assert support.get(f"/api/v1/data/customers/{row}?purpose=after-sales").status_code == 200
    support.post(f"/customers/{row}/purpose", {"to": "customer-relationship", "reason": "asked"})
    assert support.get(f"/api/v1/data/customers/{row}?purpose=customer-relationship").status_code == 200


def test_a_switch_is_recorded_with_both_purposes_the_record_and_whose_it_is_and_then_opens(
    support: Reader, site: Service
) -> None:
    record = opened(support)
    form = {"to": "customer-relationship", "reason": "next-task"}

    answer = support.post(f"/customers/{row_of(record)}/purpose", form)

    assert answer.status_code == 303
    assert support.get(answer.headers["Location"]).status_code == 200
    with site.wired.read() as session:
        (entry,) = search(session, Filters(action=Action.SWITCH), limit=1)
    said = entry.said
    assert said["object"] == {"type": "customers", "id": row_of(record)}
    assert said["details"] == {"from": "after-sales", "to": "customer-relationship", "reason": "next-task"}
    assert len(entry.subjects) == 1


def test_going_back_to_the_first_purpose_takes_a_reason_too(support: Reader) -> None:
    record = opened(support)
    form = {"to": "customer-relationship", "reason": "asked"}
    support.post(f"/customers/{row_of(record)}/purpose", form)

    assert support.get(record).status_code == 303


def test_a_record_without_a_purpose_opens_as_it_is_open(support: Reader) -> None:
    record = opened(support)

    answer = support.get(f"/customers/{row_of(record)}")

    assert answer.headers["Location"] == record


def test_a_record_that_nobody_opened_since_signing_in_asks_for_the_purpose_only(enter: Enter, support: Reader) -> None:
    record = opened(support)

    later = enter.afresh(Role.SUPPORT)

    assert headings(later.get(f"/customers/{row_of(record)}")) == ["Why are you opening this record?"]
    assert later.get(record.replace("after-sales", "customer-relationship")).status_code == 200


def test_what_one_opened_binds_nobody_else(enter: Enter, support: Reader) -> None:
    record = opened(support)

    sales = enter.afresh(Role.SALES).get(record.replace("after-sales", "customer-relationship"))

    assert sales.status_code == 200


def test_a_purpose_that_is_not_open_is_refused_and_not_asked_about(support: Reader) -> None:
    record = opened(support)

    assert support.get(record.replace("after-sales", "scoring")).status_code == 403
    refused = support.post(f"/customers/{row_of(record)}/purpose", {"to": "scoring", "reason": "asked"})
    assert refused.status_code == 422


def test_the_question_about_a_record_that_is_not_open_leads_to_the_record(support: Reader, enter: Enter) -> None:
    record = opened(support)

    answer = enter.afresh(Role.SUPPORT).get(f"/customers/{row_of(record)}/purpose?to=after-sales")

    assert answer.status_code == 303
    assert answer.headers["Location"] == record


@pytest.mark.parametrize(
    ("role", "purpose"),
    [(Role.SUPPORT, "order-management"), (Role.SALES, "order-management"), (Role.ACCOUNTING, "invoicing")],
)
def test_the_number_of_an_order_opens_its_customer_for_the_purpose_of_orders(
    enter: Enter, site: Service, role: Role, purpose: str
) -> None:
    reader, order = enter.afresh(role), an_order(site)

    found = reader.post("/customers/order", {"order": order["number"]})
    led = reader.get(found.headers["Location"])
    record = reader.get(led.headers["Location"])

    assert f"purpose={purpose}" in led.headers["Location"]
    assert record.status_code == 200
    assert f"order {order['number']}" in words(record)


def test_the_person_of_an_order_is_whose_order_it_is(site: Service) -> None:
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({Role.SUPPORT}))
    order = an_order(site)
    where = (Condition(field="person", value=order["id"], of="orders"),)

    (person,) = site.wired.gate.read(actor, Query(purpose="order-management", table="customers", where=where))

    theirs = (Condition(field="buyer", value=person["id"]),)
    orders = site.wired.gate.read(actor, Query(purpose="order-management", table="orders", where=theirs))
    assert order["id"] in {each["id"] for each in orders}


@pytest.mark.parametrize("number", ["", "   ", "W-0000-000000", "x" * 60])
def test_a_number_that_no_order_has_is_told_where_it_was_typed(support: Reader, number: str) -> None:
    answer = support.post("/customers/order", {"order": number})

    assert answer.status_code == 422
    assert "number" in words(answer)


def test_no_order_leads_whom_it_is_not_open_to_anywhere(enter: Enter, site: Service) -> None:
    order = an_order(site)

    assert enter(Role.MARKETING).get(f"/customers/task/order/{order['id']}").status_code == 404
    assert enter(Role.MARKETING).post("/customers/order", {"order": order["number"]}).status_code == 422


@pytest.mark.parametrize("row", ["nobody", "01a201d0-33c7-773c-b143-9869db000000"])
def test_an_order_that_is_not_there_leads_back_to_the_search(support: Reader, row: str) -> None:
    answer = support.get(f"/customers/task/order/{row}")

    assert answer.status_code == 404
    assert "No such customer" in words(answer)


def test_a_kind_of_task_that_does_not_exist_is_not_there(support: Reader) -> None:
    assert support.get("/customers/task/invoice/01a201d0-33c7-773c-b143-9869db000000").status_code == 404


def test_the_exchanges_that_wait_open_their_customers_for_after_sales(support: Reader) -> None:
    listed = support.get("/customers/tickets")
    (first, *_) = [link for link in links(listed) if link.startswith("/customers/task/ticket/")]

    answer = support.follow(first)

    assert "After-sales service" in words(listed)
    assert answer.status_code == 200
    assert answer.request.args["purpose"] == "after-sales"
    assert re.search(r"You are viewing for: After-sales service · exchange", words(answer))


def test_the_exchanges_that_wait_are_only_those_that_do(support: Reader) -> None:
    states = {
        "".join(cell.itertext())
        for cell in elements(support.get("/customers/tickets"), "td")
        if cell.attrib.get("data-label") == "Status"
    }

    assert states
    assert states <= {"open", "waiting"}


def test_exchanges_stay_closed_to_whom_no_purpose_gives_them(enter: Enter) -> None:
    assert enter(Role.MARKETING).get("/customers/tickets").status_code == 404


def test_an_analyst_is_offered_no_task_for_nobody_is_known(enter: Enter) -> None:
    answer = enter(Role.ANALYST).get("/customers/")

    assert "Or begin from a task" not in words(answer)
