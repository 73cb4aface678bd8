"""The way to the provider and back, as a browser goes it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.identity.models import Account
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.openid_door import DoorParts, OpenIdDoor
from governance.identity.service import (
    NewAccount,
    NewRole,
    SetRule,
    add_account,
    assign_role,
    set_second_factor_rule,
)
from governance.settings import Settings, load_settings
from tests.builders.identity import People
from tests.builders.openid import CLIENT, SECRET, Provider, returned, running_provider
from tests.builders.web import an_app, parse, sign_in, token_of, words

EMAIL = "camille@demo.example"
RETURN = "/sign-in/openid/return"


@pytest.fixture
def provider(house: People) -> Iterator[Provider]:
    with running_provider(house.clock) as running:
        running.who = {"sub": "abc", "email": EMAIL, "email_verified": True, "groups": []}
        yield running


def settings_of(provider: Provider) -> Settings:
    return load_settings(
        {
            "EGIDE_OIDC_ISSUER": provider.issuer,
            "EGIDE_OIDC_CLIENT_ID": CLIENT,
            "EGIDE_OIDC_CLIENT_SECRET": SECRET,
            "EGIDE_OIDC_NAME": "Annuaire de la maison",
        }
    )


@pytest.fixture
def app(house: People, provider: Provider) -> Flask:
    settings = settings_of(provider)
    assert settings.openid is not None
    parts = DoorParts(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        log=house.log,
        settings=settings.openid,
        return_address=f"http://localhost:8000{RETURN}",
    )
    return an_app(house, house_settings=settings, services={OpenIdDoor: OpenIdDoor(parts)}, interface=False)


@pytest.fixture
def camille(house: People) -> Account:
    controller = house.controller()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, controller, NewAccount(email=EMAIL))
        assign_role(session, house.clock, house.ids, controller, NewRole(account_id=account.id, role=Role.SALES))
    return account


def leave(client: FlaskClient, path: str = "/sign-in/openid") -> str:
    answer = client.get(path)
    assert answer.status_code == 303
    return answer.headers["Location"]


def come_back(client: FlaskClient, query: str, **other: str) -> TestResponse:
    """Open the page that the provider leads to, and send its form on as its script does."""
    page = parse(client.get(f"{RETURN}?{query}"))
    [form] = page.findall(".//{*}form[@id='send-on']")
    fields = {each.attrib["name"]: each.attrib["value"] for each in form.findall(".//{*}input")}
    return client.post(form.attrib["action"], data={**fields, **other})


def test_somebody_comes_in_and_goes_on_where_they_were_going(app: Flask, provider: Provider, camille: Account) -> None:
    client = app.test_client()

    entered = come_back(client, returned(provider, leave(client, "/sign-in/openid?next=/account")))

    assert (entered.status_code, entered.headers["Location"]) == (303, "/account")
    assert client.get("/api/probe/mine").get_json()["roles"] == ["sales"]


def test_the_sign_in_page_names_the_provider(app: Flask) -> None:
    page = parse(app.test_client().get("/sign-in"))

    [link] = [a for a in page.findall(".//{*}a") if a.attrib["href"].startswith("/sign-in/openid")]
    assert "Annuaire de la maison" in "".join(link.itertext())


def test_without_a_provider_there_is_no_such_way(house: People) -> None:
    client = an_app(house).test_client()

    assert "openid" not in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/sign-in/openid").status_code == 404
    assert client.get(RETURN).status_code == 404
    assert client.post(RETURN, data={"csrf_token": token_of(client)}).status_code == 404


def test_coming_back_changes_nothing_before_the_form_is_sent(app: Flask, provider: Provider, camille: Account) -> None:
    client = app.test_client()
    query = returned(provider, leave(client))
    client.get(f"{RETURN}?{query}")
    client.get(f"{RETURN}?{query}")

    assert client.get("/api/probe/mine").status_code == 401
    assert come_back(client, query).status_code == 303


def test_an_answer_opens_nothing_in_another_browser_nor_twice(app: Flask, provider: Provider, camille: Account) -> None:
    client, thief = app.test_client(), app.test_client()
    query = returned(provider, leave(client))
    leave(thief)

    assert come_back(thief, query).status_code == 401
    assert thief.get("/api/probe/mine").status_code == 401
    assert come_back(client, query).status_code == 303
    assert come_back(client, query).status_code == 401


def test_a_page_of_another_site_sends_no_answer(app: Flask, provider: Provider, camille: Account) -> None:
    client = app.test_client()
    said = provider.authorize(leave(client))

    assert client.post(RETURN, data=said).status_code == 400


def test_an_attempt_ends_after_ten_minutes(app: Flask, provider: Provider, camille: Account, house: People) -> None:
    client = app.test_client()
    query = returned(provider, leave(client))
    house.clock.advance(minutes=10)

    assert come_back(client, query).status_code == 401


@pytest.mark.parametrize("query", ["", "error=access_denied&state=x", "code=x", "state=x", "code=x&state=x"])
def test_an_answer_that_is_none_leads_to_the_sign_in(app: Flask, query: str) -> None:
    client = app.test_client()
    leave(client)

    answer = come_back(client, query)

    assert answer.status_code == 401
    assert parse(answer).findall(".//{*}input[@name='password']")


def test_whoever_is_unknown_is_told_so_without_being_told_who_is_known(
    app: Flask, provider: Provider, house: People
) -> None:
    house.account(EMAIL, Role.SUPPORT)
    told = set()
    for who in (EMAIL, "nobody@demo.example"):
        provider.who |= {"email": who, "sub": who}
        client = app.test_client()
        answer = come_back(client, returned(provider, leave(client)))
        told.add((answer.status_code, words(answer)))

    assert len(told) == 1


def test_a_stranger_is_led_nowhere_outside(app: Flask, provider: Provider, camille: Account) -> None:
    client = app.test_client()

    entered = come_back(client, returned(provider, leave(client, "/sign-in/openid?next=//evil.example/")))

    assert entered.headers["Location"] == "/"


def link(client: FlaskClient, provider: Provider) -> str:
    """Begin to link, and return what the browser brings back."""
    page = parse(client.post("/account/openid", data={"csrf_token": token_of(client, "/account")}))
    [onward] = [a.attrib["href"] for a in page.findall(".//{*}a") if a.attrib["href"].startswith(provider.issuer)]
    return returned(provider, onward)


def test_whoever_has_a_password_links_the_two_from_inside(app: Flask, provider: Provider, house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client, other = app.test_client(), app.test_client()
    sign_in(client, EMAIL)

    linked = come_back(client, link(client, provider))

    assert linked.headers["Location"] == "/account"
    assert come_back(other, returned(provider, leave(other))).status_code == 303
    assert other.get("/api/probe/mine").get_json()["roles"] == ["support"]

    client.post("/account/openid/unlink", data={"csrf_token": token_of(client, "/account")})
    assert other.get("/api/probe/mine").status_code == 401
    assert come_back(other, returned(provider, leave(other))).status_code == 401


def test_whoever_comes_back_as_somebody_else_links_nothing(app: Flask, provider: Provider, house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    house.account("thief@demo.example", Role.SALES)
    client = app.test_client()
    sign_in(client, EMAIL)
    query = link(client, provider)
    client.delete_cookie("egide")

    assert come_back(client, query).status_code == 401


def linked(house: People) -> bool:
    with house.database.read() as session:
        return session.scalar(select(OpenIdIdentity.id)) is not None


def test_another_session_of_the_same_person_links_nothing(app: Flask, provider: Provider, house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client = app.test_client()
    sign_in(client, EMAIL)
    query = link(client, provider)
    client.delete_cookie("egide")
    sign_in(client, EMAIL)

    assert come_back(client, query).status_code == 401
    assert not linked(house)


def test_whoever_is_half_signed_in_on_the_way_back_links_nothing(app: Flask, provider: Provider, house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client = app.test_client()
    sign_in(client, EMAIL)
    query = link(client, provider)
    controller = house.controller()
    with house.database.write() as session:
        command = SetRule(role=Role.SUPPORT, required=True)
        set_second_factor_rule(session, house.clock, house.attestor, controller, command)

    assert come_back(client, query).status_code == 401
    assert not linked(house)


def test_whoever_is_no_longer_fresh_on_the_way_back_shows_who_they_are_and_begins_again(
    app: Flask, provider: Provider, house: People
) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client = app.test_client()
    sign_in(client, EMAIL)
    house.clock.advance(minutes=9)
    query = link(client, provider)
    house.clock.advance(minutes=2)

    answer = come_back(client, query)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/second-factor?next=/account"
    assert not linked(house)


def test_linking_is_begun_by_our_own_form_only(app: Flask, house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client = app.test_client()
    sign_in(client, EMAIL)

    assert client.post("/account/openid").status_code == 400
    assert client.get("/account/openid").status_code == 405
    house.clock.advance(minutes=11)
    late = client.post("/account/openid", data={"csrf_token": token_of(client, "/account")})
    assert late.status_code == 303, "whoever left the browser open is asked who they are first"


def test_a_provider_that_is_down_leaves_the_password(house: People) -> None:
    with running_provider(house.clock) as gone:
        pass
    settings = settings_of(gone)
    assert settings.openid is not None
    parts = DoorParts(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        log=house.log,
        settings=settings.openid,
        return_address=f"http://localhost:8000{RETURN}",
    )
    client = an_app(
        house, house_settings=settings, services={OpenIdDoor: OpenIdDoor(parts)}, interface=False
    ).test_client()

    answer = client.get("/sign-in/openid")

    assert answer.status_code == 503
    assert parse(answer).findall(".//{*}input[@name='password']")


def test_nothing_that_went_to_the_provider_is_kept_in_the_address(app: Flask, provider: Provider) -> None:
    url = leave(app.test_client())

    assert urlsplit(url).netloc == urlsplit(provider.issuer).netloc
    assert SECRET not in url


def test_the_way_to_the_provider_is_limited_though_it_is_a_link(app: Flask) -> None:
    client = app.test_client()

    answers = [client.get("/sign-in/openid").status_code for _ in range(31)]

    assert answers == [303] * 30 + [429]
