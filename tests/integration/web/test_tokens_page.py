"""The page of programs' tokens."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.identity import CONTROLLER_EMAIL, People
from tests.builders.web import parse, sign_in, token_of, words

PATH = "/tokens/"


@pytest.fixture
def admin(app: Flask, house: People) -> FlaskClient:
    house.admin()
    client = app.test_client()
    sign_in(client, "admin@demo.example")
    return client


@pytest.fixture
def controller(app: Flask, house: People) -> FlaskClient:
    house.controller()
    client = app.test_client()
    sign_in(client, CONTROLLER_EMAIL)
    return client


def send(client: FlaskClient, path: str = PATH, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, PATH), **fields})


def secret_in(response: TestResponse) -> str:
    found = re.search(r"egide_[\w-]{43}", response.get_data(as_text=True))
    assert found is not None
    return found.group()


def actions_of(client: FlaskClient, ending: str) -> list[str]:
    actions = (form.attrib.get("action", "") for form in parse(client.get(PATH)).findall(".//{*}form"))
    return [action for action in actions if action.endswith(ending)]


def opens(app: Flask, secret: str) -> bool:
    answer = app.test_client().get("/api/probe/mine", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code == 200


def test_a_token_that_an_administrator_makes_waits_for_the_controller(
    admin: FlaskClient, controller: FlaskClient, app: Flask
) -> None:
    made = send(admin, name="Till", role="service", until="2027-03-01")
    assert made.status_code == 303
    assert "egide_" not in admin.get(PATH).get_data(as_text=True), "it has no secret yet"
    assert actions_of(admin, "/countersign") == []

    [countersign] = actions_of(controller, "/countersign")
    assert send(admin, countersign).status_code == 403
    confirmed = send(controller, countersign)
    assert confirmed.status_code == 200
    secret = secret_in(confirmed)
    assert opens(app, secret)
    assert secret not in controller.get(PATH).get_data(as_text=True)
    assert send(controller, countersign).status_code == 422

    send(admin, actions_of(admin, "/revoke")[0])
    assert not opens(app, secret)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"until": ""},
        {"until": "2026-11-21"},
        {"until": "2027-12-28"},
        {"until": "2099-01-01"},
        {"until": "never"},
        {"until": "9999-12-31"},
        {"role": "controller"},
        {"role": "admin"},
        {"role": "auditor"},
        {"role": "nonsense"},
    ],
)
def test_a_token_that_cannot_be_is_told_beside_its_field(admin: FlaskClient, wrong: dict[str, str]) -> None:
    refused = send(admin, **({"name": "Till", "role": "service", "until": "2027-03-01"} | wrong))

    assert refused.status_code == 422
    assert parse(refused).findall(".//{*}p[@class='wrong']")
    assert "egide_" not in refused.get_data(as_text=True)


def test_a_name_is_taken_once(admin: FlaskClient) -> None:
    send(admin, name="Till", role="service", until="2027-03-01")

    assert send(admin, name="Till", role="service", until="2027-03-01").status_code == 422


def test_a_token_that_nobody_uses_is_marked(controller: FlaskClient, house: People) -> None:
    used, unused = house.token(name="used"), house.token(name="unused")
    house.clock.moment += timedelta(days=91)
    house.doorkeeper.by_token(used.secret, None)
    sign_in(controller, CONTROLLER_EMAIL)

    rows = parse(controller.get(PATH, headers={"Accept-Language": "en"})).findall(".//{*}tbody/{*}tr")

    stale = {"unused" if "unused" in "".join(row.itertext()).split() else "used": row for row in rows}
    assert "not used for 90 days" in "".join(stale["unused"].itertext())
    assert "not used for 90 days" not in "".join(stale["used"].itertext())
    assert unused.token.name == "unused"


def test_without_a_token_the_page_says_what_one_is_for(admin: FlaskClient) -> None:
    assert "gate" in words(admin.get(PATH, headers={"Accept-Language": "en"}))


def test_a_persons_own_token_is_nobody_elses_business(admin: FlaskClient, app: Flask, house: People) -> None:
    house.account("support@demo.example", Role.SUPPORT)
    client = app.test_client()
    sign_in(client, "support@demo.example")
    form = {"csrf_token": token_of(client, "/account"), "name": "my own", "role": "support", "until": ""}
    client.post("/account/tokens", data=form)

    assert "my own" not in words(admin.get(PATH))
