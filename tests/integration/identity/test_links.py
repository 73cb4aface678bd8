"""One-time links: good once, for one purpose, after a form is sent; never a default password."""

import pytest

from governance.actor import SYSTEM, Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    AdministratorExistsError,
    CredentialsRefusedError,
    EmailTakenError,
    InvalidEmailError,
    LinkRefusedError,
    NotPermittedError,
    WeakPasswordError,
)
from governance.identity.models import Account
from governance.identity.service import (
    IssuedLink,
    NewAccount,
    add_account,
    disable_account,
    link_first_administrator,
    link_password,
)
from governance.identity.service.links import VALID_FOR
from tests.builders.identity import PASSWORD, People, person

FIRST = "first@demo.example"
NEW = "a new and better password"


def first_link(house: People) -> IssuedLink:
    with house.database.write() as session:
        return link_first_administrator(session, house.clock, house.ids, SYSTEM)


def password_link(house: People, account: Account) -> IssuedLink:
    controller = house.controller()
    with house.database.write() as session:
        return link_password(session, house.clock, house.ids, controller, account)


def use(house: People, secret: str, email: str = FIRST, password: str = NEW) -> Account:
    return house.doorkeeper.use_link(UseLink(secret=secret, email=email, password=password, address="192.0.2.8"))


def test_the_first_administrator_names_themselves_and_chooses_the_password(house: People) -> None:
    use(house, first_link(house).secret)

    opened = house.sign_in(FIRST, NEW)

    admission = house.doorkeeper.by_session(opened.secret, None)
    assert admission is not None
    assert admission.actor.roles == {Role.ADMIN}


def test_looking_at_a_link_does_not_use_it(house: People) -> None:
    secret = first_link(house).secret

    for _ in range(3):
        assert house.doorkeeper.look_at_link(secret).email is None

    use(house, secret)


def test_a_link_is_good_once(house: People) -> None:
    secret = first_link(house).secret
    use(house, secret)

    with pytest.raises(LinkRefusedError):
        use(house, secret, "second@demo.example")
    with pytest.raises(LinkRefusedError):
        house.doorkeeper.look_at_link(secret)


def test_where_an_administrator_is_no_link_makes_another_first_one(house: People) -> None:
    older = first_link(house)
    house.admin()

    with pytest.raises(LinkRefusedError):
        use(house, older.secret)
    with pytest.raises(AdministratorExistsError):
        first_link(house)


def test_another_link_for_the_first_administrator_replaces_the_one_before(house: People) -> None:
    older, newer = first_link(house), first_link(house)

    with pytest.raises(LinkRefusedError):
        use(house, older.secret)
    use(house, newer.secret)


def test_a_link_expires(house: People) -> None:
    secret = first_link(house).secret
    house.clock.advance(seconds=VALID_FOR.total_seconds())

    with pytest.raises(LinkRefusedError):
        use(house, secret)


@pytest.mark.parametrize(
    ("email", "password", "refused"),
    [
        (FIRST, "short", WeakPasswordError),
        (FIRST, FIRST, WeakPasswordError),
        ("not an address", NEW, InvalidEmailError),
        ("support@demo.example", NEW, EmailTakenError),
    ],
)
def test_a_form_that_is_refused_leaves_the_link_good(
    house: People, email: str, password: str, refused: type[Exception]
) -> None:
    house.account("support@demo.example")
    secret = first_link(house).secret

    with pytest.raises(refused):
        use(house, secret, email, password)

    use(house, secret)


def test_a_person_sets_a_password_by_a_link_whatever_address_the_form_names(house: People) -> None:
    with house.database.write() as session:
        account = add_account(session, house.clock, house.ids, SYSTEM, NewAccount(email="new@demo.example"))
    house.account("victim@demo.example", Role.DPO)
    secret = password_link(house, account).secret
    assert house.doorkeeper.look_at_link(secret).email == "new@demo.example"

    use(house, secret, "victim@demo.example")

    house.sign_in("new@demo.example", NEW)
    with pytest.raises(CredentialsRefusedError):
        house.sign_in("victim@demo.example", NEW)


def test_a_new_password_closes_other_links_and_sessions(house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    opened = house.sign_in("support@demo.example")
    one, other = password_link(house, account), password_link(house, account)

    use(house, one.secret)

    with pytest.raises(LinkRefusedError):
        use(house, other.secret)
    assert house.doorkeeper.by_session(opened.secret, None) is None
    with pytest.raises(CredentialsRefusedError):
        house.sign_in("support@demo.example", PASSWORD)


def test_a_link_to_a_disabled_account_opens_nothing(house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    secret = password_link(house, account).secret
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, account.id)

    with pytest.raises(LinkRefusedError):
        use(house, secret)


def test_only_who_looks_after_accounts_makes_links(house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        link_password(session, house.clock, house.ids, person(account, Role.SUPPORT), account)
    with pytest.raises(NotPermittedError), house.database.write() as session:
        link_first_administrator(session, house.clock, house.ids, person(account, Role.SUPPORT))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_an_administrator_makes_no_link_by_which_to_become_somebody_else(house: People, role: Role) -> None:
    admin = house.admin()
    confirmed = house.account("confirmed@demo.example", role)
    waiting = house.account("waiting@demo.example", role, by=admin)

    with pytest.raises(NotPermittedError), house.database.write() as session:
        link_password(session, house.clock, house.ids, admin, confirmed)
    with house.database.write() as session:
        link_password(session, house.clock, house.ids, admin, waiting)
    password_link(house, confirmed)


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "\ud800"])
def test_a_secret_that_was_never_given_is_no_link(house: People, secret: str) -> None:
    first_link(house)

    with pytest.raises(LinkRefusedError):
        house.doorkeeper.look_at_link(secret)
