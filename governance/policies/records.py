"""Grants as they are shown: with the purpose's slug and where they stand at a moment."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant
from governance.policies.service import GrantFilter, GrantState, list_grants, state_of
from register.models import Purpose
from register.service import get_purpose
from register.values import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    """A grant, the slug of its purpose, and where it stands."""

    grant: Grant
    purpose: str
    state: GrantState


def describe_grants(session: Session, grants: Collection[Grant], now: datetime) -> list[GrantRecord]:
    """Return the records of these grants, in their order."""
    numbers = {grant.purpose_id for grant in grants}
    slugs = {row[0]: row[1] for row in session.execute(select(Purpose.id, Purpose.slug).where(Purpose.id.in_(numbers)))}
    return [GrantRecord(grant=grant, purpose=slugs[grant.purpose_id], state=state_of(grant, now)) for grant in grants]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantQuery:
    """Which grants to list.

    Attributes:
        role: Those of one role; None for all.
        purpose: Those for one purpose, by its slug; None for all.
        after: The identifier of the last one seen.
    """

    role: Role | None = None
    purpose: str | None = None
    after: uuid.UUID | None = None
    limit: int = 50


def list_grant_records(session: Session, query: GrantQuery, now: datetime) -> Page[GrantRecord]:
    """Return the records of grants in the order in which they were asked for.

    Raises:
        PurposeNotFoundError: If there is no such purpose.
    """
    purpose_id = None if query.purpose is None else get_purpose(session, query.purpose).id
    wanted = GrantFilter(role=query.role, purpose_id=purpose_id)
    page = list_grants(session, wanted, after=query.after, limit=query.limit)
    return Page(rows=describe_grants(session, page.rows, now), next=page.next)


def describe_grant(session: Session, grant: Grant, now: datetime) -> GrantRecord:
    """Return the record of one grant."""
    return describe_grants(session, [grant], now)[0]
