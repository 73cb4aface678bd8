"""The pages of second factors, as a browser without JavaScript meets them, and their REST twins."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.identity.service import SetRule, set_second_factor_rule
from governance.web.csrf import HEADER
from tests.builders.identity import PASSWORD, People
from tests.builders.second_factors import App, Authenticator, somebody_with_an_app
from tests.builders.web import parse, sign_in, token_of, words

SUPPORT = "support@demo.example"
DPO = "dpo@demo.example"


def require(house: People, role: Role) -> None:
    controller = house.controller()
    with house.database.write() as session:
        command = SetRule(role=role, required=True)
        set_second_factor_rule(session, house.clock, house.attestor, controller, command)


def send(client: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page), **form})


def show(client: FlaskClient, code: str, onward: str = "/") -> TestResponse:
    return send(client, "/second-factor/code", "/second-factor", code=code, next=onward)


def hidden(page: TestResponse, name: str) -> str:
    found = parse(page).findall(f".//{{*}}main//{{*}}input[@name='{name}']")
    value: str = found[0].attrib["value"]
    return value


def add_app(client: FlaskClient, house: People, onward: str = "") -> tuple[App, TestResponse]:
    path = f"/account/second-factors/app?next={onward}"
    page = client.get(path)
    secret = "".join(parse(page).find(".//{*}code").itertext()).replace(" ", "")
    app = App(secret)
    form = {name: hidden(page, name) for name in ("factor", "sealed", "next", "csrf_token")}
    answer = client.post("/account/second-factors/app", data={**form, "code": app.code(house.clock), "name": "tablet"})
    return app, answer


def test_half_signed_in_every_page_leads_to_the_second_factor_and_back(client: FlaskClient, house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    led = client.get("/account")
    asked = client.get(led.headers["Location"])
    done = show(client, app.code(house.clock), hidden(asked, "next"))

    assert (led.status_code, led.headers["Location"]) == (303, "/second-factor?next=/account")
    assert asked.status_code == 200
    assert (done.status_code, done.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert client.get("/api/probe/mine").get_json()["roles"] == ["support"]


def test_half_signed_in_the_interface_answers_a_problem_of_its_own(client: FlaskClient, house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    for method, path in (("GET", "/api/probe/mine"), ("GET", "/api/v1/me/sessions"), ("POST", "/api/v1/me/password")):
        answer = client.open(path, method=method, json={} if method == "POST" else None)
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json(force=True)["type"].endswith("/problems/second-factor-needed")


def test_half_signed_in_the_language_and_the_way_out_stay_open(client: FlaskClient, house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    page = client.get("/second-factor")

    assert not [a for a in parse(page).findall(".//{*}a") if a.attrib.get("href") == "/account"]
    assert send(client, "/language", "/second-factor", locale="fr").status_code == 303
    assert send(client, "/sign-out", "/second-factor").status_code == 303
    assert client.get("/second-factor").status_code == 401


def test_the_page_leads_nowhere_outside(client: FlaskClient, house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    assert hidden(client.get("/second-factor?next=//evil.example/"), "next") == "/"
    assert show(client, app.code(house.clock), "https://evil.example/").headers["Location"] == "/"


def test_a_wrong_code_is_told_and_never_sent_back(client: FlaskClient, house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    wrong = show(client, "314159")

    assert wrong.status_code == 422
    assert b"314159" not in wrong.data
    assert client.get("/api/probe/mine").status_code == 401
    for _ in range(4):
        show(client, "314159")
    locked = show(client, "314159")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "31")


def test_a_recovery_code_stands_in(client: FlaskClient, house: People) -> None:
    _, enrolled = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    code = enrolled.recovery_codes[0]

    done = send(client, "/second-factor/recovery", "/second-factor", recovery=code, next="/account")

    assert done.status_code == 303
    assert "9 of 10 left" in words(client.get("/account", headers={"Accept-Language": "en"}))


def test_whoever_must_have_one_adds_it_first_and_goes_on(client: FlaskClient, house: People) -> None:
    house.account(DPO, Role.DPO)
    require(house, Role.DPO)
    sign_in(client, DPO)

    led = client.get("/account")
    led = client.get(led.headers["Location"])
    offered = client.get(led.headers["Location"])
    app, added = add_app(client, house, "/account")

    assert led.headers["Location"] == "/account/second-factors/add?next=/account"
    assert offered.status_code == 200
    assert len(re.findall(r"<li><code>[a-z2-9]{5}-[a-z2-9]{5}</code>", added.get_data(as_text=True))) == 10
    # Printed, the sheet says of which house and whose account it is, and of which day.
    facts = "".join(parse(added).find(".//{*}main//{*}dl").itertext())
    assert all(each in facts for each in ("Égide, localhost:8000", DPO, str(house.clock.now().year)))
    assert [a.attrib["href"] for a in parse(added).findall(".//{*}a[@class='btn btn-primary']")] == ["/account"]
    assert client.get("/api/probe/mine").get_json()["roles"] == ["dpo"]
    assert app.secret not in client.get("/account").get_data(as_text=True)


def test_a_wrong_first_code_draws_the_same_picture_again(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    page = client.get("/account/second-factors/app")
    form = {name: hidden(page, name) for name in ("factor", "sealed", "csrf_token")}
    path = "/account/second-factors/app"

    wrong = client.post(path, data={**form, "code": "000000", "name": "tablet"})
    forged = client.post(path, data={**form, "sealed": "AAAA", "factor": "x", "code": "000000"})

    assert (wrong.status_code, forged.status_code) == (422, 422)
    secrets = ["".join(parse(each).find(".//{*}code").itertext()) for each in (page, wrong, forged)]
    assert secrets[0] == secrets[1] != secrets[2]
    assert hidden(wrong, "name") == "tablet"


def test_whoever_has_a_factor_adds_no_other_before_showing_it(client: FlaskClient, house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    for path in ("add", "app", "passkey"):
        led = client.get(f"/account/second-factors/{path}")
        assert led.headers["Location"] == f"/second-factor?next=/account/second-factors/{path}"
    answer = client.post("/api/v1/me/second-factors/totp", headers={HEADER: token_of(client, "/second-factor")})
    assert answer.get_json(force=True)["type"].endswith("/problems/fresh-second-factor-needed")


GRAVE = [
    ("GET", "/account/second-factors/add"),
    ("GET", "/account/second-factors/app"),
    ("POST", "/account/second-factors/app"),
    ("GET", "/account/second-factors/passkey"),
    ("POST", "/account/second-factors/passkey"),
    ("GET", "/account/recovery-codes"),
    ("POST", "/account/recovery-codes"),
    ("GET", "/account/password"),
    ("POST", "/account/password"),
    ("POST", "/account/tokens"),
    ("POST", "/administration/second-factor/support"),
    ("POST", "/api/v1/me/second-factors/totp"),
    ("POST", "/api/v1/me/second-factors/passkeys/options"),
    ("DELETE", "/api/v1/me/second-factors/00000000-0000-7000-8000-000000000001"),
    ("POST", "/api/v1/me/recovery-codes"),
    ("POST", "/api/v1/second-factor-rules/support/relax"),
    ("POST", "/api/v1/users/00000000-0000-7000-8000-000000000001/reset-second-factor"),
]


@pytest.mark.parametrize(("method", "path"), GRAVE)
def test_what_protects_an_account_changes_only_after_a_fresh_second_factor(
    client: FlaskClient, house: People, method: str, path: str
) -> None:
    app, _ = somebody_with_an_app(house, "both@demo.example", Role.ADMIN)
    sign_in(client, "both@demo.example")
    show(client, app.code(house.clock))
    house.clock.advance(minutes=11)

    token = token_of(client, "/account")
    body: dict[str, object] | None = {} if path.startswith("/api") and method == "POST" else None
    answer = client.open(path, method=method, json=body, headers={HEADER: token})

    if path.startswith("/api"):
        assert answer.get_json(force=True)["type"].endswith("/problems/fresh-second-factor-needed"), answer.data
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/second-factor?next=/")
    house.clock.advance(seconds=30)
    assert show(client, app.code(house.clock), "/account").headers["Location"] == "/account"


def test_without_a_factor_the_password_confirms(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(minutes=11)

    led = client.get("/account/second-factors/add")
    form = {"password": PASSWORD, "next": "/account/second-factors/add"}
    wrong = send(client, "/second-factor/password", "/second-factor", **{**form, "password": "wrong password indeed"})
    done = send(client, "/second-factor/password", "/second-factor", **form)

    assert led.status_code == 303
    assert wrong.status_code == 422
    assert b"wrong password indeed" not in wrong.data
    assert done.headers["Location"] == "/account/second-factors/add"
    assert client.get("/account/second-factors/add").status_code == 200


def test_what_was_refused_on_the_way_is_not_half_done(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(minutes=11)

    led = send(client, "/account/tokens", "/account", name="mine", role="support", until="")

    assert led.status_code == 303
    assert "mine" not in words(client.get("/account"))


def test_a_factor_is_removed_after_a_page_that_asks(client: FlaskClient, house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    show(client, app.code(house.clock))
    [path] = [
        a.attrib["href"]
        for a in parse(client.get("/account")).findall(".//{*}a")
        if a.attrib.get("href", "").endswith("/remove")
    ]

    asked = client.get(path)
    done = send(client, path, path)

    assert "telephone" in words(asked)
    assert done.headers["Location"] == "/account"
    assert "telephone" not in words(client.get("/account", headers={"Accept-Language": "en"})).partition("removed")[2]
    assert client.get(path).status_code == 404


def test_the_factors_of_another_are_not_there(client: FlaskClient, house: People, app: Flask) -> None:
    phone, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    show(client, phone.code(house.clock))
    held = client.get("/api/v1/me/second-factors").get_json()["factors"][0]["id"]
    house.account("sales@demo.example", Role.SALES)
    stranger = app.test_client()
    sign_in(stranger, "sales@demo.example")

    assert stranger.get(f"/account/second-factors/{held}/remove").status_code == 404
    token = token_of(stranger, "/account")
    assert stranger.post(f"/account/second-factors/{held}/remove", headers={HEADER: token}).status_code == 404
    assert stranger.delete(f"/api/v1/me/second-factors/{held}", headers={HEADER: token}).status_code == 404
    assert len(client.get("/api/v1/me/second-factors").get_json()["factors"]) == 1


def test_a_password_is_changed_with_the_old_one_and_other_devices_are_signed_out(
    client: FlaskClient, house: People, app: Flask
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    other = app.test_client()
    sign_in(other, SUPPORT)
    sign_in(client, SUPPORT)
    new = "a new and better password"
    path = "/account/password"

    wrong = send(client, path, path, current="wrong password indeed", new=new, again=new)
    weak = send(client, path, path, current=PASSWORD, new="short", again="short")
    unlike = send(client, path, path, current=PASSWORD, new=new, again="another")
    done = send(client, path, path, current=PASSWORD, new=new, again=new)

    assert [each.status_code for each in (wrong, weak, unlike, done)] == [422, 422, 422, 303]
    assert new not in wrong.get_data(as_text=True)
    assert client.get("/api/probe/mine").status_code == 200
    assert other.get("/api/probe/mine").status_code == 401
    assert sign_in(app.test_client(), SUPPORT, new).status_code == 303


def test_every_other_device_is_signed_out_at_once(client: FlaskClient, house: People, app: Flask) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    others = [app.test_client() for _ in range(2)]
    for other in others:
        sign_in(other, SUPPORT)
    sign_in(client, SUPPORT)
    assert len(client.get("/api/v1/me/sessions").get_json()["sessions"]) == 3

    assert send(client, "/account/sessions/close-others", "/account").status_code == 303

    assert [other.get("/api/probe/mine").status_code for other in others] == [401, 401]
    [left] = client.get("/api/v1/me/sessions").get_json()["sessions"]
    assert left["here"]


def test_the_language_chosen_waits_on_the_next_device(client: FlaskClient, house: People, app: Flask) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    send(client, "/language", "/account", locale="en")
    send(client, "/language", "/account", locale="xx")

    elsewhere = app.test_client()
    sign_in(elsewhere, SUPPORT)

    page = elsewhere.get("/account", headers={"Accept-Language": "fr"})
    assert parse(page).attrib["lang"] == "en"
    assert house.doorkeeper.by_session(house.sign_in(SUPPORT).secret, None) is not None, "a language is not attested"


def test_the_rules_are_seen_by_who_watches_tightened_by_an_administrator_relaxed_by_the_controller(
    app: Flask, house: People
) -> None:
    house.controller()
    house.admin()
    house.account("auditor@demo.example", Role.AUDITOR)
    path, rule = "/administration/second-factor", "/administration/second-factor/sales"

    def status(email: str, **form: str) -> tuple[int, int]:
        client = app.test_client()
        sign_in(client, email)
        seen = client.get(path).status_code
        token = token_of(client, "/account")
        return seen, client.post(rule, data={"csrf_token": token, **form}).status_code

    assert status("auditor@demo.example", required="yes") == (200, 403)
    assert status("admin@demo.example", required="yes") == (200, 303)
    assert status("admin@demo.example", required="no") == (200, 403)
    assert status("controller@demo.example", required="no") == (200, 303)
    house.account(SUPPORT, Role.SUPPORT)
    assert status(SUPPORT, required="yes") == (403, 403)


def test_what_the_pages_do_the_interface_does(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    def ask(method: str, path: str, body: object = None) -> TestResponse:
        token = token_of(client, "/sign-in")
        return client.open(f"/api/v1{path}", method=method, json=body, headers={HEADER: token})

    draft = ask("POST", "/me/second-factors/totp").get_json()
    app = App(draft["secret"])
    confirm = {"id": draft["id"], "sealed": draft["sealed"], "code": app.code(house.clock), "name": "tablet"}
    added = ask("POST", "/me/second-factors/totp/confirm", confirm)
    key = Authenticator()
    asked = ask("POST", "/me/second-factors/passkeys/options").get_json()["options"]
    made = ask("POST", "/me/second-factors/passkeys", {"name": "key", "credential": key.make(asked)})
    assert (added.status_code, made.status_code) == (201, 201)
    assert len(added.get_json()["recovery_codes"]) == 10
    assert made.get_json()["recovery_codes"] == []

    sign_in(client, SUPPORT)
    assert ask("GET", "/me/second-factors").get_json()["pending"]
    asked = ask("POST", "/me/second-factor/options").get_json()["options"]
    assert ask("POST", "/me/second-factor", {"credential": key.show(asked)}).status_code == 204
    listed = ask("GET", "/me/second-factors").get_json()
    assert [(each["kind"], each["name"]) for each in listed["factors"]] == [("totp", "tablet"), ("passkey", "key")]
    assert not listed["pending"]

    codes = ask("POST", "/me/recovery-codes").get_json()["recovery_codes"]
    assert ask("DELETE", f"/me/second-factors/{listed['factors'][0]['id']}").status_code == 204
    new = {"current": PASSWORD, "new": "a new and better password"}
    assert ask("POST", "/me/password", new).status_code == 204
    assert ask("POST", "/me/second-factor", {"recovery_code": codes[0]}).status_code == 204
    assert ask("POST", "/me/sessions/close-others").get_json() == {"closed": 0}


@pytest.mark.parametrize(
    "body", [{}, {"code": "1", "password": "x"}, {"code": 1}, {"unknown": "x"}, {"credential": []}]
)
def test_a_proof_is_one_thing(client: FlaskClient, house: People, body: dict[str, object]) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    answer = client.post("/api/v1/me/second-factor", json=body, headers={HEADER: token_of(client, "/account")})

    assert answer.status_code == 422


def test_a_token_has_no_factors_no_sessions_and_no_password(app: Flask, house: People) -> None:
    token = house.token(Role.ADMIN).secret
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}

    for method, path in (
        ("GET", "/me/second-factors"),
        ("POST", "/me/second-factors/totp"),
        ("GET", "/me/sessions"),
        ("POST", "/me/recovery-codes"),
        ("POST", "/second-factor-rules/support/relax"),
    ):
        assert client.open(f"/api/v1{path}", method=method, headers=headers).status_code == 403
    assert client.post("/api/v1/second-factor-rules/support/require", headers=headers).status_code == 204
    assert client.post("/api/v1/second-factor-rules/nobody/require", headers=headers).status_code == 404
    rules = client.get("/api/v1/second-factor-rules", headers=headers).get_json()["rules"]
    assert [each["role"] for each in rules if each["required"]] == ["support"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_speaks_both_languages(client: FlaskClient, house: People, language: str) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    headers = {"Accept-Language": language}
    pages = [client.get("/second-factor", headers=headers)]
    show(client, app.code(house.clock))
    paths = ("second-factors/add", "second-factors/app", "second-factors/passkey", "recovery-codes", "password")
    pages += [client.get(f"/account/{path}", headers=headers) for path in paths]

    assert [page.status_code for page in pages] == [200] * 6
    assert {parse(page).attrib["lang"] for page in pages} == {language}
