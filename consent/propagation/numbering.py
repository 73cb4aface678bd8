"""Numbering: changes get their positions once they are committed, and with them their deliveries.

A number that is taken before the commit says nothing about who commits first: a reader that had seen a later one would
never come back for an earlier one that became visible after it. So positions are given here, one by one, by whoever
holds the row of the last: what becomes visible always lies behind all that was. Of one person events are appended one
after the other, under their own row, and their changes' ids ascend; ordered by it, they keep their order.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from consent.propagation.models import ONLY, ChangeHead, ConsentChange, Delivery
from consent.propagation.subscribers import on_file
from consent.propagation.values import DeliveryState, SubscriberState
from governance.clock import Clock
from governance.vault.attest import Attestor

# Changes numbered in one transaction.
AT_ONCE: Final = 500
_CHANGES: Final[Table] = ConsentChange.__table__  # type: ignore[assignment] # a declarative table is a Table
_DELIVERIES: Final[Table] = Delivery.__table__  # type: ignore[assignment] # the same


def anything_unnumbered(session: Session) -> bool:
    """Say whether a change waits for its position."""
    return session.execute(select(_CHANGES.c.id).where(_CHANGES.c.position.is_(None)).limit(1)).first() is not None


def number_changes(session: Session, clock: Clock, attestor: Attestor) -> int:
    """Give the next changes their positions, and put them on their way to whoever is to be told.

    Args:
        session: A writing transaction of its own.
        clock: The time.
        attestor: Who vouches for subscribers.

    Returns:
        How many were numbered, `AT_ONCE` at most.
    """
    unrecorded(session, "a change gets its place; the event that it tells of is in the log")
    head = _held_head(session)
    statement = select(_CHANGES.c.id, _CHANGES.c.subject_id, _CHANGES.c.purpose_id)
    found = session.execute(statement.where(_CHANGES.c.position.is_(None)).order_by(_CHANGES.c.id).limit(AT_ONCE)).all()
    if not found:
        return 0
    numbered = [*enumerate(found, head.position + 1)]
    connection = session.connection()
    connection.execute(
        update(_CHANGES).where(_CHANGES.c.id == bindparam("which")).values(position=bindparam("place")),
        [{"which": row.id, "place": position} for position, row in numbered],
    )
    deliveries = _deliveries(session, clock, attestor, numbered)
    if deliveries:
        connection.execute(_DELIVERIES.insert(), deliveries)
    head.position += len(found)
    session.flush()
    return len(found)


def _held_head(session: Session) -> ChangeHead:
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(ChangeHead).values(id=ONLY, position=0).on_conflict_do_nothing())
    return session.get_one(ChangeHead, ONLY, with_for_update=True, populate_existing=True)


def _deliveries(
    session: Session, clock: Clock, attestor: Attestor, numbered: Sequence[tuple[int, Row[Any, Any, Any]]]
) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "subscriber_id": subscriber_id, "position": position, "subject_id": row.subject_id,
            "state": DeliveryState.WAITING, "due_at": now, "attempts": 0,
        }
        for subscriber_id, subscriber in on_file(session, attestor).items()
        if subscriber is None or subscriber.state is not SubscriberState.ENDED
        for position, row in numbered
        # What an altered one wants is asked again when it is told.
        if subscriber is None or subscriber.wants(row.purpose_id)
    ]  # fmt: skip
