"""Who may do what to accounts: truth tables over every role."""

import pytest

from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.errors import NotPermittedError
from governance.identity.permissions import (
    CONFLICTS,
    check_administers,
    check_countersigns,
    confirms_itself,
    conflicting,
)
from tests.builders.ground import an_actor

HOST = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root")


@pytest.mark.parametrize("role", Role)
def test_administrators_and_controllers_look_after_accounts(role: Role) -> None:
    if role in {Role.ADMIN, Role.CONTROLLER}:
        check_administers(an_actor(role))
    else:
        with pytest.raises(NotPermittedError):
            check_administers(an_actor(role))


@pytest.mark.parametrize("actor", [HOST, SYSTEM])
def test_the_host_and_the_house_look_after_accounts_and_confirm_nothing(actor: Actor) -> None:
    check_administers(actor)

    with pytest.raises(NotPermittedError):
        check_countersigns(actor)


def test_the_host_on_behalf_of_somebody_may_do_what_they_may() -> None:
    on_behalf = Actor(kind=ActorKind.HOST, id=an_actor().id, roles=frozenset({Role.SALES}), host_user="root")

    with pytest.raises(NotPermittedError):
        check_administers(on_behalf)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", ActorKind)
def test_only_a_controller_in_person_countersigns(role: Role, kind: ActorKind) -> None:
    actor = an_actor(role, kind=kind)

    if role is Role.CONTROLLER and kind in {ActorKind.PERSON, ActorKind.HOST}:
        check_countersigns(actor)
    else:
        with pytest.raises(NotPermittedError):
            check_countersigns(actor)


@pytest.mark.parametrize("role", Role)
def test_what_an_administrator_assigns_waits_but_for_administrators(role: Role) -> None:
    assert confirms_itself(an_actor(Role.ADMIN), role) == (role is Role.ADMIN)
    assert confirms_itself(an_actor(Role.CONTROLLER), role)
    assert confirms_itself(HOST, role) == (role is Role.ADMIN)


def test_conflicts_hold_both_ways_and_never_with_oneself() -> None:
    for pair in CONFLICTS:
        one, other = sorted(pair)
        assert conflicting(one, frozenset({other})) == other
        assert conflicting(other, frozenset({one})) == one
    for role in Role:
        assert conflicting(role, frozenset({role})) is None


def test_the_dpo_does_not_decide() -> None:
    assert conflicting(Role.DPO, frozenset({Role.SALES, Role.CONTROLLER})) is Role.CONTROLLER
