"""The page of the rules and its interface: who reads it, what it says, and the ways to another file."""

import io
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from audit.transaction import unrecorded
from governance.actor import Role
from governance.campaigns.reading import packaged_text
from governance.campaigns.service import rules_in_force
from governance.web.csrf import HEADER
from tests.builders.oversight import Reader, reader
from tests.builders.service import Service
from tests.builders.web import parse, token_of, words

PAGE = "/rules/prospecting"
API = "/api/v1/prospecting-rules"
OWN = packaged_text().replace("most: 4", "most: 3").replace("slug: telephone-rest", "slug: telephone-silence")


def bring(browser: Reader, path: str, content: bytes, name: str = "mine.yaml", **fields: str) -> TestResponse:
    headers = {"Accept": "text/html", "Accept-Language": "en", HEADER: token_of(browser.client, "/account")}
    data: dict[str, Any] = {**fields, "file": (io.BytesIO(content), name)}
    return browser.client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def put_json(browser: Reader, body: dict[str, object]) -> TestResponse:
    return browser.client.put(API, json=body, headers={HEADER: token_of(browser.client, "/account")})


def body_of(answer: TestResponse) -> Any:
    assert answer.json is not None, answer.get_data(as_text=True)
    return answer.json


def alter(service: Service) -> None:
    with service.wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        session.execute(text("UPDATE prospecting_rules SET text = replace(text, 'most: 3', 'most: 300')"))


def test_the_page_says_what_holds_for_each_way_and_each_kind_of_people(site: Service) -> None:
    said = words(reader(site, Role.MARKETING).open(PAGE))

    for each in (
        "at most 4 calls in 30 days",
        "after a refusal, no call for 60 days",
        "Monday to Friday 10:00–13:00, 14:00–20:00; never on a public holiday",
        "French Consumer Code, Art. L223-1",
        "since 11 August 2026",
        "The person has died.",
        "the rules that come with Égide",
    ):
        assert each in said, each


def test_the_page_speaks_french(site: Service) -> None:
    said = words(reader(site, Role.DPO).open(PAGE, "fr"))

    for each in (
        "au plus 4 appels en 30 jours",
        "après un refus, aucun appel pendant 60 jours",
        "lundi au vendredi 10:00–13:00, 14:00–20:00 ; jamais un jour férié",
        "Code de la consommation, art. L. 223-1",
        "RGPD, art. 21, § 2",
        "Loi Informatique et Libertés, art. 85",
    ):
        assert each in said, each


@pytest.mark.parametrize(
    ("role", "tries", "decides"),
    [(Role.MARKETING, False, False), (Role.DPO, True, False), (Role.CONTROLLER, True, True)],
)
def test_each_is_offered_what_they_may_do(site: Service, role: Role, tries: bool, decides: bool) -> None:
    said = words(reader(site, role).open(PAGE))

    assert ("Try a file" in said) is tries
    assert ("Put another file in force" in said) is decides


def test_every_field_and_heading_of_the_page_has_an_identifier_of_its_own(site: Service) -> None:
    page = parse(reader(site, Role.CONTROLLER).open(PAGE))

    found = [each.attrib["id"] for each in page.iter() if "id" in each.attrib]
    assert sorted(set(found)) == sorted(found)


def test_the_file_in_force_can_be_downloaded_to_begin_another_with(site: Service) -> None:
    answer = reader(site, Role.DPO).open(f"{PAGE}/file")

    assert answer.get_data(as_text=True) == packaged_text()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rules.yaml"'


def test_the_officer_tries_a_file_and_nothing_changes(site: Service) -> None:
    officer = reader(site, Role.DPO)

    tried = words(bring(officer, f"{PAGE}/check", OWN.encode()))
    same = words(bring(officer, f"{PAGE}/check", packaged_text().encode()))

    assert "telephone-silence" in tried
    assert "telephone-rest" in tried
    assert "telephone-frequency" in tried
    assert "It says the same as the rules in force." in same
    with site.wired.read() as session:
        assert rules_in_force(session, site.wired.attestor).packaged


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"version: 3", "mine.yaml:1:"), (b"\xff\xfe", "cannot be read as UTF-8"), (b"#" * (256 * 1024 + 1), "256 KiB")],
)
def test_a_file_that_cannot_be_used_is_refused_where_it_was_brought(site: Service, content: bytes, told: str) -> None:
    tried = bring(reader(site, Role.DPO), f"{PAGE}/check", content)
    put = bring(reader(site, Role.CONTROLLER), f"{PAGE}/change", content, why="New rules.")

    for answer in (tried, put):
        assert answer.status_code == 422
        assert told in words(answer)


def test_no_file_and_no_reason_are_asked_for(site: Service) -> None:
    controller = reader(site, Role.CONTROLLER)

    no_file = bring(controller, f"{PAGE}/change", b"", name="", why="New rules.")
    no_reason = bring(controller, f"{PAGE}/change", OWN.encode(), why=" ")
    tried = bring(controller, f"{PAGE}/check", b"", name="")
    back = controller.send(f"{PAGE}/default", why="")

    assert {each.status_code for each in (no_file, no_reason, tried, back)} == {422}
    assert "Choose a file." in words(no_file)
    assert "Choose a file." in words(tried)
    assert "This is missing." in words(no_reason)


def test_the_controller_puts_a_file_in_force_and_goes_back(service: Service) -> None:
    controller = reader(service, Role.CONTROLLER)

    done = bring(controller, f"{PAGE}/change", OWN.encode(), why="Fewer calls.")
    own = words(controller.open(PAGE))
    again = bring(controller, f"{PAGE}/change", OWN.encode(), why="Fewer calls.")
    back = controller.send(f"{PAGE}/default", why="The law is enough.")
    default = words(controller.open(PAGE))

    assert (done.status_code, done.location) == (303, PAGE)
    assert "at most 3 calls in 30 days" in own
    assert "mine.yaml" in own
    assert (again.status_code, "in force already" in words(again)) == (422, True)
    assert (back.status_code, back.location) == (303, PAGE)
    assert "at most 4 calls in 30 days" in default
    assert "Fewer calls." in default


def test_an_altered_file_is_told_on_the_page_and_answered_by_the_controller(service: Service) -> None:
    controller, marketing = reader(service, Role.CONTROLLER), reader(service, Role.MARKETING)
    bring(controller, f"{PAGE}/change", OWN.encode(), why="Fewer calls.")
    alter(service)

    page, read = marketing.open(PAGE), marketing.open(API)
    deciding = words(controller.open(PAGE))
    back = controller.send(f"{PAGE}/default", why="Somebody altered it.")

    assert page.status_code == 200
    assert "Nobody may be solicited: the file of rules in force was altered outside Égide." in words(page)
    assert (read.status_code, body_of(read)["type"].rsplit("/", 1)[-1]) == (500, "rules-closed")
    assert "altered outside Égide" in deciding
    assert back.status_code == 303
    assert marketing.open(API).status_code == 200


def test_a_program_that_prepares_campaigns_reads_the_rules_as_values(site: Service) -> None:
    told = body_of(reader(site, Role.MARKETING).open(API))

    rules = {each["slug"]: each for each in told["rules"]}
    assert (told["packaged"], told["version"], told["text"]) == (True, None, packaged_text())
    assert rules["telephone-frequency"]["most"] == 4
    assert rules["telephone-frequency"]["within"] == "P30D"
    assert rules["telephone-rest"]["rest"] == "P60D"
    assert rules["telephone-hours"]["hours"]["friday"] == ["10:00-13:00", "14:00-20:00"]
    assert rules["telephone-hours"]["public_holidays"] is False
    assert "sunday" not in rules["telephone-hours"]["hours"]
    assert rules["telephone-opt-out"]["until"] == "2026-08-10"
    assert rules["electronic-consent"]["channels"] == ["email", "sms"]
    assert rules["electronic-consent"]["hours"] is None


def test_the_interface_tries_puts_and_takes_back_a_file(service: Service) -> None:
    controller, officer = reader(service, Role.CONTROLLER), reader(service, Role.DPO)

    tried = body_of(officer.post_json(f"{API}/check", {"file": "mine.yaml", "text": OWN}))
    put = body_of(put_json(controller, {"file": "mine.yaml", "text": OWN, "why": "Fewer calls."}))
    again = put_json(controller, {"file": "mine.yaml", "text": OWN, "why": "Fewer calls."})
    refused = put_json(controller, {"file": "mine.yaml", "text": "version: 1", "why": "A slip."})
    back = body_of(controller.post_json(f"{API}/default", {"why": "The law is enough."}))

    assert (tried["added"], tried["removed"], tried["changed"]) == (
        ["telephone-silence"],
        ["telephone-rest"],
        ["telephone-frequency"],
    )
    assert (put["packaged"], put["version"], put["file"]) == (False, 1, "mine.yaml")
    assert again.status_code == 409
    assert (refused.status_code, body_of(refused)["line"]) == (422, 1)
    assert (back["packaged"], back["version"]) == (True, 2)


@pytest.mark.parametrize(
    "body",
    [
        {"file": "mine.yaml", "text": OWN},
        {"file": "mine.yaml", "text": OWN, "why": "  "},
        {"file": "../mine.yaml", "text": OWN, "why": "Fewer calls."},
        {"file": "mine.yaml", "text": OWN, "why": "Fewer calls.", "force": True},
        {"file": "mine.yaml", "text": "#" * (256 * 1024 + 1), "why": "Fewer calls."},
    ],
)
def test_what_the_interface_is_told_is_checked(site: Service, body: dict[str, object]) -> None:
    assert put_json(reader(site, Role.CONTROLLER), body).status_code in {413, 422}
