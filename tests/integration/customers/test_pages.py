"""The customers' pages: looking for somebody, one customer's record, and what a purpose gives of everybody."""

import re

import pytest

from governance.actor import Actor, ActorKind, Role
from governance.gate.query import Query
from tests.builders.pages import Enter, elements, field, headings, links, options, records, row_of
from tests.builders.service import Service
from tests.builders.web import words

_EMAIL = "customer-12@demo.example"


def test_a_search_that_finds_nobody_says_so_and_what_to_do_next(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).find("after-sales", "email", "nobody@demo.example")

    assert answer.status_code == 200
    assert "Nobody found" in words(answer)
    assert "look by the sound of the name" in words(answer)


def test_people_are_found_by_their_postcode_or_its_beginning(enter: Enter) -> None:
    support = enter(Role.SUPPORT)
    cells = elements(support.find("after-sales", "email", "customer-12@demo.example"), "td")
    (postcode,) = ("".join(cell.itertext()) for cell in cells if cell.attrib["data-label"] == "Postcode")

    for asked in (postcode, postcode[:2]):
        assert postcode in words(support.find("after-sales", "postcode", asked))


def test_a_purpose_offers_the_ways_to_look_that_its_plan_allows(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    assert options(support.get("/customers/?purpose=after-sales"), "way") == [
        "", "email", "phone", "mobile", "name", "sound", "postcode", "number"
    ]  # fmt: skip
    # Masked values may be looked up exactly, where the data map has an index for that.
    assert options(support.get("/customers/?purpose=rights-requests"), "way") == ["", "email", "phone", "mobile"]


def test_choosing_a_purpose_shows_its_ways_to_look_and_reads_nothing(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    before = site.log_size()

    answer = support.find("rights-requests", "number", "", choose="1")

    assert answer.status_code == 200
    assert options(answer, "way") == ["", "email", "phone", "mobile"]
    assert site.log_size() == before


def test_a_way_that_the_purpose_does_not_allow_is_refused_with_those_that_it_does(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).find("rights-requests", "number", "C-000012")

    assert answer.status_code == 422
    assert "Choose another way, or purpose." in words(answer)
    assert options(answer, "way") == ["", "email", "phone", "mobile"]


def test_what_is_no_telephone_number_is_told_beside_the_field(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).find("after-sales", "phone", "not a number")

    assert answer.status_code == 422
    assert "A telephone number has ten digits in France" in words(answer)


def test_a_purpose_that_lets_nobody_be_looked_for_says_what_it_gives(enter: Enter) -> None:
    answer = enter(Role.ANALYST).get("/customers/?purpose=statistics")

    assert options(answer, "way") == []
    assert "Family name (pseudonym)" in words(answer)
    assert "Postcode (generalised)" in words(answer)


def test_a_purpose_that_lets_nobody_be_looked_for_gives_its_rows_page_by_page(enter: Enter) -> None:
    analyst = enter(Role.ANALYST)

    first = analyst.find("statistics")
    after = field(first, "after")
    second = analyst.find("statistics", after=after)

    assert (len(records(first)), len(records(second))) == (25, 5)
    assert not {*records(first)} & {*records(second)}
    assert analyst.get(records(first)[0]).status_code == 200
    assert field(second, "after") == ""


def test_a_row_that_bears_pseudonyms_shows_orders_and_no_dates_of_the_log(enter: Enter) -> None:
    analyst = enter(Role.ANALYST)

    told = words(analyst.get(records(analyst.find("statistics"))[0]))

    assert "the dates could tell who this is" in told
    assert "Imported" not in told


def test_a_record_is_headed_by_the_name_that_the_purpose_gives_in_clear(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    clear = headings(support.get(support.record_of(_EMAIL)))
    masked = headings(support.get(support.record_of("customer-13@demo.example", "rights-requests")))

    assert len(clear[0].split()) > 1
    assert masked[0] == "Customer"


def test_a_record_speaks_in_words_and_names_of_countries(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    told = words(support.get(support.record_of(_EMAIL)))

    assert re.search(r"Country ?France", told)
    assert "of the category Behaviour" in told
    assert "Rule: Category of data" in told


def test_an_import_says_what_was_imported_and_counts_no_batches(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    told = words(support.get(support.record_of(_EMAIL)))

    assert "Imported: record of the customer" in told
    assert "×" not in told


def test_what_happened_to_a_customer_stays_told_however_often_they_are_looked_at(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of(_EMAIL)
    reader = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({Role.SUPPORT}))
    for _ in range(201):
        site.wired.gate.one(reader, Query(purpose="after-sales", table="customers"), row_of(record))

    assert "Imported: record of the customer" in words(support.get(record))


def test_a_wrong_purpose_is_refused_with_its_reasons_and_recorded(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of(_EMAIL)
    before = site.log_size()

    answer = support.get(record.replace("after-sales", "scoring"))

    assert answer.status_code == 403
    assert "not open to you for the purpose “Customer segmentation”" in words(answer)
    assert "None of the roles held is a recipient of this purpose." in words(answer)
    assert record in records(answer)
    assert site.log_size() == before + 1


def test_an_unknown_purpose_is_told_without_being_repeated(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    answer = support.get(support.record_of(_EMAIL).replace("after-sales", "<script>"))

    assert answer.status_code == 403
    assert "The register declares no such purpose." in words(answer)
    assert "script" not in words(answer)


@pytest.mark.parametrize("row", ["01a201d0-33c7-773c-b143-9869db000000", "nobody"])
@pytest.mark.parametrize("below", ["", "/orders"])
def test_a_customer_who_is_not_there_leads_back_to_the_search(enter: Enter, row: str, below: str) -> None:
    answer = enter(Role.SUPPORT).get(f"/customers/{row}{below}?purpose=after-sales")

    assert answer.status_code == 404
    assert "No such customer" in words(answer)
    assert "/customers/?purpose=after-sales" in links(answer)


def test_whose_orders_are_asked_for_without_a_purpose_is_asked_what_for_first(enter: Enter) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of(_EMAIL)
    support.get(record)
    path = record.partition("?")[0]

    answer = support.get(f"{path}/orders")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{path}?purpose=after-sales"


def test_what_no_page_shows_of_a_customer_is_not_there(enter: Enter) -> None:
    support = enter(Role.SUPPORT)

    assert support.get(support.record_of(_EMAIL).replace("?", "/behaviour?")).status_code == 404


def test_all_orders_of_a_customer_can_be_seen(enter: Enter) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of(_EMAIL)

    answer = support.get(record.replace("?", "/orders?"))

    assert answer.status_code == 200
    assert headings(answer)[0] == "Orders"
    assert record in links(answer)
