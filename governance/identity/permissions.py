"""Who may do what to accounts, roles and tokens; and which roles one person should not hold together."""

import uuid
from typing import Final

from governance.actor import BUSINESS_ROLES, Actor, ActorKind, Role
from governance.errors import phrase
from governance.identity.errors import NotPermittedError, RoleNotForProgramsError

# The host and the house itself administer, and confirm nothing: what they assign waits for a controller too.
_HOUSE: Final = frozenset({ActorKind.HOST, ActorKind.SYSTEM})

# GDPR Art. 38(6): the DPO's other tasks must not lead to a conflict of interests. An administrator makes accounts and a
# controller confirms them, an auditor judges both: each pair would answer to itself. And who looks after keys, maps and
# accounts obtains no customer's data.
CONFLICTS: Final[frozenset[frozenset[Role]]] = frozenset(
    {
        frozenset({Role.DPO, Role.CONTROLLER}),
        frozenset({Role.DPO, Role.ADMIN}),
        frozenset({Role.ADMIN, Role.CONTROLLER}),
        frozenset({Role.AUDITOR, Role.CONTROLLER}),
        frozenset({Role.AUDITOR, Role.ADMIN}),
    }
) | {frozenset({Role.ADMIN, role}) for role in BUSINESS_ROLES}

# Who decides, confirms, looks into everything or makes accounts is a person, whom the log can name.
NOT_FOR_PROGRAMS: Final = frozenset({Role.CONTROLLER, Role.ADMIN, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR})


def person(actor: Actor) -> uuid.UUID | None:
    """Return the account that acts, or None for a program, the host alone and the house itself."""
    return actor.id if actor.kind in {ActorKind.PERSON, ActorKind.HOST} else None


def confirms_itself(actor: Actor, role: Role) -> bool:
    """Say whether a role assigned by this actor is in force at once.

    The role `admin` never obtains personal data and confirms nobody, so it needs no countersignature. Every other role
    reads, decides or checks: an administrator could otherwise make the account that approves their own wishes.
    """
    return role is Role.ADMIN or may_countersign(actor)


def may_countersign(actor: Actor) -> bool:
    """Say whether the actor confirms what others made: a controller in person, for a program decides nothing."""
    return Role.CONTROLLER in actor.roles and person(actor) is not None


def check_administers(actor: Actor) -> None:
    """Refuse whoever does not look after accounts.

    Raises:
        NotPermittedError: If the actor is neither administrator nor controller, nor the host.
    """
    alone = actor.kind in _HOUSE and actor.id is None
    if not alone and not actor.roles & {Role.ADMIN, Role.CONTROLLER}:
        raise NotPermittedError(needed=phrase("an administrator or the controller"))


def check_contains(actor: Actor) -> None:
    """Refuse whoever may not close an account or take a token back.

    Containment is the business of security too: an account that is lost has to close within minutes, whoever looks
    after accounts. Closing opens nothing, so it needs no second person; opening again is not theirs.

    Raises:
        NotPermittedError: If the actor neither looks after accounts nor is of security, in person.
    """
    if Role.SECURITY not in actor.roles or person(actor) is None:
        check_administers(actor)


def check_resets(actor: Actor, held: frozenset[Role]) -> None:
    """Refuse whoever may not let somebody choose another password.

    Whoever makes the link could use it, and be that person. So an administrator makes links for accounts whose roles
    wait for the controller, and for administrators; for anybody else the controller does, or the host.

    Args:
        actor: Who makes the link.
        held: The roles that the account holds, countersigned.

    Raises:
        NotPermittedError: If the actor could become somebody whom they may not be.
    """
    check_administers(actor)
    if not vouches(actor) and held - {Role.ADMIN}:
        raise NotPermittedError(needed=phrase("the controller"))


def vouches(actor: Actor) -> bool:
    """Say whether credentials may rest on this actor's word: the host's, the house's, a controller's in person."""
    return (actor.kind in _HOUSE and actor.id is None) or may_countersign(actor)


def check_not_through_a_token(actor: Actor) -> None:
    """Refuse a program, and a person who acts through a token: a token makes no other way in, and confirms none.

    In a terminal of the host a person's token only says who types; whoever types there has the house in hand anyway.

    Raises:
        NotPermittedError: If a token acts.
    """
    if actor.kind is ActorKind.PROGRAM or (actor.kind is ActorKind.PERSON and actor.token is not None):
        raise NotPermittedError(needed=phrase("a person, signed in"))


def check_for_programs(role: Role) -> None:
    """Refuse a program's token in a role that people alone act in.

    Raises:
        RoleNotForProgramsError: If it is one.
    """
    if role in NOT_FOR_PROGRAMS:
        raise RoleNotForProgramsError(role=role)


def check_countersigns(actor: Actor) -> None:
    """Refuse whoever confirms nothing.

    Raises:
        NotPermittedError: If the actor is not a controller in person.
    """
    if not may_countersign(actor):
        raise NotPermittedError(needed=phrase("the controller"))


def conflicting(role: Role, held: frozenset[Role]) -> Role | None:
    """Return the first role held that conflicts with this one, or None."""
    return next((other for other in sorted(held) if frozenset({role, other}) in CONFLICTS), None)
