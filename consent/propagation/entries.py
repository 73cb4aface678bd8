"""What the log says of subscribers: what was decided, and what could not be told. Never a name, nor a path."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from audit.transaction import record
from governance.actor import SYSTEM, Actor

OBJECT: Final = "subscriber"


def record_decision(
    session: Session,
    actor: Actor,
    subscriber_id: uuid.UUID,
    details: Mapping[str, JsonValue],
    *,
    subjects: tuple[int, ...] = (),
) -> None:
    """Record what somebody decided about a subscriber, or about a change on its way to it."""
    fact = _fact(subscriber_id, details, subjects)
    record(session, replace(fact, action=Action.DECIDE, actor=actor))


def record_failure(
    session: Session, subscriber_id: uuid.UUID, details: Mapping[str, JsonValue], *, subjects: tuple[int, ...] = ()
) -> None:
    """Record that a subscriber could not be told."""
    record(session, replace(_fact(subscriber_id, details, subjects), outcome=Outcome.FAILED))


def _fact(subscriber_id: uuid.UUID, details: Mapping[str, JsonValue], subjects: tuple[int, ...]) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.NOTIFY,
        actor=SYSTEM,
        object_type=OBJECT,
        object_id=str(subscriber_id),
        subjects=subjects,
        details=details,
    )
