"""What became of an attempt, written down: taken, refused, not now, gone. The evidence of each delivery."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import JsonValue
from audit.transaction import unrecorded
from consent.propagation.backoff import MOST_REFUSALS, Verdict, verdict_of, wait_after
from consent.propagation.entries import record_failure
from consent.propagation.models import Delivery, SubscriberLine
from consent.propagation.subscribers import whole
from consent.propagation.values import (
    DELIVERY_TRANSITIONS,
    SILENT_AFTER,
    SUBSCRIBER_TRANSITIONS,
    DeliveryVerb,
    PauseCause,
    SubscriberState,
    SubscriberVerb,
)
from governance.vault.attest import attestor_of

_EVIDENCE: Final = "what was told to whom stands in the row of the delivery"
_SHARES: Final = 1 << 16


def note_attempt(session: Session, delivery: Delivery, status: int | None, now: datetime) -> Verdict:
    """Write down what an attempt came to.

    Args:
        session: A writing transaction.
        delivery: The delivery, held; it waits.
        status: What the subscriber answered; None for nothing.
        now: The present moment.

    Returns:
        What the answer means.
    """
    unrecorded(session, _EVIDENCE)
    verdict = verdict_of(status)
    line = line_of(session, delivery)
    delivery.attempts += 1
    delivery.tried_at, delivery.last_status, line.last_status = now, status, status
    if verdict is Verdict.TAKEN:
        _move(delivery, DeliveryVerb.DELIVER)
        delivery.delivered_at = line.delivered_at = now
    if verdict in {Verdict.TAKEN, Verdict.REFUSED}:
        line.failures, line.failing_since, line.retry_at = 0, None, None
    if verdict is Verdict.REFUSED:
        _refused(session, delivery, now)
    if verdict is Verdict.LATER:
        note_failure(session, line, now)
    if verdict is Verdict.GONE:
        _pause(session, line, PauseCause.GONE)
    session.flush()
    return verdict


def note_failure(session: Session, line: SubscriberLine, now: datetime) -> None:
    """Let a subscriber rest that could not be told; after too long a silence, until somebody has looked."""
    line.failures += 1
    line.failing_since = line.failing_since or now
    line.retry_at = now + wait_after(line.failures, secrets.randbelow(_SHARES) / _SHARES)
    if now >= line.failing_since + SILENT_AFTER:
        _pause(session, line, PauseCause.SILENT)


def give_up(session: Session, delivery: Delivery) -> None:
    """Make a dead letter of a delivery, and tell the log: what follows about its person waits behind it."""
    _move(delivery, DeliveryVerb.GIVE_UP)
    details: dict[str, JsonValue] = {
        "verb": DeliveryVerb.GIVE_UP.value,
        "position": delivery.position,
        "status": delivery.last_status,
        "attempts": delivery.attempts,
    }
    record_failure(session, delivery.subscriber_id, details, subjects=(delivery.subject_id,))


def skip(delivery: Delivery) -> None:
    """Leave out what the subscriber does not want."""
    _move(delivery, DeliveryVerb.SKIP)


def line_of(session: Session, delivery: Delivery) -> SubscriberLine:
    """Return the line to the subscriber of a delivery, held."""
    key = delivery.subscriber_id
    line = session.get(SubscriberLine, key, with_for_update=True, populate_existing=True)
    if line is None:
        line = SubscriberLine(subscriber_id=key)
        session.add(line)
    return line


def _refused(session: Session, delivery: Delivery, now: datetime) -> None:
    if delivery.attempts >= MOST_REFUSALS:
        give_up(session, delivery)
    else:
        # Twice as long each time, to the second: nobody else waits for it.
        delivery.due_at = now + wait_after(delivery.attempts, 1.0)


def _pause(session: Session, line: SubscriberLine, cause: PauseCause) -> None:
    subscriber = whole(session, attestor_of(session), line.subscriber_id)
    # One that was altered outside Égide is told nothing either way, and is not signed by a change of ours.
    if subscriber is not None and subscriber.state is SubscriberState.ACTIVE:
        subscriber.state = SUBSCRIBER_TRANSITIONS[subscriber.state, SubscriberVerb.PAUSE]
        subscriber.paused_because = cause
        record_failure(session, subscriber.id, {"verb": SubscriberVerb.PAUSE.value, "cause": cause.value})


def _move(delivery: Delivery, verb: DeliveryVerb) -> None:
    delivery.state = DELIVERY_TRANSITIONS[delivery.state, verb]
