"""The notice that everybody reads, and the pages on which the DPO keeps where data are collected."""

import re
from http import HTTPStatus
from itertools import groupby

import pytest
from sqlalchemy import select

from consent.models import Consent
from governance.actor import SYSTEM, Role
from governance.customers.demo.company import FAIR, NOTICE
from governance.days import day_of
from register.service import Desk, NewInformationTask, ask_to_inform
from tests.builders.pages import Enter, inputs, links
from tests.builders.service import Service
from tests.builders.web import parse, words

ADDRESS = f"/notices/{NOTICE}"


def test_everybody_reads_a_notice_in_their_language_and_it_knows_nobody(site: Service, enter: Enter) -> None:
    client = site.app.test_client()
    french = client.get(ADDRESS, headers={"Accept-Language": "fr"})
    english = client.get(ADDRESS, headers={"Accept-Language": "en"})
    by_dpo = enter(Role.DPO).get(ADDRESS)

    assert "Qui nous sommes" in words(french)
    assert "Who we are" in words(english)
    assert by_dpo.get_data() == english.get_data()
    for answer in (french, english, by_dpo):
        assert "Set-Cookie" not in answer.headers
        assert answer.cache_control.public
        assert {each.strip() for each in answer.headers["Vary"].split(",")} >= {"Accept-Language", "Cookie"}
    again = client.get(ADDRESS, headers={"Accept-Language": "fr", "If-None-Match": french.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_the_notice_of_the_company_says_what_invoices_and_orders_cannot_do_without(site: Service) -> None:
    client = site.app.test_client()
    told = words(client.get(ADDRESS, headers={"Accept-Language": "fr"}))

    assert "La loi exige" in told
    assert "Le contrat exige" in told
    assert "Rien ne vous oblige" not in told


def test_each_version_and_language_has_an_address_of_its_own(site: Service) -> None:
    client = site.app.test_client()
    french = {"Accept-Language": "fr"}
    assert "Who we are" in words(client.get(f"{ADDRESS}/1/en", headers=french))
    assert "Who we are" in words(client.get(f"{ADDRESS}/en", headers=french))
    assert "Qui nous sommes" in words(client.get(f"{ADDRESS}/1", headers=french))
    told = client.get(f"/api/v1{ADDRESS}/versions/1")
    assert told.cache_control.public
    assert set(told.get_json()["wordings"]) == {"fr", "en"}
    assert told.get_json()["digest"] in words(client.get(f"{ADDRESS}/1/fr"))


@pytest.mark.parametrize(
    "path",
    ["/notices/nowhere", "/notices/No%20slug", f"{ADDRESS}/0", f"{ADDRESS}/999", f"{ADDRESS}/1/de",
     f"{ADDRESS}/de", f"{ADDRESS}/99999999999999999999", "/api/v1/notices/nowhere"],
)  # fmt: skip
def test_an_address_of_nothing_is_none_and_is_kept_by_nobody(site: Service, path: str) -> None:
    answer = site.app.test_client().get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_somebody_writes_is_never_markup_and_only_an_address_is_a_link(enter: Enter, site: Service) -> None:
    dpo = enter(Role.DPO)
    form = {
        "slug": "escaped",
        "name_fr": "<script>alert(1)</script>",
        "name_en": "<script>alert(1)</script>",
        "way": "partner",
        "source_fr": "javascript:alert(1)",
        "source_en": "javascript:alert(1)",
        "covers_all": "y",
    }
    assert dpo.post("/activities/-/notices/-/new", form).status_code == HTTPStatus.SEE_OTHER

    for page in (site.app.test_client().get("/notices/escaped/en"), dpo.get("/activities/-/notices/escaped")):
        assert "<script>alert" not in page.get_data(as_text=True)
        assert not any(each.startswith("javascript") for each in links(page))
    assert "<script>alert(1)</script>" in words(site.app.test_client().get("/notices/escaped/en"))


def test_no_draft_is_told_to_everybody(site: Service, enter: Enter) -> None:
    public = site.app.test_client().get(f"{ADDRESS}/en")
    preview = enter(Role.DPO).get(f"/activities/-/notices/{NOTICE}/activities/loyalty")

    assert "Loyalty" not in words(public)
    assert re.search("Loyalty|Points", words(preview))
    assert enter(Role.SALES).get(f"/activities/-/notices/{NOTICE}/activities/loyalty").status_code == 403


def test_the_dpo_opens_a_point_corrects_it_and_sees_how_the_versions_differ(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    form = {"slug": "counter", "name_fr": "Guichet", "name_en": "Counter", "way": "counter", "activities": "accounting"}
    refused = dpo.post("/activities/-/notices/-/new", {**form, "way": "bought-file"})
    done = dpo.post("/activities/-/notices/-/new", form)
    page = done.headers["Location"]
    sent = {**inputs(dpo.get(f"{page}/edit")), "name_en": "Counter in Lyon", "way": "counter"}
    corrected = dpo.post(f"{page}/edit", {**sent, "activities": ["accounting", "direct-marketing"]})

    assert (refused.status_code, done.status_code, corrected.status_code) == (422, 303, 303)
    assert "say where, in French and in English" in words(refused)
    told = words(dpo.get(f"{page}/versions/2"))
    assert "Beside version 1" in told
    assert "Purposes namedInvoicing, Marketing by e-mail, " in told
    page_of_two = dpo.get(f"{page}/versions/2").text
    assert "<ins>" in page_of_two
    assert "Heading" in words(dpo.get(f"{page}/versions/2")), "what it is called differs, and everybody reads it"
    sections = re.findall(r"<td[^>]*><strong>(.*?)</strong>", page_of_two)
    assert len(list(groupby(sections))) == len(set(sections)), "each section's differences stand together"
    assert "version 2" in words(dpo.get("/activities/-/notices"))
    assert "as the register says" in words(dpo.get("/activities/-/notices"))
    parse(dpo.get(f"{page}/versions/2"))


def test_over_rest_too(enter: Enter) -> None:
    dpo = enter(Role.DPO).program
    terms = {"name_fr": "Téléphone", "name_en": "Telephone", "way": "telephone", "activities": ["direct-marketing"]}
    made = dpo.ask("POST", "/notices", json={**terms, "slug": "by-telephone"})
    wrong = dpo.ask("POST", "/notices", json={**terms, "slug": "another", "unknown": 1})
    changed = dpo.ask("PUT", "/notices/by-telephone", json={**terms, "activities": ["direct-marketing", "accounting"]})
    differs = dpo.ask("GET", "/notices/by-telephone/versions/2/changes?since=1").get_json()
    preview = dpo.ask("GET", "/notices/by-telephone/preview?activity=loyalty").get_json()
    listed = dpo.ask("GET", "/notices?limit=1").get_json()

    assert (made.status_code, wrong.status_code, changed.status_code) == (201, 422, 200)
    assert (made.get_json()["version"], changed.get_json()["version"]) == (1, 2)
    assert {each["section"] for each in differs["changes"]["en"]} >= {"short", "why", "kept"}
    assert preview["changes"]["fr"] == []
    assert (len(listed["notices"]), bool(listed["next"])) == (1, True)
    versions = dpo.ask("GET", "/notices/by-telephone/versions").get_json()["versions"]
    assert [each["version"] for each in versions] == [2, 1]
    assert enter(Role.AUDITOR).program.ask("PUT", "/notices/by-telephone", json=terms).status_code == 403


def test_a_bought_file_says_where_it_is_from(enter: Enter) -> None:
    told = words(enter(Role.DPO).get(f"/notices/{FAIR}/en"))
    assert "You did not give us these data yourself" in told
    assert "Fair of Light, Lyon (fictional)" in told


def test_a_task_stands_on_the_dpos_first_page_and_is_settled_there_once(site: Service, enter: Enter) -> None:
    wired = site.wired
    with wired.write() as session:
        desk = Desk(wired.clock, wired.ids, wired.attestor)
        command = NewInformationTask(point=FAIR, import_id=wired.ids.new())
        task = ask_to_inform(session, desk, SYSTEM, command).id
    dpo, page = enter(Role.DPO), f"/activities/-/information/{task}"

    assert "Tell people: Fair of Light, Lyon (fictional)" in words(dpo.get("/today"))
    assert page in links(dpo.get("/today"))
    told = dpo.get(page)
    assert "Salon de la lumière, Lyon (fictif)" in words(told)
    assert f"/notices/{FAIR}/1/fr" in words(told)
    day = day_of(wired.clock.now()).isoformat()
    ahead = dpo.post(f"{page}/settle", {"told_by": "letter", "told_on": "2126-01-01"})
    sooner = dpo.post(f"{page}/put-forward", {"forward-sooner": "first-use", "forward-on": day})
    done = dpo.post(f"{page}/settle", {"told_by": "letter", "told_on": day, "note": "Cupboard 3"})
    again = dpo.post(f"{page}/settle", {"told_by": "email", "told_on": day})

    assert [each.status_code for each in (ahead, sooner, done, again)] == [422, 303, 303, 422]
    assert page not in links(dpo.get("/today"))
    assert "By letter" in words(dpo.get("/activities/-/information"))
    rest = dpo.program.ask("GET", f"/information-tasks/{task}").get_json()
    assert (rest["told_by"], rest["told_on"], rest["version"]) == ("letter", day, 1)


def test_from_a_consent_one_reaches_the_text_that_the_person_was_shown(site: Service) -> None:
    recorder, dpo = site.program(Role.SERVICE), site.program(Role.DPO)
    with site.wired.read() as session:
        subject = session.scalars(select(Consent.subject_id).limit(1)).one()
    for number, version in enumerate((1, 41)):
        body = {
            "subject_id": subject,
            "purpose": "email-marketing",
            "channel": "email",
            "kind": "given",
            "method": "checkbox",
            "notice": {"slug": NOTICE, "version": version, "language": "fr"},
            "occurred_at": f"2026-10-0{number + 1}T10:00:00Z",
        }
        assert recorder.post("/consents", body).status_code == HTTPStatus.CREATED

    history = dpo.get(f"/consents/{subject}.email-marketing.email").get_json()
    shown = {each["version"]: each for each in history["notices"].values()}
    text = site.app.test_client().get(shown[1]["path"])
    missing = site.app.test_client().get(f"{ADDRESS}/41/fr")

    assert "Qui nous sommes" in words(text)
    assert (shown[41]["kept"], shown[41]["path"]) == (False, None)
    assert missing.status_code == HTTPStatus.NOT_FOUND
    assert "its text was never kept here" in words(missing)


def test_a_page_for_everybody_ends_nobodys_session(site: Service) -> None:
    browser = site.app.test_client()
    browser.set_cookie("egide", "of-a-session-that-has-ended")

    for address in (ADDRESS, f"{ADDRESS}/en", f"/api/v1{ADDRESS}"):
        answer = browser.get(address)
        assert answer.cache_control.public
        assert "Set-Cookie" not in answer.headers
