"""The first message on pages: from the import to the file, and from the file to its being settled."""

import csv
import io
import uuid

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.customers.demo.company import FAIR
from governance.customers.importing.models import ImportedRow
from governance.customers.informing.following import Following
from governance.work import worker_of
from register.service import information_of
from tests.builders.customers import csv_text
from tests.builders.informing import a_lease
from tests.builders.pages import Enter, Reader, elements, inputs, links, options
from tests.builders.service import Service
from tests.builders.web import words

_HEADER = ("Code client", "Nom", "Prénom", "E-mail", "Adresse", "Code postal", "Ville")


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


@pytest.fixture(scope="module")
def marketing(enter: Enter) -> Reader:
    return enter(Role.MARKETING)


def work(site: Service) -> None:
    worker = worker_of(site.wired)
    worker.enqueue_periodic()
    while worker.run_once():
        pass


def imported(sales: Reader, site: Service, first: int, *, streets: bool = True) -> str:
    """Import three people through the fair, and return the import."""
    street = "3 rue du Bât" if streets else ""
    rows = [
        (f"M-{number}", "Martin", "Léa", f"visitor-{number}@demo.example", street, "69001", "Lyon")
        for number in range(first, first + 3)
    ]
    content = csv_text(rows, header=_HEADER).encode()
    answer = sales.post(
        "/imports/new", {"into": "customer-relationship customers", "file": (io.BytesIO(content), "fair.csv")}
    )
    columns = answer.headers["Location"]
    sales.post(columns, {**inputs(sales.get(columns)), "duplicates": "refuse", "point": FAIR})
    upload = columns.removesuffix("/columns")
    assert sales.post(f"{upload}/start").status_code == 303
    work(site)
    return str(sales.get(upload).headers["Location"]).rsplit("/", 1)[1]


def task_of(site: Service, import_id: str) -> str:
    with site.wired.read() as session:
        found = information_of(session, site.wired.attestor, uuid.UUID(import_id))
        assert found is not None
        return f"/activities/-/information/{found.task.id}"


def chosen(answer: TestResponse, name: str) -> list[str]:
    """Return which of the choices of that name are ticked."""
    boxes = [each for each in elements(answer, "input") if each.attrib.get("name") == name]
    return [each.attrib["value"] for each in boxes if "checked" in each.attrib]


def test_from_the_import_to_the_file_to_its_being_settled(
    sales: Reader, marketing: Reader, enter: Enter, site: Service
) -> None:
    run = imported(sales, site, 100)
    page = f"/imports/runs/{run}/message"
    assert page in links(sales.get(f"/imports/runs/{run}"))
    assert page in links(marketing.get("/imports/"))
    assert page in links(marketing.get("/customers/")), "their first page"
    ways = options(marketing.get(page), "how")
    assert {each for each in ways if each.startswith("post-marketing")} == {"post-marketing post"}, "CPCE Art. L34-5"
    assert "email-marketing email" in ways

    file = marketing.post(page, {"how": "post-marketing post"})

    assert file.mimetype == "text/csv"
    assert f"first-message-{run}.csv" in file.headers["Content-Disposition"]
    text = file.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert [(row["Family name"], row["Address"]) for row in rows] == [("Martin", "3 rue du Bât")] * 3
    base = site.wired.settings.base_url
    address = rows[0]["Address of the whole notice"]
    assert address.startswith(f"{base}/notices/{FAIR}/")
    whole = site.app.test_client().get(address.removeprefix(base))
    assert whole.status_code == 200
    assert "Fair of Light" in rows[0]["Text of the notice"]

    dpo = enter(Role.DPO)
    task = task_of(site, run)
    shown = dpo.get(task)
    assert "for 3 people of 3" in words(shown)
    assert page not in links(shown)
    assert page in words(shown)
    assert chosen(shown, "told_by") == ["first-message"]
    told_on = next(each.attrib["value"] for each in elements(shown, "input") if each.attrib.get("name") == "told_on")
    told = {"told_by": "first-message", "told_on": told_on, "note": "Sent by post"}
    assert dpo.post(f"{task}/settle", told).status_code == 303
    assert "settled" in words(dpo.get(task))
    following = Following(site.wired)
    while not following.step(a_lease(site.wired.clock.now())).finished:
        pass
    with site.wired.read() as session:
        kept = {str(each) for each in session.scalars(select(ImportedRow.import_id))}
    assert run not in kept
    assert "settled In the first message that was sent to them" in words(marketing.get(page))


def test_whoever_may_not_write_to_them_is_told_what_it_takes(sales: Reader, site: Service) -> None:
    run = imported(sales, site, 200)
    page = f"/imports/runs/{run}/message"

    assert "You may not write to these people" in words(sales.get(page))
    refused = sales.post(page, {"how": "post-marketing post"})
    assert refused.status_code == 422
    assert "role" in words(refused)


def test_a_way_is_chosen_and_who_is_left_out_is_said(sales: Reader, marketing: Reader, site: Service) -> None:
    run = imported(sales, site, 300, streets=False)
    page = f"/imports/runs/{run}/message"

    unsaid = marketing.post(page, {"how": ""})
    assert unsaid.status_code == 422
    assert "Choose one." in words(unsaid)
    nobody = marketing.post(page, {"how": "email-marketing email"})
    assert nobody.status_code == 422
    assert "no consent to this purpose: 3" in words(nobody)
    nowhere = marketing.post(page, {"how": "post-marketing post"})
    assert "no address of this kind that the purpose gives: 3" in words(nowhere)
    assert chosen(nowhere, "whom") == ["rest"]


def test_an_import_that_nobody_has_to_be_told_of_has_no_such_page(marketing: Reader) -> None:
    assert marketing.get("/imports/runs/00000000-0000-7000-8000-000000000000/message").status_code == 404


def test_the_dpo_makes_no_first_message(enter: Enter, sales: Reader, site: Service) -> None:
    run = imported(sales, site, 400)
    assert enter(Role.DPO).get(f"/imports/runs/{run}/message").status_code == 403
    assert enter(Role.DPO).post(f"/imports/runs/{run}/message", {"how": "rights-requests post"}).status_code == 403


def test_over_rest_too(sales: Reader, marketing: Reader, enter: Enter, site: Service) -> None:
    run = imported(sales, site, 500)
    path = f"/api/v1/imports/runs/{run}/message"

    told = marketing.program.client.get(path).get_json()
    assert (told["point"], told["settled"], told["people"], told["reached"]) == (FAIR, False, 3, 0)
    assert {"purpose": "post-marketing", "channel": "post"} in told["ways"]
    made = marketing.program.client.post(
        path, json={"purpose": "post-marketing", "channel": "post"}, headers=marketing.program.headers
    )
    assert made.mimetype == "text/csv"
    header = made.get_data(as_text=True).splitlines()[0]
    assert header.startswith("\ufefffamily_name;given_name;address_line;")
    assert header.endswith(";language;notice;notice_address")
    (file,) = marketing.program.client.get(path).get_json()["files"]
    assert (file["people"], file["left_out"], file["version"]) == (3, {}, told["version"])
    # Sales brought it in and knows of it, and may not write to them; others are told of nothing.
    assert sales.program.client.get(path).get_json()["ways"] == []
    refused = sales.program.client.post(
        path, json={"purpose": "post-marketing", "channel": "post"}, headers=sales.program.headers
    )
    assert refused.status_code == 403
    assert enter(Role.SUPPORT).program.client.get(path).status_code == 404
    assert enter(Role.SUPPORT).get(f"/imports/runs/{run}/message").status_code == 404
