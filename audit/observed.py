"""What the log saw being read for some purposes lately: how often, by which roles, of how many people.

Three statements, whatever the size of the log. Entries are not indexed by purpose, for whoever reads would pay for each
index; so no more than the newest entries are looked at, and the answer says from which moment on it is whole.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import orjson
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Outcome
from audit.models import LogEntry, LogHead
from audit.summaries import subjects_of

# Looking at these takes some tens of milliseconds.
NEWEST: Final = 20_000
_COUNTED: Final = tuple(action.code for action in (Action.READ, Action.EXPORT, Action.REFUSAL))
_GIVEN: Final = {(action.code, Outcome.DONE.code) for action in (Action.READ, Action.EXPORT)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen for one purpose.

    Attributes:
        reads: How often something was read or exported.
        refusals: How often a read was refused.
        people: Of how many data subjects something was given.
        last: When something was read last.
        by_role: How often, by role; who acted in two roles counts for both.
        accounts: How many accounts read it.
    """

    reads: int = 0
    refusals: int = 0
    people: int = 0
    last: datetime | None = None
    by_role: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    accounts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen since a moment.

    Attributes:
        since: From when on every entry was looked at: as asked, or later where the log is too long.
        whole: Whether that is as asked.
        by_purpose: What was seen, for each purpose that was asked about.
    """

    since: datetime
    whole: bool
    by_purpose: Mapping[str, Observed]


def observe(session: Session, purposes: Collection[str], since: datetime, newest: int = NEWEST) -> Observation:
    """Return what was read for some purposes.

    Args:
        session: Where to read.
        purposes: Their slugs.
        since: Not before this moment.
        newest: How many of the log's newest entries are looked at, at most.
    """
    first = max(0, (session.scalar(select(LogHead.size)) or 0) - newest)
    reach = select(LogEntry.at).where(LogEntry.leaf_index >= first).order_by(LogEntry.leaf_index).limit(1)
    begun = session.scalar(reach) if first else None
    rows = session.execute(
        select(LogEntry.purpose, LogEntry.action, LogEntry.outcome, LogEntry.at, LogEntry.body)
        .where(
            LogEntry.leaf_index >= first,
            LogEntry.at >= since,
            LogEntry.purpose.in_(purposes),
            LogEntry.action.in_(_COUNTED),
        )
        .order_by(LogEntry.leaf_index)
    )
    tallies = {purpose: _Tally() for purpose in purposes}
    for purpose, action, outcome, at, body in rows:
        tallies[str(purpose)].count(refused=(action, outcome) not in _GIVEN, at=at, body=body)
    whole = begun is None or begun <= since
    return Observation(
        since=since if begun is None or whole else begun,
        whole=whole,
        by_purpose={purpose: tally.told() for purpose, tally in tallies.items()},
    )


class _Tally:
    """Counts what was seen for one purpose."""

    def __init__(self) -> None:
        self._reads = self._refusals = 0
        self._people = BitMap()
        self._last: datetime | None = None
        self._roles: Counter[str] = Counter()
        self._accounts: set[str] = set()

    def count(self, *, refused: bool, at: datetime, body: bytes) -> None:
        if refused:
            self._refusals += 1
            return
        self._reads += 1
        self._people |= subjects_of(body)
        self._last = at
        actor = _actor_of(body)
        self._roles.update(_roles_of(actor))
        self._accounts.update(str(each) for each in (actor.get("id"),) if each is not None)

    def told(self) -> Observed:
        return Observed(
            reads=self._reads,
            refusals=self._refusals,
            people=len(self._people),
            last=self._last,
            by_role=MappingProxyType(dict(sorted(self._roles.items()))),
            accounts=len(self._accounts),
        )


def _actor_of(body: bytes) -> Mapping[str, Any]:
    # An altered entry must not stop the page; the check of the log finds it.
    try:
        actor: Any = orjson.loads(body)["actor"]
    except (KeyError, TypeError, ValueError):
        return {}
    return actor if isinstance(actor, dict) else {}


def _roles_of(actor: Mapping[str, Any]) -> list[str]:
    roles = actor.get("roles", [])
    return [str(role) for role in roles] if isinstance(roles, list) else []
