"""Whoever gets into an account by something new is written about to its holder, on both databases."""

import pytest
from sqlalchemy import select

from governance.actor import Role
from governance.identity.errors import SecondFactorRefusedError
from governance.identity.letters import Letter
from governance.identity.postman import Postman, PostOffice
from governance.identity.second_door import RecoveryCodeShown
from governance.identity.service import make_recovery_codes
from governance.jobs.models import Job
from governance.jobs.worker import Worker
from tests.builders.identity import People
from tests.builders.mail import Pile
from tests.builders.second_factors import Authenticator, add_app, add_passkey, visit_of
from tests.builders.web import an_app, sign_in, token_of

EMAIL = "support@demo.example"


@pytest.fixture
def pile() -> Pile:
    return Pile()


def asked_for(house: People) -> list[str]:
    """Return the letters that wait, oldest first."""
    with house.database.read() as session:
        return [each.payload["letter"] for each in session.scalars(select(Job).order_by(Job.id))]


def delivered(house: People, pile: Pile) -> list[str]:
    """Send all that waits, and return what was sent, without those from before."""
    office = PostOffice(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        mailer=pile,
        base_url="http://localhost:8000",
    )
    worker = Worker(house.database, house.clock, house.ids, [Postman(office).handler()])
    before = len(pile.letters)
    while worker.run_once():
        house.clock.advance(seconds=1)
    assert all(each.to == EMAIL for each in pile.letters)
    return [each.subject for each in pile.letters[before:]]


def test_a_factor_or_a_passkey_that_is_added_is_written_about(house: People, pile: Pile) -> None:
    house.account(EMAIL, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(EMAIL))

    add_app(house, visit)
    assert delivered(house, pile) == ["Un second facteur a été ajouté à votre compte"]

    add_passkey(house.second_door, visit, Authenticator())
    assert delivered(house, pile) == ["Une clé d’accès a été ajoutée à votre compte"]


def test_recovery_codes_made_anew_and_one_that_is_used_are_written_about(house: People, pile: Pile) -> None:
    house.account(EMAIL, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(EMAIL))
    add_app(house, visit)
    delivered(house, pile)

    with house.database.write() as session:
        codes = make_recovery_codes(session, house.clock, house.ids, house.attestor, visit.actor, visit.account_id)
    assert delivered(house, pile) == ["De nouveaux codes de secours ont été créés pour votre compte"]

    half = house.sign_in(EMAIL)
    house.second_door.show(visit_of(house, half), RecoveryCodeShown(code=codes[0]))
    assert delivered(house, pile) == ["Un code de secours de votre compte a été utilisé"]
    assert codes[0] not in pile.letters[-1].text + pile.letters[-1].html


def test_a_code_that_is_refused_is_not_written_about(house: People) -> None:
    house.account(EMAIL, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(EMAIL))
    add_app(house, visit)
    before = asked_for(house)

    with pytest.raises(SecondFactorRefusedError):
        house.second_door.show(visit, RecoveryCodeShown(code="AAAA-AAAA-AAAA"))

    assert asked_for(house) == before


def test_a_token_of_ones_own_is_written_about_and_its_secret_is_not(house: People, pile: Pile) -> None:
    house.account(EMAIL, Role.SUPPORT)
    client = an_app(house).test_client()
    sign_in(client, EMAIL)

    fields = {"csrf_token": token_of(client, "/account"), "name": "mine", "role": "support"}
    made = client.post("/account/tokens", data=fields)

    assert made.status_code == 200
    assert asked_for(house) == [Letter.OWN_TOKEN_ADDED.value]
    assert delivered(house, pile) == ["Un jeton a été créé pour votre compte"]
    assert "egide_" not in pile.letters[-1].text
