"""Signing in: what opens, what does not, and what nobody can tell apart."""

import uuid

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Role
from governance.identity.doorkeeper import Doorkeeper
from governance.identity.errors import CredentialsRefusedError, SignInLockedError
from governance.identity.lockout import FREE_FAILURES
from governance.identity.models import Account, FailedSignIns
from governance.identity.passwords import HashCost, PasswordHasher
from governance.identity.service import change_password, disable_account, prepare_password
from tests.builders.identity import PASSWORD, People, person, stored

SUPPORT = "support@demo.example"
NOBODY = "nobody@demo.example"


def test_the_right_password_opens_a_session(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)

    opened = house.sign_in(" Support@Demo.Example ")

    admission = house.doorkeeper.by_session(opened.secret, "192.0.2.7")
    assert admission is not None
    assert admission.actor.id == account.id
    assert admission.actor.roles == {Role.SUPPORT}
    assert admission.actor.address == "192.0.2.7"


@pytest.mark.parametrize("email", [SUPPORT, NOBODY, "", "not an address", "x" * 400, "a\ud800@demo.example"])
def test_a_wrong_password_opens_nothing_and_says_nothing(house: People, email: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)

    with pytest.raises(CredentialsRefusedError) as refused:
        house.sign_in(email, "wrong password indeed")

    assert vars(refused.value) == {}


def test_known_and_unknown_addresses_cost_the_same_work(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    disabled = house.account("gone@demo.example", Role.SALES)
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, house.controller(), disabled.id)
    costs = []

    for email in (SUPPORT, NOBODY, "gone@demo.example"):
        before = house.hasher.checks
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(email, "wrong password indeed")
        costs.append(house.hasher.checks - before)

    assert costs == [1, 1, 1]


@pytest.mark.parametrize("email", [SUPPORT, NOBODY])
def test_too_many_failures_lock_known_and_unknown_addresses_alike(house: People, email: str) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(email, "wrong password indeed")
    checks = house.hasher.checks

    with pytest.raises(SignInLockedError) as locked:
        house.sign_in(email)

    assert locked.value.retry_after_seconds == 31
    assert house.hasher.checks == checks, "while locked, not even the right password is looked at"


def test_each_failure_after_the_wait_doubles_it_and_a_success_forgets_it(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(SUPPORT, "wrong password indeed")
    house.clock.advance(seconds=30)
    with pytest.raises(CredentialsRefusedError):
        house.sign_in(SUPPORT, "wrong password indeed")
    house.clock.advance(seconds=59)
    with pytest.raises(SignInLockedError):
        house.sign_in(SUPPORT)
    house.clock.advance(seconds=1)

    house.sign_in(SUPPORT)

    with house.database.read() as session:
        assert session.scalars(select(FailedSignIns)).all() == []


def test_failures_of_yesterday_are_forgotten(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    for _ in range(FREE_FAILURES):
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(SUPPORT, "wrong password indeed")
    house.clock.advance(hours=24)

    with pytest.raises(CredentialsRefusedError):
        house.sign_in(SUPPORT, "wrong password indeed")

    with house.database.read() as session:
        assert session.scalars(select(FailedSignIns.failures)).one() == 1


def test_the_address_of_a_failure_is_not_kept_in_clear(house: People) -> None:
    with pytest.raises(CredentialsRefusedError):
        house.sign_in(NOBODY, "wrong password indeed")

    with house.database.read() as session:
        kept = session.scalars(select(FailedSignIns)).one()
        assert b"nobody" not in kept.email_key


def test_success_and_failure_are_recorded_with_the_network_address_and_no_e_mail(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    house.sign_in(SUPPORT)
    for email in (SUPPORT, NOBODY):
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(email, "wrong password indeed")

    with house.database.read() as session:
        bodies = [
            body
            for body in session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))
            if b'"sign-in"' in body
        ]

    assert len(bodies) == 3
    assert all(b"192.0.2.7" in body and b"@demo.example" not in body for body in bodies)
    assert [b'"refused"' in body for body in bodies] == [False, True, True]


def test_a_disabled_account_does_not_open(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, house.controller(), account.id)

    assert house.doorkeeper.by_session(opened.secret, None) is None
    with pytest.raises(CredentialsRefusedError):
        house.sign_in(SUPPORT)


def test_another_password_closes_every_session(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    hashed = prepare_password(house.hasher, SUPPORT, "a new and better password")
    with house.database.write() as session:
        change_password(session, house.attestor, person(account), session.get_one(Account, account.id), hashed)

    assert house.doorkeeper.by_session(opened.secret, None) is None
    with pytest.raises(CredentialsRefusedError):
        house.sign_in(SUPPORT)
    house.sign_in(SUPPORT, "a new and better password")


def test_a_password_hash_put_in_by_sql_closes_the_account(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    forged = house.hasher.hash("the password of the thief")
    with house.database.write_connection() as connection:
        connection.execute(
            text("UPDATE account SET password_hash = :forged WHERE id = :id"),
            {"forged": forged, "id": stored(account.id, house.database)},
        )

    for password in ("the password of the thief", PASSWORD):
        with pytest.raises(CredentialsRefusedError):
            house.sign_in(SUPPORT, password)


def test_an_old_hash_put_back_by_sql_with_its_attestation_does_not_reopen_old_sessions(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    hashed = prepare_password(house.hasher, SUPPORT, "a new and better password")
    with house.database.write() as session:
        change_password(session, house.attestor, person(account), session.get_one(Account, account.id), hashed)
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE sign_in_session SET revoked_at = NULL"))

    assert house.doorkeeper.by_session(opened.secret, None) is None


def test_a_hash_of_another_cost_is_made_again_at_the_next_sign_in(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    dearer = PasswordHasher(HashCost(passes=2, memory_kib=8, lanes=1))
    doorkeeper = Doorkeeper(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        log=house.log,
        hasher=dearer,
    )
    renewed = People(**{**vars(house), "doorkeeper": doorkeeper})

    opened = renewed.sign_in(SUPPORT)

    with house.database.read() as session:
        account = session.scalars(select(Account).where(Account.email == SUPPORT)).one()
        assert account.password_hash is not None
        assert "t=2" in account.password_hash
    assert house.doorkeeper.by_session(opened.secret, None) is not None
    renewed.sign_in(SUPPORT)


def test_an_account_without_a_password_does_not_open(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    with house.database.write() as session:
        row = session.get_one(Account, account.id)
        row.password_hash = None
        unrecorded(session, "a test")

    with pytest.raises(CredentialsRefusedError):
        house.sign_in(SUPPORT, "")


def test_a_secret_that_nobody_has_opens_nothing(house: People) -> None:
    for secret in ("", "x", str(uuid.UUID(int=1)), "\ud800"):
        assert house.doorkeeper.by_session(secret, None) is None
        assert house.doorkeeper.by_token(secret, None) is None
