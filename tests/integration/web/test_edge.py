"""What every answer says to the browser, and what a browser may not be made to send."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from governance.actor import Role
from governance.web.edge import MAXIMUM_BODY_BYTES, EdgeSettings
from governance.web.headers import CONTENT_SECURITY_POLICY
from tests.builders.identity import People
from tests.builders.web import SECRET_KEY, an_app, parse, sign_in, token_of, words

DPO = "dpo@demo.example"


@pytest.mark.parametrize("path", ["/sign-in", "/api/probe/open", "/api/nowhere", "/nowhere", "/static/egide.css", "/"])
def test_every_answer_is_told_to_run_nothing_and_tell_nobody(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers

    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert not [name for name, _ in headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("path", ["/sign-in", "/api/probe/open", "/nowhere", "/static/nowhere.css"])
def test_no_answer_is_kept_but_static_files(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_long_under_their_hash_and_asked_for_without(client: FlaskClient) -> None:
    page = parse(client.get("/sign-in"))
    sheets = [link.attrib["href"] for link in page.findall(".//{*}link[@rel='stylesheet']")]
    assert len(sheets) == 2

    for sheet in sheets:
        assert sheet.startswith("/")
        with client.get(sheet) as hashed, client.get(sheet.partition("?")[0]) as plain:
            kept, asked_for = hashed.headers["Cache-Control"], plain.headers["Cache-Control"]
        assert "immutable" in kept
        assert "max-age=31536000" in kept
        assert "immutable" not in asked_for


def test_pages_hold_no_style_no_script_and_nothing_of_another_host(client: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/"):
        page = parse(client.get(path))
        for element in page.iter():
            assert "style" not in element.attrib
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not str(element.tag).endswith(("}style", "}script"))
            for name in ("href", "src", "action"):
                assert element.attrib.get(name, "/").startswith(("/", "#"))


def test_over_https_cookies_are_for_this_host_alone(house: People) -> None:
    house.account(DPO, Role.DPO)
    settings = EdgeSettings(base_url="https://egide.example", secret_key=SECRET_KEY)
    client = an_app(house, settings=settings).test_client()
    headers = {"Host": "egide.example", "Referer": "https://egide.example/sign-in"}
    page = client.get("/sign-in", base_url="https://egide.example")
    token = parse(page).findall(".//{*}input[@name='csrf_token']")[0].attrib["value"]

    response = client.post(
        "/sign-in",
        base_url="https://egide.example",
        data={"csrf_token": token, "email": DPO, "password": "correct horse battery staple", "next": "/"},
        headers=headers,
    )

    assert response.status_code == 303
    cookies = [cookie for cookie in response.headers.getlist("Set-Cookie") if "egide" in cookie]
    assert any(cookie.startswith("__Host-egide=") for cookie in cookies)
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_over_https_another_host_is_not_for_us(house: People) -> None:
    settings = EdgeSettings(base_url="https://egide.example", secret_key=SECRET_KEY)
    client = an_app(house, settings=settings).test_client()

    assert client.get("/sign-in", base_url="https://evil.example").status_code == 400


# -- forged requests


def test_a_change_without_the_token_is_refused(client: FlaskClient, house: People) -> None:
    house.account(DPO, Role.DPO)
    sign_in(client, DPO)

    refused = client.post("/api/probe/mine")
    given = client.post("/api/probe/mine", headers={"X-CSRFToken": token_of(client)})

    assert refused.status_code == 400
    assert refused.get_json()["type"].endswith("/problems/form-expired")
    assert given.status_code == 200


def test_the_token_of_another_browser_is_refused(app: Flask, house: People) -> None:
    house.account(DPO, Role.DPO)
    client, thief = app.test_client(), app.test_client()
    sign_in(client, DPO)

    assert client.post("/api/probe/mine", headers={"X-CSRFToken": token_of(thief)}).status_code == 400


def test_a_token_from_before_sign_in_is_not_good_afterwards(client: FlaskClient, house: People) -> None:
    house.account(DPO, Role.DPO)
    before = token_of(client)
    sign_in(client, DPO)

    assert client.post("/api/probe/mine", headers={"X-CSRFToken": before}).status_code == 400


def test_programs_with_a_token_need_none(client: FlaskClient, house: People) -> None:
    headers = {"Authorization": f"Bearer {house.token(Role.SERVICE).secret}"}

    assert client.post("/api/probe/mine", headers=headers).get_json()["roles"] == ["service"]


def test_an_invalid_authorization_header_does_not_spare_the_token(client: FlaskClient) -> None:
    response = client.post("/api/probe/echo", headers={"Authorization": "Bearer x"}, data=b"x")

    assert response.status_code == 400


def test_whoever_is_not_signed_in_is_told_that_first(client: FlaskClient) -> None:
    assert client.post("/api/probe/mine").status_code == 401


# -- other sites


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_opens_no_page_that_is_recorded(client: FlaskClient, house: People, site: str) -> None:
    house.account(DPO, Role.DPO)
    sign_in(client, DPO)
    navigation = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    for mode in (navigation, {**navigation, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}):
        refused = client.get("/api/probe/mine", headers=mode)
        assert refused.status_code == 403
        assert refused.get_json()["type"].endswith("/problems/from-another-site")


def test_a_person_who_follows_a_link_from_elsewhere_is_asked_first(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    page = client.get("/", headers=headers)

    assert page.status_code == 403
    assert [a for a in parse(page).findall(".//{*}a[@href='/']") if a.attrib.get("class") == "btn btn-primary"]
    assert client.get("/sign-in", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_nothing_is_embedded_or_fetched_from_elsewhere(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/sign-in", headers=headers).status_code == 403


def test_no_form_is_sent_from_elsewhere(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert client.post("/sign-in", headers=headers, data={"csrf_token": token_of(client)}).status_code == 403


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_no_page_is_opened_ahead_of_time(client: FlaskClient, house: People, header: str) -> None:
    house.account(DPO, Role.DPO)
    sign_in(client, DPO)

    assert client.get("/api/probe/mine", headers={header: "prefetch;prerender"}).status_code == 503
    assert client.get("/api/probe/open", headers={header: "prefetch"}).status_code == 200


def test_our_own_pages_open(client: FlaskClient, house: People) -> None:
    house.account(DPO, Role.DPO)
    sign_in(client, DPO)

    for site in ("same-origin", "none"):
        assert client.get("/api/probe/mine", headers={"Sec-Fetch-Site": site}).status_code == 200


# -- limits and sizes


def test_what_is_paced_is_counted_for_each_who_asks(app: Flask, house: People) -> None:
    asked = {}
    for email, role in ((DPO, Role.DPO), ("support@demo.example", Role.SUPPORT)):
        house.account(email, role)
        client = app.test_client()
        sign_in(client, email)
        asked[email] = [client.get("/api/probe/paced") for _ in range(3)]

    assert [[each.status_code for each in answers] for answers in asked.values()] == [[200, 200, 429]] * 2
    assert asked[DPO][-1].headers["Retry-After"] == "60"


def test_whoever_asks_too_often_waits(client: FlaskClient, house: People) -> None:
    headers = {"X-CSRFToken": token_of(client)}
    statuses = [client.post("/api/probe/limited", headers=headers).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]

    refused = client.post("/api/probe/limited", headers=headers)
    assert refused.mimetype == "application/problem+json"
    assert "Retry-After" in refused.headers

    house.clock.advance(seconds=60)
    assert client.post("/api/probe/limited", headers=headers).status_code == 200


def test_a_body_that_is_too_large_is_not_read(client: FlaskClient) -> None:
    headers = {"X-CSRFToken": token_of(client)}

    assert client.post("/api/probe/echo", headers=headers, data=b"x" * MAXIMUM_BODY_BYTES).status_code == 200
    refused = client.post("/api/probe/echo", headers=headers, data=b"x" * (MAXIMUM_BODY_BYTES + 1))
    assert refused.status_code == 413
    assert refused.get_json()["type"].endswith("/problems/too-large")


# -- errors


def test_an_error_of_the_domain_is_a_problem_with_its_facts(client: FlaskClient) -> None:
    response = client.get("/api/probe/altered")

    assert response.status_code == 409
    assert response.mimetype == "application/problem+json"
    document = response.get_json()
    assert document["type"] == "http://localhost:8000/problems/altered"
    assert (document["status"], document["reference"]) == (409, "42")
    assert "message" not in document


def test_an_unexpected_error_says_nothing_of_what_happened(house: People, caplog: pytest.LogCaptureFixture) -> None:
    app = an_app(house)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    response = app.test_client().get("/api/probe/broken")

    assert response.status_code == 500
    told = response.get_json()
    assert "camille" not in json.dumps(told)
    assert "ZeroDivision" not in json.dumps(told)
    assert told["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "camille" not in caplog.text


def test_where_the_database_does_not_answer_people_read_a_plain_page_and_programs_a_document(
    app: Flask, house: People, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    house.account(DPO, Role.DPO)
    client = app.test_client()
    sign_in(client, DPO)
    token = {"Authorization": f"Bearer {house.token(Role.SERVICE).secret}"}
    engine = house.database.engine
    engine.dispose()

    def refuse(*_: object) -> None:
        raise engine.dialect.loaded_dbapi.OperationalError("server db.demo.example refuses")

    event.listen(engine, "do_connect", refuse)
    page = client.get("/account")
    document = client.get("/api/probe/mine", headers=token)
    event.remove(engine, "do_connect", refuse)

    for answer in (page, document):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "db.demo.example" not in answer.text + caplog.text
        assert not [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("egide=")]
    assert "503" in words(page)
    told = document.get_json()
    assert told["type"].endswith("/problems/unavailable")
    assert told["reference"] in caplog.text
    assert client.get("/account").status_code == 200


def test_people_get_pages_and_programs_documents(client: FlaskClient) -> None:
    page = client.get("/nowhere")
    document = client.get("/nowhere", headers={"Accept": "application/problem+json"})

    assert page.mimetype == "text/html"
    assert "404" in words(page)
    assert document.mimetype == "application/problem+json"
    assert client.get("/api/nowhere", headers={"Accept": "text/html"}).mimetype == "application/problem+json"


def test_a_refusal_to_a_program_says_how_to_come_in(client: FlaskClient) -> None:
    assert client.get("/api/probe/mine").headers["WWW-Authenticate"].startswith("Bearer")


def test_a_closed_page_is_the_sign_in_form_at_its_own_address(client: FlaskClient) -> None:
    page = client.get("/")

    assert page.status_code == 401
    assert parse(page).findall(".//{*}form[@action='/sign-in']")
