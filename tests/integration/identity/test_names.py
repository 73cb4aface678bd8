"""What accounts and tokens are called."""

import uuid
from collections.abc import Mapping

from governance.actor import SYSTEM, Role
from governance.identity.service import NewAccount, add_account, everybody, names_of_actors
from tests.builders.identity import People


def named(house: People, names: Mapping[str, str]) -> Mapping[str, uuid.UUID]:
    """Make accounts with these names and return them, by address."""
    with house.database.write() as session:
        return {
            email: add_account(session, house.clock, house.ids, SYSTEM, NewAccount(email=email, name=name)).id
            for email, name in names.items()
        }


def test_a_token_goes_by_its_name_and_a_nameless_account_by_its_address(house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    issued = house.token(name="till")

    with house.database.read() as session:
        names = names_of_actors(session, [account.id, issued.token.id, uuid.UUID(int=1)])

        everyone = everybody(session)

    assert names == {account.id: "support@demo.example", issued.token.id: "till"}
    assert names.items() <= everyone.items()


def test_an_account_goes_by_its_name_and_by_its_address_too_where_another_has_the_same(house: People) -> None:
    made = named(house, {"a@demo.example": "Ada Martin", "b@demo.example": "Inès Roy", "c@demo.example": "Inès Roy"})

    with house.database.read() as session:
        names = names_of_actors(session, list(made.values()))
        alone = names_of_actors(session, [made["c@demo.example"]])

    told = {"a@demo.example": "Ada Martin"} | {
        email: f"Inès Roy ({email})" for email in ("b@demo.example", "c@demo.example")
    }
    assert names == {made[email]: name for email, name in told.items()}
    assert alone == {made["c@demo.example"]: "Inès Roy (c@demo.example)"}
