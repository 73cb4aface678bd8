"""The pages of whoever looks after accounts."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from governance.actor import SYSTEM, Role
from governance.identity.letters import Letter
from governance.identity.models import Account, RoleAssignment
from governance.identity.service import NewAccount, NewRole, add_account, assign_role, live_assignments
from governance.jobs.models import Job
from tests.builders.identity import CONTROLLER_EMAIL, PASSWORD, People
from tests.builders.web import an_app, parse, settings_of_tests, sign_in, token_of, words

ADMIN = "admin@demo.example"
NEW = "new@demo.example"
REASON = "Stands in for a colleague on leave"


@pytest.fixture
def admin(app: Flask, house: People) -> FlaskClient:
    house.admin()
    client = app.test_client()
    sign_in(client, ADMIN)
    return client


@pytest.fixture
def controller(app: Flask, house: People) -> FlaskClient:
    house.controller()
    client = app.test_client()
    sign_in(client, CONTROLLER_EMAIL)
    return client


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, "/account"), **fields})


def actions_of(client: FlaskClient, path: str) -> set[str]:
    page = parse(client.get(path))
    return {form.attrib["action"] for form in page.findall(".//{*}form") if "action" in form.attrib}


def waiting(house: People, email: str = NEW) -> Account:
    """Return an account with a role that waits for the controller."""
    admin = house.admin()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, admin, NewAccount(email=email, name="Camille Durand"))
        new = NewRole(account_id=account.id, role=Role.SUPPORT, reason=REASON)
        assign_role(session, house.clock, house.ids, admin, new)
    return account


def roles_of(house: People, account: Account) -> dict[Role, bool]:
    with house.database.read() as session:
        return {each.role: each.countersigned_at is not None for each in live_assignments(session, account.id)}


def test_what_waits_stands_first_with_who_made_it_and_why(admin: FlaskClient, house: People) -> None:
    waiting(house)

    page = admin.get("/accounts/?", headers={"Accept-Language": "en"})

    text = words(page)
    assert text.index("waits for the controller") < text.index("Find")
    assert f"by {ADMIN} · Reason: {REASON}" in text
    assert not {action for action in actions_of(admin, "/accounts/") if "countersign" in action}


def test_nothing_is_confirmed_or_refused_at_one_click_in_a_list(controller: FlaskClient, house: People) -> None:
    account = waiting(house)

    assert not [each for each in actions_of(controller, "/accounts/") if "/roles/" in each]
    assert not [each for each in actions_of(controller, f"/accounts/{account.id}") if "countersign" in each]
    assert roles_of(house, account) == {Role.SUPPORT: False}


def test_no_link_is_offered_that_would_end_with_the_confirmation(admin: FlaskClient, house: People) -> None:
    account = waiting(house)

    page = admin.get(f"/accounts/{account.id}", headers={"Accept-Language": "en"})

    assert f"/accounts/{account.id}/link" not in actions_of(admin, f"/accounts/{account.id}")
    assert "once the controller has confirmed the role" in words(page)
    assert "not chosen yet" not in words(page)


def test_without_a_choice_no_role_is_given(admin: FlaskClient, house: People) -> None:
    page = parse(admin.get("/accounts/new"))
    (choice,) = page.findall(".//{*}select[@name='role']")
    first = choice.findall("{*}option")[0]
    assert "form-select" in choice.attrib["class"].split(), "it looks like what is chosen from"
    assert first.attrib["value"] == ""
    assert not page.findall(".//{*}select[@name='role']/{*}option[@selected]") or "selected" in first.attrib

    refused = send(admin, "/accounts/new", email=NEW, name="", locale="fr", role="", reason=REASON, until="")

    assert refused.status_code == 422
    assert parse(refused).findall(".//{*}p[@id='role-error']")
    account = waiting(house)
    again = send(admin, f"/accounts/{account.id}/roles", role="", reason=REASON, until="")
    assert again.status_code == 422
    assert parse(again).findall(".//{*}p[@id='role-error']")


def test_whom_to_make_a_link_for_is_told_in_the_list(controller: FlaskClient, house: People) -> None:
    waiting(house)
    house.account("support@demo.example", Role.SUPPORT)

    listed = words(controller.get("/accounts/?state=without-way-in", headers={"Accept-Language": "en"}))

    assert NEW in listed
    assert "no password" in listed
    assert "support@demo.example" not in listed


def test_an_account_is_added_with_its_first_role(admin: FlaskClient, house: People) -> None:
    made = send(admin, "/accounts/new", email=NEW, name="Camille", locale="en", role="sales", reason=REASON, until="")

    assert made.status_code == 303
    with house.database.read() as session:
        account = session.scalars(select(Account).where(Account.email == NEW)).one()
        session.expunge(account)
    assert (account.name, account.locale) == ("Camille", "en")
    assert roles_of(house, account) == {Role.SALES: False}
    assert "Camille" in words(admin.get(made.headers["Location"]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "not an address"},
        {"email": ADMIN},
        {"reason": ""},
        {"until": "2020-01-01"},
        {"until": "2036-01-01"},
        {"until": "9999-12-31"},
        {"role": "nonsense"},
        {"role": "service"},
        {"locale": "de"},
    ],
)
def test_an_account_that_cannot_be_is_told_beside_its_field_and_keeps_what_was_typed(
    admin: FlaskClient, house: People, wrong: dict[str, str]
) -> None:
    fields = {"email": NEW, "name": "Camille", "locale": "fr", "role": "sales", "reason": REASON, "until": ""} | wrong

    refused = send(admin, "/accounts/new", **fields)

    assert refused.status_code == 422
    page = parse(refused)
    assert page.findall(".//{*}p[@class='wrong']")
    assert page.findall(".//{*}input[@name='name']")[0].attrib["value"] == "Camille"
    with house.database.read() as session:
        assert session.scalar(select(Account.id).where(Account.email == NEW)) is None


def test_a_conflict_is_refused_and_then_accepted_and_flagged(controller: FlaskClient, house: People) -> None:
    account = house.account("auditor@demo.example", Role.AUDITOR)
    path = f"/accounts/{account.id}/roles"

    refused = send(controller, path, role="controller", reason=REASON, until="")
    assert refused.status_code == 422
    assert parse(refused).findall(".//{*}input[@name='no_second_person']")
    assert roles_of(house, account) == {Role.AUDITOR: True}

    send(controller, path, role="controller", reason=REASON, until="", no_second_person="y")
    with house.database.read() as session:
        flagged = session.scalars(
            select(RoleAssignment.in_conflict).where(
                RoleAssignment.account_id == account.id, RoleAssignment.role == Role.CONTROLLER
            )
        ).all()
    assert flagged == [True]


def test_a_link_is_shown_once_and_only_to_who_could_not_become_somebody(
    admin: FlaskClient, app: Flask, house: People
) -> None:
    account = waiting(house)
    made = send(admin, f"/accounts/{account.id}/link")
    found = re.search(r"/link/([\w-]{43})", made.get_data(as_text=True))
    assert found is not None
    assert found.group(1) not in admin.get(f"/accounts/{account.id}").get_data(as_text=True)
    assert app.test_client().get(found.group()).status_code == 200

    confirmed = house.account("support@demo.example", Role.SUPPORT)
    assert f"/accounts/{confirmed.id}/link" not in actions_of(admin, f"/accounts/{confirmed.id}")
    assert send(admin, f"/accounts/{confirmed.id}/link").status_code == 403


def test_whoever_makes_a_link_has_shown_a_short_time_ago_who_they_are(admin: FlaskClient, house: People) -> None:
    account = waiting(house)
    house.clock.advance(minutes=11)

    asked = send(admin, f"/accounts/{account.id}/link")

    assert asked.status_code == 303
    assert "/link/" not in asked.headers["Location"]


def test_an_account_is_disabled_after_one_more_question(admin: FlaskClient, app: Flask, house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    other = app.test_client()
    sign_in(other, "support@demo.example")
    path = f"/accounts/{account.id}/disable"
    assert parse(admin.get(path)).findall(f".//{{*}}form[@action='{path}']")
    assert other.get("/api/probe/mine").status_code == 200, "asking disables nobody"

    send(admin, path)

    assert other.get("/api/probe/mine").status_code == 401
    page = admin.get(f"/accounts/{account.id}")
    assert not {each for each in actions_of(admin, f"/accounts/{account.id}") if "/link" in each or "/roles" in each}
    assert page.status_code == 200


def test_the_last_controller_is_not_disabled(admin: FlaskClient, house: People) -> None:
    controller = house.controller()

    refused = send(admin, f"/accounts/{controller.id}/disable")

    assert refused.status_code == 422
    assert parse(refused).findall(".//{*}div[@role='alert']")


def test_somebody_locked_out_is_seen_and_let_in_again(admin: FlaskClient, app: Flask, house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    action = f"/accounts/{account.id}/unlock"
    assert action not in actions_of(admin, f"/accounts/{account.id}")
    for _ in range(5):
        sign_in(app.test_client(), "support@demo.example", "wrong password indeed")
    assert sign_in(app.test_client(), "support@demo.example").status_code == 429
    assert action in actions_of(admin, f"/accounts/{account.id}")

    send(admin, action)

    assert sign_in(app.test_client(), "support@demo.example").status_code == 303


def test_a_person_is_signed_out_everywhere(admin: FlaskClient, app: Flask, house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    other = app.test_client()
    sign_in(other, "support@demo.example")

    send(admin, f"/accounts/{account.id}/sessions/close")

    assert other.get("/api/probe/mine").status_code == 401


def test_the_list_is_narrowed_and_an_address_stands_in_no_url(admin: FlaskClient, house: People) -> None:
    waiting(house)
    house.account("support@demo.example", Role.SUPPORT)

    by_role = words(admin.get("/accounts/?role=support&state=waiting"))
    assert NEW in by_role.partition("Action")[0]
    found = send(admin, "/accounts/find", text="DURAND")
    assert found.status_code == 200
    listed = parse(found).findall(".//{*}table")[0]
    assert "".join(listed.itertext()).count("@demo.example") == 1
    both = send(admin, "/accounts/find", text="demo.example", role="support", state="every")
    assert "".join(parse(both).findall(".//{*}table")[0].itertext()).count("@demo.example") == 2
    alone = send(admin, "/accounts/find", text=" ", role="support", state="waiting")
    assert alone.headers["Location"] == "/accounts/?role=support&state=waiting"
    assert admin.get("/accounts/?role=nonsense").status_code == 422
    assert admin.get("/accounts/?after=nonsense").status_code == 200


def test_a_list_costs_the_same_queries_however_long_it_is(admin: FlaskClient, house: People) -> None:
    def asked() -> int:
        statements: list[str] = []

        def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        engine: Engine = house.database.engine
        event.listen(engine, "before_cursor_execute", count)
        admin.get("/accounts/")
        event.remove(engine, "before_cursor_execute", count)
        return len(statements)

    waiting(house)
    few = asked()
    for number in range(20):
        waiting(house, f"person-{number}@demo.example")

    assert asked() == few


def test_a_second_page_begins_where_the_first_ends(admin: FlaskClient, house: People) -> None:
    for number in range(60):
        with house.database.write() as session:
            new = NewAccount(email=f"person-{number:02}@demo.example")
            add_account(session, house.clock, house.ids, SYSTEM, new)

    seen: list[str] = []
    path = "/accounts/"
    while path:
        page = parse(admin.get(path))
        rows = page.findall(".//{*}tbody/{*}tr")
        seen += [row.findall(".//{*}a")[0].text for row in rows]
        path = next((a.attrib["href"] for a in page.findall(".//{*}a[@rel='next']")), "")

    assert len(seen) == len(set(seen)) == 61


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.DPO, Role.AUDITOR, Role.SECURITY, Role.OWNER])
def test_nobody_else_opens_the_pages(app: Flask, house: People, role: Role) -> None:
    account = house.account("somebody@demo.example", role)
    client = app.test_client()
    sign_in(client, "somebody@demo.example")
    token = token_of(client, "/account")

    for path in ("/accounts/", "/accounts/new", f"/accounts/{account.id}", "/tokens/"):
        assert client.get(path).status_code == 403
    for step in ("link", "letter", "roles", "unlock", "disable", "second-factor", "openid/unlink", "sessions/close"):
        assert client.post(f"/accounts/{account.id}/{step}", data={"csrf_token": token}).status_code == 403


def test_with_mail_the_first_link_goes_by_letter(house: People) -> None:
    house.admin()
    settings = settings_of_tests(EGIDE_SMTP_URL="smtp://mail.example")
    client = an_app(house, house_settings=settings).test_client()
    sign_in(client, ADMIN)
    account = waiting(house, "other@demo.example")

    send(client, "/accounts/new", email=NEW, name="", locale="fr", role="sales", reason=REASON, until="")
    send(client, f"/accounts/{account.id}/letter")

    with house.database.read() as session:
        letters = [payload["letter"] for payload in session.scalars(select(Job.payload).order_by(Job.id))]
    assert letters == [Letter.FIRST_LINK, Letter.FIRST_LINK]
    assert PASSWORD
    assert timedelta(0) == timedelta()
