"""The first page of each role: who may open it, what stands on it, in both languages, at a fixed number of queries."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from audit.live import LiveCheck, verify_live
from governance.actor import Role
from governance.wiring import LEAF_SECRET, Wired
from register.lifecycle import ActivityState, Opinion, Verb
from register.models import Activity
from register.service import Step, move_activity
from tests.builders.oversight import PAGES, Statements, acting, hire, program, read, reader, refuse
from tests.builders.service import Service
from tests.builders.web import parse, words


def advised(wired: Wired, opinion: Opinion, words_: str) -> Activity:
    """Take a running activity to where it waits for the controller."""
    dpo = acting(wired, Role.DPO)
    with wired.write() as session:
        activity = session.scalars(select(Activity).where(Activity.state == ActivityState.ACTIVE)).first()
        assert activity is not None
        for verb in (Verb.REVIEW, Verb.SUBMIT):
            move_activity(session, wired.clock, wired.attestor, dpo, Step(activity=activity.id, verb=verb))
        step = Step(activity=activity.id, verb=Verb.ADVISE, opinion=opinion, text=words_)
        return move_activity(session, wired.clock, wired.attestor, dpo, step)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("role", PAGES)
def test_each_role_is_led_to_its_own_page(site: Service, role: Role, language: str) -> None:
    browser = reader(site, role)

    led = browser.open("/")
    page = browser.open(PAGES[role], language)

    assert led.headers["Location"] == PAGES[role]
    assert page.status_code == 200
    document = parse(page)
    assert document.attrib["lang"] == language
    current = document.findall(".//{*}header//{*}a[@aria-current='page']")
    assert {each.attrib["href"] for each in current} == {PAGES[role]}
    title = document.find(".//{*}title")
    assert (title.text or "").endswith(" · Égide")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
def test_a_page_of_another_role_is_closed(site: Service, role: Role) -> None:
    browser = reader(site, role)
    also = {"/log/state": {Role.DPO, Role.SECURITY}}

    for owner, path in PAGES.items():
        expected = 200 if role is owner or role in also.get(path, ()) else 403
        assert browser.open(path).status_code == expected, path


def test_the_officer_finds_what_is_due_the_most_pressing_first(service: Service) -> None:
    wired = service.wired
    now = wired.clock.now()
    program(wired, "Till of Lyon", Role.CONTROLLER, now + timedelta(days=3))
    program(wired, "Warehouse", Role.CONTROLLER, now + timedelta(days=12))
    program(wired, "Next year", Role.CONTROLLER, now + timedelta(days=200))

    said = words(reader(service, Role.DPO).open("/today"))

    assert said.index("Token Till of Lyon") < said.index("Token Warehouse")
    assert "Next year" not in said


def test_the_indicators_count_what_the_log_holds_and_lead_to_it(service: Service) -> None:
    wired = service.wired
    yesterday = wired.clock.now() - timedelta(days=1)
    read(wired, Role.SUPPORT, 3)
    read(wired, Role.SUPPORT, 2, at=yesterday)
    read(wired, Role.SUPPORT, 1, at=wired.clock.now() - timedelta(days=60))
    refuse(wired, Role.SALES, 4)

    page = reader(service, Role.DPO).open("/today")
    document = parse(page)
    tiles = {
        "".join(tile.find("{*}h3").itertext()): tile.find("{*}p").text or "".join(tile.find("{*}p").itertext())
        for tile in document.findall(".//{*}li[@class='tile']")
    }

    assert tiles["Reads in four weeks"].strip() == "5"
    assert tiles["Refusals in four weeks"].strip() == "4"
    assert tiles["Values given in clear"].strip() == "33 %"
    drawing = [
        svg.attrib["aria-label"]
        for svg in document.findall(".//{*}svg[@role='img']")
        if "Reads" in svg.attrib["aria-label"]
    ]
    assert drawing == ["Reads in four weeks: 5 in all, 3 on the busiest day, 3 today"]


def test_the_mirror_tells_of_purposes_that_nobody_reads_for(service: Service) -> None:
    said = words(reader(service, Role.DPO).open("/today"))

    # The demonstration was declared a moment ago: that nothing was read for its purposes yet tells nothing.
    assert "nothing was read for it within 90 days" not in said


def test_the_controller_finds_the_opinion_beside_what_it_is_about(service: Service) -> None:
    advised(service.wired, Opinion.UNFAVOURABLE, "Three years are too long.")

    said = words(reader(service, Role.CONTROLLER).open("/decisions"))

    assert "Three years are too long." in said
    assert "takes a written reason" in said
    assert "Decide against the opinion" in said


@pytest.mark.parametrize("role", [Role.DPO, Role.CONTROLLER])
def test_whoever_answers_to_the_authority_finds_the_file_for_an_inspection(site: Service, role: Role) -> None:
    page = reader(site, role).open(PAGES[role])

    assert parse(page).find(".//{*}main//{*}a[@href='/inspection/']") is not None


def test_the_owner_finds_what_came_back_with_the_words_that_came_with_it(service: Service) -> None:
    wired = service.wired
    activity = advised(wired, Opinion.RESERVED, "Say who receives it.")
    step = Step(activity=activity.id, verb=Verb.RETURN, text="Please name the recipients.")
    with wired.write() as session:
        move_activity(session, wired.clock, wired.attestor, acting(wired, Role.CONTROLLER), step)

    said = words(reader(service, Role.OWNER).open("/tasks"))

    assert "Came back to you" in said
    assert "Please name the recipients." in said
    assert "not running" in said, "what was never put in force observes nothing"


def test_the_auditor_finds_how_far_the_log_is_verified(service: Service) -> None:
    wired = service.wired
    browser = reader(service, Role.AUDITOR)
    before = words(browser.open("/log/state"))

    wired.signer.checkpoint()
    browser.send("/log/verify")
    after = words(browser.open("/log/state"))

    assert "Nobody has verified the whole log yet." in before
    assert "Nobody has verified" not in after
    assert "The same checkpoint lies outside the database." in after
    assert "none by counting" in after


def test_an_entry_that_was_stolen_is_counted_as_a_gap(service: Service) -> None:
    wired = service.wired
    with wired.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE leaf_index = 7"))

    page = reader(service, Role.AUDITOR).open("/log/state")
    check = LiveCheck(database=wired.database, anchor=wired.settings.anchor, leaf_key=wired.keyring.secret(LEAF_SECRET))

    assert "1 entry is gone and no purge names it" in words(page)
    assert not verify_live(check).intact


def test_an_anchor_that_is_not_the_databases_is_said(service: Service) -> None:
    wired = service.wired
    with wired.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_checkpoint"))

    assert "does not say what the database says" in words(reader(service, Role.AUDITOR).open("/log/state"))


@pytest.mark.parametrize("role", PAGES)
def test_a_first_page_asks_as_much_for_many_matters_as_for_few(service: Service, role: Role) -> None:
    wired = service.wired
    browser = reader(service, role)
    hire(wired, "first@demo.example")
    program(wired, "first")
    refuse(wired, Role.SALES, 1)
    browser.open(PAGES[role])
    with Statements(wired) as few:
        browser.open(PAGES[role])
    for each in range(5):
        hire(wired, f"more-{each}@demo.example")
        program(wired, f"more {each}")
        refuse(wired, Role.SALES, 3, f"route.{each}")
        read(wired, Role.SUPPORT, 5)

    browser.open(PAGES[role])
    with Statements(wired) as many:
        assert browser.open(PAGES[role]).status_code == 200

    assert many.count <= few.count
