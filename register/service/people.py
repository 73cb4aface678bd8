"""Who may be named as the head of a business line."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import Account, RoleAssignment
from governance.identity.service import CALLED


def holders(session: Session, role: Role, at: datetime) -> frozenset[uuid.UUID]:
    """Return the accounts in use that hold a role at a moment, whatever it waits for."""
    return frozenset(session.scalars(select(Account.id).where(_holds(role, at))))


def possible_owners(session: Session, at: datetime) -> Mapping[uuid.UUID, str]:
    """Return who heads a business line at a moment, by name: every account in use that holds the role."""
    rows = session.execute(select(Account.id, CALLED).where(_holds(Role.OWNER, at)).order_by(CALLED, Account.id))
    return {row.id: row.called for row in rows}


def _holds(role: Role, at: datetime) -> ColumnElement[bool]:
    holding = select(RoleAssignment.account_id).where(
        RoleAssignment.role == role,
        RoleAssignment.revoked_at.is_(None),
        or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > at),
    )
    return and_(Account.id.in_(holding), Account.disabled_at.is_(None))
