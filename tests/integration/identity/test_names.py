"""What accounts and tokens are called."""

import uuid

from governance.actor import Role
from governance.identity.service import everybody, names_of_actors
from tests.builders.identity import People


def test_accounts_go_by_their_address_and_tokens_by_their_name(house: People) -> None:
    account = house.account("support@demo.example", Role.SUPPORT)
    issued = house.token(name="till")

    with house.database.read() as session:
        names = names_of_actors(session, [account.id, issued.token.id, uuid.UUID(int=1)])

        everyone = everybody(session)

    assert names == {account.id: "support@demo.example", issued.token.id: "till"}
    assert names.items() <= everyone.items()
