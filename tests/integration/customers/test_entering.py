"""Entering, correcting and deleting by the forms of the pages: only what may be written, and nobody's work lost."""

import re

import pytest
from werkzeug.test import TestResponse

from audit.entries import Action
from audit.search import Filters, search
from governance.actor import Actor, ActorKind, Role
from governance.gate.query import Query
from tests.builders.pages import Enter, Reader, elements, headings, inputs, links, options, records, row_of
from tests.builders.service import Service, problem
from tests.builders.web import words

_PURPOSE = "customer-relationship"
_NEW = f"/customers/new?kind=customers&purpose={_PURPOSE}"


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


def typed(answer: TestResponse, **fields: str) -> dict[str, object]:
    """Return the form of a page with some inputs filled otherwise."""
    return {**inputs(answer), **{f"field-{name}": text for name, text in fields.items()}}


def add(reader: Reader, **fields: str) -> TestResponse:
    return reader.post(_NEW, typed(reader.get(_NEW), **fields))


def added(reader: Reader, **fields: str) -> str:
    answer = add(reader, **fields)
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["Location"])


def on_file(site: Service, row: str, table: str = "customers", purpose: str = _PURPOSE) -> dict[str, object]:
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({Role.SALES}))
    found: dict[str, object] = site.wired.gate.one(actor, Query(purpose=purpose, table=table), row).decoded()[0]
    return found


def correct_address(record: str) -> str:
    return record.replace("?", "/correct?")


def test_somebody_without_a_number_is_known_by_their_name_in_a_list(sales: Reader) -> None:
    added(sales, family_name="Sansnuméro", given_name="Zoé", email="sans.numero@demo.example", status="customer")

    found = sales.find(_PURPOSE, "email", "sans.numero@demo.example")

    (name,) = ["".join(each.itertext()) for each in elements(found, "a") if "?purpose=" in each.attrib.get("href", "")]
    assert name == "Zoé Sansnuméro"


def test_somebody_is_found_by_both_names_in_either_order(sales: Reader) -> None:
    rose = added(sales, family_name="Guilhemard", given_name="Rose-Éloïse")
    added(sales, family_name="Guilhemard", given_name="Paul")

    for wanted in ("Rose-Éloïse Guilhemard", "guilhemard rose-eloise"):
        answer = sales.find(_PURPOSE, "", wanted)
        assert records(answer) == [rose]
        assert "Nobody found has these" not in words(answer)


def test_whose_given_name_does_not_fit_is_shown_as_near_only(sales: Reader) -> None:
    near = added(sales, family_name="Quatremère", given_name="Paul")

    answer = sales.find(_PURPOSE, "name", "Zénobie Quatremère")

    assert records(answer) == [near]
    assert "Nobody found has these given and family names together." in words(answer)


def test_a_family_name_of_several_words_is_found_as_it_is(sales: Reader) -> None:
    record = added(sales, family_name="Le Guennec", given_name="Anne")

    assert records(sales.find(_PURPOSE, "", "Le Guennec")) == [record]
    assert records(sales.find(_PURPOSE, "", "Anne Le Guennec")) == [record]


def test_a_number_that_no_customer_has_leads_to_the_search_for_an_order(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).find("after-sales", "", "W-2026-013076")

    assert "If this is the number of an order, open its customer below" in words(answer)
    assert inputs(answer)["order"] == "W-2026-013076"


def test_a_customer_is_added_and_their_record_opens(sales: Reader, site: Service) -> None:
    record = added(
        sales, family_name="Ajout", given_name="Zoé", email="zoe.ajout@demo.example", phone="05 35 49 00 01",
        postcode="69 001", birth_date="1990-05-04", status="customer",
    )  # fmt: skip

    assert sales.get(record).status_code == 200
    kept = on_file(site, row_of(record))
    assert (kept["phone"], kept["postcode"], kept["status"]) == ("+33535490001", "69001", "customer")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("email", "zoe.demo.example", "check what stands around the @"),
        ("phone", "12", "ten digits in France"),
        ("iban", "FR00 0000", "not an IBAN"),
        ("postcode", "!", "not a postcode"),
        ("company", "123", "nothing on file under this number"),
        ("family_name", "", "This is missing."),
        ("family_name", "x" * 101, "This is too long."),
        ("birth_date", "4 mai", "This is not a date."),
        ("birth_date", "1066-10-14", "A date of birth lies after 1899."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    sales: Reader, site: Service, name: str, text: str, told: str
) -> None:
    before = site.log_size()

    answer = add(sales, **{"family_name": "Gardée", "given_name": "Zoé", name: text})

    assert answer.status_code == 422
    assert told in words(answer)
    assert inputs(answer)["field-given_name"] == "Zoé"
    assert inputs(answer)[f"field-{name}"] == text
    with site.wired.read() as session:
        newest = search(session, Filters(action=Action.CREATE), limit=1)
    assert all(entry.index < before for entry in newest)


def test_a_form_that_is_sent_twice_writes_once(sales: Reader, site: Service) -> None:
    form = typed(sales.get(_NEW), family_name="Deux-fois")

    first, second = sales.post(_NEW, form), sales.post(_NEW, form)

    assert first.headers["Location"] == second.headers["Location"]


def test_a_possible_duplicate_is_said_before_saving_with_the_record_that_it_is_of(sales: Reader) -> None:
    first = added(sales, family_name="Première", email="same@demo.example")

    answer = add(sales, family_name="Seconde", email="Same@demo.example")

    assert answer.status_code == 409
    assert "Somebody on file has this e-mail address already" in words(answer)
    assert first in links(answer)
    assert inputs(answer)["field-family_name"] == "Seconde"
    kept = sales.post(_NEW, {**inputs(answer), "twice": "1"})
    assert kept.status_code == 303
    assert kept.headers["Location"] != first


def test_the_question_about_a_duplicate_is_recorded_for_it_tells_who_is_on_file(sales: Reader, site: Service) -> None:
    added(sales, family_name="Connue", email="known@demo.example")

    add(sales, family_name="Autre", email="known@demo.example")

    with site.wired.read() as session:
        refused = search(session, Filters(action=Action.REFUSAL, object_type="customers"), limit=1)
    assert refused[0].said["details"]["reasons"] == ["already-on-file"]
    assert "known@" not in refused[0].body.decode()


def test_over_rest_a_duplicate_is_refused_until_it_is_said_to_be_somebody_else(site: Service) -> None:
    program = site.program(Role.SALES)
    person = {"family_name": "Rest", "email": "rest@demo.example"}
    new = {"purpose": _PURPOSE, "values": person}

    assert program.post("/data/customers", new).status_code == 201
    told = problem(program.post("/data/customers", new), 409)
    assert told["type"].endswith("already-on-file")
    assert "rest@demo.example" not in str(told)
    assert program.post("/data/customers", {**new, "twice": True}).status_code == 201


def test_over_rest_an_address_is_not_changed_to_one_that_is_on_file(site: Service) -> None:
    program = site.program(Role.SALES)
    _, row = (
        program.post(
            "/data/customers",
            {"purpose": _PURPOSE, "values": {"family_name": name, "email": f"{name}@change.demo.example"}},
        ).get_json()
        for name in ("one", "two")
    )
    change = {"purpose": _PURPOSE, "revision": 1, "values": {"email": "one@change.demo.example"}}

    told = problem(program.ask("PATCH", f"/data/customers/{row['id']}", json=change), 409)

    assert told["type"].endswith("already-on-file")
    same = {"purpose": _PURPOSE, "revision": 1, "values": {"email": "two@change.demo.example"}}
    assert program.ask("PATCH", f"/data/customers/{row['id']}", json=same).status_code == 200


def test_only_what_was_changed_is_written(sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Corrigée", city="Lyon", phone="05 35 49 00 02")
    page = sales.get(correct_address(record))

    answer = sales.post(correct_address(record), typed(page, city="Rennes"))

    assert answer.status_code == 303
    with site.wired.read() as session:
        (entry,) = search(session, Filters(action=Action.CHANGE, object_id=row_of(record)), limit=1)
    assert entry.said["details"]["fields"] == ["city"]
    assert on_file(site, row_of(record))["phone"] == "+33535490002"


def test_sending_a_form_as_it_was_changes_nothing(sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Pareille", birth_date="1980-01-02", phone="05 35 49 00 03")

    answer = sales.post(correct_address(record), inputs(sales.get(correct_address(record))))

    assert answer.status_code == 303
    assert on_file(site, row_of(record))["revision"] == 1


def test_a_field_that_is_emptied_is_kept_no_more(sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Vidée", city="Lyon")

    sales.post(correct_address(record), typed(sales.get(correct_address(record)), city=""))

    assert on_file(site, row_of(record)).get("city") is None


def test_two_who_change_one_record_see_each_others_work_and_choose(sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Disputée", city="Lyon", employer="Ancien", profession="Ancienne")
    address = correct_address(record)
    mine, theirs = sales.get(address), sales.get(address)
    sales.post(address, typed(theirs, city="Brest", employer="Leur"))

    clash = sales.post(address, typed(mine, city="Nantes", profession="Mienne"))

    assert clash.status_code == 409
    assert "Now on file: Brest" in words(clash)
    assert "Changed meanwhile, and taken over." in words(clash)
    form = inputs(clash)
    assert (form["field-city"], form["field-employer"], form["field-profession"]) == ("Nantes", "Leur", "Mienne")
    assert on_file(site, row_of(record))["city"] == "Brest"
    sales.post(address, {**form, "choice-city": "theirs"})
    kept = on_file(site, row_of(record))
    assert (kept["city"], kept["employer"], kept["profession"]) == ("Brest", "Leur", "Mienne")


def test_whoever_keeps_their_own_in_a_clash_overwrites_knowingly(sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Tenue", city="Lyon")
    address = correct_address(record)
    mine = sales.get(address)
    sales.post(address, typed(sales.get(address), city="Brest"))

    clash = sales.post(address, typed(mine, city="Nantes"))
    sales.post(address, {**inputs(clash), "choice-city": "mine"})

    assert on_file(site, row_of(record))["city"] == "Nantes"


def test_only_the_fields_that_may_be_written_are_offered_and_others_are_not_taken(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of("customer-9@demo.example", _PURPOSE)
    support.get(record)
    page = support.get(correct_address(record))
    before = on_file(site, row_of(record))

    assert "field-email" in inputs(page)
    assert "field-family_name" not in inputs(page)
    support.post(correct_address(record), typed(page, family_name="Volée", city="Lille"))

    after = on_file(site, row_of(record))
    assert (after["family_name"], after["city"]) == (before["family_name"], "Lille")


@pytest.mark.parametrize(("role", "purpose"), [(Role.ACCOUNTING, "invoicing"), (Role.MARKETING, "email-marketing")])
def test_whom_no_grant_lets_write_is_offered_nothing_and_told_why(enter: Enter, role: Role, purpose: str) -> None:
    reader = enter(role)
    listed = reader.find(purpose, "name", "mar")
    record = next((link for link in links(listed) if f"purpose={purpose}" in link and "/customers/01" in link), None)
    if record is not None:
        assert not any("/correct" in link or "/new" in link for link in links(reader.get(record)))
        refused = reader.get(correct_address(record))
        assert refused.status_code == 403
        assert "Nothing here is yours to write" in words(refused)
    assert reader.post(_NEW, {"field-family_name": "Non"}).status_code == 403


def test_an_order_is_added_with_its_amount_as_the_reader_writes_it_and_corrected(
    enter: Enter, sales: Reader, site: Service
) -> None:
    record = added(sales, family_name="Cliente")
    row = row_of(record)
    address = f"/customers/{row}/orders/new?purpose={_PURPOSE}"
    french = Reader(sales.program, "fr")

    answer = french.post(
        address,
        typed(french.get(address), number="T-0001", ordered_on="2026-11-02", total_cents="1 234,50", status="placed"),
    )

    assert answer.status_code == 303
    page = sales.get(record)
    assert "T-0001" in words(page)
    assert "€1,234.50" in words(page)
    (line,) = {link for link in links(page) if "/orders/" in link and "/correct" in link}
    form = sales.get(line)
    assert re.search(r"Not in this form: [^.]*Total", words(form))
    assert "For: Cliente" in words(form)
    assert "For: Cliente" in words(sales.get(address))
    offered = inputs(form)
    # For this purpose sales change who somebody is and where they live, and not what they bought.
    assert "field-delivery_city" in offered
    assert "field-total_cents" not in offered


def test_an_amount_is_drawn_in_the_currency_of_its_order_and_may_be_a_credit(sales: Reader) -> None:
    record = added(sales, family_name="Devise")
    address = f"/customers/{row_of(record)}/orders/new?purpose={_PURPOSE}"
    form = sales.get(address)
    assert "In the order’s currency" in words(form)

    answer = sales.post(
        address, typed(form, number="T-0009", ordered_on="2026-11-02", total_cents="-12.50", currency="GBP")
    )

    assert answer.status_code == 303
    assert "-£12.50" in words(sales.get(record))
    assert "€12.50" not in words(sales.get(record))


def test_an_exchange_is_added_corrected_and_stands_in_the_thread(enter: Enter, site: Service) -> None:
    support = enter(Role.SUPPORT)
    record = support.record_of("customer-10@demo.example", _PURPOSE)
    support.get(record)
    address = f"/customers/{row_of(record)}/exchanges/new?purpose={_PURPOSE}"

    answer = support.post(
        address,
        typed(
            support.get(address),
            nature="call",
            happened_at="2026-11-20T09:11",
            subject="Retour",
            note="Ligne 1\nLigne 2",
        ),
    )

    assert answer.status_code == 303
    page = support.get(record)
    assert re.search(r"20 Nov 2026, 09:11", words(page))
    line = next(link for link in links(page) if "/exchanges/" in link and "/correct" in link)
    form = support.get(line)
    assert inputs(form)["field-happened_at"] == "2026-11-20T09:11"
    assert inputs(form)["field-note"] == "Ligne 1\nLigne 2"
    support.post(line, typed(form, status="settled"))
    assert "settled" in words(support.get(record))


def test_a_number_that_another_order_has_is_told_beside_it(sales: Reader) -> None:
    row = row_of(added(sales, family_name="Numéro"))
    address = f"/customers/{row}/orders/new?purpose={_PURPOSE}"
    form = {"number": "T-0002", "ordered_on": "2026-11-02"}
    assert sales.post(address, typed(sales.get(address), **form)).status_code == 303

    answer = sales.post(address, typed(sales.get(address), **form))

    assert answer.status_code == 422
    assert "Something else on file has this number." in words(answer)


def test_nothing_is_added_to_a_customer_who_is_not_there(sales: Reader) -> None:
    address = f"/customers/01a201d0-33c7-773c-b143-9869db000000/orders/new?purpose={_PURPOSE}"

    answer = sales.post(address, typed(sales.get(address), number="T-0003", ordered_on="2026-11-02"))

    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/customers/nobody/orders/new", "/customers/x/behaviour/new"])
def test_what_no_form_is_for_is_not_there(sales: Reader, address: str) -> None:
    assert sales.get(f"{address}?purpose={_PURPOSE}").status_code == 404


def test_a_row_is_deleted_after_a_question_by_whom_a_grant_lets(enter: Enter, sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Supprimée", email="gone@demo.example")
    dpo = enter(Role.DPO)
    theirs = record.replace(_PURPOSE, "rights-requests")
    assert dpo.get(theirs).status_code == 200
    asked = dpo.get(theirs.replace("?", "/delete?"))

    assert headings(asked) == ["Delete this record?"]
    assert sales.get(record).status_code == 200
    gone = dpo.post(theirs.replace("?", "/delete?"), {"revision": inputs(asked)["revision"]})

    assert gone.status_code == 303
    assert sales.get(record).status_code == 404


def test_a_row_that_changed_since_the_question_is_not_deleted(enter: Enter, sales: Reader, site: Service) -> None:
    record = added(sales, family_name="Changeante", city="Lyon")
    dpo = enter(Role.DPO)
    address = record.replace(_PURPOSE, "rights-requests").replace("?", "/delete?")
    asked = inputs(dpo.get(address))["revision"]
    sales.post(correct_address(record), typed(sales.get(correct_address(record)), city="Brest"))

    answer = dpo.post(address, {"revision": asked})

    assert answer.status_code == 409
    assert "changed meanwhile" in words(answer)
    assert sales.get(record).status_code == 200


def test_who_may_not_delete_is_not_offered_to_and_not_obeyed(sales: Reader) -> None:
    record = added(sales, family_name="Gardée")

    assert not any("/delete" in link for link in links(sales.get(record)))
    assert sales.get(record.replace("?", "/delete?")).status_code == 403
    assert sales.post(record.replace("?", "/delete?"), {"revision": "1"}).status_code == 403


def test_a_company_is_added_found_and_gets_a_contact(sales: Reader) -> None:
    new = f"/customers/new?kind=companies&purpose={_PURPOSE}"
    company = sales.post(
        new, typed(sales.get(new), name="Ateliers du Test", siret="732 829 320 00074", capital_cents="10,000.00")
    ).headers["Location"]

    assert "€10,000.00" in words(sales.get(company))
    for wanted in ("Ateliers du T", "73282932000074"):
        found = sales.post("/customers/companies/", {"purpose": _PURPOSE, "wanted": wanted})
        assert company in links(found)
    address = company.replace("?", "/contacts/new?")
    added_contact = sales.post(
        address, typed(sales.get(address), family_name="Achat", function="Acheteuse", email="achat@demo.example")
    )
    assert added_contact.headers["Location"] == company
    page = sales.get(company)
    assert "Acheteuse" in words(page)
    line = next(link for link in links(page) if "/contacts/" in link and "/correct" in link)
    sales.post(line, typed(sales.get(line), function="Directrice"))
    assert "Directrice" in words(sales.get(company))
    sales.post(correct_address(company), typed(sales.get(correct_address(company)), city="Lyon"))
    assert "Lyon" in words(sales.get(company))


def test_a_customer_is_tied_to_a_company_by_its_siret(sales: Reader, site: Service) -> None:
    new = f"/customers/new?kind=companies&purpose={_PURPOSE}"
    company = sales.post(new, typed(sales.get(new), name="Liée", siret="55208131766522")).headers["Location"]

    record = added(sales, family_name="Salariée", company="552 081 317 66522")

    assert str(on_file(site, row_of(record))["company"]) in company
    assert inputs(sales.get(correct_address(record)))["field-company"] == "55208131766522"


@pytest.mark.parametrize("wanted", ["", "12345678901234"])
def test_what_is_no_way_to_a_company_is_told(sales: Reader, wanted: str) -> None:
    answer = sales.post("/customers/companies/", {"purpose": _PURPOSE, "wanted": wanted})

    assert answer.status_code == 422


def test_a_company_that_is_not_there_leads_back(sales: Reader) -> None:
    answer = sales.get(f"/customers/companies/01a201d0-33c7-773c-b143-9869db000000?purpose={_PURPOSE}")

    assert answer.status_code == 404
    assert "No such company" in words(answer)


def test_forms_are_complete_in_french(sales: Reader) -> None:
    french = Reader(sales.program, "fr")

    answer = french.post(_NEW, typed(french.get(_NEW), email="x"))

    told = words(answer)
    assert answer.status_code == 422
    assert "Vous écrivez pour" in told
    assert "Écrivez" not in told
    assert "Ce n’est pas une adresse e-mail" in told
    assert options(answer, "field-country")[1] == "FR"
