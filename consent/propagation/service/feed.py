"""The feed: a program reads the changes that it is to be told, as often as it likes, and says how far it has them.

What is read is not thereby received: an answer may be lost on its way. So a program acknowledges what it has kept, and
whatever it has not, it may read again. Reading changes nothing but the log.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import unrecorded
from consent.propagation.changes import Teller
from consent.propagation.entries import OBJECT
from consent.propagation.errors import SubscriberNotFoundError, SubscriberStepError
from consent.propagation.labels import SUBSCRIBER_LABELS
from consent.propagation.models import Delivery, Subscriber
from consent.propagation.noting import give_up
from consent.propagation.service.looking import Recorder
from consent.propagation.values import DELIVERY_TRANSITIONS, DeliveryState, DeliveryVerb, Desk, SubscriberState, Told
from governance.actor import Actor, ActorKind
from governance.errors import phrase

# Deliveries that are settled together.
_AT_ONCE: Final = 500
_ACKNOWLEDGED: Final = "who was told what stands in the rows themselves, and the reading in the log"


class Stretch(NamedTuple):
    """A stretch of the feed.

    Attributes:
        changes: In order; one that was altered outside Égide is not among them.
        next: The position to go on from.
    """

    changes: list[Told]
    next: int


def read_feed(session: Session, desk: Desk, log: Recorder, actor: Actor, asked: tuple[int, int]) -> Stretch:
    """Return the changes after a position that the program's feed tells.

    Args:
        session: A reading transaction.
        desk: Who vouches for rows.
        log: Where the reading is recorded, durably, before this returns; where nothing is told, nothing is recorded.
        actor: The program.
        asked: The position after which to read, and how many at most.

    Raises:
        SubscriberNotFoundError: If the program reads no feed.
        AttestationError: If its subscriber was altered outside Égide.
        SubscriberStepError: If it is paused.
        LogUnavailableError: If the reading cannot be recorded; nothing is told then.
    """
    subscriber = _own(session, desk, actor)
    if subscriber.state is not SubscriberState.ACTIVE:
        raise SubscriberStepError(state=phrase(SUBSCRIBER_LABELS[subscriber.state]))
    after, limit = asked
    statement = select(Delivery.position, Delivery.subject_id).where(
        Delivery.subscriber_id == subscriber.id, Delivery.position > after, Delivery.state != DeliveryState.SKIPPED
    )
    rows = session.execute(statement.order_by(Delivery.position).limit(limit)).all()
    told = Teller(session, desk.attestor).all_at([row.position for row in rows])
    changes = [each for each in told.values() if each is not None]
    if changes:
        log.append(
            Fact(
                retention=Retention.ACCESS,
                action=Action.EXPORT,
                actor=actor,
                object_type=OBJECT,
                object_id=str(subscriber.id),
                subjects={each.subject_id for each in changes},
                details={"after": after, "changes": len(changes)},
            )
        )
    return Stretch(changes=changes, next=rows[-1].position if rows else after)


def acknowledge(session: Session, desk: Desk, actor: Actor, through: int) -> int:
    """Note that the program has everything up to a position; again is once.

    Returns:
        How many changes it had not acknowledged before.

    Raises:
        SubscriberNotFoundError: If the program reads no feed.
        AttestationError: If its subscriber was altered outside Égide.
    """
    subscriber = _own(session, desk, actor)
    unrecorded(session, _ACKNOWLEDGED)
    waiting = select(Delivery).where(
        Delivery.subscriber_id == subscriber.id,
        Delivery.position <= through,
        Delivery.state == DeliveryState.WAITING,
    )
    arrived = 0
    while rows := session.scalars(waiting.order_by(Delivery.position).limit(_AT_ONCE)).all():
        told = Teller(session, desk.attestor).all_at([row.position for row in rows])
        for row in rows:
            arrived += _settle(session, row, told[row.position], desk.clock.now())
        session.flush()
    return arrived


def _settle(session: Session, row: Delivery, told: Told | None, now: datetime) -> bool:
    if told is None:
        # It was left out of what was read, so it did not arrive.
        give_up(session, row)
        return False
    row.state, row.delivered_at = DELIVERY_TRANSITIONS[row.state, DeliveryVerb.DELIVER], now
    return True


def _own(session: Session, desk: Desk, actor: Actor) -> Subscriber:
    if actor.kind is not ActorKind.PROGRAM:
        raise SubscriberNotFoundError
    own = select(Subscriber).where(Subscriber.token_id == actor.id, Subscriber.state != SubscriberState.ENDED)
    subscriber = session.scalar(own.execution_options(populate_existing=True))
    if subscriber is None:
        raise SubscriberNotFoundError
    desk.attestor.verify(subscriber)
    return subscriber
