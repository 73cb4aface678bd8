"""The pages and the interface of the file for an inspection; and that no customer stands in one."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from audit.anchor import Anchor
from governance.actor import Role
from governance.customers.demo import numbers
from governance.customers.tables import TABLES
from governance.documents.printer import ChildPrinter
from governance.oversight.inspection.checking import check_archive
from governance.oversight.inspection.models import InspectionFile
from governance.wiring import Wired
from tests.builders.inspection import an_inspection, archive_of, unpacked, worker_of_files
from tests.builders.oversight import reader
from tests.builders.paper import read_paper
from tests.builders.plan import whole_file
from tests.builders.service import Service
from tests.builders.web import words


def body_of(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def make(wired: Wired) -> None:
    worker = worker_of_files(wired)
    while worker.run_once():
        pass


def known_of_customers(wired: Wired) -> set[str]:
    """Return what tells the demonstration's customers: addresses, telephone numbers, numbers in the accounts."""
    with wired.read() as session:
        count = session.scalar(select(func.count()).select_from(TABLES["customers"])) or 0
    known = set()
    for number in range(1, count + 1):
        known |= {f"customer-{number}@demo.example", f"C-{number:06d}", str(numbers.mobile(number))}
    return known


@pytest.mark.parametrize(
    ("language", "missing", "button"),
    [
        ("fr", "Les demandes des personnes ne sont pas encore tenues", "Constituer le dossier"),
        ("en", "No requests of people are kept in this house yet", "Make the file"),
    ],
)
def test_the_page_says_what_a_file_would_hold_and_what_is_missing(
    site: Service, language: str, missing: str, button: str
) -> None:
    page = words(reader(site, Role.DPO).open("/inspection/", language))

    assert missing in page
    assert button in page


def test_the_officer_has_one_made_follows_it_and_takes_it(site: Service) -> None:
    browser = reader(site, Role.DPO)
    without = browser.send("/inspection/", languages="fr")
    sent = browser.send("/inspection/", occasion="Letter of 3 March", languages="fr")
    again = browser.send("/inspection/", occasion="A second click", languages="fr")

    assert without.status_code == 422
    assert "Say on which occasion" in words(without)
    assert sent.headers["Location"] == again.headers["Location"]
    assert "is being made" in words(browser.open("/inspection/"))
    make(site.wired)
    page = browser.open(sent.headers["Location"])
    assert "register.json" in words(page)
    taken = browser.open(f"{sent.headers['Location']}/archive")
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="inspection-20')
    assert check_archive(io.BytesIO(taken.data), Anchor(site.wired.settings.anchor).verifier).intact

    assert "Letter of 3 March" in words(reader(site, Role.AUDITOR).open("/inspection/"))
    discarded = browser.send(f"{sent.headers['Location']}/discard")
    assert discarded.status_code == 303
    assert "register.json" in words(browser.open(sent.headers["Location"]))
    assert browser.open(f"{sent.headers['Location']}/archive").status_code == 404


def test_the_auditor_sees_what_was_made_and_makes_and_takes_nothing(site: Service) -> None:
    file_id = an_inspection(site.wired)
    auditor = reader(site, Role.AUDITOR)

    assert "Make the file" not in words(auditor.open("/inspection/"))
    assert auditor.open(f"/inspection/{file_id}").status_code == 200
    assert auditor.open(f"/inspection/{file_id}/archive").status_code == 403
    assert auditor.send("/inspection/", occasion="x", languages="fr").status_code == 403


def test_programs_ask_for_a_file_and_take_it(site: Service) -> None:
    browser = reader(site, Role.CONTROLLER)
    asked = body_of(browser.post_json("/api/v1/inspections", {"occasion": "Letter", "languages": ["en"]}))
    make(site.wired)
    told = body_of(browser.client.get(f"/api/v1/inspections/{asked['id']}"))
    taken = browser.client.get(f"/api/v1/inspections/{asked['id']}/archive")
    contents = body_of(browser.client.get("/api/v1/inspections/contents"))
    listed = body_of(browser.client.get("/api/v1/inspections"))

    assert (asked["state"], told["state"]) == ("queued", "ready")
    assert told["digest"] == hashlib.sha256(taken.data).hexdigest()
    assert {each["path"] for each in told["pieces"]} < set(unpacked(taken.data))
    assert "requests" in {each["key"] for each in contents["parts"] if each["missing"]}
    assert listed["inspections"][0]["reference"] == told["reference"]
    refused = browser.post_json("/api/v1/inspections", {"occasion": "Letter", "activities": ["nothing-there"]})
    assert refused.status_code == 422


def test_no_customer_stands_in_a_file(site: Service) -> None:
    whole_file(site.wired)
    customers = known_of_customers(site.wired)
    files = unpacked(archive_of(site.wired, an_inspection(site.wired)))

    said = []
    for path, content in files.items():
        if path.endswith((".ods", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as inner:
                said += [inner.read(name).decode(errors="replace") for name in inner.namelist()]
        else:
            said.append(content.decode())
    everything = "\n".join(said)
    assert len(customers) > 20
    assert [each for each in customers if each in everything] == []


def test_its_documents_are_tagged_and_each_page_bears_its_number(site: Service) -> None:
    file_id = an_inspection(site.wired)
    drawn = unpacked(archive_of(site.wired, file_id))["00-index.pdf"].decode()
    with site.wired.read() as session:
        reference = session.get_one(InspectionFile, file_id).reference

    paper = read_paper(ChildPrinter().print(drawn))

    assert paper.marked
    assert paper.text.count(f"Dossier {reference} · pièce 0 ") == paper.pages > 1
