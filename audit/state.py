"""How the log stands, without walking it: size, signature, anchor, gaps, the last check, what ends when.

A full check reads everything (`audit.live`); this reads what it left behind and the few rows that say where the log is.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.counts import count_entries, oldest_by_class
from audit.entries import Action, Outcome, Retention
from audit.errors import AnchorUnusableError
from audit.models import LogEntry, LogHead, PublishedCheckpoint
from audit.retention import rules_in_force
from audit.search import Filters, FoundEntry, search
from governance.errors import Phrase, phrase

# A check of the whole log writes an entry about this; so does a purge.
LOG: Final = "log"
_PURGED: Final = "audit-entries"
_PURGES_READ: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """The last time that somebody checked the whole log."""

    index: int
    at: datetime
    actor: dict[str, Any]
    whole: bool
    differences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long entries of one class are kept.

    Attributes:
        days: None where another event than time ends them.
        next_end: When the oldest that stands is due to be purged; None where nothing is.
    """

    retention: Retention
    days: int | None
    next_end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorState:
    """Whether the anchor, outside the database, says what the database says.

    Attributes:
        size: Of its last checkpoint; None where there is none.
        agrees: Whether that is the newest checkpoint that the database knows.
        trouble: Why it cannot be read, where it cannot.
    """

    size: int | None
    agrees: bool
    trouble: Phrase | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """How the log stands.

    Attributes:
        size: How many leaves it has.
        entries: How many entries still stand.
        purged: How many entries the log says were purged.
        signed: How many leaves the newest checkpoint covers, and since when.
        checked: The last check of the whole log.
    """

    size: int
    entries: int
    purged: int
    signed: int
    signed_at: datetime | None
    root: str | None
    anchor: AnchorState
    checked: LastCheck | None
    kept: list[Kept]

    @property
    def gaps(self) -> int:
        """How many entries are gone without a purge that names them, as far as counting tells."""
        return max(self.size - self.entries - self.purged, 0)

    @property
    def since_check(self) -> int:
        """How many entries were added since the last check that found the log whole."""
        return self.size if self.checked is None else max(self.size - self.checked.index, 0)


def log_state(session: Session, anchor: Path, now: datetime) -> LogState:
    """Return how the log stands, in a fixed number of queries."""
    newest = session.scalars(select(PublishedCheckpoint).order_by(PublishedCheckpoint.size.desc()).limit(1)).first()
    return LogState(
        size=session.scalars(select(LogHead.size)).first() or 0,
        entries=count_entries(session),
        purged=_purged(session),
        signed=0 if newest is None else newest.size,
        signed_at=None if newest is None else newest.at,
        root=None if newest is None else _root(newest.note),
        anchor=_anchor(anchor, newest),
        checked=last_check(session),
        kept=_kept(session, now),
    )


def last_check(session: Session) -> LastCheck | None:
    """Return the last check of the whole log; None where nobody ever made one."""
    found = search(session, Filters(object_type=LOG, action=Action.CHECK), limit=1)
    return _check(found[0]) if found else None


def _check(entry: FoundEntry) -> LastCheck:
    said = entry.said
    return LastCheck(
        index=entry.index,
        at=datetime.fromisoformat(said["at"]),
        actor=dict(said["actor"]),
        whole=said["outcome"] == Outcome.DONE.value,
        differences=said["details"].get("differences", 0),
    )


def _purged(session: Session) -> int:
    """Return how many entries the purges say that they deleted; each names at most a thousand."""
    bodies = session.scalars(
        select(LogEntry.body)
        .where(LogEntry.object_type == _PURGED, LogEntry.action == Action.PURGE.code)
        .order_by(LogEntry.leaf_index.desc())
        .limit(_PURGES_READ)
    )
    return sum(_count(body) for body in bodies)


def _count(body: bytes) -> int:
    try:
        counted = json.loads(body)["details"]["count"]
    except (KeyError, TypeError, ValueError):
        return 0
    return counted if isinstance(counted, int) else 0


def _anchor(folder: Path, newest: PublishedCheckpoint | None) -> AnchorState:
    try:
        last = Anchor(folder).last()
    except AnchorUnusableError as error:
        return AnchorState(
            size=None, agrees=False, trouble=phrase("{file}: {reason}", file=error.file, reason=error.reason)
        )
    size = None if last is None else last[1].size
    agrees = (last is None and newest is None) or (last is not None and newest is not None and last[0] == newest.note)
    return AnchorState(size=size, agrees=agrees)


def _root(note: str) -> str:
    return note.split("\n")[2]


def _kept(session: Session, now: datetime) -> list[Kept]:
    rules = rules_in_force(session, now.date())
    oldest = oldest_by_class(session, [kind for kind, days in rules.items() if days is not None])
    return [
        Kept(
            retention=kind,
            days=days,
            next_end=None if days is None or kind not in oldest else oldest[kind] + timedelta(days=days),
        )
        for kind, days in rules.items()
    ]
