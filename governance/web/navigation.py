"""The places of the house, in the order in which the header names them.

A place shows only where its page exists and whoever looks may open it, so the header never offers a closed door.
"""

from collections.abc import Callable, Sequence
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
        also: Addresses of pages that lie behind it, though not beneath its own.
    """

    endpoint: str
    label: str
    of: frozenset[Role]
    also: tuple[str, ...] = ()


_SELLING: Final = frozenset({Role.SALES, Role.MARKETING, Role.SUPPORT, Role.ACCOUNTING, Role.ANALYST})
# Those to whom actions are given, and who look at the plan.
_ACTING: Final = frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR, Role.SECURITY, Role.ADMIN})
_DECLARING: Final = frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR})


def _place(endpoint: str, label: str, *roles: Role, also: tuple[str, ...] = ()) -> Place:
    return Place(endpoint=endpoint, label=label, of=frozenset(roles), also=also)


# What others ask for is decided and looked at; only for whoever asks is it a part of their own access.
_ASKED: Final = ("/access/requests",)


# What stands beside the action plan: the file of evidence and of accountability.
_FILE: Final = ("/evidence", "/training", "/officer", "/letters", "/maturity", "/inspection")

# The first that a person may open is their first page.
PLACES: Final[tuple[Place, ...]] = (
    _place("oversight.today", mark("Today"), Role.DPO),
    _place("oversight.decisions", mark("Decisions"), Role.CONTROLLER, also=_ASKED),
    _place("oversight.tasks", mark("Tasks"), Role.OWNER),
    _place("oversight.watch", mark("Vigilance"), Role.SECURITY),
    _place("oversight.state", mark("State of the log"), Role.AUDITOR),
    _place("administration.health", mark("Health"), Role.ADMIN),
    _place("customers.search", mark("Customers"), *sorted(_SELLING)),
    _place("imports.files", mark("Imports"), Role.SALES, Role.MARKETING),
    _place("sending.listed", mark("Campaigns"), Role.MARKETING),
    _place("register.activities", mark("Activities"), *sorted(_DECLARING)),
    _place("sign_up_forms.listed", mark("Sign-up forms"), Role.DPO, Role.CONTROLLER, Role.MARKETING),
    _place("oversight.plan", mark("Action plan"), *sorted(_ACTING), also=_FILE),
    _place("policies.matrix", mark("Policies"), *sorted(_DECLARING), Role.SECURITY, also=(*_ASKED, "/rules")),
    _place("access.reviews", mark("Access reviews"), Role.OWNER, Role.CONTROLLER),
    _place("campaigns.rules", mark("Prospecting"), Role.DPO, Role.MARKETING),
    _place("datamap.show", mark("Data map"), Role.DPO, Role.ADMIN, Role.CONTROLLER),
    _place("log.entries", mark("Log"), Role.DPO, Role.AUDITOR, Role.SECURITY),
    _place("identity.accounts", mark("Accounts"), Role.ADMIN, Role.CONTROLLER),
    _place("identity.tokens", mark("Tokens"), Role.ADMIN, Role.CONTROLLER),
    _place("administration.keys", mark("Keys"), Role.ADMIN),
    _place("access.mine", mark("My access"), *sorted(Role)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A place as the header draws it.

    Attributes:
        url: Its address.
        label: In English, marked for translation.
        current: Whether the page on the screen is this place, or lies behind it.
    """

    url: str
    label: str
    current: bool


def doors_of(places: Sequence[Place], address: Callable[[str], str], path: str) -> list[Door]:
    """Return the places as doors; the one that a path lies behind, by the longest address, is the current one.

    Args:
        places: Of whoever looks.
        address: Gives the address of an endpoint.
        path: Of the page on the screen.
    """
    urls = [address(place.endpoint) for place in places]
    near = [
        max((len(each) for each in (url, *place.also) if _lies_behind(path, each)), default=0)
        for place, url in zip(places, urls, strict=True)
    ]
    # Of several, the first: it stands first in the header because it is the first page of a role.
    behind = near.index(max(near)) if any(near) else None
    return [
        Door(url=url, label=place.label, current=number == behind)
        for number, (place, url) in enumerate(zip(places, urls, strict=True))
    ]


def _lies_behind(path: str, url: str) -> bool:
    return path == url or path.startswith(url if url.endswith("/") else f"{url}/")


def places_of(app: Flask, actor: Actor) -> list[Place]:
    """Return the places that somebody's header names."""
    return [place for place in PLACES if actor.roles & place.of and may_open(app, place.endpoint, actor)]
