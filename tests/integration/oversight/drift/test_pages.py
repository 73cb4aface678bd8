"""The page of the drift report: whom it shows what, in both languages; and the same over REST."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from governance.actor import Role
from governance.days import day_of
from governance.gate.errors import ReadRefusedError
from governance.gate.query import Query
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.report import drift_report
from governance.oversight.drift.values import DriftReport, Kind, Severity
from governance.oversight.errors import NotYoursError
from governance.oversight.values import About, Thing
from governance.wiring import Wired
from governance.work import worker_of
from register.models import Activity
from tests.builders.oversight import Statements, account_of, acting, reader
from tests.builders.plan import given_action, put_on_shelf
from tests.builders.service import Service, problem
from tests.builders.web import parse, words


def report(wired: Wired) -> DriftReport:
    snapshot = wired.gate.snapshot_anew()
    with wired.read() as session:
        return drift_report(Ground(session=session, attestor=wired.attestor, snapshot=snapshot, now=wired.clock.now()))


def refused(wired: Wired) -> None:
    """Let marketing ask for customers' addresses for a purpose that nobody declared."""
    query = Query(purpose="raffle", table="customers", fields=("email", "city"))
    with pytest.raises(ReadRefusedError):
        wired.gate.read(acting(wired, Role.MARKETING), query)


def finding(wired: Wired, kind: str) -> str:
    return next(each.id for each in report(wired).findings if each.kind.value == kind)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("role", [Role.DPO, Role.CONTROLLER, Role.AUDITOR])
def test_the_page_tells_what_differs_what_settles_it_and_what_was_looked_at(
    site: Service, role: Role, language: str
) -> None:
    page = reader(site, role).open("/drift", language)

    assert page.status_code == 200
    assert parse(page).attrib["lang"] == language
    said = words(page)
    if language == "fr":
        assert "Déclarées et tenues nulle part" in said
        assert "Ce qui a été examiné" in said
    else:
        assert "Declared and held nowhere" in said
        assert "Correct the record" in said
        assert "not yet: the worker looks every six hours" in said
    assert ("Set aside" in said) is (role is Role.DPO and language == "en")


def test_the_head_of_a_line_sees_their_own_activities_alone(service: Service) -> None:
    wired = service.wired
    refused(wired)
    owner = account_of(wired, Role.OWNER)
    with wired.read() as session:
        mine = set(session.scalars(select(Activity.slug).where(Activity.owner_id == owner)))

    told = reader(service, Role.OWNER).client.get("/api/v1/drift").get_json()
    said = words(reader(service, Role.OWNER).open("/drift"))

    expected = [each.id for each in report(wired).open if any(ref.slug in mine for ref in each.activities)]
    assert [each["id"] for each in told["findings"]] == expected
    assert expected
    assert "in your own activities" in said
    assert "Marketing, at customers" not in said
    assert "Marketing, at customers" in words(reader(service, Role.DPO).open("/drift"))


@pytest.mark.parametrize("role", [Role.SECURITY, Role.ADMIN, Role.SUPPORT])
def test_it_is_closed_to_everybody_else(site: Service, role: Role) -> None:
    assert reader(site, role).open("/drift").status_code == 403


def test_one_click_drafts_the_activity_that_refused_reads_lack(service: Service) -> None:
    wired = service.wired
    refused(wired)
    browser = reader(service, Role.DPO)
    said = words(browser.open("/drift?kind=refused"))
    assert "Marketing, at customers" in said
    assert "for a purpose that nobody declared" in said

    led = browser.send(f"/drift/{finding(wired, 'refused')}/draft", "fr")

    assert led.status_code == 303
    record = words(browser.open(led.headers["Location"]))
    assert "Marketing: use of customers" in record
    assert "To confirm" in record
    with wired.read() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == "marketing-customers")).one()
        assert (activity.name_fr, activity.running) == ("Marketing\u00a0: usage de «\u00a0clients\u00a0»", False)


def test_a_finding_is_set_aside_with_its_reason_and_the_page_says_so(service: Service) -> None:
    browser = reader(service, Role.DPO)
    path = f"/drift/{finding(service.wired, 'unheld')}/aside"
    until = (service.wired.clock.now() + timedelta(days=9)).date().isoformat()

    assert browser.send(path, until=until, reason="").status_code == 422
    late = browser.send(path, until="2100-01-01", reason="Later.")
    assert late.status_code == 422
    assert "comes back on it" in words(late)
    done = browser.send(path, until=until, reason="The map is being drawn.")

    assert done.headers["Location"] == "/drift"
    assert "The map is being drawn." not in words(browser.open("/drift"))
    assert "The map is being drawn." in words(reader(service, Role.AUDITOR).open("/drift?aside=y"))


@pytest.mark.parametrize("address", ["?kind=nonsense", "?severity=", "?after=no-cursor&kind=unheld", "?aside=n"])
def test_an_address_that_asks_for_nothing_known_shows_everything(site: Service, address: str) -> None:
    page = reader(site, Role.DPO).open(f"/drift{address}")

    assert page.status_code == 200
    assert "Declared and held nowhere" in words(page)


def test_where_nothing_differs_the_page_says_what_was_looked_at(service: Service) -> None:
    wired = service.wired
    for each in report(wired).findings:
        until = (wired.clock.now() + timedelta(days=9)).date().isoformat()
        reader(service, Role.DPO).send(f"/drift/{each.id}/aside", until=until, reason="Known.")
    said = words(reader(service, Role.DPO).open("/drift"))
    assert "All that differs is set aside" in said

    owner = words(reader(service, Role.OWNER).open("/drift?severity=serious"))
    assert "Nothing fits" in owner


def test_a_set_that_was_altered_is_told_and_nothing_else(service: Service) -> None:
    wired = service.wired
    with wired.database.write_connection() as connection:
        connection.execute(text("DELETE FROM purpose_recipient"))

    for path in ("/drift", "/today"):
        said = words(reader(service, Role.DPO).open(path))
        assert "The set of what decides was altered" in said, path


def test_the_first_page_counts_by_gravity_and_leads_to_the_report(site: Service) -> None:
    page = reader(site, Role.DPO).open("/today")

    to_settle = sum(each.severity is Severity.SETTLE for each in report(site.wired).open)
    assert to_settle > 0
    assert f"to settle: {to_settle}" in words(page)
    links = {each.attrib["href"] for each in parse(page).iterfind(".//{*}a")}
    assert {"/drift", "/drift?severity=to-settle"} <= links


def test_the_list_and_the_record_say_how_far_an_activity_is_enforced(site: Service) -> None:
    listed = words(reader(site, Role.AUDITOR).open("/activities/"))
    record = words(reader(site, Role.AUDITOR).open("/activities/customer-management"))

    assert "partly enforced" in listed
    assert "enforced" in listed.replace("partly enforced", "")
    assert "partly enforced" in record
    assert "holds only some of the data named here" in record


def test_programs_read_the_same_report_page_by_page(service: Service) -> None:
    wired = service.wired
    refused(wired)
    worker = worker_of(wired)
    worker.enqueue_periodic()
    for _ in range(60):
        if not worker.run_once():
            break
    program = service.program(Role.AUDITOR)

    first = program.get("/drift", limit=1).get_json()
    second = program.get("/drift", limit=200, after=first["next"]).get_json()

    told = [*first["findings"], *second["findings"]]
    assert [each["id"] for each in told] == [each.id for each in report(wired).open]
    assert sum(first["counts"].values()) == len(told)
    assert first["whole"]
    assert first["looked"]["data_at"]
    refusal = next(each for each in told if each["kind"] == "refused")
    assert refusal["settled_by"] == f"POST /api/v1/drift/{refusal['id']}/draft"
    assert refusal["data"] == [{"kind": "customer", "category": "contact"}]
    assert refusal["since"]
    problem(program.get("/drift", after="nonsense"), 422)
    problem(program.get("/drift", unknown="1"), 422)


def test_programs_learn_how_far_each_activity_is_enforced(site: Service) -> None:
    told = site.program(Role.AUDITOR).get("/drift/enforcement", limit=200).get_json()

    marks = {each["activity"]: each["enforcement"] for each in told["activities"]}
    assert marks["customer-management"] == "partly-enforced"
    assert marks["loyalty"] is None
    assert "enforced" in marks.values()


def test_the_officer_sets_aside_and_drafts_over_rest_too(service: Service) -> None:
    wired = service.wired
    refused(wired)
    browser = reader(service, Role.DPO)
    until = (wired.clock.now() + timedelta(days=9)).date().isoformat()

    aside = browser.post_json(
        f"/api/v1/drift/{finding(wired, 'unheld')}/aside", {"until": until, "reason": "The map is being drawn."}
    )
    drafted = browser.post_json(f"/api/v1/drift/{finding(wired, 'refused')}/draft", {})
    nothing = browser.post_json(f"/api/v1/drift/{finding(wired, 'unheld')}/draft", {})
    gone = browser.post_json(f"/api/v1/drift/{'0' * 32}/aside", {"until": until, "reason": "No."})

    assert aside.get_json()["aside"]["reason"] == "The map is being drawn."
    assert (drafted.status_code, drafted.get_json()) == (201, {"activity": "marketing-customers", "new": True})
    assert (nothing.status_code, gone.status_code) == (409, 404)


def test_who_decides_puts_an_assessment_on_file_and_the_head_of_the_line_is_told_whose_it_is(service: Service) -> None:
    wired = service.wired
    [missing, *_] = [each for each in report(wired).open if each.kind is Kind.ASSESSMENT]
    [activity] = missing.activities
    path = f"/evidence/new?about=assessment&reference={activity.slug}"

    assert f'href="{path.replace("&", "&amp;")}"' in reader(service, Role.DPO).open("/drift?kind=assessment").text
    assert "about=assessment" not in reader(service, Role.OWNER).open("/drift?kind=assessment").text
    form = reader(service, Role.DPO).open(path)
    assert form.status_code == 200
    assert activity.label.en in words(form)

    put_on_shelf(wired, Thing(About.ASSESSMENT, activity.slug), title="Why none is needed")

    assert missing.id not in {each.id for each in report(wired).open}
    record = words(reader(service, Role.DPO).open(f"/activities/{activity.slug}"))
    assert "Why none is needed" in record
    with pytest.raises(NotYoursError):
        put_on_shelf(wired, Thing(About.ASSESSMENT, activity.slug), by=Role.OWNER)


def test_a_finding_is_put_in_the_plan_and_the_action_says_when_it_is_settled(service: Service) -> None:
    wired, dpo = service.wired, reader(service, Role.DPO)
    missing = next(each for each in report(wired).open if each.kind is Kind.ASSESSMENT)
    [activity] = missing.activities
    page = dpo.open("/drift?kind=assessment")
    path = f"/plan/new?about=drift&reference={missing.id}"
    assert f'href="{path.replace("&", "&amp;")}"' in page.text
    title = f"Assessments missing · {activity.label.en}"
    assert f'value="{title}"' in dpo.open(path).text

    due = day_of(wired.clock.now()) + timedelta(days=20)
    sent = {"title": title, "due_on": due.isoformat(), "priority": "high", "owner_id": str(account_of(wired, Role.DPO))}
    added = dpo.send(path, **sent)
    assert added.status_code == 303

    said = words(dpo.open("/drift?kind=assessment"))
    assert f"In the plan: {title}" in said
    told = dpo.client.get("/api/v1/drift?kind=assessment&limit=200").get_json()["findings"]
    [planned] = [each["action"] for each in told if each["id"] == missing.id]
    assert (planned["title"], planned["due_on"], planned["state"]) == (title, due.isoformat(), "to-do")
    action = added.headers["Location"]
    assert f"#finding-{missing.id}" in dpo.open(action).text
    assert "found no more" not in words(dpo.open(action))

    put_on_shelf(wired, Thing(About.ASSESSMENT, activity.slug))

    assert "What this action is about is found no more." in words(dpo.open(action))
    assert "found no more: it is settled" in words(dpo.open("/plan/"))


def test_what_the_plan_has_is_read_in_as_many_statements_whatever_is_found(service: Service) -> None:
    wired, dpo = service.wired, reader(service, Role.DPO)
    dpo.open("/drift")
    with Statements(wired) as none:
        dpo.open("/drift")
    for each in report(wired).open:
        given_action(wired, about=Thing(About.DRIFT, each.id))
    with Statements(wired) as all_of_them:
        dpo.open("/drift")

    assert all_of_them.count == none.count
