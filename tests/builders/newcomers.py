"""A house just founded: nothing on file, and only so many people as a small firm has."""

from collections.abc import Collection
from pathlib import Path

from governance.actor import Actor, ActorKind, Role
from governance.customers.demo.staff import demo_accounts, hash_passwords, hire
from governance.founding import found
from governance.identity.service.accounts import account_by_email
from governance.identity.service.roles import NewRole, assign_role
from tests.demonstration import Home, email_of, wire_cheaply

_HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="tests")


def a_new_house(folder: Path, staff: Collection[Role]) -> Home:
    """Found a house in which there are these people, one in each role, and nothing else."""
    home = Home(folder, f"sqlite:///{folder}/egide.db")
    found(home.settings, _HOST)
    wired = wire_cheaply(home)
    try:
        people = tuple(each for each in demo_accounts(folder) if each.role in staff)
        hashes = hash_passwords(wired, people)
        with wired.write() as session:
            hire(session, wired, people, hashes)
    finally:
        wired.close()
    return home


def a_house_of_one(folder: Path) -> Home:
    """Found a house of one person, who is the controller and looks after data protection too."""
    home = a_new_house(folder, [Role.CONTROLLER])
    wired = wire_cheaply(home)
    try:
        with wired.write() as session:
            account = account_by_email(session, email_of(Role.CONTROLLER))
            acting = Actor(kind=ActorKind.HOST, id=account.id, roles=frozenset({Role.CONTROLLER}), host_user="tests")
            role = NewRole(account_id=account.id, role=Role.DPO, no_second_person=True, reason="A firm of one.")
            assign_role(session, wired.clock, wired.ids, acting, role)
    finally:
        wired.close()
    return home
