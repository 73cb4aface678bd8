"""Signing in through a provider, over real HTTP, on both databases."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select, text

from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    NotPermittedError,
    OnlyWayInError,
    OpenIdRefusedError,
    OpenIdTakenError,
    OpenIdUnavailableError,
    OpenIdUnknownError,
)
from governance.identity.letters import Letter
from governance.identity.models import Account, RoleAssignment, SignInMethod, SignInSession
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.openid.provider import Answer
from governance.identity.openid_door import ComeBack, DoorParts, OpenIdDoor
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewSession,
    OpenedSession,
    add_account,
    assign_role,
    disable_account,
    live_assignments,
    open_session,
    reset_second_factor,
    revoke_role,
)
from governance.identity.service.freshness import is_fresh
from governance.identity.service.openid import unlink_identity
from governance.identity.service.resets import make_mailed_link
from governance.identity.service.roles import countersign_held
from governance.identity.service.second_factor_rules import SetRule, set_second_factor_rule
from governance.settings import OpenIdSettings
from governance.vault.errors import AttestationError, PolicySetError
from tests.builders.identity import PASSWORD, People, person, stored
from tests.builders.openid import CLIENT, SECRET, Provider, running_provider
from tests.builders.second_factors import add_app, somebody_with_an_app, visit_of

EMAIL = "camille@demo.example"
GROUPS = {"helpdesk": Role.SUPPORT, "books": Role.ACCOUNTING, "it": Role.ADMIN, "privacy": Role.DPO}


@dataclass
class Door:
    """The door, with the provider behind it."""

    house: People
    provider: Provider
    door: OpenIdDoor

    def come(self, **other: Any) -> OpenedSession:
        """Go there and come back; `other` replaces parts of what the browser brings."""
        return self.door.come_in(self.back(**other))

    def link(self, account_id: uuid.UUID) -> None:
        """Link what comes back to an account, out of a session of its own."""
        self.door.link(self.back(), account_id, self.session_of(account_id))

    def session_of(self, account_id: uuid.UUID) -> uuid.UUID:
        house = self.house
        with house.database.write() as session:
            account = session.get_one(Account, account_id)
            actor = Actor(kind=ActorKind.PERSON, id=account_id, roles=frozenset())
            new = NewSession(method=SignInMethod.PASSWORD, address=None)
            return open_session(session, house.clock, house.ids, account, actor, new).session_id

    def back(self, **other: Any) -> ComeBack:
        secret, url = self.door.leave()
        said = self.provider.authorize(url)
        answer = Answer(code=said["code"], state=said["state"], issuer=said["iss"])
        answer = replace(answer, **{name: value for name, value in other.items() if name != "secret"})
        return ComeBack(secret=other.get("secret", secret), answer=answer, address="192.0.2.7", agent="a browser")


@pytest.fixture
def door(house: People) -> Iterator[Door]:
    with running_provider(house.clock) as provider:
        provider.who = {"sub": "abc", "email": "Camille@Demo.example", "email_verified": True, "groups": []}
        settings = OpenIdSettings(
            issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, name="demo", roles=GROUPS
        )
        parts = DoorParts(
            database=house.database,
            clock=house.clock,
            ids=house.ids,
            attestor=house.attestor,
            log=house.log,
            settings=settings,
            return_address="http://localhost:8000/sign-in/openid/return",
        )
        yield Door(house, provider, OpenIdDoor(parts))


@pytest.fixture
def camille(house: People) -> Account:
    """An account that nothing opens yet, with a confirmed role."""
    controller = house.controller()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, controller, NewAccount(email=EMAIL))
        new = NewRole(account_id=account.id, role=Role.SALES)
        assign_role(session, house.clock, house.ids, controller, new)
    return account


def is_refused(door: Door, by: type[Exception] = OpenIdRefusedError, bringing: dict[str, str] | None = None) -> bool:
    """Say whether whoever goes there and comes back, bringing this instead, is sent away by this error."""
    try:
        door.come(**(bringing or {}))
    except by:
        return True
    return False


def roles_of(house: People, account: Account) -> dict[Role, bool]:
    with house.database.read() as session:
        return {each.role: each.countersigned_at is not None for each in live_assignments(session, account.id)}


def test_somebody_comes_in_and_is_known_by_their_subject_from_then_on(door: Door, camille: Account) -> None:
    assert door.come().account.id == camille.id

    door.provider.who |= {"email": "married@demo.example"}
    opened = door.come()

    assert opened.account.id == camille.id
    assert door.house.doorkeeper.by_session(opened.secret, None) is not None


def test_an_account_that_a_password_opens_is_not_opened_by_its_address(door: Door, house: People) -> None:
    account = house.account(EMAIL, Role.SUPPORT)
    with pytest.raises(OpenIdUnknownError):
        door.come()

    door.link(account.id)

    assert door.come().account.id == account.id


def test_an_account_that_one_identity_opens_is_not_opened_by_another(door: Door, camille: Account) -> None:
    door.come()
    door.provider.who |= {"sub": "the provider's administrator"}

    with pytest.raises(OpenIdUnknownError):
        door.come()
    with pytest.raises(OpenIdTakenError):
        door.link(camille.id)


def test_one_identity_opens_one_account(door: Door, camille: Account, house: People) -> None:
    other = house.account("other@demo.example", Role.SUPPORT)
    door.come()

    with pytest.raises(OpenIdTakenError):
        door.link(other.id)


UNCHECKED: list[dict[str, Any]] = [
    {"email_verified": False},
    {"email_verified": None},
    {"email_verified": "true"},
    {"email_verified": 1},
    {"email": None},
    {"email": ["camille@demo.example"]},
    {"email": "nobody@demo.example"},
    {"email": ""},
]


def test_an_address_that_nobody_checked_opens_nothing(door: Door, camille: Account) -> None:
    true = dict(door.provider.who)
    for said in UNCHECKED:
        door.provider.who = {
            name: value for name, value in {**true, **said}.items() if name != "email" or value is not None
        }
        assert is_refused(door, OpenIdUnknownError), said

    door.provider.who = true
    assert door.come().account.id == camille.id


LIES: list[dict[str, Any]] = [
    {"iss": "https://another.example"},
    {"iss": None},
    {"aud": "another-client"},
    {"aud": [CLIENT, "another-client"]},
    {"aud": None},
    {"nonce": "of another attempt"},
    {"nonce": None},
    {"exp": 1},
    {"exp": None},
    {"iat": None},
    {"sub": None},
    {"sub": ""},
    {"sub": "x" * 256},
    {"sub": 7},
    {"azp": "another-client"},
    {"at_hash": "of another token"},
]


def test_a_token_that_does_not_fit_opens_nothing(door: Door, camille: Account) -> None:
    for lie in LIES:
        door.provider.lies = lie
        assert is_refused(door), lie

    door.provider.lies = {}
    assert door.come().account.id == camille.id


def test_a_token_that_anybody_could_sign_opens_nothing(door: Door, camille: Account) -> None:
    for algorithm in ("none", "HS256"):
        door.provider.algorithm = algorithm
        assert is_refused(door), algorithm


def test_a_token_of_another_key_opens_nothing(door: Door, camille: Account) -> None:
    door.provider.forger = ECKey.generate_key("P-256", {"kid": "1"})

    with pytest.raises(OpenIdRefusedError):
        door.come()


def test_a_key_that_the_provider_changed_is_found(door: Door, camille: Account) -> None:
    door.come()
    door.provider.key = ECKey.generate_key("P-256", {"kid": "2", "use": "sig"})
    door.house.clock.advance(minutes=2)

    assert door.come().account.id == camille.id


OTHERS: list[dict[str, str]] = [
    {"state": "of another attempt"},
    {"state": ""},
    {"code": "stolen"},
    {"issuer": "https://another.example"},
    {"secret": "of another browser"},
]


def test_an_answer_to_something_else_opens_nothing(door: Door, camille: Account) -> None:
    for other in OTHERS:
        assert is_refused(door, bringing=other), other

    assert door.come().account.id == camille.id


def test_an_answer_is_taken_once_even_where_the_provider_would_take_its_code_again(
    door: Door, camille: Account
) -> None:
    command = door.back()
    kept = dict(door.provider.codes)
    door.door.come_in(command)
    door.provider.codes.update(kept)

    with pytest.raises(OpenIdRefusedError):
        door.door.come_in(command)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(door: Door) -> None:
    door.provider.issuer_said = "https://another.example"

    with pytest.raises(OpenIdUnavailableError):
        door.come()


def test_several_factors_at_the_provider_count_as_the_second_here(door: Door, camille: Account) -> None:
    for methods, counts in ((["pwd"], False), ("mfa", False), (["pwd", "mfa"], True)):
        door.provider.who |= {"amr": methods}
        if isinstance(methods, str):
            with pytest.raises(OpenIdRefusedError):
                door.come()
            continue
        opened = door.come()
        with door.house.database.read() as session:
            shown = session.scalar(select(SignInSession.second_factor_at).where(SignInSession.id == opened.session_id))
        assert (shown is not None) == counts


def shown(house: People, opened: OpenedSession) -> bool:
    """Say whether a session counts as having seen a second factor."""
    with house.database.read() as session:
        moment = session.scalar(select(SignInSession.second_factor_at).where(SignInSession.id == opened.session_id))
    return moment is not None


_DECIDING = (Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR)


# An administrator's role never waits.
@pytest.mark.parametrize(
    ("role", "waits"), [(Role.ADMIN, False), *((role, waits) for role in _DECIDING for waits in (False, True))]
)
def test_the_word_of_the_provider_is_no_second_factor_for_whoever_decides(
    door: Door, house: People, role: Role, waits: bool
) -> None:
    by = house.admin() if waits else house.controller()
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, by, NewAccount(email=EMAIL))
        assign_role(session, house.clock, house.ids, by, NewRole(account_id=account.id, role=role))
    door.provider.who |= {"amr": ["mfa"]}

    assert not shown(house, door.come())


def test_what_comes_back_after_the_account_was_set_anew_is_not_linked(door: Door, house: People) -> None:
    account = house.account("marie@demo.example", Role.SUPPORT)
    session_id = door.session_of(account.id)
    coming = door.back()
    with house.database.write() as session:
        held = session.get_one(Account, account.id)
        link = make_mailed_link(session, house.clock, house.ids, held, Letter.PASSWORD_RESET, instead_of=None)
    assert link is not None
    house.doorkeeper.use_link(UseLink(secret=link.secret, email=account.email, password=PASSWORD))

    with pytest.raises(OpenIdRefusedError):
        door.door.link(coming, account.id, session_id)

    with house.database.read() as session:
        assert session.scalar(select(OpenIdIdentity.id)) is None


def test_whoever_is_given_a_role_that_decides_shows_a_factor_of_their_own_from_then_on(
    door: Door, camille: Account, house: People
) -> None:
    door.provider.who |= {"amr": ["mfa"]}
    opened = door.come()
    controller = house.controller()
    with house.database.write() as session:
        rule = SetRule(role=Role.OWNER, required=True)
        set_second_factor_rule(session, house.clock, house.attestor, controller, rule)
        new = NewRole(account_id=camille.id, role=Role.OWNER)
        assign_role(session, house.clock, house.ids, controller, new)

    half = house.doorkeeper.by_session(opened.secret, None)
    assert half is not None
    assert half.pending
    assert half.actor.roles == frozenset()

    _, enrolled = add_app(house, visit_of(house, opened))
    whole = house.doorkeeper.by_session(enrolled.secret, None)
    assert whole is not None
    assert Role.OWNER in whole.actor.roles


def test_the_word_of_the_provider_replaces_no_factor_that_was_added_here(door: Door, house: People) -> None:
    _, enrolled = somebody_with_an_app(house, EMAIL, Role.SUPPORT)
    admission = house.doorkeeper.by_session(enrolled.secret, None)
    assert admission is not None
    assert admission.actor.id is not None
    door.link(admission.actor.id)
    door.provider.who |= {"amr": ["mfa"]}

    opened = door.come()
    assert not shown(house, opened)
    half = house.doorkeeper.by_session(opened.secret, None)
    assert half is not None
    assert half.pending

    controller = house.controller()
    with house.database.write() as session:
        reset_second_factor(session, house.clock, house.ids, house.attestor, controller, opened.account.id)
    assert not shown(house, door.come()), "nor one that was taken away and is owed"


def test_the_word_of_the_provider_is_never_freshness(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"amr": ["mfa"]}
    by_provider, elsewhere = door.come(), door.come()
    before = house.doorkeeper.by_session(by_provider.secret, None)
    assert before is not None
    assert not before.pending

    add_app(house, visit_of(house, elsewhere))

    after = house.doorkeeper.by_session(by_provider.secret, None)
    assert after is not None
    assert after.pending
    assert not is_fresh(after, house.clock.now())


def test_what_the_provider_proposes_waits_for_the_controller(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"groups": ["helpdesk", "books", "another"]}
    door.come()

    assert roles_of(house, camille) == {Role.SALES: True, Role.SUPPORT: False, Role.ACCOUNTING: False}


def test_what_the_provider_no_longer_says_is_taken_away_at_once(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"groups": ["helpdesk", "books"]}
    door.come()
    controller = house.controller()
    with house.database.write() as session:
        for role in (Role.SUPPORT, Role.ACCOUNTING):
            command = NewRole(account_id=camille.id, role=role)
            countersign_held(session, house.clock, house.ids, house.attestor, controller, command)

    door.provider.who |= {"groups": ["books"]}
    opened = door.come()

    assert roles_of(house, camille) == {Role.SALES: True, Role.ACCOUNTING: True}
    admission = house.doorkeeper.by_session(opened.secret, None)
    assert admission is not None
    assert Role.SUPPORT not in admission.actor.roles


def test_a_provider_that_says_nothing_of_groups_takes_everything_of_its_own_away(
    door: Door, camille: Account, house: People
) -> None:
    door.provider.who |= {"groups": ["helpdesk"]}
    door.come()
    del door.provider.who["groups"]
    door.come()

    assert roles_of(house, camille) == {Role.SALES: True}


def test_what_a_person_took_back_is_not_proposed_again(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"groups": ["helpdesk"]}
    door.come()
    controller = house.controller()
    with house.database.write() as session:
        command = NewRole(account_id=camille.id, role=Role.SUPPORT)
        revoke_role(session, house.clock, house.ids, house.attestor, controller, command)
    door.come()

    assert roles_of(house, camille) == {Role.SALES: True}


def test_a_role_that_conflicts_is_not_proposed(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"groups": ["it", "privacy"]}
    door.come()

    assert roles_of(house, camille) == {Role.SALES: True, Role.DPO: False}


def test_a_proposal_ends_and_is_made_again(door: Door, camille: Account, house: People) -> None:
    door.provider.who |= {"groups": ["helpdesk"]}
    door.come()
    house.clock.moment += timedelta(days=366)
    door.come()

    with house.database.read() as session:
        made = session.scalars(select(RoleAssignment.id).where(RoleAssignment.from_provider)).all()
    assert len(made) == 2
    assert roles_of(house, camille)[Role.SUPPORT] is False


def test_groups_that_are_told_apart_are_asked_for(door: Door, camille: Account, house: People) -> None:
    door.provider.apart = {"groups": ["helpdesk"]}
    del door.provider.who["groups"]
    door.come()

    assert Role.SUPPORT in roles_of(house, camille)
    door.provider.apart |= {"sub": "somebody else"}
    with pytest.raises(OpenIdRefusedError):
        door.come()


def test_a_disabled_account_stays_closed(door: Door, camille: Account, house: People) -> None:
    door.come()
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, camille.id)

    with pytest.raises(OpenIdUnknownError):
        door.come()


def test_an_identity_moved_by_sql_closes(door: Door, camille: Account, house: People) -> None:
    door.come()
    thief = house.account("thief@demo.example")
    with house.database.write_connection() as connection:
        values = {"id": stored(thief.id, house.database)}
        connection.execute(text("UPDATE openid_identity SET account_id = :id"), values)

    with pytest.raises(AttestationError):
        door.come()


def test_an_identity_put_back_by_sql_closes_everything(door: Door, camille: Account, house: People) -> None:
    door.come()
    with house.database.read() as session:
        row = session.execute(select(OpenIdIdentity.__table__)).one()
    controller = house.controller()
    with house.database.write() as session:
        unlink_identity(session, house.clock, house.attestor, controller, camille.id)
    with house.database.write_connection() as connection:
        connection.execute(OpenIdIdentity.__table__.insert().values(**row._mapping))  # type: ignore[attr-defined] # noqa: SLF001

    with house.database.read() as session, pytest.raises(PolicySetError):
        house.attestor.verify_policy_set(session)


def test_whoever_has_no_password_keeps_the_only_way_in(door: Door, camille: Account, house: People) -> None:
    opened = door.come()
    with house.database.write() as session, pytest.raises(OnlyWayInError):
        unlink_identity(session, house.clock, house.attestor, person(camille), camille.id)

    controller = house.controller()
    with house.database.write() as session:
        unlink_identity(session, house.clock, house.attestor, controller, camille.id)
    assert house.doorkeeper.by_session(opened.secret, None) is None


def test_an_account_that_the_provider_ever_opened_is_not_opened_by_its_address_again(
    door: Door, camille: Account, house: People
) -> None:
    door.come()
    controller = house.controller()
    with house.database.write() as session:
        unlink_identity(session, house.clock, house.attestor, controller, camille.id)

    for subject in ("the provider's administrator", "abc"):
        door.provider.who |= {"sub": subject}
        with pytest.raises(OpenIdUnknownError):
            door.come()

    with house.database.write_connection() as connection:
        values = {"id": stored(camille.id, house.database), "never": False}
        connection.execute(text("UPDATE account SET known_to_provider = :never WHERE id = :id"), values)
    with pytest.raises(AttestationError):
        door.come()


def test_a_link_made_from_inside_is_remembered_too(door: Door, house: People) -> None:
    account = house.account(EMAIL, Role.SUPPORT)
    door.link(account.id)

    with house.database.read() as session:
        found = session.get_one(Account, account.id)
        house.attestor.verify(found)
        assert found.known_to_provider


def test_an_account_altered_by_sql_is_not_made_good_by_linking_it(door: Door, house: People) -> None:
    account = house.account(EMAIL, Role.SUPPORT)
    with house.database.write_connection() as connection:
        values = {"id": stored(account.id, house.database)}
        connection.execute(text("UPDATE account SET password_hash = 'x' WHERE id = :id"), values)

    with pytest.raises(AttestationError):
        door.link(account.id)


def test_an_administrator_unlinks_nobody_whose_role_is_countersigned(
    door: Door, camille: Account, house: People
) -> None:
    opened = door.come()
    admin = house.admin()

    with house.database.write() as session, pytest.raises(NotPermittedError):
        unlink_identity(session, house.clock, house.attestor, admin, camille.id)
    assert house.doorkeeper.by_session(opened.secret, None) is not None


def test_a_provider_that_is_not_there_is_told(house: People) -> None:
    with running_provider(house.clock) as provider:
        pass
    settings = OpenIdSettings(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, name="demo")
    parts = DoorParts(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        log=house.log,
        settings=settings,
        return_address="http://localhost:8000/sign-in/openid/return",
    )

    with pytest.raises(OpenIdUnavailableError):
        OpenIdDoor(parts).leave()
    assert SYSTEM.id is None
