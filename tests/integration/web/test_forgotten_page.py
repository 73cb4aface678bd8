"""The page of a forgotten password."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.actor import Role
from governance.identity.service import disable_account
from governance.jobs.models import Job
from tests.builders.identity import People
from tests.builders.web import an_app, parse, settings_of_tests, sign_in, token_of, words

PATH = "/forgotten"
SUPPORT = "support@demo.example"


@pytest.fixture
def app(house: People) -> Flask:
    return an_app(house, house_settings=settings_of_tests(EGIDE_SMTP_URL="smtp://mail.example"))


def ask(client: FlaskClient, email: str) -> tuple[int, str, str]:
    answer = client.post(PATH, data={"csrf_token": token_of(client, PATH), "email": email})
    return answer.status_code, answer.headers.get("Location", ""), words(client.get("/forgotten/sent"))


def test_the_answer_is_the_same_whoever_is_asked_for(app: Flask, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    gone = house.account("gone@demo.example", Role.SUPPORT)
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, gone.id)

    answers = {ask(app.test_client(), email) for email in (SUPPORT, "gone@demo.example", "nobody@demo.example")}

    assert len(answers) == 1
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 3


def test_one_address_does_not_ask_all_day(app: Flask) -> None:
    client = app.test_client()

    statuses = [ask(client, f"person-{number}@demo.example")[0] for number in range(6)]

    assert statuses == [303] * 5 + [429]


def test_looking_at_the_page_asks_for_nothing(app: Flask, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    app.test_client().get(f"{PATH}?email={SUPPORT}")
    app.test_client().head(PATH)

    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_form_of_another_site_asks_for_nothing(app: Flask, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)

    assert app.test_client().post(PATH, data={"email": SUPPORT}).status_code == 400


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_mail_the_page_says_whom_to_ask(house: People, language: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    client = an_app(house).test_client()

    page = client.get(PATH, headers={"Accept-Language": language})

    assert "egide user link" in words(page)
    assert not parse(page).findall(".//{*}input[@name='email']")
    client.post(PATH, data={"csrf_token": token_of(client, "/sign-in"), "email": SUPPORT})
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_an_empty_field_is_told_beside_it(app: Flask) -> None:
    assert ask(app.test_client(), "")[0] == 422


def test_the_sign_in_page_leads_there(app: Flask) -> None:
    links = [a.attrib["href"] for a in parse(app.test_client().get("/sign-in")).findall(".//{*}a")]

    assert PATH in links


def test_asking_signs_nobody_out_and_changes_no_password(app: Flask, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    client = app.test_client()
    sign_in(client, SUPPORT)
    ask(app.test_client(), SUPPORT)

    assert client.get("/api/probe/mine").status_code == 200
    assert sign_in(app.test_client(), SUPPORT).status_code == 303
