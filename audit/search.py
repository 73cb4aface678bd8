"""Finding entries: by who, what, why, when, with what result, and about whom; newest first, a page at a time."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from pyroaring import BitMap
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from audit.entries import Action, Outcome, Retention
from audit.errors import EntryNotFoundError
from audit.models import LogEntry, SubjectSummary
from audit.subjects import to_bitmap
from audit.summaries import subjects_of
from audit.tiles import TILE_WIDTH

_SUMMARIES_AT_ONCE: Final = 256
_NEWEST: Final = 2**63 - 1
_AT_ONCE: Final = 100
# What is recorded at the same time by several threads may stand in the log in another order than it was dated.
_OUT_OF_ORDER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the entries have to say; None asks for nothing.

    Attributes:
        actor_id: The account or token that acted.
        action: What was done.
        outcome: How it ended.
        retention: The class of the entry.
        object_type: What it was done to.
        object_id: Which one.
        purpose: For which purpose.
        subject: A data subject it concerns, by number.
        since: Not before this moment.
        until: Before this moment.
    """

    actor_id: uuid.UUID | None = None
    action: Action | None = None
    outcome: Outcome | None = None
    retention: Retention | None = None
    object_type: str | None = None
    object_id: str | None = None
    purpose: str | None = None
    subject: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    """An entry as it stands in the log."""

    index: int
    id: uuid.UUID
    body: bytes = field(repr=False)

    @property
    def said(self) -> Mapping[str, Any]:
        """What the entry says, by the names of the log format."""
        said: Mapping[str, Any] = orjson.loads(self.body)
        return said

    @property
    def subjects(self) -> BitMap:
        """The data subjects it concerns."""
        return subjects_of(self.body)


def search(session: Session, filters: Filters, after: int | None = None, limit: int = 100) -> list[FoundEntry]:
    """Return a page of entries, newest first.

    Args:
        session: Where to read.
        filters: What they have to say.
        after: The index of the last entry of the page before; None for the first page.
        limit: Entries of a page at most.
    """
    conditions = conditions_of(filters)
    end = _NEWEST if after is None else after
    if filters.subject is None:
        return _page(session, [*conditions, LogEntry.leaf_index < end], limit)
    found: list[FoundEntry] = []
    for first, last in _places(session, filters.subject, end):
        within = [*conditions, LogEntry.leaf_index >= first, LogEntry.leaf_index < min(last, end)]
        found += [entry for entry in _page(session, within, None) if subjects_match(filters, entry.body)]
        if len(found) >= limit:
            return found[:limit]
    return found


def search_newer(session: Session, filters: Filters, before: int, limit: int = 100) -> list[FoundEntry]:
    """Return the page that stands just above an entry, newest first as every page.

    Args:
        session: Where to read.
        filters: What the entries have to say.
        before: The index of the first entry of the page after.
        limit: Entries of a page at most.
    """
    conditions = conditions_of(filters)
    if filters.subject is None:
        return _page(session, [*conditions, LogEntry.leaf_index > before], limit, upward=True)[::-1]
    found: list[FoundEntry] = []
    for first, last in _places_upward(session, filters.subject, before):
        within = [*conditions, LogEntry.leaf_index >= max(first, before + 1), LogEntry.leaf_index < last]
        page = _page(session, within, None, upward=True)
        found += [entry for entry in page if subjects_match(filters, entry.body)]
        if len(found) >= limit:
            break
    return found[:limit][::-1]


def entries_since(session: Session, actor_id: uuid.UUID, since: datetime) -> Iterator[FoundEntry]:
    """Iterate over what an account did since a moment, newest first, as far as anybody asks.

    However much it is, it is one statement, in the order of the index by account; nothing older is looked at.

    Args:
        session: Where to read.
        actor_id: The account.
        since: Not before this moment.
    """
    statement = (
        select(LogEntry.leaf_index, LogEntry.id, LogEntry.body, LogEntry.at)
        .where(LogEntry.actor_id == actor_id)
        .order_by(LogEntry.leaf_index.desc())
    )
    with session.execute(statement, execution_options={"yield_per": _AT_ONCE}) as rows:
        for index, entry_id, body, at in rows:
            if at < since - _OUT_OF_ORDER:
                return
            if at >= since:
                yield FoundEntry(index=index, id=entry_id, body=body)


def entry_at(session: Session, index: int) -> FoundEntry:
    """Return the entry in a place of the log.

    Raises:
        EntryNotFoundError: If there is none, or no longer.
    """
    found = _page(session, [LogEntry.leaf_index == index], 1) if index <= _NEWEST else []
    if not found:
        raise EntryNotFoundError(entry=str(index))
    return found[0]


def entry_by_id(session: Session, entry_id: uuid.UUID) -> FoundEntry:
    """Return one entry.

    Raises:
        EntryNotFoundError: If the log does not have it, or no longer.
    """
    found = _page(session, [LogEntry.id == entry_id], 1)
    if not found:
        raise EntryNotFoundError(entry=str(entry_id))
    return found[0]


def _page(
    session: Session, conditions: list[ColumnElement[bool]], limit: int | None, *, upward: bool = False
) -> list[FoundEntry]:
    rows = session.execute(
        select(LogEntry.leaf_index, LogEntry.id, LogEntry.body)
        .where(*conditions)
        .order_by(LogEntry.leaf_index if upward else LogEntry.leaf_index.desc())
        .limit(limit)
    )
    return [FoundEntry(index=index, id=entry_id, body=body) for index, entry_id, body in rows]


def conditions_of(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the filters as conditions on the columns; that on the data subject is `subjects_match`."""
    asked: list[tuple[object, Any]] = [
        (filters.actor_id, LogEntry.actor_id),
        (filters.action and filters.action.code, LogEntry.action),
        (filters.outcome and filters.outcome.code, LogEntry.outcome),
        (filters.retention and filters.retention.code, LogEntry.retention),
        (filters.object_type, LogEntry.object_type),
        (filters.object_id, LogEntry.object_id),
        (filters.purpose, LogEntry.purpose),
    ]
    conditions: list[ColumnElement[bool]] = [column == value for value, column in asked if value is not None]
    if filters.since is not None:
        conditions.append(LogEntry.at >= filters.since)
    if filters.until is not None:
        conditions.append(LogEntry.at < filters.until)
    return conditions


def subjects_match(filters: Filters, body: bytes) -> bool:
    """Tell whether an entry concerns the data subject that is asked for."""
    return filters.subject is None or filters.subject in subjects_of(body)


def _places(session: Session, subject: int, end: int) -> Iterator[tuple[int, int]]:
    """Say where entries about a data subject may stand, newest first: the tile that is not full, then by summaries."""
    full = _full_tiles(session)
    if end > full * TILE_WIDTH:
        yield full * TILE_WIDTH, _NEWEST
    below = min(full, -(-end // TILE_WIDTH))
    while below > 0:
        summaries = session.execute(
            select(SubjectSummary.number, SubjectSummary.subjects)
            .where(SubjectSummary.number < below)
            .order_by(SubjectSummary.number.desc())
            .limit(_SUMMARIES_AT_ONCE)
        ).all()
        if not summaries:
            return
        for number, subjects in summaries:
            if _may_hold(subjects, subject):
                yield number * TILE_WIDTH, (number + 1) * TILE_WIDTH
        below = summaries[-1][0]


def _places_upward(session: Session, subject: int, start: int) -> Iterator[tuple[int, int]]:
    """Say where entries about a data subject may stand, oldest first: by summaries, then the tile that is not full."""
    full = _full_tiles(session)
    above = start // TILE_WIDTH
    while above < full:
        summaries = session.execute(
            select(SubjectSummary.number, SubjectSummary.subjects)
            .where(SubjectSummary.number >= above)
            .order_by(SubjectSummary.number)
            .limit(_SUMMARIES_AT_ONCE)
        ).all()
        if not summaries:
            break
        for number, subjects in summaries:
            if _may_hold(subjects, subject):
                yield number * TILE_WIDTH, (number + 1) * TILE_WIDTH
        above = summaries[-1][0] + 1
    yield full * TILE_WIDTH, _NEWEST


def _full_tiles(session: Session) -> int:
    newest = session.scalars(select(SubjectSummary.number).order_by(SubjectSummary.number.desc()).limit(1)).first()
    return 0 if newest is None else newest + 1


def _may_hold(summary: bytes, subject: int) -> bool:
    try:
        return subject in to_bitmap(summary)
    except ValueError:
        # A summary that was altered hides nothing.
        return True
