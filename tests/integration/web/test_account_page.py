"""The page of one's own account."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.actor import Role
from tests.builders.identity import People
from tests.builders.web import parse, sign_in, token_of, words

SUPPORT = "support@demo.example"
PATH = "/account"


@pytest.fixture
def support(client: FlaskClient, house: People) -> FlaskClient:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    return client


def make(client: FlaskClient, name: str = "my commands", role: str = "support", until: str = "") -> tuple[int, str]:
    form = {"csrf_token": token_of(client, PATH), "name": name, "role": role, "until": until}
    response = client.post("/account/tokens", data=form)
    found = re.search(r"egide_[\w-]{43}", response.get_data(as_text=True))
    return response.status_code, found.group() if found else ""


def test_a_token_of_ones_own_is_shown_once_and_works(support: FlaskClient, app: Flask) -> None:
    status, secret = make(support)

    assert status == 200
    assert secret not in support.get(PATH).get_data(as_text=True)
    answer = app.test_client().get("/api/probe/mine", headers={"Authorization": f"Bearer {secret}"})
    assert answer.get_json()["roles"] == ["support"]


@pytest.mark.parametrize(
    ("name", "role", "until"),
    [
        ("", "support", ""),
        ("x", "dpo", ""),
        ("x", "nonsense", ""),
        ("x", "support", "2020-01-01"),
        ("x", "support", "x"),
        ("x", "support", "9999-12-31"),
    ],
)
def test_a_token_that_cannot_be_is_refused_on_its_form(support: FlaskClient, name: str, role: str, until: str) -> None:
    assert make(support, name, role, until) == (422, "")
    assert "x" not in [strong.text for strong in parse(support.get(PATH)).findall(".//{*}strong")]


def test_a_name_is_taken_once(support: FlaskClient) -> None:
    make(support)

    assert make(support) == (422, "")


def test_a_token_is_taken_back(support: FlaskClient, app: Flask) -> None:
    _, secret = make(support)
    action = next(
        form.attrib["action"]
        for form in parse(support.get(PATH)).findall(".//{*}form")
        if form.attrib.get("action", "").endswith("/revoke")
    )

    support.post(action, data={"csrf_token": token_of(support, PATH)})

    refused = app.test_client().get("/api/probe/mine", headers={"Authorization": f"Bearer {secret}"})
    assert refused.status_code == 401
    assert "my commands" not in words(support.get(PATH))


def test_another_device_is_signed_out_from_here(support: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    sign_in(other, SUPPORT)
    [action] = [
        form.attrib["action"]
        for form in parse(support.get(PATH)).findall(".//{*}form")
        if form.attrib.get("action", "").endswith("/close")
    ]

    support.post(action, data={"csrf_token": token_of(support, PATH)})

    assert other.get("/api/probe/mine").status_code == 401
    assert support.get("/api/probe/mine").status_code == 200


def test_nobody_touches_the_tokens_and_devices_of_another(support: FlaskClient, app: Flask, house: People) -> None:
    make(support)
    actions = [
        form.attrib["action"]
        for form in parse(support.get(PATH)).findall(".//{*}form")
        if form.attrib.get("action", "").startswith("/account/tokens/")
    ]
    house.account("sales@demo.example", Role.SALES)
    stranger = app.test_client()
    opened = house.sign_in(SUPPORT)
    sign_in(stranger, "sales@demo.example")

    for action in (*actions, f"/account/sessions/{opened.session_id}/close"):
        assert stranger.post(action, data={"csrf_token": token_of(stranger, PATH)}).status_code == 403
    assert house.doorkeeper.by_session(opened.secret, None) is not None


def test_whoever_has_no_role_sees_so_and_makes_no_token(client: FlaskClient, house: People) -> None:
    house.account("new@demo.example", Role.SALES, by=house.admin())
    sign_in(client, "new@demo.example")

    page = parse(client.get(PATH))

    assert not page.findall(".//{*}form[@action='/account/tokens']")
