"""Sessions: how long they last, who closes them, what a row changed by SQL does."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from governance.actor import Role
from governance.identity.errors import NotPermittedError, UnknownSessionError
from governance.identity.models import FailedSignIns, LastUse, OneTimeLink, SignInSession
from governance.identity.service import close_session, link_password, open_sessions
from governance.identity.service.sessions import ABSOLUTE, IDLE
from governance.vault.errors import AttestationError
from tests.builders.identity import People, person, stored

SUPPORT = "support@demo.example"


def is_open(house: People, secret: str) -> bool:
    return house.doorkeeper.by_session(secret, None) is not None


def test_a_session_ends_after_half_an_hour_without_use(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    house.clock.advance(seconds=IDLE.total_seconds() - 1)
    assert is_open(house, opened.secret)
    house.clock.advance(seconds=IDLE.total_seconds())
    assert not is_open(house, opened.secret)


def test_use_does_not_carry_a_session_beyond_twelve_hours(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    for _ in range(int(ABSOLUTE / IDLE) * 2 - 1):
        house.clock.advance(minutes=15)
        assert is_open(house, opened.secret)

    house.clock.advance(minutes=15)
    assert not is_open(house, opened.secret)


def test_the_last_use_is_noted_to_the_minute_and_once_a_minute(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    house.clock.advance(seconds=40)
    opened = house.sign_in(SUPPORT)

    house.clock.advance(seconds=10)
    is_open(house, opened.secret)

    with house.database.read() as session:
        noted = session.get_one(LastUse, opened.session_id).used_at
    assert (noted.second, noted.microsecond) == (0, 0)


def test_a_use_longer_ago_than_the_opening_does_not_shorten_a_session(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    house.clock.advance(seconds=59)
    opened = house.sign_in(SUPPORT)

    house.clock.advance(seconds=IDLE.total_seconds() - 1)

    assert is_open(house, opened.secret)


def test_a_closed_session_stays_closed(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    for _ in range(2):
        with house.database.write() as session:
            close_session(session, house.clock, house.attestor, person(account), opened.session_id)

    assert not is_open(house, opened.secret)
    with house.database.read() as session:
        assert open_sessions(session, house.clock, account.id) == []


def test_nobody_closes_the_session_of_another_but_who_looks_after_accounts(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    other = house.account("sales@demo.example", Role.SALES)
    opened = house.sign_in(SUPPORT)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        close_session(session, house.clock, house.attestor, person(other, Role.SALES), opened.session_id)
    assert is_open(house, opened.secret)

    admin = house.admin()
    with house.database.write() as session:
        close_session(session, house.clock, house.attestor, admin, opened.session_id)
    assert not is_open(house, opened.secret)


def test_a_session_that_does_not_exist_cannot_be_closed(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)

    with pytest.raises(UnknownSessionError), house.database.write() as session:
        close_session(session, house.clock, house.attestor, person(account), account.id)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sign_in_session SET account_id = :other",
        "UPDATE sign_in_session SET expires_at = opened_at + :year",
        "UPDATE sign_in_session SET credentials_revision = 2",
        "UPDATE sign_in_session SET method = 'passkey'",
    ],
)
def test_a_session_changed_by_sql_closes(house: People, change: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    other = house.account("dpo@demo.example", Role.DPO)
    opened = house.sign_in(SUPPORT)
    year = 365 * 24 * 3600 * 10**6 if house.database.dialect == "sqlite" else timedelta(days=365)
    values = {"other": stored(other.id, house.database), "year": year}

    with house.database.write_connection() as connection:
        connection.execute(text(change), {k: v for k, v in values.items() if f":{k}" in change})

    with pytest.raises(AttestationError):
        house.doorkeeper.by_session(opened.secret, None)


def test_the_secret_is_not_in_the_database(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    with house.database.read() as session:
        row = session.scalars(select(SignInSession)).one()
        assert opened.secret.encode() not in row.secret_hash


def test_what_ended_long_ago_is_forgotten_at_the_next_sign_in(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    controller = house.controller()
    house.sign_in(SUPPORT)
    with house.database.write() as session:
        link_password(session, house.clock, house.ids, controller, account)

    house.clock.advance(days=9)
    opened = house.sign_in(SUPPORT)

    with house.database.read() as session:
        assert len(session.scalars(select(SignInSession)).all()) == 1
        # When somebody last signed in is kept with the account, and outlives the session.
        assert set(session.scalars(select(LastUse.id))) == {opened.session_id, account.id}
        assert session.scalars(select(OneTimeLink)).all() == []
        assert session.scalars(select(FailedSignIns)).all() == []
