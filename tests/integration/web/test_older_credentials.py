"""Credentials that change between the door and what somebody asked for: a session of older ones makes no way in."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.identity.doorkeeper import UseLink
from governance.identity.factors.models import RecoveryCodes, TotpFactor
from governance.identity.letters import Letter
from governance.identity.models import ApiToken
from governance.identity.service import account_by_email, factors_of
from governance.identity.service.resets import make_mailed_link
from governance.web.csrf import HEADER
from tests.builders.identity import People
from tests.builders.second_factors import add_app, visit_of
from tests.builders.web import sign_in, token_of

EMAIL = "support@demo.example"
_OWN = {"name": "mine", "role": "support", "own": True}


@dataclass
class Meanwhile:
    """Once it is set, somebody chooses another password just after the next request was let in."""

    comes: bool = False


@pytest.fixture
def meanwhile(app: Flask, house: People) -> Meanwhile:
    told = Meanwhile()

    @app.before_request
    def change() -> None:
        if not told.comes or request.method == "GET":
            return
        told.comes = False
        with house.database.write() as session:
            account = account_by_email(session, EMAIL)
            letter = make_mailed_link(session, house.clock, house.ids, account, Letter.PASSWORD_RESET, instead_of=None)
            assert letter is not None
        house.doorkeeper.use_link(UseLink(secret=letter.secret, email=EMAIL, password="what its holder chose"))

    return told


def _made(house: People) -> tuple[int, int, bytes]:
    with house.database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) or 0 for each in (ApiToken, TotpFactor)]
        return counts[0], counts[1], session.scalars(select(RecoveryCodes.hashes)).one()


def _factor(house: People) -> str:
    with house.database.read() as session:
        account = account_by_email(session, EMAIL)
        return str(factors_of(session, house.attestor, account.id)[0].id)


_STEPS: dict[str, Callable[[FlaskClient, str, str], TestResponse]] = {
    "token": lambda client, csrf, _: client.post(
        "/account/tokens", data={"csrf_token": csrf, "name": "mine", "role": "support"}
    ),
    "token over REST": lambda client, csrf, _: client.post("/api/v1/tokens", json=_OWN, headers={HEADER: csrf}),
    "codes": lambda client, csrf, _: client.post("/account/recovery-codes", data={"csrf_token": csrf}),
    "codes over REST": lambda client, csrf, _: client.post("/api/v1/me/recovery-codes", headers={HEADER: csrf}),
    "removal": lambda client, csrf, factor: client.post(
        f"/account/second-factors/{factor}/remove", data={"csrf_token": csrf}
    ),
    "removal over REST": lambda client, csrf, factor: client.delete(
        f"/api/v1/me/second-factors/{factor}", headers={HEADER: csrf}
    ),
}


@pytest.mark.parametrize("step", _STEPS)
def test_what_a_session_of_older_credentials_asked_for_is_not_done(
    client: FlaskClient, house: People, meanwhile: Meanwhile, step: str
) -> None:
    house.account(EMAIL, Role.SUPPORT)
    sign_in(client, EMAIL)
    app, _ = add_app(house, visit_of(house, house.sign_in(EMAIL)))
    house.clock.advance(seconds=60)
    csrf = token_of(client, "/second-factor")
    client.post("/second-factor/code", data={"csrf_token": csrf, "code": app.code(house.clock), "next": "/"})
    csrf, factor, before = token_of(client, "/account"), _factor(house), _made(house)
    meanwhile.comes = True

    answer = _STEPS[step](client, csrf, factor)
    assert "Cette session n’existe pas." in answer.text

    assert not meanwhile.comes
    assert _made(house) == before
