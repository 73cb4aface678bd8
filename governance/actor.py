"""Who acts: the person, program or host user on whose behalf something happens, and the roles they hold."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from governance.errors import mark


class Role(StrEnum):
    """What a person or a program may be. See "Who decides" in ARCHITECTURE.md."""

    CONTROLLER = mark("controller")
    DPO = mark("dpo")
    OWNER = mark("owner")
    SECURITY = mark("security")
    AUDITOR = mark("auditor")
    ADMIN = mark("admin")
    SALES = mark("sales")
    MARKETING = mark("marketing")
    SUPPORT = mark("support")
    ACCOUNTING = mark("accounting")
    ANALYST = mark("analyst")
    SERVICE = mark("service")


# What a role is called on the pages.
ROLE_LABELS: Final[Mapping[Role, str]] = {
    Role.CONTROLLER: mark("Controller"),
    Role.DPO: mark("Data protection officer"),
    Role.OWNER: mark("Business owner"),
    Role.SECURITY: mark("Security"),
    Role.AUDITOR: mark("Auditor"),
    Role.ADMIN: mark("Administrator"),
    Role.SALES: mark("Sales"),
    Role.MARKETING: mark("Marketing"),
    Role.SUPPORT: mark("Customer service"),
    Role.ACCOUNTING: mark("Accounting"),
    Role.ANALYST: mark("Analyst"),
    Role.SERVICE: mark("Program"),
}
# Roles that work on customers, and only through grants. `admin` is not one of them and never becomes one.
BUSINESS_ROLES: Final = frozenset(
    {Role.SALES, Role.MARKETING, Role.SUPPORT, Role.ACCOUNTING, Role.ANALYST, Role.SERVICE}
)


class ActorKind(StrEnum):
    """How an actor came in."""

    PERSON = "person"
    PROGRAM = "program"
    HOST = "host"
    SYSTEM = "system"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts.

    Attributes:
        kind: How they came in.
        id: The account (person, host) or the token (program); None for the host user alone, for the system, and for a
            data subject, whom the fact names by their number.
        roles: The roles in force at this moment, attestations checked.
        address: The network address for a person or program; None in a terminal.
        host_user: The user of the host who typed the command, recorded *on behalf of* the account.
        token: The token of their own through which a person acts, in its role alone; None in a session, and for a
            program, which is its token.
    """

    kind: ActorKind
    id: uuid.UUID | None
    roles: frozenset[Role]
    address: str | None = None
    host_user: str | None = None
    token: uuid.UUID | None = None


# The house itself: jobs, migrations, sweeps.
SYSTEM: Final = Actor(kind=ActorKind.SYSTEM, id=None, roles=frozenset())

_View = TypeVar("_View", bound=Callable[..., object])
_OPEN_TO: Final = "__egide_open_to__"
_OPEN_HALF: Final = "__egide_open_half__"
_CONFIRMED_ANEW: Final = "__egide_confirmed_anew__"


def open_to(*roles: Role) -> Callable[[_View], _View]:
    """Declare the roles a view is open to; enforced at the roof, where a view that declares nothing stays closed."""

    def declare(view: _View) -> _View:
        setattr(view, _OPEN_TO, frozenset(roles))
        return view

    return declare


def open_to_signed_in(view: _View) -> _View:
    """Declare that a view is open to every signed-in person or program."""
    return open_to(*Role)(view)


def open_to_half_signed_in(view: _View) -> _View:
    """Declare that a view is open to every signed-in person, even before they have shown their second factor."""
    setattr(view, _OPEN_HALF, True)
    return open_to_signed_in(view)


def open_to_anyone(view: _View) -> _View:
    """Declare that a view is open before sign-in."""
    setattr(view, _OPEN_TO, None)
    return view


def confirmed_anew(view: _View) -> _View:
    """Declare that a view decides something grave, beside whom it is open to.

    It is for a person in a session, who showed a short time ago who they are. No token comes in, for it shows nothing.
    """
    return confirmed_anew_for()(view)


def confirmed_anew_for(**parts: frozenset[str]) -> Callable[[_View], _View]:
    """Declare the same of a view that is grave at some of its addresses only.

    Args:
        parts: What the parts of such an address are.
    """

    def declare(view: _View) -> _View:
        setattr(view, _CONFIRMED_ANEW, parts)
        return view

    return declare


def declared_access(view: object) -> frozenset[Role] | None:
    """Return the roles a view declares, or None where it is open to anyone.

    Raises:
        LookupError: If the view declares nothing, so that it must stay closed.
    """
    if not hasattr(view, _OPEN_TO):
        raise LookupError("this view declares no access")
    declared: frozenset[Role] | None = getattr(view, _OPEN_TO)
    return declared


def declared_half_signed_in(view: object) -> bool:
    """Say whether a view declares that it is open before the second factor is shown."""
    return bool(getattr(view, _OPEN_HALF, False))


def declared_grave(view: object) -> Mapping[str, frozenset[str]] | None:
    """Return the parts of the addresses at which a view is grave, empty where it always is; None where it never is."""
    declared: Mapping[str, frozenset[str]] | None = getattr(view, _CONFIRMED_ANEW, None)
    return declared
