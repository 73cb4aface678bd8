"""The stored order of purposes that give pseudonyms: filled by a job, kept up by writers.

A row without a place is not given yet, so a purpose fills up while the job runs, and never shows a row out of order.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, column, delete, func, literal, select, table, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.database import Database
from governance.datamap.models import RegisteredRow
from governance.datamap.values import MappedTable
from governance.gate.models import RowPseudonym
from governance.gate.pseudonyms import veil_of
from governance.gate.rules import governing_category
from governance.gate.snapshot import PolicySnapshot
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.orm import CompactUuid
from governance.vault.keyring import Keyring

JOB_KIND: Final = "gate-places"
_EVERY: Final = timedelta(minutes=5)
_BATCH: Final = 500  # about 10 ms of writing
_WHY_UNRECORDED: Final = "places are derived from keys and row identifiers; they tell nothing and decide nothing"


def add_places(
    session: Session, keyring: Keyring, table_id: int, row_ids: Collection[uuid.UUID], purpose_ids: Iterable[int]
) -> None:
    """Give rows their place in the order of each purpose; those that have one keep it. For writers and the job."""
    rows = [
        {
            "purpose_id": purpose_id,
            "table_id": table_id,
            "place": veil_of(keyring, purpose_id).place(table_id, row_id.bytes),
            "row_id": row_id,
        }
        for purpose_id in purpose_ids
        for row_id in row_ids
    ]
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.connection().execute(dialect.insert(RowPseudonym).on_conflict_do_nothing(), rows)


def remove_places(
    session: Session, keyring: Keyring, table_id: int, row_ids: Collection[uuid.UUID], purpose_ids: Iterable[int]
) -> None:
    """Take rows out of the order of each purpose, without searching: a place can always be computed again."""
    keys = [
        (purpose_id, table_id, veil_of(keyring, purpose_id).place(table_id, row_id.bytes), row_id)
        for purpose_id in purpose_ids
        for row_id in row_ids
    ]
    whole = tuple_(RowPseudonym.purpose_id, RowPseudonym.table_id, RowPseudonym.place, RowPseudonym.row_id)
    for start in range(0, len(keys), _BATCH):
        session.connection().execute(delete(RowPseudonym).where(whole.in_(keys[start : start + _BATCH])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One purpose's order of one table."""

    purpose_id: int
    table: MappedTable


def orders_of(snapshot: PolicySnapshot) -> list[Order]:
    """Return every order that must be kept: each table that has data of a purpose for which pseudonyms are granted."""
    orders: list[Order] = []
    for purpose_id in sorted(snapshot.pseudonymous_purposes()):
        purpose = snapshot.purposes.by_id.get(purpose_id)
        declared = {category for _, category in purpose.data} if purpose else set()
        orders += [
            Order(purpose_id=purpose_id, table=each)
            for each in snapshot.catalogue.tables.values()
            if declared & {governing_category(field) for field in each.fields.values()}
        ]
    return orders


class PlaceKeeper:
    """Fills the orders, a batch at a time."""

    def __init__(self, database: Database, keyring: Keyring, snapshot: Callable[[], PolicySnapshot]) -> None:
        """Do nothing yet.

        Args:
            database: Égide's own.
            keyring: Where the purposes' keys come from.
            snapshot: Gives the policies in force.
        """
        self._database: Final = database
        self._keyring: Final = keyring
        self._snapshot: Final = snapshot

    def handler(self) -> Handler:
        """Return how the worker does it."""
        return Handler(kind=JOB_KIND, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Give the next rows their places."""
        payload = self.fill_some(lease.payload)
        done = lease.progress + (0 if payload is None else _BATCH)
        return Progress(finished=payload is None, progress=done, payload=payload)

    def fill(self) -> None:
        """Fill every order to its end, for installations and tests that do not wait for the worker."""
        payload: Mapping[str, Any] | None = {}
        while payload is not None:
            payload = self.fill_some(payload)

    def fill_some(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Fill one batch from where the payload says; return where to go on, or None when nothing lacks a place."""
        orders = orders_of(self._snapshot())
        number = int(payload.get("order", 0))
        after = payload.get("after")
        while number < len(orders):
            if after is not None or self._lacks_places(orders[number]):
                last = self._fill_batch(orders[number], None if after is None else uuid.UUID(after))
                if last is not None:
                    return {"order": number, "after": str(last)}
            number, after = number + 1, None
        return None

    def _lacks_places(self, order: Order) -> bool:
        with self._database.read() as session:
            rows = session.execute(select(func.count()).select_from(_row_ids(order.table).subquery())).scalar_one()
            placed = session.execute(
                select(func.count())
                .select_from(RowPseudonym)
                .where(RowPseudonym.purpose_id == order.purpose_id, RowPseudonym.table_id == order.table.id)
            ).scalar_one()
        return placed < rows

    def _fill_batch(self, order: Order, after: uuid.UUID | None) -> uuid.UUID | None:
        with self._database.write() as session:
            unrecorded(session, _WHY_UNRECORDED)
            found = list(session.scalars(_row_ids(order.table, after=after, limit=_BATCH)))
            add_places(session, self._keyring, order.table.id, found, (order.purpose_id,))
        return found[-1] if found else None


def _row_ids(mapped: MappedTable, *, after: uuid.UUID | None = None, limit: int | None = None) -> Select[uuid.UUID]:
    row_id: ColumnElement[uuid.UUID]
    if mapped.adopted:
        row_id = RegisteredRow.__table__.c.row_id
        statement = select(row_id).where(RegisteredRow.table_id == mapped.id).distinct()
    else:
        row_id = column("id", CompactUuid())
        statement = select(row_id).select_from(table(mapped.physical))
    if after is not None:
        statement = statement.where(row_id > literal(after, CompactUuid()))
    return statement.order_by(row_id).limit(limit)
