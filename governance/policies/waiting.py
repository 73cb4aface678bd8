"""What waits for the controller: people's requests, and the grants that owners ask for."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.clock import Clock
from governance.policies.models import AccessOpinion, AccessRequest
from governance.policies.values import Advice, RequestState, RequestSubject
from register.models import Purpose

ENDPOINT: Final = "access.request"
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A request that nobody has decided.

    Attributes:
        id: Its page is `url_for(ENDPOINT, request_id=id)`.
        purpose: The slug of the purpose; None where a role is asked for.
        labels: What the register calls the purpose, in French and in English.
        advice: What the data protection officer thinks of it; None where they have not said.
    """

    id: uuid.UUID
    account_id: uuid.UUID
    subject: RequestSubject
    role: Role
    asked_at: datetime
    valid_until: datetime
    purpose: str | None = None
    labels: tuple[str, str] = ("", "")
    advice: Advice | None = None


def waiting_requests(session: Session, clock: Clock) -> list[WaitingRequest]:
    """Return the requests that wait and could still be granted, the oldest first; one statement."""
    rows = session.execute(
        select(AccessRequest, Purpose.slug, Purpose.label_fr, Purpose.label_en, AccessOpinion.advice)
        .outerjoin(Purpose, Purpose.id == AccessRequest.purpose_id)
        .outerjoin(AccessOpinion, AccessOpinion.request_id == AccessRequest.id)
        .where(AccessRequest.state == RequestState.WAITING, AccessRequest.valid_until > clock.now())
        .order_by(AccessRequest.id)
        .limit(_MOST)
    )
    return [
        WaitingRequest(
            id=request.id,
            account_id=request.account_id,
            subject=request.subject,
            role=request.role,
            asked_at=request.asked_at,
            valid_until=request.valid_until,
            purpose=slug,
            labels=(french or "", english or ""),
            advice=advice,
        )
        for request, slug, french, english, advice in rows
    ]
