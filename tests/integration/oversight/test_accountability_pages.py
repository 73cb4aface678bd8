"""The pages and the interface of the file of accountability, by those who keep it and those who read it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.days import day_of
from governance.oversight.accountability.labels import MATURITY_LABELS
from governance.oversight.accountability.officer import keep_officer
from governance.oversight.models import Officer
from governance.oversight.values.accountability import MaturityActivity
from register.models import Party
from tests.builders.oversight import account_of, acting, reader
from tests.builders.pages import inputs
from tests.builders.plan import desk_of, officer_terms, whole_file
from tests.builders.service import Service
from tests.builders.web import parse, words

PLACES = ("/training/", "/officer/", "/letters/", "/maturity/")
DESIGNATION = {
    "name": "Ada Lefranc", "mandate": "internal", "since": "2026-01-05", "until": "", "number": "DPO-12345",
    "declared_on": "", "published": "Notre page.", "resources": "", "conflicts": "", "conflicts_on": "", "firm_id": "",
}  # fmt: skip


def body_of(answer: TestResponse) -> Any:
    assert answer.json is not None, answer.get_data(as_text=True)
    return answer.json


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_file_teaches_what_it_is_for(sqlite_service: Service, language: str) -> None:
    officer, auditor = reader(sqlite_service, Role.DPO), reader(sqlite_service, Role.AUDITOR)

    for path in PLACES:
        page, read = officer.open(path, language), auditor.open(path, language)
        assert page.status_code == read.status_code == 200
        assert parse(page).find(".//{*}div[@class='empty']//{*}a") is not None, path
        # Whoever only reads is offered no button that would be refused.
        assert parse(read).find(".//{*}div[@class='empty']//{*}a") is None, path


@pytest.mark.parametrize("role", [Role.OWNER, Role.SECURITY, Role.ADMIN, Role.SUPPORT])
def test_the_file_is_closed_to_whoever_neither_keeps_nor_audits_it(site: Service, role: Role) -> None:
    browser = reader(site, role)

    for path in PLACES:
        assert browser.open(path).status_code == 403


def test_a_session_is_put_on_file_and_takes_its_people_off_the_list(site: Service) -> None:
    browser = reader(site, Role.DPO)
    people = str(account_of(site.wired, Role.ANALYST))

    wrong = browser.send("/training/new", subject="Requests", held_on="2026-13-01", minutes="0")
    early = browser.send("/training/new", subject="Requests", held_on="2099-06-01", minutes="90", accounts=people)
    nobody = browser.send("/training/new", subject="Requests", held_on="2026-11-02", minutes="90")
    sent = browser.send("/training/new", subject="Requests", held_on="2026-11-02", minutes="90", accounts=people)

    assert wrong.status_code == 422
    assert early.status_code == 422
    assert "This day is still to come" in words(early)
    [told] = [each for each in parse(nobody).iter() if each.attrib.get("id") == "accounts-error"]
    assert "Say who took part" in "".join(told.itertext())
    assert sent.status_code == 303
    page = words(browser.open(sent.headers["Location"]))
    assert "Who took part" in page
    assert "To be done" in page
    assert "Requests" in words(browser.open("/training/"))


def test_the_page_of_the_officer_says_what_the_designation_lacks(sqlite_service: Service) -> None:
    browser = reader(sqlite_service, Role.CONTROLLER)

    refused = browser.send("/officer/new", **{**DESIGNATION, "until": "2025-01-01"})
    sent = browser.send("/officer/new", **DESIGNATION)
    page = words(browser.open("/officer/", "fr"))

    assert "The designation would end before its first day: correct one of the two days" in words(refused)
    assert refused.status_code == 422
    assert sent.status_code == 303
    assert "DPO-12345" in page
    assert "le jour où la CNIL a été informée" in page


def test_a_designation_neither_begins_with_nor_is_compared_to_whom_somebody_altered(service: Service) -> None:
    browser = reader(service, Role.DPO)
    with service.wired.database.write_connection() as connection:
        connection.exec_driver_sql("UPDATE party SET name = 'Thief Ltd'")

    page = browser.open("/officer/")
    assert "What the register says of its officer was altered outside Égide" in words(page)
    assert "/activities/-/parties" in page.get_data(as_text=True)
    assert "Thief" not in words(page)
    assert 'value="Thief Ltd"' not in browser.open("/officer/new").get_data(as_text=True)


def test_a_letter_is_answered_from_its_page(site: Service) -> None:
    browser = reader(site, Role.DPO)
    came = browser.send(
        "/letters/new", direction="in", authority="CNIL", dated_on="2026-11-20", subject="Cartes de fidélité",
        reference="MED-2026-7", due_on="2030-01-31", answers_id="", summary="",
    )  # fmt: skip
    letter = came.headers["Location"].rpartition("/")[2]

    waiting = words(browser.open("/letters/"))
    form = parse(browser.open(f"/letters/new?answers={letter}"))
    sent = browser.send(
        "/letters/new", direction="out", authority="CNIL", dated_on="2026-11-22", subject="Notre réponse",
        reference="MED-2026-7", due_on="", answers_id=letter, summary="",
    )  # fmt: skip

    assert "To be answered" in waiting
    assert form.find(".//{*}option[@selected='']") is not None or form.find(".//{*}option[@selected]") is not None
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert "Answered by" in words(browser.open(f"/letters/{letter}"))


@pytest.mark.parametrize(
    ("dated_on", "due_on", "field", "said"),
    [
        ("2090-01-01", "", "dated_on", "still to come"),
        ("2026-11-20", "2026-11-19", "due_on", "before the day of the letter"),
    ],
)
def test_a_day_that_a_letter_cannot_have_is_refused_beside_its_field(
    site: Service, dated_on: str, due_on: str, field: str, said: str
) -> None:
    refused = reader(site, Role.DPO).send(
        "/letters/new", direction="in", authority="CNIL", dated_on=dated_on, subject="Q", due_on=due_on,
        reference="", answers_id="", summary="",
    )  # fmt: skip

    assert refused.status_code == 422
    [told] = [each for each in parse(refused).iter() if each.attrib.get("id") == f"{field}-error"]
    assert said in "".join(told.itertext())


def test_maturity_is_drawn_and_told_and_a_gap_becomes_an_action(site: Service) -> None:
    browser = reader(site, Role.DPO)
    answers = {f"{each.value}_{part}": "2" for each in MaturityActivity for part in ("level", "target")}

    nothing = browser.send("/maturity/new")
    missing = browser.send("/maturity/new", **{**answers, "breaches_level": ""})
    sent = browser.send("/maturity/new", **{**answers, "breaches_target": "5"})
    page = browser.open("/maturity/")

    lacking = {each.attrib.get("id"): "".join(each.itertext()) for each in parse(nothing).iter()}
    for activity in MaturityActivity:
        for part in ("level", "target"):
            assert f"“{MATURITY_LABELS[activity]}”" in lacking[f"{activity.value}_{part}-error"]
    assert missing.status_code == 422
    assert sent.status_code == 303
    drawn = [each.attrib["aria-describedby"] for each in parse(page).findall(".//{*}svg[@role='img']")]
    assert sorted(drawn) == ["maturity-narrow-desc", "maturity-wide-desc"]
    assert "Managing data breaches: now 2, target 5." in words(page)
    # Where things stand is asked anew each time, beside where they stood.
    again = browser.open("/maturity/new")
    assert "The last time: 2" in words(again)
    said = inputs(again)
    assert (said["breaches_level"], said["breaches_target"]) == ("", "5")
    [add] = [
        each.attrib["href"]
        for each in parse(page).findall(".//{*}a")
        if "about=maturity" in each.attrib.get("href", "")
    ]
    assert "reference=breaches" in add
    assert "Go further: Managing data breaches" in browser.open(add).get_data(as_text=True)


def test_the_interface_does_what_the_pages_do(site: Service) -> None:
    program, auditor = site.program(Role.DPO), site.program(Role.AUDITOR)
    people = [str(account_of(site.wired, Role.SALES))]
    training = {"subject": "Breaches", "held_on": "2026-11-03", "minutes": 45, "accounts": people}
    letter = {"authority": "CNIL", "direction": "in", "dated_on": "2026-11-20", "subject": "Q", "due_on": "2030-01-01"}
    designation = {"name": "Ada", "mandate": "internal", "since": "2026-01-01"}
    levels = {each.value: {"level": 1, "target": 3} for each in MaturityActivity}

    made = {
        path: body_of(program.post(path, said))
        for path, said in (
            ("/trainings", training),
            ("/letters", letter),
            ("/officers", designation),
            ("/maturity", {"levels": levels}),
        )
    }

    assert body_of(auditor.ask("GET", f"/trainings/{made['/trainings']['id']}"))["accounts"] == people
    changed = program.ask("PUT", f"/letters/{made['/letters']['id']}", json={**letter, "subject": "Question"})
    assert body_of(changed)["subject"] == "Question"
    assert (
        program.ask("PUT", f"/officers/{made['/officers']['id']}", json={**designation, "number": "1"}).status_code
        == 200
    )
    assert made["/maturity"]["levels"]["breaches"] == {"level": 1, "target": 3, "justification": ""}
    assert auditor.post("/trainings", training).status_code == 403
    assert program.post("/maturity", {"levels": {"breaches": {"level": 1, "target": 3}}}).status_code == 422
    for path in ("/trainings", "/trainings/untrained", "/letters", "/officers", "/maturity"):
        assert auditor.ask("GET", path).status_code == 200, path


def test_whatever_is_on_file_is_shown(site: Service) -> None:
    names = whole_file(site.wired)
    browser = reader(site, Role.AUDITOR)

    for path in (f"/training/{names['training']}", f"/letters/{names['letter']}", "/officer/", "/maturity/"):
        assert browser.open(path).status_code == 200
    assert browser.open("/training/00000000-0000-7000-8000-000000000001").status_code == 404


def test_when_the_officer_changes_the_controller_names_the_next_one_without_a_review(service: Service) -> None:
    """The whole way: designated, put on file, named; the earlier designation ends, and notices say they are behind."""
    wired = service.wired
    dpo, controller = reader(service, Role.DPO), reader(service, Role.CONTROLLER)
    today = day_of(wired.clock.now())
    with wired.write() as session:
        first = keep_officer(session, desk_of(wired), acting(wired, Role.DPO), (None, officer_terms(wired))).id
    later = {**DESIGNATION, "name": "Noé Suivant", "since": today.isoformat(), "declared_on": "", "conflicts_on": ""}
    assert dpo.send("/officer/new", **later).status_code == 303
    with wired.read() as session:
        assert session.get_one(Officer, first).until == today - timedelta(days=1)

    page = dpo.open("/officer/")
    assert "put them on file first" in words(page)
    assert controller.send("/officer/name", designation=str(first), officer=str(first)).status_code == 303
    assert "changed meanwhile" in words(controller.open("/officer/"))
    assert (
        dpo.send(
            "/activities/-/parties/new",
            **{
                **inputs(dpo.open("/activities/-/parties/new")),
                "name": "noe SUIVANT",
                "country": "FR",
                "email": "dpo@demo.example",
            },
        ).status_code
        == 303
    )
    assert "The controller names Noé Suivant in the register, here." in words(dpo.open("/officer/"))
    assert dpo.send("/officer/name").status_code == 403
    assert "Name noe SUIVANT in the register" in words(controller.open("/officer/"))

    seen = inputs(controller.open("/officer/"))
    earlier = controller.send("/officer/name", **{**seen, "designation": str(first)})
    assert earlier.status_code == 303
    assert "changed meanwhile" in words(controller.open("/officer/"))

    assert controller.send("/officer/name", **seen).status_code == 303

    shown = words(controller.open("/officer/"))
    assert "The register names noe SUIVANT now." in shown
    assert "The officer named and the officer designated" not in shown
    assert "behind the register" in words(dpo.open("/activities/-/notices"))
    report = words(dpo.open("/drift"))
    assert "noe SUIVANT" not in report


def test_by_a_designation_that_was_altered_nobody_is_named_and_of_namesakes_the_one_that_was_chosen(
    service: Service,
) -> None:
    wired, controller, dpo = service.wired, reader(service, Role.CONTROLLER), reader(service, Role.DPO)
    with wired.write() as session:
        designated = keep_officer(session, desk_of(wired), acting(wired, Role.DPO), (None, officer_terms(wired))).id
    new = "/activities/-/parties/new"
    for email in ("first@demo.example", "second@demo.example"):
        given = {**inputs(dpo.open(new)), "name": "Ada Lefranc", "country": "FR", "email": email}
        assert dpo.send(new, **given).status_code == 303
    with wired.read() as session:
        chosen = session.scalars(select(Party.id).where(Party.email == "second@demo.example")).one()
    both = words(controller.open("/officer/"))
    assert "first@demo.example" in both
    assert "second@demo.example" in both

    program = service.program(Role.CONTROLLER)
    seen = {"designation": str(designated), "party": str(chosen)}
    assert program.ask("POST", "/officers/name", json={**seen, "party": str(designated)}).status_code == 404
    sent = controller.send("/officer/name", designation=str(designated), officer=str(chosen))
    assert sent.status_code == 303
    with wired.read() as session:
        assert chosen in {party.dpo_id for party in session.scalars(select(Party))}

    with wired.database.write_connection() as connection:
        connection.exec_driver_sql("UPDATE officer SET name = 'Thief'")
    assert "Name Thief" not in words(controller.open("/officer/"))
