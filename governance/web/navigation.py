"""The places of the house, in the order in which the header names them.

A place shows only where its page exists and whoever looks may open it, so the header never offers a closed door.
"""

from dataclasses import dataclass
from typing import Final

from flask import Flask

from governance.actor import Actor, Role
from governance.errors import mark
from governance.web.access import may_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that the header names.

    Attributes:
        endpoint: Of its route.
        label: In English, marked for translation.
        of: The roles whose header names it; the page may be open to more.
    """

    endpoint: str
    label: str
    of: frozenset[Role]


_SELLING: Final = frozenset({Role.SALES, Role.MARKETING, Role.SUPPORT, Role.ACCOUNTING, Role.ANALYST})

PLACES: Final[tuple[Place, ...]] = (
    Place(endpoint="customers.search", label=mark("Customers"), of=_SELLING),
    Place(
        endpoint="register.activities", label=mark("Register"), of=frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER})
    ),
    Place(endpoint="policies.grants", label=mark("Policies"), of=frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER})),
    Place(endpoint="datamap.show", label=mark("Data map"), of=frozenset({Role.DPO, Role.ADMIN})),
    Place(endpoint="log.entries", label=mark("Log"), of=frozenset({Role.DPO, Role.AUDITOR, Role.SECURITY})),
    Place(endpoint="identity.accounts", label=mark("Accounts"), of=frozenset({Role.ADMIN, Role.CONTROLLER})),
    Place(endpoint="identity.tokens", label=mark("Tokens"), of=frozenset({Role.ADMIN, Role.CONTROLLER})),
)

# What a role is called on the pages.
ROLE_LABELS: Final[dict[Role, str]] = {
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


def places_of(app: Flask, actor: Actor) -> list[Place]:
    """Return the places that somebody's header names."""
    return [place for place in PLACES if actor.roles & place.of and may_open(app, place.endpoint, actor)]
