"""What somebody prepared in an account before its holder came: nothing of it opens anything afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from governance.actor import SYSTEM, Actor, Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import LinkRefusedError, TokenRefusedError
from governance.identity.factors.models import FactorUse, Passkey, RecoveryCodes, TotpFactor
from governance.identity.letters import Letter
from governance.identity.models import Account, ApiToken, OneTimeLink, SecondFactorState
from governance.identity.openid.identity import ProvidedIdentity
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewToken,
    actor_of_token,
    add_account,
    add_token,
    assign_role,
    countersign_role,
    factors_of,
    link_password,
    remove_factor,
    revoke_role,
)
from governance.identity.service.freshness import is_fresh
from governance.identity.service.openid import link_identity
from governance.identity.service.resets import make_mailed_link
from tests.builders.identity import PASSWORD, People, person
from tests.builders.second_factors import Authenticator, add_app, add_passkey, visit_of

MARIE = "marie@demo.example"
CHOSEN = "what Marie chose herself"
PREPARED = (OpenIdIdentity, TotpFactor, Passkey, RecoveryCodes, FactorUse)


@dataclass
class Intruder:
    """An administrator inside the account of somebody who has not come yet, and all that they left there."""

    account: Account
    session: str
    token: str
    link: str


@pytest.fixture
def intruder(house: People) -> Intruder:
    admin = house.admin()
    house.controller()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, admin, NewAccount(email=MARIE))
        # So that somebody signed in has a role for a token of their own, until all of it is there.
        borrowed = NewRole(account_id=account.id, role=Role.ADMIN)
        assign_role(session, house.clock, house.ids, admin, borrowed)
        link = link_password(session, house.clock, house.ids, admin, account).secret
    house.doorkeeper.use_link(UseLink(secret=link, email=MARIE, password=PASSWORD))
    visit = visit_of(house, house.sign_in(MARIE))
    add_app(house, visit)
    with house.database.write() as session:
        identity = ProvidedIdentity(
            issuer="https://login.example", subject="mine", email=None, groups=frozenset(), second_factor=False
        )
        link_identity(session, house.clock, house.ids, house.attestor, account.id, identity)
    opened = add_passkey(house.second_door, visit, Authenticator()).secret
    with house.database.write() as session:
        own = NewToken(name="mine", role=Role.ADMIN, own=True)
        token = add_token(session, house.clock, house.ids, person(account, Role.ADMIN), own).secret
        again = link_password(session, house.clock, house.ids, admin, session.get_one(Account, account.id)).secret
        revoke_role(session, house.clock, house.ids, house.attestor, admin, borrowed)
    assert all(rows(house, model) for model in PREPARED)
    return Intruder(account, opened, token, again)


def rows(house: People, model: type) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def by_a_role(house: People, intruder: Intruder) -> None:
    with house.database.write() as session:
        command = NewRole(account_id=intruder.account.id, role=Role.SALES)
        assigned = assign_role(session, house.clock, house.ids, house.admin(), command)
        controller = house.controller()
        countersign_role(session, house.clock, house.ids, house.attestor, controller, assigned.id)


def by_a_mailed_link(house: People, intruder: Intruder) -> None:
    with house.database.write() as session:
        account = session.get_one(Account, intruder.account.id)
        made = make_mailed_link(session, house.clock, house.ids, account, Letter.PASSWORD_RESET, instead_of=None)
    assert made is not None
    house.doorkeeper.use_link(UseLink(secret=made.secret, email=MARIE, password=CHOSEN))


def by_a_link_of(maker: Actor, house: People, intruder: Intruder) -> None:
    with house.database.write() as session:
        account = session.get_one(Account, intruder.account.id)
        made = link_password(session, house.clock, house.ids, maker, account)
    house.doorkeeper.use_link(UseLink(secret=made.secret, email=MARIE, password=CHOSEN))


def by_the_controllers_link(house: People, intruder: Intruder) -> None:
    by_a_link_of(house.controller(), house, intruder)


def by_the_hosts_link(house: People, intruder: Intruder) -> None:
    by_a_link_of(SYSTEM, house, intruder)


WAYS = (by_a_role, by_a_mailed_link, by_the_controllers_link, by_the_hosts_link)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_prepared_is_left_once_somebody_vouches_for_an_account(
    house: People, intruder: Intruder, way: Callable[[People, Intruder], None]
) -> None:
    with house.database.read() as session:
        assert not session.get_one(Account, intruder.account.id).vouched

    way(house, intruder)

    assert {model.__name__: rows(house, model) for model in PREPARED} == {model.__name__: 0 for model in PREPARED}
    assert house.doorkeeper.by_session(intruder.session, None) is None
    with house.database.read() as session, pytest.raises(TokenRefusedError):
        actor_of_token(session, house.clock, house.attestor, intruder.token)
    with pytest.raises(LinkRefusedError):
        house.doorkeeper.look_at_link(intruder.link)
    with house.database.read() as session:
        account = session.get_one(Account, intruder.account.id)
        own = session.scalars(select(ApiToken).where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None)))
        waiting = session.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None)))
        assert (account.vouched, account.second_factor) == (True, SecondFactorState.NONE)
        assert account.known_to_provider, "nobody is linked to it by its address"
        assert ([*own], [*waiting]) == ([], [])


def test_who_was_vouched_for_keeps_what_is_theirs_when_a_role_comes(house: People) -> None:
    account = house.account(MARIE)
    add_app(house, visit_of(house, house.sign_in(MARIE)))
    with house.database.write() as session:
        assign_role(
            session, house.clock, house.ids, house.controller(), NewRole(account_id=account.id, role=Role.SALES)
        )

    assert rows(house, TotpFactor) == rows(house, RecoveryCodes) == 1


def test_who_was_vouched_for_keeps_their_factors_with_another_password(house: People) -> None:
    account = house.account(MARIE)
    add_app(house, visit_of(house, house.sign_in(MARIE)))
    with house.database.write() as session:
        found = session.get_one(Account, account.id)
        made = make_mailed_link(session, house.clock, house.ids, found, Letter.PASSWORD_RESET, instead_of=None)
    assert made is not None
    house.doorkeeper.use_link(UseLink(secret=made.secret, email=MARIE, password=CHOSEN))

    assert rows(house, TotpFactor) == rows(house, RecoveryCodes) == 1


def test_with_the_last_factor_goes_that_it_was_shown(house: People) -> None:
    account = house.account(MARIE, Role.SALES)
    _, enrolled = add_app(house, visit_of(house, house.sign_in(MARIE)))
    admission = house.doorkeeper.by_session(enrolled.secret, None)
    assert admission is not None
    assert admission.second_factor_at is not None
    house.clock.advance(minutes=8)
    with house.database.write() as session:
        (factor,) = factors_of(session, house.attestor, account.id)
        remove_factor(session, house.clock, house.attestor, admission.actor, factor.id)

    after = house.doorkeeper.by_session(enrolled.secret, None)
    assert after is not None
    assert (after.second_factor_at, after.confirmed_at) == (None, house.clock.now() - timedelta(minutes=8))
    assert is_fresh(after, house.clock.now())
    house.clock.advance(minutes=3)
    assert not is_fresh(house.doorkeeper.by_session(enrolled.secret, None), house.clock.now())


def test_a_mailbox_alone_takes_no_factor_from_an_administrator_whom_nobody_vouched_for(house: People) -> None:
    admin = house.admin()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, admin, NewAccount(email="second@demo.example"))
        assign_role(session, house.clock, house.ids, admin, NewRole(account_id=account.id, role=Role.ADMIN))
        link = link_password(session, house.clock, house.ids, admin, account)
    house.doorkeeper.use_link(UseLink(secret=link.secret, email=account.email, password=PASSWORD))
    add_app(house, visit_of(house, house.sign_in(account.email)))

    with house.database.write() as session:
        held = session.get_one(Account, account.id)
        mailed = make_mailed_link(session, house.clock, house.ids, held, Letter.PASSWORD_RESET, instead_of=None)
    assert mailed is not None
    house.doorkeeper.use_link(UseLink(secret=mailed.secret, email=account.email, password=CHOSEN))

    opened = house.sign_in(account.email, CHOSEN)
    admission = house.doorkeeper.by_session(opened.secret, None)
    assert admission is not None
    assert admission.pending
    assert admission.enrolled
