"""Values that can hardly be are refused with a sentence of their kind, whichever way they come in."""

import io
import re

import pytest

from governance.actor import Role
from tests.builders.customers import HEADER, a_person, csv_text
from tests.builders.pages import Enter, Reader, elements, inputs, links, row_of
from tests.builders.service import problem
from tests.builders.web import words

_PURPOSE = "customer-relationship"
_NEW = f"/customers/new?kind=customers&purpose={_PURPOSE}"
_WRONG = {
    "birth_date": ("2150-01-01", "future", "A date of birth does not lie in the future."),
    "postcode": ("ABCDE", "country", "A postcode in France has five digits."),
}


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


def test_a_form_says_beside_each_field_what_cannot_be(sales: Reader) -> None:
    sent = {f"field-{name}": text for name, (text, _, _) in _WRONG.items()}
    form = {**inputs(sales.get(_NEW)), "field-family_name": "Demain", "field-country": "FR", **sent}

    answer = sales.post(_NEW, form)

    assert answer.status_code == 422
    told = {each.attrib.get("id"): "".join(each.itertext()) for each in elements(answer, "p")}
    for name, (_, _, sentence) in _WRONG.items():
        assert told[f"field-{name}-error"] == sentence


def test_a_correction_is_held_to_what_stands_beside_it_on_file(sales: Reader) -> None:
    record = sales.record_of("customer-12@demo.example", _PURPOSE)
    correct = record.replace("?", "/correct?")
    form = inputs(sales.get(correct))
    assert form["field-country"] == "FR"

    refused = sales.post(correct, {**form, "field-postcode": "SW1A 1AA"})
    assert refused.status_code == 422
    assert "A postcode in France has five digits." in words(refused)

    moved = sales.post(correct, {**form, "field-postcode": "SW1A 1AA", "field-country": "GB"})
    assert moved.status_code == 303
    back = inputs(sales.get(correct))
    assert sales.post(correct, {**back, "field-postcode": "33000", "field-country": "FR"}).status_code == 303


def test_an_order_is_not_of_a_day_that_has_not_come(sales: Reader) -> None:
    record = sales.record_of("customer-12@demo.example", _PURPOSE)
    new = f"/customers/{row_of(record)}/orders/new?purpose={_PURPOSE}"

    answer = sales.post(new, {**inputs(sales.get(new)), "field-ordered_on": "2090-01-01"})

    assert answer.status_code == 422
    assert "This has not happened yet: the date lies in the future." in words(answer)


def test_a_device_is_not_bought_on_a_day_that_has_not_come_whoever_says_so(sales: Reader) -> None:
    record = sales.record_of("customer-12@demo.example", _PURPOSE)
    row = row_of(record)
    new = f"/customers/{row}/equipment/new?purpose={_PURPOSE}"
    sent = {"model": "Four", "bought_on": "2090-01-01", "replacement_on": "2091-01-01"}

    answer = sales.post(new, {**inputs(sales.get(new)), **{f"field-{name}": text for name, text in sent.items()}})
    body = {"purpose": _PURPOSE, "values": sent, "links": {"owner": row}}
    told = problem(sales.program.ask("POST", "/data/equipment", json=body), 422)

    assert answer.status_code == 422
    assert "This has not happened yet: the date lies in the future." in words(answer)
    assert told["errors"] == {"bought_on": ["future"]}


def test_nothing_was_collected_on_a_day_that_has_not_come(sales: Reader) -> None:
    file = (io.BytesIO(csv_text([a_person(980_005)]).encode()), "later.csv")
    brought = sales.post("/imports/new", {"into": f"{_PURPOSE} customers", "file": file})
    upload = brought.headers["Location"].removesuffix("/columns")
    form = {**inputs(sales.get(f"{upload}/columns")), "collected_on": "2150-01-01", "point": "-"}

    preview = sales.follow(sales.post(f"{upload}/columns", form).headers["Location"])

    assert "a day that has not come yet, of what is said to have happened" in words(preview)
    assert "1 row would be accepted" not in words(preview)
    sales.post(f"{upload}/discard")


def test_programs_are_told_a_code_and_a_sentence(sales: Reader) -> None:
    values = {name: text for name, (text, _, _) in _WRONG.items()}
    body = {"purpose": _PURPOSE, "values": {"family_name": "Demain", "country": "FR", **values}}

    told = problem(sales.program.ask("POST", "/data/customers", json=body), 422)

    assert told["errors"] == {name: [code] for name, (_, code, _) in _WRONG.items()}
    assert told["reasons"] == [
        {"field": name, "code": code, "message": sentence} for name, (_, code, sentence) in _WRONG.items()
    ]


def test_the_report_of_an_import_gives_the_same_reasons(sales: Reader) -> None:
    header = (*HEADER, "Date de naissance", "Pays")
    born = [
        (*a_person(980_001), "31/02/1985", "France"),
        (*a_person(980_002), "01/01/2150", "France"),
        (*a_person(980_003)[:6], "ABCDE", "Lyon", "", "France"),
        (*a_person(980_004), "04/05/1990", "France"),
    ]
    file = (io.BytesIO(csv_text(born, header=header).encode()), "new.csv")
    brought = sales.post("/imports/new", {"into": f"{_PURPOSE} customers", "file": file})
    upload = brought.headers["Location"].removesuffix("/columns")
    columns = sales.get(f"{upload}/columns")

    preview = sales.follow(sales.post(f"{upload}/columns", {**inputs(columns), "point": "-"}).headers["Location"])

    for sentence in ("This is not a date.", *(sentence for _, _, sentence in _WRONG.values())):
        assert sentence in words(preview)
    assert "1 row would be accepted and 3 refused." in words(preview)
    found = sales.program.ask("GET", f"{upload}/preview").get_json()
    assert {(each["field"], each["code"]): each["message"] for each in found["problems"]} == {
        ("birth_date", "malformed"): "This is not a date.",
        ("birth_date", "future"): "A date of birth does not lie in the future.",
        ("postcode", "country"): "A postcode in France has five digits.",
    }
    assert re.search("discard", " ".join(links(sales.get(f"{upload}/columns"))))
    sales.post(f"{upload}/discard")
