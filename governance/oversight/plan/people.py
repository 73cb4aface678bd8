"""To whom an action may be given: accounts in use that hold a role which acts on it."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from governance.identity.models import Account, RoleAssignment
from governance.identity.service import CALLED
from governance.oversight.permissions import DOERS


def possible_doers(session: Session, at: datetime) -> Mapping[uuid.UUID, str]:
    """Return those to whom an action may be given at a moment, by name."""
    rows = session.execute(select(Account.id, CALLED).where(_may_do(at)).order_by(CALLED, Account.id))
    return {row.id: row.called for row in rows}


def may_be_given(session: Session, account_id: uuid.UUID, at: datetime) -> bool:
    """Say whether an action may be given to an account at a moment."""
    return session.scalar(select(Account.id).where(Account.id == account_id, _may_do(at))) is not None


def _may_do(at: datetime) -> ColumnElement[bool]:
    holding = select(RoleAssignment.account_id).where(
        RoleAssignment.role.in_(DOERS),
        RoleAssignment.countersigned_at.is_not(None),
        RoleAssignment.revoked_at.is_(None),
        or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > at),
    )
    return Account.id.in_(holding) & Account.disabled_at.is_(None)
