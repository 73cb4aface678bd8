"""Subscribers and their deliveries looked at. Deliveries are about people, so who looked is recorded first."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from consent.propagation.changes import Teller
from consent.propagation.entries import OBJECT
from consent.propagation.errors import SubscriberNotFoundError
from consent.propagation.models import ConsentChange, Delivery, Subscriber, SubscriberLine, is_unsettled
from consent.propagation.permissions import LISTERS, READERS, check_role
from consent.propagation.signing import message_id
from consent.propagation.subscribers import on_file, whole
from consent.propagation.values import (
    UNSETTLED,
    DeliveryRecord,
    DeliveryState,
    Saying,
    SubscriberRecord,
    Told,
)
from governance.actor import Actor
from governance.vault.attest import Attestor
from register.models import Purpose
from register.values import Page


class Recorder(Protocol):
    """What makes a look durable before anything is told: the log."""

    def append(self, fact: Fact) -> object:
        """Record a fact durably, or raise."""
        ...


class DeliveryQuery(NamedTuple):
    """Which deliveries: those in a state, or all; from the position after `after`."""

    state: DeliveryState | None = None
    after: int = 0
    limit: int = 50


def list_subscribers(session: Session, attestor: Attestor, actor: Actor) -> Sequence[SubscriberRecord]:
    """Return every subscriber in the order in which they were made, and how far each was told.

    Raises:
        NotSubscriberKeeperError: If the actor has no business with it.
    """
    check_role(actor, LISTERS)
    return [_record(session, *each) for each in sorted(on_file(session, attestor).items())]


def get_subscriber(session: Session, attestor: Attestor, actor: Actor, subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Return one subscriber, and how far it was told.

    Raises:
        NotSubscriberKeeperError: If the actor has no business with it.
        SubscriberNotFoundError: If there is none.
    """
    check_role(actor, LISTERS)
    return record_of(session, attestor, subscriber_id)


def record_of(session: Session, attestor: Attestor, subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Return one subscriber, and how far it was told.

    Raises:
        SubscriberNotFoundError: If there is none.
    """
    if session.scalar(select(Subscriber.id).where(Subscriber.id == subscriber_id)) is None:
        raise SubscriberNotFoundError
    return _record(session, subscriber_id, whole(session, attestor, subscriber_id))


def list_deliveries(
    session: Session, attestor: Attestor, log: Recorder, actor: Actor, asked: tuple[uuid.UUID, DeliveryQuery]
) -> Page[DeliveryRecord]:
    """Return deliveries to a subscriber by position.

    Args:
        session: A reading transaction.
        attestor: Who vouches for rows.
        log: Where the look is recorded, durably, before this returns.
        actor: Who looks.
        asked: Whose, and which.

    Raises:
        NotSubscriberKeeperError: If the actor has no business with it.
        SubscriberNotFoundError: If there is no such subscriber.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
    """
    check_role(actor, READERS)
    subscriber_id, query = asked
    record_of(session, attestor, subscriber_id)
    statement = select(Delivery).where(Delivery.subscriber_id == subscriber_id, Delivery.position > query.after)
    if query.state is not None:
        statement = statement.where(Delivery.state == query.state)
    found = session.scalars(statement.order_by(Delivery.position).limit(query.limit + 1)).all()
    page = Page.cut(found, query.limit, lambda row: str(row.position))
    told = Teller(session, attestor).all_at([row.position for row in page.rows])
    log.append(
        Fact(
            retention=Retention.ACCESS,
            action=Action.READ,
            actor=actor,
            object_type=OBJECT,
            object_id=str(subscriber_id),
            subjects={row.subject_id for row in page.rows},
            details={"deliveries": len(page.rows)},
        )
    )
    return Page(rows=[delivery_record(row, told[row.position]) for row in page.rows], next=page.next)


def delivery_record(row: Delivery, told: Told | None) -> DeliveryRecord:
    """Return a delivery with what is told by it."""
    return DeliveryRecord(
        position=row.position,
        subject_id=row.subject_id,
        message_id=message_id(row.subscriber_id, row.position),
        told=told,
        state=row.state,
        attempts=row.attempts,
        last_status=row.last_status,
        due_at=row.due_at,
        tried_at=row.tried_at,
        delivered_at=row.delivered_at,
    )


def _record(session: Session, subscriber_id: uuid.UUID, row: Subscriber | None) -> SubscriberRecord:
    line = session.get(SubscriberLine, subscriber_id, populate_existing=True)
    if line is None:
        line = SubscriberLine(subscriber_id=subscriber_id)
    waiting, dead, first = _backlog(session, subscriber_id)
    since = select(ConsentChange.recorded_at).where(ConsentChange.position == first)
    return SubscriberRecord(
        id=subscriber_id,
        says=None if row is None else _saying(session, row),
        waiting=waiting,
        dead=dead,
        waiting_since=None if first is None else session.scalar(since),
        failures=line.failures,
        retry_at=line.retry_at,
        last_status=line.last_status,
        delivered_at=line.delivered_at,
    )


def _backlog(session: Session, subscriber_id: uuid.UUID) -> tuple[int, int, int | None]:
    """Return how many changes wait, how many are dead, and the position of the first that waits."""
    waits, dead = (Delivery.state == state for state in UNSETTLED)
    counted = select(
        func.count().filter(waits), func.count().filter(dead), func.min(Delivery.position).filter(waits)
    ).where(Delivery.subscriber_id == subscriber_id, is_unsettled(Delivery))
    waiting, dead_letters, first = session.execute(counted).one()
    return waiting, dead_letters, first


def _saying(session: Session, row: Subscriber) -> Saying:
    return Saying(
        name=row.name,
        way=row.way,
        state=row.state,
        address=row.address,
        token_id=row.token_id,
        purposes=None if row.purposes is None else _slugs(session, row.purposes),
        paused_because=row.paused_because,
        made_by=row.made_by,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )


def _slugs(session: Session, numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(session.scalars(select(Purpose.slug).where(Purpose.id.in_(numbers)).order_by(Purpose.slug)))
