"""Requests as they are shown: to whoever asked, and to those who decide, advise or check."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.identity.permissions import person
from governance.policies.errors import AccessRequestNotFoundError
from governance.policies.models import AccessOpinion, AccessRequest
from governance.policies.values import RequestState
from register.models import Activity, Purpose
from register.values import Page

# Who sees everybody's; the head of a business line sees those for the purposes of that line.
OVERSEERS: Final = frozenset({Role.CONTROLLER, Role.DPO, Role.AUDITOR, Role.SECURITY})
# Who reads the opinion on a request: whoever decides, advised or checks.
ADVISED: Final = frozenset({Role.CONTROLLER, Role.DPO, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """A request with its purpose, None where it is for a role, and with the opinion on it.

    Attributes:
        opinion: The data protection officer's; None where there is none, or whoever looks only asked and reads it not.
    """

    request: AccessRequest
    purpose: Purpose | None
    opinion: AccessOpinion | None = None

    @property
    def slug(self) -> str | None:
        """The slug of the purpose."""
        return None if self.purpose is None else self.purpose.slug

    def lapsed(self, now: datetime) -> bool:
        """Say whether it waited past the end that it asks for, so that nothing is left to give."""
        return self.request.state is RequestState.WAITING and self.request.valid_until <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuery:
    """Which requests to list, newest first.

    Attributes:
        state: In which state; None for all.
        mine: Only those of whoever lists.
        after: The identifier of the last one seen.
    """

    state: RequestState | None = None
    mine: bool = False
    after: uuid.UUID | None = None
    limit: int = 50


def list_requests(session: Session, actor: Actor, query: RequestQuery) -> Page[RequestRecord]:
    """Return the requests that somebody may see, newest first; one statement."""
    statement = (
        select(AccessRequest, Purpose, AccessOpinion)
        .outerjoin(Purpose, Purpose.id == AccessRequest.purpose_id)
        .outerjoin(AccessOpinion, AccessOpinion.request_id == AccessRequest.id)
        .where(_mine(actor) if query.mine else _visible(actor))
        .order_by(AccessRequest.id.desc())
        .limit(query.limit + 1)
    )
    if query.state is not None:
        statement = statement.where(AccessRequest.state == query.state)
    if query.after is not None:
        statement = statement.where(AccessRequest.id < query.after)
    rows = [_record(actor, *row) for row in session.execute(statement)]
    return Page.cut(rows, query.limit, lambda record: str(record.request.id))


def get_request(session: Session, actor: Actor, request_id: uuid.UUID) -> RequestRecord:
    """Return a request that somebody may see.

    Raises:
        AccessRequestNotFoundError: If there is none, or it is not theirs to see.
    """
    found = session.execute(
        select(AccessRequest, Purpose, AccessOpinion)
        .outerjoin(Purpose, Purpose.id == AccessRequest.purpose_id)
        .outerjoin(AccessOpinion, AccessOpinion.request_id == AccessRequest.id)
        .where(AccessRequest.id == request_id, _visible(actor))
    ).one_or_none()
    if found is None:
        raise AccessRequestNotFoundError
    return _record(actor, *found)


def _record(
    actor: Actor, request: AccessRequest, purpose: Purpose | None, opinion: AccessOpinion | None
) -> RequestRecord:
    reads = bool(actor.roles & ADVISED)
    return RequestRecord(request=request, purpose=purpose, opinion=opinion if reads else None)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.roles & OVERSEERS:
        return AccessRequest.id.is_not(None)
    if Role.OWNER not in actor.roles:
        return _mine(actor)
    line = select(Activity.id).where(or_(Activity.owner_id == actor.id, Activity.owner_id.is_(None)))
    purposes = select(Purpose.id).where(Purpose.activity_id.in_(line))
    return or_(_mine(actor), AccessRequest.purpose_id.in_(purposes))


def _mine(actor: Actor) -> ColumnElement[bool]:
    return AccessRequest.account_id == person(actor)
