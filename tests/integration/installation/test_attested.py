"""The row that says which installation this is was written by Égide, or the house stays closed."""

import pytest
from sqlalchemy import text

from governance.actor import Actor, ActorKind
from governance.database import Database
from governance.founding import found
from governance.vault.errors import AttestationError
from governance.wiring import wire
from tests.builders.terminal import Terminal
from tests.demonstration import Home

HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="tests")


def execute(home: Home, statement: str) -> None:
    database = Database(home.url)
    with database.write_connection() as connection:
        connection.execute(text(statement))
    database.close()


@pytest.fixture
def real_home(empty_home: Home) -> Home:
    found(empty_home.settings, HOST)
    return empty_home


def test_a_real_home_does_not_become_a_demonstration_by_sql(real_home: Home) -> None:
    terminal = Terminal(real_home)
    terminal.done("status")
    execute(real_home, "UPDATE installation SET demonstration = true")
    told = terminal.refused("grant", "request", "support", "x", "--category", "contact", "--as", "boss@demo.example")
    assert "installation 1 was altered" in told
    terminal.refused("demo", "--no-serve")


@pytest.mark.parametrize(
    "change",
    ["demonstration = true", "origin = 'elsewhere'", "initialised_at = NULL", "mac = identifier"],
)
def test_every_column_of_the_installation_is_attested(real_home: Home, change: str) -> None:
    if "NULL" in change:
        # A moment, as each database writes one.
        moment = "1" if real_home.url.startswith("sqlite") else "now() - interval '1 day'"
        change = change.replace("NULL", moment)
    execute(real_home, f"UPDATE installation SET {change}")
    with pytest.raises(AttestationError, match="installation"):
        wire(real_home.settings)


def test_a_moment_of_the_installation_that_is_none_is_an_alteration(sqlite_home: Home) -> None:
    execute(sqlite_home, "UPDATE installation SET initialised_at = 'yesterday'")
    with pytest.raises(AttestationError, match="installation"):
        wire(sqlite_home.settings)
