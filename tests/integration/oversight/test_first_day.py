"""A house on its first day: nothing is declared, nobody is on file, and each page says what comes first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.actor import Actor, ActorKind, Role
from governance.administration.looking import Looker, look
from governance.administration.values import State
from governance.founding import found
from governance.identity.service import (
    NewAccount,
    NewRole,
    add_account,
    assign_role,
    countersign_role,
    name_first_controller,
)
from governance.wiring import Wired
from tests.builders.oversight import acting, reader
from tests.builders.service import Service, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, email_of, wire_cheaply

HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="tests")


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Service]:
    """A house in which nobody has an account but its controller."""
    home = Home(tmp_path / "home", f"sqlite:///{tmp_path}/home/egide.db")
    found(home.settings, HOST, demonstration=True)
    wired = wire_cheaply(home)
    with wired.write() as session:
        account = add_account(session, wired.clock, wired.ids, HOST, NewAccount(email=email_of(Role.CONTROLLER)))
        name_first_controller(session, wired.clock, wired.ids, HOST, account)
    yield serve_in_process(wired)
    wired.close()


def take_on(wired: Wired, role: Role) -> None:
    """Give somebody an account with a role in force."""
    with wired.write() as session:
        account = add_account(session, wired.clock, wired.ids, HOST, NewAccount(email=email_of(role)))
        waiting = assign_role(session, wired.clock, wired.ids, HOST, NewRole(account_id=account.id, role=role))
    boss = acting(wired, Role.CONTROLLER)
    with wired.write() as session:
        countersign_role(session, wired.clock, wired.ids, wired.attestor, boss, waiting.id)


@pytest.mark.parametrize(("language", "first"), [("fr", "Aucune activité pour l’instant"), ("en", "No activity yet")])
def test_the_officer_of_an_empty_register_is_led_to_the_first_activity(new: Service, language: str, first: str) -> None:
    take_on(new.wired, Role.DPO)

    page = reader(new, Role.DPO).open("/today", language)

    assert first in words(page)
    assert [link for link in parse(page).iter() if link.attrib.get("href") == "/activities/-/start"]
    assert "altered:" not in words(page)
    # Every target of nothing is met.
    assert not [each for each in parse(page).iter() if each.attrib.get("id") == "indicators"]


def test_whoever_looks_after_the_house_is_told_that_nobody_advises(new: Service) -> None:
    wired = new.wired
    looker = Looker(
        database=wired.database,
        clock=wired.clock,
        keyring=wired.keyring,
        attestor=wired.attestor,
        settings=wired.settings,
    )

    def people() -> tuple[State, bool]:
        with wired.read() as session:
            line = next(line for line in look(session, looker).lines if line.name == "people")
        return line.state, line.mend is not None

    assert people() == (State.WATCH, True)
    take_on(wired, Role.DPO)
    assert people() == (State.GOOD, False)
