"""The page of an account, for a controller who is not alone: no link of somebody in office, and what was in hand."""

import pytest
from flask.testing import FlaskClient

from governance.actor import Actor, ActorKind, Role
from governance.identity.errors import AnotherControllerNeededError
from governance.identity.service import (
    NewAccount,
    NewRole,
    add_account,
    assign_role,
    countersign_role,
    reset_second_factor,
    revoke_role,
)
from tests.builders.identity import CONTROLLER_EMAIL, People, person
from tests.builders.web import sign_in, token_of, words

SECOND = "second@demo.example"
HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root")


@pytest.mark.parametrize(
    ("language", "mailed", "in_hand"),
    [
        ("en", "by mail only", "confirms nothing that concerns them"),
        ("fr", "ne part que par e-mail", "ne confirme rien qui concerne cette personne"),
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


@pytest.mark.parametrize(
    ("language", "by_hand", "by_the_host"),
    [
        (
            "en",
            "Now make its first link",
            "The person who runs the server makes its first link: egide user link EMAIL.",
        ),
        ("fr", "Créez maintenant", "La personne qui gère le serveur crée son premier lien : egide user link ADRESSE."),
    ],
)
def test_who_makes_the_first_link_of_a_new_account_is_told_as_it_is(
    client: FlaskClient, house: People, language: str, by_hand: str, by_the_host: str
) -> None:
    house.controller()
    sign_in(client, CONTROLLER_EMAIL)
    spoken = {"Accept-Language": language}

    def told(name: str) -> str:
        fields = {"email": f"{name}@demo.example", "locale": "fr", "role": "admin", "reason": "Looks after keys."}
        made = client.post("/accounts/new", data=fields | {"csrf_token": token_of(client, "/account")}, headers=spoken)
        return words(client.get(made.location, headers=spoken))

    assert by_hand in told("one")
    house.account(SECOND, Role.CONTROLLER)
    house.clock.advance(days=31)
    sign_in(client, CONTROLLER_EMAIL)
    assert by_the_host in told("two")


def test_where_nobody_else_is_there_the_controller_confirms_the_account_that_the_host_made(house: People) -> None:
    left, gone = house.controller(), house.account(SECOND, Role.CONTROLLER)
    house.clock.advance(days=31)
    with house.database.write() as session:
        command = NewRole(account_id=gone.id, role=Role.CONTROLLER)
        revoke_role(session, house.clock, house.ids, house.attestor, left, command)
    with house.database.write() as session:
        own = add_account(session, house.clock, house.ids, left, NewAccount(email="own@demo.example"))
        waiting = assign_role(session, house.clock, house.ids, left, NewRole(account_id=own.id, role=Role.SALES))
    with pytest.raises(AnotherControllerNeededError), house.database.write() as session:
        countersign_role(session, house.clock, house.ids, house.attestor, left, waiting.id)

    with house.database.write() as session:
        new = add_account(session, house.clock, house.ids, HOST, NewAccount(email="new@demo.example"))
        waiting = assign_role(session, house.clock, house.ids, HOST, NewRole(account_id=new.id, role=Role.SALES))
    with house.database.write() as session:
        confirmed = countersign_role(session, house.clock, house.ids, house.attestor, left, waiting.id)
    assert (confirmed.countersigned_at is not None, confirmed.in_conflict) == (True, False)
