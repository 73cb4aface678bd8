"""The worker's look at data: how old they are, which columns nobody declared, and what of the past was altered.

A page could not count a whole base, ask somebody else's database, nor verify all that was ever kept, each time it is
opened. One place is looked at in each step: one of Égide's own tables, one adopted database, or the rows of a table
that only grows. The last step keeps since when each finding is there.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, case, delete, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.clock import Clock
from governance.database import UnsupportedDatabaseError
from governance.datamap.drafting.undeclared import undeclared_columns
from governance.datamap.errors import DataMapError
from governance.datamap.sources import Sources
from governance.datamap.values import MappedTable, Storage, box_companion
from governance.gate.boxing import physical_table
from governance.gate.rules import governing_category
from governance.gate.snapshot import PolicySnapshot
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.kinds.altered import ONLY_GROWING, count_altered
from governance.oversight.drift.looks import (
    place_of_rows,
    place_of_source,
    place_of_table,
    rows_of_place,
    source_of_place,
    tells_age,
    told_ages,
    told_altered,
    told_columns,
)
from governance.oversight.drift.models import DriftLook, DriftSeen
from governance.oversight.drift.periods import longest_period
from governance.oversight.drift.report import drift_report
from governance.oversight.drift.values import Pair
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory

EVERY: Final = timedelta(hours=6)
KIND: Final = "drift"
# SQLite takes so many parameters at once.
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingParts:
    """What the worker looks with."""

    read: Callable[[], AbstractContextManager[Session]]
    write: Callable[[], AbstractContextManager[Session]]
    snapshot: Callable[[], PolicySnapshot]
    attestor: Attestor
    clock: Clock
    sources: Sources


class Looking:
    """Looks at one place a step, then keeps which findings are there."""

    def __init__(self, parts: LookingParts) -> None:
        """Hold what to look with."""
        self._parts: Final = parts

    def handler(self) -> Handler:
        """Return this work as the worker does it."""
        return Handler(kind=KIND, step=self, every=EVERY)

    def __call__(self, lease: Lease) -> Progress:
        """Look at the next place; once all were looked at, keep which findings are there."""
        snapshot = self._parts.snapshot()
        places = list(_places(snapshot, self._parts.sources))
        done = int(lease.payload.get("done", 0))
        if done < len(places):
            self._look(snapshot, places[done])
            return Progress(finished=False, progress=done + 1, total=len(places) + 1, payload={"done": done + 1})
        self._keep(snapshot, places)
        return Progress(finished=True, progress=len(places) + 1, total=len(places) + 1)

    def _look(self, snapshot: PolicySnapshot, place: str) -> None:
        now, problem = self._parts.clock.now(), ""
        try:
            found = self._found(snapshot, place, now)
        except (DataMapError, DBAPIError, UnsupportedDatabaseError) as error:
            # What was seen before is not what is there now.
            found, problem = "[]", type(error).__name__
        with self._parts.write() as session:
            look = session.get(DriftLook, place)
            if look is None:
                session.add(DriftLook(place=place, looked_at=now, found=found, problem=problem))
            else:
                look.looked_at, look.found, look.problem = now, found, problem
            unrecorded(session, "what the worker saw of data: counts and names that anybody can count again")

    def _found(self, snapshot: PolicySnapshot, place: str, now: datetime) -> str:
        source = source_of_place(place)
        if source is not None:
            return told_columns(undeclared_columns(self._parts.sources, source, snapshot.catalogue))
        rows = rows_of_place(place)
        if rows is not None:
            with self._parts.read() as session:
                return told_altered(count_altered(session, self._parts.attestor, ONLY_GROWING[rows]))
        table = next(each for each in snapshot.catalogue.tables.values() if place_of_table(each.name) == place)
        with self._parts.read() as session:
            ground = Ground(session=session, attestor=self._parts.attestor, snapshot=snapshot, now=now)
            return told_ages(_ages(ground, table, physical_table(table)))

    def _keep(self, snapshot: PolicySnapshot, places: Sequence[str]) -> None:
        now = self._parts.clock.now()
        with self._parts.write() as session:
            ground = Ground(session=session, attestor=self._parts.attestor, snapshot=snapshot, now=now)
            found = {each.id for each in drift_report(ground).findings}
            known = set(session.scalars(select(DriftSeen.finding)))
            gone = sorted(known - found)
            for first in range(0, len(gone), _AT_ONCE):
                session.execute(delete(DriftSeen).where(DriftSeen.finding.in_(gone[first : first + _AT_ONCE])))
            new = [{"finding": each, "first_seen_at": now} for each in sorted(found - known)]
            if new:
                session.execute(insert(DriftSeen), new)
            # Tables and databases that are there no more.
            session.execute(delete(DriftLook).where(DriftLook.place.not_in(places)))
            unrecorded(session, "since when findings are there, worked out of rows that are recorded")


def _places(snapshot: PolicySnapshot, sources: Sources) -> Iterator[str]:
    for table in sorted(snapshot.catalogue.tables.values(), key=lambda each: each.name):
        if tells_age(table):
            yield place_of_table(table.name)
    mapped = {each.source for each in snapshot.catalogue.maps if each.source is not None}
    for source in sorted(mapped | set(sources.configured)):
        yield place_of_source(source)
    for name in ONLY_GROWING:
        yield place_of_rows(name)


def _ages(ground: Ground, table: MappedTable, physical: Table) -> Iterator[tuple[Pair, date | None, int]]:
    """Yield how old each box of a table is, in one statement."""
    asked: list[tuple[Pair, ColumnElement[Any], ColumnElement[Any]]] = []
    for link, category in table.boxes:
        pair = (table.links[link].kind, _governing(table, link, category))
        longest = longest_period(ground.uses.get(pair, ()), pair, ground.today)
        if longest is None:
            continue
        collected = physical.c[box_companion(link, category, "collected_on")]
        over = case((collected <= longest.latest_over, 1), else_=0)
        asked.append((pair, func.min(collected), func.sum(over)))
    if not asked:
        return
    row = ground.session.execute(select(*(each for _, oldest, count in asked for each in (oldest, count)))).one()
    for place, (pair, _, _) in enumerate(asked):
        yield pair, row[2 * place], int(row[2 * place + 1] or 0)


def _governing(table: MappedTable, link: str, category: DataCategory) -> DataCategory:
    """Return the category by which a box is used: that of a column in it which is not guarded on its own."""
    boxed = [
        each
        for each in table.fields.values()
        if each.link == link and each.category is category and each.storage is Storage.SEALED
    ]
    governing = {governing_category(each) for each in boxed}
    return category if category in governing or not governing else min(governing, key=lambda each: each.code)
