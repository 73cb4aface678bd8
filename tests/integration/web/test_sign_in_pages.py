"""The pages of identity, as a browser meets them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from governance.actor import SYSTEM, Role
from governance.identity.service import disable_account, link_first_administrator
from tests.builders.identity import PASSWORD, People
from tests.builders.web import parse, sign_in, token_of, words

SUPPORT = "support@demo.example"
NEW = "a new and better password"


def cookie_of(client: FlaskClient) -> str | None:
    cookie = client.get_cookie("egide")
    return None if cookie is None else cookie.value


def sign_out(client: FlaskClient) -> None:
    page = parse(client.get("/"))
    token = page.findall(".//{*}form[@action='/sign-out']/{*}input")[0].attrib["value"]
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_a_person_signs_in_and_out(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    assert client.get("/api/probe/mine").status_code == 401

    assert sign_in(client, SUPPORT).headers["Location"] == "/"
    assert client.get("/api/probe/mine").get_json()["roles"] == ["support"]

    kept = cookie_of(client)
    assert kept is not None
    sign_out(client)
    assert cookie_of(client) is None
    client.set_cookie("egide", kept)
    assert client.get("/api/probe/mine").status_code == 401, "the server closed it, whatever the browser kept"


def test_each_sign_in_has_a_new_secret(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    client.set_cookie("egide", "a secret that somebody else fixed beforehand")
    sign_in(client, SUPPORT)
    first = cookie_of(client)
    sign_in(client, SUPPORT)

    assert first != cookie_of(client)
    assert "fixed" not in str(first)


def test_the_page_says_the_same_whoever_is_unknown_mistaken_or_disabled(app: Flask, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    gone = house.account("gone@demo.example", Role.SUPPORT)
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, gone.id)

    told = set()
    for email in (SUPPORT, "nobody@demo.example", "gone@demo.example"):
        response = sign_in(app.test_client(), email, "wrong password indeed")
        form = parse(response).findall(".//{*}input[@name='email']")[0]
        assert form.attrib["value"] == email
        told.add((response.status_code, words(response)))

    assert len(told) == 1


def test_a_password_is_never_sent_back(client: FlaskClient, house: People) -> None:
    wrong = sign_in(client, SUPPORT, "wrong password indeed")
    missing = sign_in(client, SUPPORT, "")

    assert b"wrong password indeed" not in wrong.data
    assert (wrong.status_code, missing.status_code) == (401, 422)


def test_too_many_failures_say_how_long_to_wait(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    for _ in range(5):
        sign_in(client, SUPPORT, "wrong password indeed")

    response = sign_in(client, SUPPORT)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "31"


def test_one_address_does_not_try_many_accounts(client: FlaskClient, house: People) -> None:
    statuses = [sign_in(client, f"person-{n}@demo.example", PASSWORD).status_code for n in range(21)]

    assert statuses == [401] * 20 + [429]


@pytest.mark.parametrize(
    ("onward", "leads_to"),
    [
        ("/customers?purpose=after-sales", "/customers?purpose=after-sales"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_nowhere_outside(client: FlaskClient, house: People, onward: str, leads_to: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)

    response = sign_in(client, SUPPORT, onward=onward)

    assert response.status_code == 303
    assert response.headers["Location"] == leads_to


def test_whoever_waits_for_the_countersignature_is_told_and_can_leave(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT, by=house.admin())

    sign_in(client, SUPPORT)
    page = client.get("/")

    assert page.status_code == 200
    assert client.get("/api/probe/both").status_code == 403
    sign_out(client)


def test_a_role_changed_by_sql_closes_every_page(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE role_assignment SET role = 'dpo' WHERE role = 'support'"))

    assert client.get("/api/probe/mine").status_code == 409


def test_a_link_is_opened_without_being_used_and_works_when_its_form_is_sent(
    client: FlaskClient, house: People
) -> None:
    with house.database.write() as session:
        secret = link_first_administrator(session, house.clock, house.ids, SYSTEM).secret
    path = f"/link/{secret}"
    for _ in range(2):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    form = {"csrf_token": token_of(client, path), "email": "first@demo.example", "password": NEW, "again": NEW}

    wrong = client.post(path, data={**form, "again": "another password"})
    weak = client.post(path, data={**form, "password": "short", "again": "short"})
    unforged = client.post(path, data={**form, "csrf_token": ""})
    done = client.post(path, data=form)
    again = client.post(path, data=form)

    assert [r.status_code for r in (wrong, weak, unforged, done, again)] == [422, 422, 400, 303, 404]
    assert sign_in(client, "first@demo.example", NEW).status_code == 303
    assert client.get("/api/probe/mine").get_json()["roles"] == ["admin"]


def test_a_link_that_is_not_one_is_told_as_such(client: FlaskClient) -> None:
    assert client.get("/link/unknown").status_code == 404


def test_a_session_that_ended_takes_its_cookie_with_it(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(hours=13)

    assert client.get("/").status_code == 401
    assert cookie_of(client) is None


def test_a_get_changes_nothing_but_the_last_use(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(minutes=5)

    def rows() -> dict[str, object]:
        with house.database.read() as session:
            return {
                table: session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()
                for table in ("account", "role_assignment", "sign_in_session", "last_use", "audit_entry", "rate_count")
            }

    before = rows()
    client.get("/")
    client.get("/sign-in")
    after = rows()

    assert {table for table in before if before[table] != after[table]} == {"last_use"}
