"""Dead letters settled: sent again, with all that waits behind them, or skipped for a reason."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from audit.transaction import unrecorded
from consent.propagation.changes import Teller
from consent.propagation.entries import record_decision
from consent.propagation.errors import DeliveryNotFoundError, DeliveryStepError, SubscriberNotFoundError
from consent.propagation.labels import DELIVERY_LABELS
from consent.propagation.models import Delivery, Subscriber
from consent.propagation.permissions import KEEPERS, REPLAYERS, check_role
from consent.propagation.service.looking import delivery_record
from consent.propagation.values import (
    DELIVERY_TRANSITIONS,
    DeliveryRecord,
    DeliveryState,
    DeliveryVerb,
    Desk,
    SubscriberState,
)
from governance.actor import Actor
from governance.errors import phrase

_REPLAYED: Final = tuple(state for state, verb in DELIVERY_TRANSITIONS if verb is DeliveryVerb.REPLAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """A delivery to settle.

    Attributes:
        reason: Why it is skipped; empty where it is sent again.
    """

    subscriber_id: uuid.UUID
    position: int
    verb: DeliveryVerb
    reason: str = ""


def settle_delivery(session: Session, desk: Desk, actor: Actor, command: Settle) -> DeliveryRecord:
    """Send a dead letter again, or skip it; what waited behind it about the same person follows in order.

    Raises:
        NotSubscriberKeeperError: If the actor may not; to skip is the controller's decision.
        DeliveryNotFoundError: If there is none.
        DeliveryStepError: If it is no dead letter. What arrived is not sent again alone, after what followed it.
    """
    check_role(actor, KEEPERS if command.verb is DeliveryVerb.SKIP else REPLAYERS)
    key = (command.subscriber_id, command.position)
    delivery = session.get(Delivery, key, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise DeliveryNotFoundError
    if delivery.state is not DeliveryState.DEAD:
        raise DeliveryStepError(state=phrase(DELIVERY_LABELS[delivery.state]))
    delivery.state = DELIVERY_TRANSITIONS[delivery.state, command.verb]
    delivery.due_at, delivery.attempts = desk.clock.now(), 0
    session.flush()
    details: dict[str, JsonValue] = {"verb": command.verb.value, "position": command.position}
    if command.verb is DeliveryVerb.SKIP:
        details["reason"] = command.reason
    record_decision(session, actor, command.subscriber_id, details, subjects=(delivery.subject_id,))
    return delivery_record(delivery, Teller(session, desk.attestor).at(command.position))


def replay(session: Session, desk: Desk, actor: Actor, subscriber_id: uuid.UUID, after: int | None) -> int:
    """Send all dead letters of a subscriber again; or, for one that lost what it was told, all from a position on.

    Args:
        session: A writing transaction.
        desk: The time.
        actor: Who asks for it.
        subscriber_id: Whose.
        after: The position after which everything is told again; None for the dead letters alone.

    Returns:
        How many are on their way again.

    Raises:
        NotSubscriberKeeperError: If the actor may not.
        SubscriberNotFoundError: If there is no such subscriber, or it has ended.
    """
    check_role(actor, REPLAYERS)
    subscriber = session.get(Subscriber, subscriber_id)
    if subscriber is None or subscriber.state is SubscriberState.ENDED:
        raise SubscriberNotFoundError
    statement = update(Delivery).where(Delivery.subscriber_id == subscriber_id)
    if after is None:
        statement = statement.where(Delivery.state == DeliveryState.DEAD)
    else:
        statement = statement.where(Delivery.position > after, Delivery.state.in_(_REPLAYED))
    again = session.execute(
        statement.values(state=DeliveryState.WAITING, due_at=desk.clock.now(), attempts=0).returning(Delivery.position)
    )
    count = len(again.all())
    if count:
        record_decision(session, actor, subscriber_id, {"verb": DeliveryVerb.REPLAY.value, "deliveries": count})
    else:
        unrecorded(session, "nothing was there to be sent again")
    return count
