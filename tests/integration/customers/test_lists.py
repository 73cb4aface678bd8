"""For which purpose people are looked for, and what lists of rows say: what is not given, why, and in which order."""

import re

import pytest
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.pages import Enter, Reader, elements, field, options, records
from tests.builders.service import Service
from tests.builders.web import words

_EMAIL = "customer-12@demo.example"


def attributes_of(answer: TestResponse, name: str, control: str) -> dict[str, str]:
    (found,) = [each for each in elements(answer, name) if each.attrib.get("id") == control]
    return dict(found.attrib)


def ribbon_of(answer: TestResponse) -> str:
    (ribbon,) = [each for each in elements(answer, "section") if "ribbon" in each.attrib.get("class", "")]
    return " ".join("".join(ribbon.itertext()).split())


def counted(answer: TestResponse) -> list[str]:
    return re.findall(r"\d+ (?:fields? masked|not given|less precise)", ribbon_of(answer))


def headed(answer: TestResponse, label: str) -> str:
    """Return what stands in the heading of a column."""
    (found,) = [
        " ".join("".join(each.itertext()).split())
        for each in elements(answer, "th")
        if "".join(each.itertext()).strip().startswith(label)
    ]
    return found


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.MARKETING, Role.ANALYST])
def test_where_several_purposes_are_possible_none_is_chosen_for_the_reader(enter: Enter, role: Role) -> None:
    answer = enter(role).get("/customers/")

    assert options(answer, "purpose")[0] == ""
    assert len(options(answer, "purpose")) > 2
    chosen = [each for each in elements(answer, "option") if "selected" in each.attrib and each.attrib["value"]]
    assert chosen == []


def test_a_search_for_no_purpose_is_told_so_beside_the_field_and_reads_nothing(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    before = site.log_size()

    answer = support.post("/customers/", {"wanted": "Du"})

    assert answer.status_code == 422
    purpose = attributes_of(answer, "select", "purpose")
    assert purpose["aria-invalid"] == "true"
    assert purpose["aria-describedby"] == "purpose-error"
    assert "Choose a purpose: it decides what you are shown." in words(answer)
    assert field(answer, "wanted") == "Du"
    assert site.log_size() == before


def test_a_search_without_anything_is_told_both_at_once(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).post("/customers/", {})

    leads = [each.attrib["href"] for each in elements(answer, "a") if each.attrib.get("href", "").startswith("#")]
    assert leads[-2:] == ["#purpose", "#wanted"]


def test_before_a_purpose_is_chosen_every_way_to_look_is_offered(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    assert set(options(support.get("/customers/"), "way")) >= set(
        options(support.get("/customers/?purpose=after-sales"), "way")
    )


def test_where_one_purpose_alone_is_possible_there_is_no_question(enter: Enter) -> None:
    accounting = enter(Role.ACCOUNTING)
    page = accounting.get("/customers/")

    assert options(page, "purpose") == []
    assert field(page, "purpose") == "invoicing"
    assert accounting.post("/customers/", {"wanted": _EMAIL}).status_code == 200
    assert enter(Role.SALES).post("/customers/companies/", {"wanted": "A"}).status_code == 200


def test_a_search_for_a_company_says_beside_the_field_what_it_lacks(enter: Enter) -> None:
    answer = enter(Role.SALES).post("/customers/companies/", {"wanted": ""})

    assert answer.status_code == 422
    assert attributes_of(answer, "input", "wanted")["aria-describedby"] == "wanted-hint wanted-error"


@pytest.mark.parametrize(("role", "purpose"), [(Role.SALES, "customer-relationship"), (Role.SUPPORT, "after-sales")])
def test_over_a_list_of_people_stands_what_stands_over_their_record(enter: Enter, role: Role, purpose: str) -> None:
    reader = enter(role)
    listed = reader.find(purpose, "email", _EMAIL)
    record = reader.get(reader.record_of(_EMAIL, purpose))

    assert counted(listed) == counted(record) != []


def test_over_no_result_nothing_is_counted(enter: Enter) -> None:
    answer = enter(Role.SALES).find("customer-relationship", "email", "nobody@demo.example")

    assert "Nobody found" in words(answer)
    assert not re.search(r"masked|not given|everything asked for", ribbon_of(answer))


def test_a_column_that_is_withheld_stays_where_it_is_sealed_and_says_why(enter: Enter) -> None:
    record = an_order_without_its_date(enter(Role.MARKETING))

    assert re.match(r"Date sealed .+Rule: ", headed(record, "Date"))
    cells = ["".join(each.itertext()) for each in elements(record, "td") if each.attrib.get("data-label") == "Date"]
    assert cells
    assert all("sealed" in each for each in cells)
    assert "not given" in ribbon_of(record)


def test_a_list_says_in_which_order_its_rows_come(enter: Enter) -> None:
    sales = enter(Role.SALES)
    dated = sales.get(sales.record_of("customer-1@demo.example", "customer-relationship"))

    assert captions(an_order_without_its_date(enter(Role.MARKETING)))[0] == "In the order in which they came on file"
    assert captions(dated)[0] == "Newest first"


def captions(answer: TestResponse) -> list[str]:
    return ["".join(each.itertext()).strip() for each in elements(answer, "caption")]


def an_order_without_its_date(marketing: Reader) -> TestResponse:
    """Return the record of somebody who ordered, as marketing sees it."""
    listed = marketing.find("email-marketing", "email", "customer-2@demo.example")
    return marketing.get(records(listed)[0])
