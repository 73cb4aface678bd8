"""The pages and the interface of the plan and of the library, by those who use them."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from audit.search import Filters, search
from governance.actor import Role
from governance.days import day_of
from governance.oversight.evidence.service import things_proved
from governance.oversight.models import Document, PlanAction
from governance.oversight.values import About, Thing
from governance.wiring import Wired
from tests.builders.oversight import Reader, account_of, name_of, reader
from tests.builders.pages import elements, inputs
from tests.builders.plan import A_PDF, given_action, put_on_shelf, whole_file
from tests.builders.service import Service
from tests.builders.web import parse, words

LOYALTY = Thing(About.ACTIVITY, "loyalty")


def body_of(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def newest(wired: Wired) -> uuid.UUID:
    with wired.read() as session:
        found = session.scalars(select(PlanAction.id).order_by(PlanAction.id.desc())).first()
    assert found is not None
    return found


def test_an_action_is_made_from_the_page_of_what_it_is_about_and_shown_there(site: Service) -> None:
    browser = reader(site, Role.DPO)
    record = browser.open("/activities/loyalty")
    [add] = [a.attrib["href"] for a in parse(record).findall(".//{*}a") if (a.text or "") == "Add to the action plan"]

    form = browser.open(add)
    owner = str(account_of(site.wired, Role.OWNER))
    late = browser.send(add, title="Name the printer", owner_id=owner, due_on="2001-01-01", priority="high")
    sent = browser.send(
        add, title="Name the printer", owner_id=owner, due_on="2030-01-31",
        priority="high", cost="250", why="Nobody is named.",
    )  # fmt: skip

    assert "Processing activity" in words(form)
    assert late.status_code == 422
    assert "This day has passed" in words(late)
    assert sent.headers["Location"] == f"/plan/{newest(site.wired)}"
    assert "Name the printer" in words(browser.open("/activities/loyalty"))
    page = words(browser.open(sent.headers["Location"]))
    assert "€250" in page
    assert "31 January 2030" in page


@pytest.mark.parametrize(("language", "said"), [("fr", "versez un document qui le prouve"), ("en", "put a document")])
def test_done_without_evidence_is_refused_beside_the_field(site: Service, language: str, said: str) -> None:
    action = given_action(site.wired)
    browser = reader(site, Role.OWNER)

    read = inputs(browser.open(f"/plan/{action}"))["revision"]
    refused = browser.send(f"/plan/{action}/finish", language, statement="", revision=read)
    taken = browser.send(f"/plan/{action}/finish", language, statement="Signed on Monday.", revision=read)

    assert refused.status_code == 422
    assert said in words(refused)
    assert taken.status_code == 303
    assert "Signed on Monday." in words(browser.open(f"/plan/{action}"))


@pytest.mark.parametrize(("verb", "field"), [("finish", "statement"), ("drop", "reason")])
def test_no_step_is_taken_with_an_action_that_somebody_changed_since_it_was_read(
    site: Service, verb: str, field: str
) -> None:
    action = given_action(site.wired)
    path, mine = f"/plan/{action}", "What I typed."
    dpo, controller = reader(site, Role.DPO), reader(site, Role.CONTROLLER)
    read = inputs(dpo.open(path))["revision"]
    theirs = {**inputs(controller.open(f"{path}/edit")), "title": "Sign both contracts", "priority": "high"}
    theirs["owner_id"] = str(account_of(site.wired, Role.OWNER))
    assert controller.send(f"{path}/edit", **theirs).status_code == 303

    unread = dpo.send(f"{path}/{verb}", **{field: mine})
    refused = dpo.send(f"{path}/{verb}", **{field: mine}, revision=read)

    assert (unread.status_code, refused.status_code) == (409, 409)
    assert "was changed since you read it" in words(refused)
    assert f"It was {name_of(site.wired, Role.CONTROLLER)}" in words(refused)
    assert "Sign both contracts" in words(refused)
    [kept] = [each for each in elements(refused, "textarea") if (each.text or "").strip() == mine]
    assert kept.attrib["name"] == field
    assert dpo.send(f"{path}/{verb}", **{field: mine}, revision=inputs(refused)["revision"]).status_code == 303


def test_whoever_says_what_was_done_after_somebody_else_did_reads_theirs_and_keeps_their_own(site: Service) -> None:
    action = given_action(site.wired)
    owner, dpo = reader(site, Role.OWNER), reader(site, Role.DPO)
    read = inputs(owner.open(f"/plan/{action}"))["revision"]
    dropped = dpo.send(f"/plan/{action}/drop", reason="The printer is gone.", revision=read)
    assert dropped.status_code == 303

    refused = owner.send(f"/plan/{action}/finish", statement="Signed on Monday.", revision=read)

    assert refused.status_code == 409
    assert f"It was {name_of(site.wired, Role.DPO)}" in words(refused)
    assert "The printer is gone." in words(refused)
    assert "Signed on Monday." in words(refused)
    with site.wired.read() as session:
        assert session.get_one(PlanAction, action).outcome == "The printer is gone."


def test_the_controller_sees_the_whole_with_its_cost_and_others_what_is_theirs(site: Service) -> None:
    given_action(site.wired, Role.SECURITY, title="Rotate the keys", cost=1_234)

    controller = words(reader(site, Role.CONTROLLER).open("/plan/"))
    security = words(reader(site, Role.SECURITY).open("/plan/"))
    admin = words(reader(site, Role.ADMIN).open("/plan/"))

    assert "What it comes to" in controller
    assert "Rotate the keys" in controller
    assert "Rotate the keys" in security
    assert "What it comes to" not in security
    assert "Rotate the keys" not in admin


def test_a_list_that_is_narrowed_by_nonsense_says_so(site: Service) -> None:
    browser = reader(site, Role.DPO)

    assert browser.open("/plan/?state=nonsense").status_code == 422
    assert browser.open("/plan/?after=nonsense").status_code == 200
    assert browser.open("/plan/?about=activity&reference=no-such").status_code == 404


def test_a_file_goes_out_as_an_attachment_of_its_kind_and_the_download_is_recorded(site: Service) -> None:
    document = put_on_shelf(site.wired, LOYALTY, content=b"<script>alert(1)</script>", title="Été, \r\n<b>x</b>")
    browser = reader(site, Role.OWNER)

    answer = browser.client.get(f"/evidence/{document}/versions/1/file")

    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Ete-b-x-b-1.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == "25"
    with site.wired.read() as session:
        [entry] = search(session, Filters(object_type="document", object_id=str(document)), limit=1)
    assert entry.said["details"]["verb"] == "download"
    assert entry.said["actor"]["id"] == str(account_of(site.wired, Role.OWNER))


def test_a_document_is_put_on_file_through_the_page_and_shown_where_it_proves(site: Service) -> None:
    browser = reader(site, Role.DPO)
    headers = {"Accept": "text/html"}
    fields = {"title": "Signed contract", "dated_on": "2026-11-02", "csrf_token": token(browser)}

    missing = browser.client.post("/evidence/new?about=activity&reference=loyalty", data=fields, headers=headers)
    sent = browser.client.post(
        "/evidence/new?about=activity&reference=loyalty",
        data={**fields, "file": (io.BytesIO(A_PDF), "anything.exe")},
        headers=headers,
    )
    wrong = browser.client.post(
        "/evidence/new", data={**fields, "file": (io.BytesIO(b"MZ\x00"), "contract.pdf")}, headers=headers
    )

    assert missing.status_code == 422
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert "Signed contract" in words(browser.open("/activities/loyalty"))
    assert "PDF document" in words(browser.open(sent.headers["Location"]))
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("fields", "content", "place", "said"),
    [
        ({"dated_on": "2199-01-01"}, A_PDF, "dated_on", "still to come"),
        ({"valid_until": "2026-11-01"}, A_PDF, "valid_until", "before its own day"),
        ({}, A_PDF[:20], "file", "The end of this file is missing"),
        ({}, b"MZ\x00", "file", "none of the kinds"),
    ],
)
def test_a_document_that_cannot_be_kept_is_refused_beside_what_is_wrong_with_it(
    site: Service, fields: dict[str, str], content: bytes, place: str, said: str
) -> None:
    browser = reader(site, Role.DPO)
    given = {"title": "Signed contract", "dated_on": "2026-11-02", "csrf_token": token(browser), **fields}

    refused = browser.client.post(
        "/evidence/new", data={**given, "file": (io.BytesIO(content), "contract.pdf")}, headers={"Accept": "text/html"}
    )

    assert refused.status_code == 422
    [told] = [each for each in parse(refused).iter() if each.attrib.get("id") == f"{place}-error"]
    assert said in "".join(told.itertext())


def test_a_document_is_not_corrected_to_a_day_to_come(site: Service) -> None:
    document = put_on_shelf(site.wired)

    dpo, path = reader(site, Role.DPO), f"/evidence/{document}/edit"

    refused = dpo.send(path, title="Minutes", dated_on="2199-01-01", mark=inputs(dpo.open(path))["mark"])

    assert refused.status_code == 422
    [told] = [each for each in parse(refused).iter() if each.attrib.get("id") == "dated_on-error"]
    assert "still to come" in "".join(told.itertext())


def token(browser: Reader) -> str:
    page = parse(browser.open("/evidence/new"))
    return next(
        str(each.attrib["value"]) for each in page.findall(".//{*}input") if each.attrib.get("name") == "csrf_token"
    )


def test_the_interface_does_what_the_pages_do(site: Service) -> None:
    program = site.program(Role.DPO)
    owner = str(account_of(site.wired, Role.OWNER))
    body = {
        "title": "Shorten the period",
        "owner_id": owner,
        "due_on": "2030-02-01",
        "about": {"about": "activity", "reference": "loyalty"},
    }

    made = program.post("/actions", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    action = body_of(made)
    moved = program.post(f"/actions/{action['id']}/start", {})
    unproved = program.post(f"/actions/{action['id']}/finish", {})
    listed = program.ask("GET", "/actions?about=activity&reference=loyalty&state=under-way")
    half = program.ask("GET", "/actions?about=activity")

    assert body_of(moved)["state"] == "under-way"
    assert unproved.status_code == 422
    assert body_of(unproved)["type"].endswith("/evidence-missing")
    assert action["id"] in [each["id"] for each in body_of(listed)["actions"]]
    assert half.status_code == 422
    put = program.ask(
        "POST",
        "/documents",
        data={
            "title": "Minutes", "dated_on": "2026-11-02", "about": "action", "reference": action["id"],
            "file": (io.BytesIO(A_PDF), "minutes.pdf"),
        },
        content_type="multipart/form-data",
    )  # fmt: skip
    assert put.status_code == 201, put.get_data(as_text=True)
    whole = body_of(program.ask("GET", f"/documents/{body_of(put)['id']}"))
    assert whole["proves"] == [{"about": "action", "reference": action["id"], "altered": False}]
    assert whole["versions"][0]["kind"] == "pdf"
    assert program.ask("GET", f"/documents/{body_of(put)['id']}/versions/1/file").data == A_PDF
    assert body_of(program.post(f"/actions/{action['id']}/finish", {}))["state"] == "done"
    assert program.ask("GET", "/actions/totals").status_code == 200


def test_taking_a_document_away_asks_first(site: Service) -> None:
    document = put_on_shelf(site.wired)
    browser = reader(site, Role.DPO)

    asked = browser.open(f"/evidence/{document}/remove")
    done = browser.send(f"/evidence/{document}/remove")

    assert "destroyed" in words(asked)
    assert done.status_code == 303
    with site.wired.read() as session:
        assert session.get_one(Document, document).removed_at is not None


def test_what_is_late_is_told_to_the_officer_today(site: Service) -> None:
    given_action(site.wired, title="Answer the host", due_in=-3)
    put_on_shelf(site.wired, title="Insurance", valid_until=day_of(site.wired.clock.now()) + timedelta(days=2))

    page = words(reader(site, Role.DPO).open("/today"))

    assert "Answer the host" in page
    assert "Insurance" in page


def test_nobody_learns_the_name_of_what_is_not_for_them(site: Service) -> None:
    letter = str(whole_file(site.wired)["letter"])
    theirs = given_action(site.wired, Role.SECURITY, title="Rotate the keys quietly")
    owner, officer = reader(site, Role.OWNER), reader(site, Role.DPO)

    for about, reference in (("letter", letter), ("action", str(theirs))):
        for path in ("/plan/", "/plan/new", "/evidence/", "/evidence/new", "/api/v1/actions", "/api/v1/documents"):
            asked = f"{path}?about={about}&reference={reference}"
            assert owner.open(asked).status_code == 404, asked
            assert officer.open(asked).status_code == 200, asked


def test_a_document_that_proves_what_its_bringer_is_not_shown_is_not_theirs_to_correct(site: Service) -> None:
    letter = Thing(About.LETTER, str(whole_file(site.wired)["letter"]))
    document = put_on_shelf(site.wired, LOYALTY, by=Role.OWNER)
    dpo, owner = reader(site, Role.DPO), reader(site, Role.OWNER)
    with site.wired.read() as session:
        [loyalty] = things_proved(session, site.wired.attestor, [document])[document]
    both = [f"{each.about.value} {each.reference}" for each in (loyalty, letter)]
    fields = {"title": "Signed minutes", "dated_on": "2026-11-02", "valid_until": ""}
    path = f"/evidence/{document}/edit"
    mark = inputs(dpo.open(path))["mark"]
    assert dpo.send(path, **fields, proves=both[0], thing=both[1], mark=mark).status_code == 303

    shown = words(owner.open(f"/evidence/{document}"))
    sent = owner.send(path, **fields, proves=both[0], mark=inputs(owner.open(path))["mark"])

    assert "Dossier 2026-7" not in shown
    assert "A newer version" not in shown
    assert sent.status_code == 422
    with site.wired.read() as session:
        assert set(things_proved(session, site.wired.attestor, [document])[document]) == {loyalty, letter}
