"""The cookie of a device: given after a complete sign-in, shown at the next one, and there for nothing else."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.identity.doorkeeper import SignIn
from governance.identity.errors import CredentialsRefusedError, SignInLockedError
from governance.identity.lockout import FREE_FAILURES, MOST_CONFIRMATIONS
from governance.web.csrf import HEADER
from governance.web.edge import EdgeSettings
from tests.builders.identity import PASSWORD, People
from tests.builders.second_factors import somebody_with_an_app
from tests.builders.web import SECRET_KEY, an_app, sign_in, token_of, words

SUPPORT = "support@demo.example"
COOKIE = "egide-device"


def given(answer: TestResponse, name: str = COOKIE) -> str | None:
    found = [each for each in answer.headers.getlist("Set-Cookie") if parse_cookie(each).get(name)]
    return found[0] if found else None


def lock(house: People) -> None:
    for _ in range(FREE_FAILURES + 2):
        try:
            house.doorkeeper.sign_in(SignIn(email=SUPPORT, password="wrong password indeed"))
        except (CredentialsRefusedError, SignInLockedError):
            continue


def test_whoever_signed_in_here_before_comes_in_while_strangers_guess(
    app: Flask, client: FlaskClient, house: People
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    cookie = given(sign_in(client, SUPPORT))
    assert cookie is not None
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= set(cookie.split("; "))
    client.post("/sign-out", data={"csrf_token": token_of(client, "/account/password")})
    lock(house)

    assert sign_in(app.test_client(), SUPPORT).status_code == 429
    assert sign_in(client, SUPPORT).status_code == 303


def test_over_https_the_cookie_is_bound_to_the_host_and_to_https(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    client = an_app(house, settings=EdgeSettings(base_url="https://localhost", secret_key=SECRET_KEY)).test_client()
    token = token_of_secure(client)
    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "email": SUPPORT, "password": PASSWORD},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
    )

    cookie = given(answer, "__Host-egide-device")
    assert cookie is not None
    assert "Secure" in cookie.split("; ")


def token_of_secure(client: FlaskClient) -> str:
    page = client.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def test_a_device_is_known_only_once_the_second_factor_was_shown(client: FlaskClient, house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    half = sign_in(client, SUPPORT)
    form = {"csrf_token": token_of(client, "/second-factor"), "code": app.code(house.clock)}
    whole = client.post("/second-factor/code", data=form)

    assert given(half) is None
    assert whole.status_code == 303
    assert given(whole) is not None


def test_a_device_is_known_after_a_second_factor_over_rest_too(client: FlaskClient, house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    token = token_of(client, "/second-factor")

    whole = client.post("/api/v1/me/second-factor", json={"code": app.code(house.clock)}, headers={HEADER: token})

    assert whole.status_code == 204
    assert given(whole) is not None


def test_a_refused_sign_in_gives_no_cookie_and_the_cookie_opens_nothing(
    app: Flask, client: FlaskClient, house: People
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    assert given(sign_in(client, SUPPORT, "wrong password indeed")) is None
    sign_in(client, SUPPORT)
    kept = client.get_cookie(COOKIE)
    assert kept is not None

    stranger = app.test_client()
    stranger.set_cookie(COOKIE, kept.value)
    assert stranger.get("/api/probe/mine").status_code == 401


def test_a_session_in_which_too_much_was_guessed_ends_on_the_sign_in_page(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    statuses = [guess_inside(client, house) for _ in range(MOST_CONFIRMATIONS)]

    assert statuses == [422] * (MOST_CONFIRMATIONS - 1) + [401]
    assert client.get("/api/probe/mine").status_code == 401


def guess_inside(client: FlaskClient, house: People) -> int:
    form = {"csrf_token": token_of(client, "/account/password"), "password": "wrong password indeed"}
    answer = client.post("/second-factor/password", data=form, headers={"Accept-Language": "en"})
    ended = "this session has ended" in words(answer)
    assert ended is (answer.status_code == 401), words(answer)
    house.clock.advance(minutes=15)
    return answer.status_code
