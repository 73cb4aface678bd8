"""Tokens: what they open, and what closes them."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from governance.actor import Actor, ActorKind, Role
from governance.identity.bearer import Secret, hash_secret
from governance.identity.errors import (
    AccountDisabledError,
    EndsInThePastError,
    NothingToCountersignError,
    NotPermittedError,
    RoleNotHeldError,
    TokenNameTakenError,
    TokenNeededError,
    TokenRefusedError,
    UnknownAccountError,
    UnknownTokenError,
)
from governance.identity.service import (
    IssuedToken,
    NewRole,
    NewToken,
    OnBehalf,
    actor_of_email,
    actor_of_token,
    add_token,
    countersign_token,
    disable_account,
    last_use,
    list_tokens,
    revoke_role,
    revoke_token,
)
from governance.vault.errors import AttestationError
from tests.builders.identity import People, person, stored

SUPPORT = "support@demo.example"


def actor_of(house: People, secret: str) -> Actor:
    with house.database.read() as session:
        return actor_of_token(session, house.clock, house.attestor, secret, address="192.0.2.9")


def own_token(house: People, role: Role = Role.SUPPORT) -> tuple[uuid.UUID, IssuedToken]:
    account = house.account(SUPPORT, Role.SUPPORT, Role.SALES)
    owner = person(account, Role.SUPPORT, Role.SALES)
    with house.database.write() as session:
        return account.id, add_token(session, house.clock, house.ids, owner, NewToken(name="cli", role=role, own=True))


def test_a_token_made_by_the_controller_opens_at_once_in_its_role_only(house: People) -> None:
    issued = house.token(Role.SERVICE)

    actor = actor_of(house, issued.secret)

    assert actor == Actor(
        kind=ActorKind.PROGRAM, id=issued.token.id, roles=frozenset({Role.SERVICE}), address="192.0.2.9"
    )


def test_a_token_made_by_an_administrator_is_inert_until_countersigned(house: People) -> None:
    controller = house.controller()
    waiting = house.token(Role.SUPPORT, by=house.admin())
    with pytest.raises(TokenRefusedError):
        actor_of(house, waiting.secret)

    with house.database.write() as session:
        issued = countersign_token(session, house.clock, house.attestor, controller, waiting.token.id)

    assert actor_of(house, issued.secret).roles == {Role.SUPPORT}
    with pytest.raises(NothingToCountersignError), house.database.write() as session:
        countersign_token(session, house.clock, house.attestor, controller, waiting.token.id)


def test_a_token_expires_and_is_revoked(house: People) -> None:
    controller = house.controller()
    with house.database.write() as session:
        until = house.clock.now().replace(hour=10)
        short = add_token(
            session, house.clock, house.ids, controller, NewToken(name="short", role=Role.SERVICE, expires_at=until)
        )
    long = house.token(Role.SERVICE)
    house.clock.moment = until

    with pytest.raises(TokenRefusedError):
        actor_of(house, short.secret)
    actor_of(house, long.secret)
    with house.database.write() as session:
        revoke_token(session, house.clock, house.attestor, controller, long.token.id)
    with pytest.raises(TokenRefusedError):
        actor_of(house, long.secret)


@pytest.mark.parametrize("secret", ["", "egide_", "egide_" + "A" * 43, "A" * 43, "egide_\ud800", "egide_" + "x" * 9999])
def test_a_secret_that_nobody_was_given_opens_nothing(house: People, secret: str) -> None:
    house.token()

    with pytest.raises(TokenRefusedError):
        actor_of(house, secret)


def test_a_token_opens_no_session_and_a_session_no_token(house: People) -> None:
    issued = house.token()
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    assert house.doorkeeper.by_session(issued.secret, None) is None
    assert house.doorkeeper.by_token(opened.secret, None) is None
    assert house.doorkeeper.by_token(issued.secret, None) is not None


def test_ones_own_token_needs_no_countersignature_and_gives_no_more_than_one_holds(house: People) -> None:
    account_id, issued = own_token(house)
    assert actor_of(house, issued.secret).roles == {Role.SUPPORT}
    controller = house.controller()

    with house.database.write() as session:
        command = NewRole(account_id=account_id, role=Role.SUPPORT)
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)

    with pytest.raises(TokenRefusedError):
        actor_of(house, issued.secret)


def test_ones_own_token_is_inert_while_the_role_waits_for_its_countersignature(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT, by=house.admin())
    # Whoever believes to hold the role already.
    owner = person(account, Role.SUPPORT)
    with house.database.write() as session:
        issued = add_token(session, house.clock, house.ids, owner, NewToken(name="cli", role=Role.SUPPORT, own=True))

    with pytest.raises(TokenRefusedError):
        actor_of(house, issued.secret)


def test_the_token_of_a_disabled_account_opens_nothing(house: People) -> None:
    account_id, issued = own_token(house)
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, account_id)

    with pytest.raises(TokenRefusedError):
        actor_of(house, issued.secret)
    with pytest.raises(AccountDisabledError), house.database.read() as session:
        actor_of_email(session, house.clock, house.attestor, OnBehalf(email=SUPPORT, host_user="root"))


def test_nobody_makes_a_token_of_their_own_in_a_role_that_they_do_not_hold(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)

    with pytest.raises(RoleNotHeldError), house.database.write() as session:
        command = NewToken(name="cli", role=Role.DPO, own=True)
        add_token(session, house.clock, house.ids, person(account, Role.SUPPORT), command)


def test_only_who_looks_after_accounts_makes_tokens_of_programs(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        command = NewToken(name="till", role=Role.SUPPORT)
        add_token(session, house.clock, house.ids, person(account, Role.SUPPORT), command)


def test_a_name_stands_for_one_live_token(house: People) -> None:
    controller = house.controller()
    issued = house.token(name="till")
    with pytest.raises(TokenNameTakenError):
        house.token(name=" till ")
    with house.database.write() as session:
        revoke_token(session, house.clock, house.attestor, controller, issued.token.id)

    again = house.token(name="till")

    with house.database.read() as session:
        assert [token.id for token in list_tokens(session)] == [issued.token.id, again.token.id]


def test_a_token_does_not_end_before_it_begins(house: People) -> None:
    controller = house.controller()

    with pytest.raises(EndsInThePastError), house.database.write() as session:
        command = NewToken(name="till", role=Role.SERVICE, expires_at=house.clock.now())
        add_token(session, house.clock, house.ids, controller, command)


def test_people_revoke_their_own_tokens_and_nobody_elses(house: People) -> None:
    account_id, issued = own_token(house)
    stranger = person(house.account("sales@demo.example", Role.SALES), Role.SALES)
    with pytest.raises(NotPermittedError), house.database.write() as session:
        revoke_token(session, house.clock, house.attestor, stranger, issued.token.id)
    with pytest.raises(UnknownTokenError), house.database.write() as session:
        revoke_token(session, house.clock, house.attestor, stranger, account_id)

    owner = replace(stranger, id=account_id)
    for _ in range(2):
        with house.database.write() as session:
            revoke_token(session, house.clock, house.attestor, owner, issued.token.id)

    with pytest.raises(TokenRefusedError):
        actor_of(house, issued.secret)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE api_token SET role = 'dpo' WHERE id = :id",
        "UPDATE api_token SET in_conflict = NOT in_conflict WHERE id = :id",
        "UPDATE api_token SET secret_hash = :forged WHERE id = :id",
    ],
)
def test_a_token_changed_by_sql_closes(house: People, change: str) -> None:
    issued = house.token(Role.SUPPORT)
    secret = Secret("egide_forged") if "forged" in change else issued.secret
    values = {"id": stored(issued.token.id, house.database), "forged": hash_secret(secret)}
    with house.database.write_connection() as connection:
        connection.execute(text(change), {k: v for k, v in values.items() if f":{k}" in change})

    with pytest.raises(AttestationError):
        actor_of(house, secret)


def test_the_last_use_is_noted_to_the_minute(house: People) -> None:
    issued = house.token()
    house.clock.advance(seconds=42)

    house.doorkeeper.by_token(issued.secret, None)

    with house.database.read() as session:
        noted = last_use(session, issued.token.id)
    assert noted == house.clock.now().replace(second=0)


def test_the_host_acts_on_behalf_of_an_account_and_is_named(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)

    with house.database.read() as session:
        actor = actor_of_email(session, house.clock, house.attestor, OnBehalf(email=SUPPORT, host_user="root"))

    assert actor == Actor(kind=ActorKind.HOST, id=account.id, roles=frozenset({Role.SUPPORT}), host_user="root")


def test_on_a_real_home_acting_for_somebody_takes_their_own_token(house: People) -> None:
    account_id, issued = own_token(house)
    programs = house.token(name="till")

    def act(token: str | None, email: str = SUPPORT) -> Actor:
        on_behalf = OnBehalf(email=email, host_user="root", token=token, token_needed=True)
        with house.database.read() as session:
            return actor_of_email(session, house.clock, house.attestor, on_behalf)

    with pytest.raises(TokenNeededError):
        act(None)
    with pytest.raises(TokenRefusedError):
        act(programs.secret)
    with pytest.raises(UnknownAccountError):
        act(issued.secret, "nobody@demo.example")
    assert act(issued.secret) == Actor(
        kind=ActorKind.HOST, id=account_id, roles=frozenset({Role.SUPPORT}), host_user="root", token=issued.token.id
    ), "the token's role, not all that the person holds"


def test_a_persons_own_token_is_that_person_in_its_role(house: People) -> None:
    account_id, issued = own_token(house)

    actor = actor_of(house, issued.secret)

    assert (actor.kind, actor.id, actor.token) == (ActorKind.PERSON, account_id, issued.token.id)
    assert actor.roles == {Role.SUPPORT}


def test_a_token_makes_no_other_of_its_kind(house: People) -> None:
    _, issued = own_token(house)
    actor = actor_of(house, issued.secret)
    another = NewToken(name="another", role=Role.SUPPORT, own=True)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        add_token(session, house.clock, house.ids, actor, another)
