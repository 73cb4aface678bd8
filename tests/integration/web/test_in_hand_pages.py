"""The page of an account, for a controller who is not alone: no link of somebody in office, and what was in hand."""

import pytest
from flask.testing import FlaskClient

from governance.actor import Role
from governance.identity.service import reset_second_factor
from tests.builders.identity import CONTROLLER_EMAIL, People, person
from tests.builders.web import sign_in, token_of, words

SECOND = "second@demo.example"


@pytest.mark.parametrize(
    ("language", "mailed", "in_hand"),
    [
        ("en", "by mail only", "confirms nothing that concerns them"),
        ("fr", "ne part que par courriel", "ne confirme rien qui concerne cette personne"),
    ],
)
def test_no_link_is_offered_nor_made_and_what_was_in_hand_is_told(
    client: FlaskClient, house: People, language: str, mailed: str, in_hand: str
) -> None:
    first, second = house.controller(), house.account(SECOND, Role.CONTROLLER)
    house.clock.advance(days=31)
    with house.database.write() as session:
        reset_second_factor(session, house.clock, house.ids, house.attestor, first, second.id)
    sign_in(client, CONTROLLER_EMAIL)
    client.set_cookie("egide_locale", language)

    page = client.get(f"/accounts/{second.id}", headers={"Accept-Language": language})
    made = client.post(f"/accounts/{second.id}/link", data={"csrf_token": token_of(client, "/account")})

    assert mailed in words(page)
    assert in_hand in words(page)
    assert f'action="/accounts/{second.id}/link"' not in page.text
    assert made.status_code == 422
    assert "/link/" not in made.text.replace(f"/accounts/{second.id}/link", "")


def test_a_controller_who_is_alone_hands_the_link_over(client: FlaskClient, house: People) -> None:
    sales = person(house.account("sales@demo.example", Role.SALES), Role.SALES)
    sign_in(client, CONTROLLER_EMAIL)

    made = client.post(f"/accounts/{sales.id}/link", data={"csrf_token": token_of(client, "/account")})

    assert made.status_code == 200
    assert "/link/" in made.text
