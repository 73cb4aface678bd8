"""The blueprint of oversight's pages, and what they have in common."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session

from audit.counts import Span
from audit.names import ActorNames
from governance.gate.gate import Gate
from governance.gate.snapshot import PolicySnapshot
from governance.vault.errors import AttestationError, PolicySetError
from governance.web.access import may_open
from governance.web.context import current

blueprint: Final = Blueprint("oversight", __name__)

# Four weeks: every day of the week as often as any other.
DAYS: Final = 28


def span_of(days: int = DAYS) -> Span:
    """Return the last days, as the house's calendar has them."""
    return Span.until(current().clock.now(), days)


def address_of(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page, or None where whoever looks may not open it: no link leads to a closed door."""
    if not may_open(current_app, endpoint, current().actor):
        return None
    return url_for(endpoint, **values)


def names_of(session: Session, people: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Return what accounts and tokens are called, in two queries."""
    return current().get(ActorNames).look_up(session, {each for each in people if each is not None})


def snapshot_in_force() -> PolicySnapshot | None:
    """Return the policies in force; None where what decides was altered, so that nothing is read."""
    try:
        return current().get(Gate).snapshot()
    except (PolicySetError, AttestationError):
        return None
