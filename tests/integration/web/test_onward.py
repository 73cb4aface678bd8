"""Ways on and back: to the page that was asked for, never elsewhere, and without what tells of somebody."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.identity import People
from tests.builders.web import parse, sign_in, words

SUPPORT = "support@demo.example"
HTML = {"Accept": "text/html"}


def onward(page: TestResponse) -> str:
    """Return where the sign-in form that a page holds leads."""
    assert page.status_code == 401
    value: str = parse(page).findall(".//{*}main//{*}input[@name='next']")[0].attrib["value"]
    return value


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/?purpose=after-sales", "/?purpose=after-sales"),
        ("/account?purpose=after-sales&after=120&before=7", "/account?purpose=after-sales&after=120&before=7"),
        ("/account?email=customer-12@demo.example&purpose=after-sales", "/account?purpose=after-sales"),
        ("/account?purpose=Camille+Martin", "/account"),
        ("/account?after=0612345678901234567890", "/account"),
        ("/account?purpose=//evil.example", "/account"),
    ],
)
def test_signing_in_leads_to_what_was_asked_for_with_its_purpose_and_nothing_personal(
    client: FlaskClient, asked: str, kept: str
) -> None:
    assert onward(client.get(asked, headers=HTML)) == kept


def test_a_session_that_ended_is_said_to_have_ended(client: FlaskClient, house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(hours=13)

    page = client.get("/account", headers={**HTML, "Accept-Language": "en"})

    assert "Your session has ended." in words(page)


def test_what_was_sent_after_the_session_ended_is_said_not_to_be_done_and_its_page_opens_again(
    client: FlaskClient, house: People
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)
    house.clock.advance(hours=13)

    page = client.post(
        "/account/tokens",
        data={"name": "mine"},
        headers={**HTML, "Accept-Language": "en", "Referer": "http://localhost/account?purpose=billing&q=Martin"},
    )

    assert "Your session has ended, and what you sent was not carried out." in words(page)
    assert onward(page) == "/account?purpose=billing"


@pytest.mark.parametrize(
    ("referrer", "leads_to"),
    [
        ("http://localhost/account", "/account"),
        ("http://localhost/account?purpose=billing&name=Martin", "/account?purpose=billing"),
        ("http://localhost/account/tokens", None),
        ("http://localhost//evil.example/", None),
        ("http://evil.example/account", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_an_expired_form_leads_back_to_its_page_and_nowhere_outside(
    client: FlaskClient, house: People, referrer: str, leads_to: str | None
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    sign_in(client, SUPPORT)

    page = client.post("/account/tokens", headers={**HTML, "Referer": referrer})

    links = [a.attrib["href"] for a in parse(page).findall(".//{*}main//{*}a")]
    assert page.status_code == 400
    assert links == ([leads_to, "/"] if leads_to else ["/"])


def test_an_expired_form_whose_page_has_its_own_address_leads_there(client: FlaskClient) -> None:
    page = client.post("/sign-in", headers=HTML)

    assert page.status_code == 400
    assert "/sign-in" in [a.attrib["href"] for a in parse(page).findall(".//{*}main//{*}a")]
