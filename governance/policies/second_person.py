"""Whether the firm has a second person who could decide: where it has none, one person asks and decides, flagged."""

import uuid
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import Account, RoleAssignment


def another_decides(session: Session, account_id: uuid.UUID, now: datetime) -> bool:
    """Say whether somebody else is a controller in force, with an open account.

    Nothing opens by this answer being wrong: a row taken away by SQL closes the whole policy set.
    """
    other = (
        select(RoleAssignment.id)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role == Role.CONTROLLER,
            RoleAssignment.account_id != account_id,
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > now),
            Account.disabled_at.is_(None),
        )
        .limit(1)
    )
    return session.scalar(other) is not None
