"""Whether the firm has a second person who could decide: where it has none, one person asks and decides, flagged.

What is checked here has to hold at the commit, so whoever writes by it holds the policy set first (`hold_policy_set`).
"""

import uuid
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.errors import AccountInUseError, AnotherControllerNeededError
from governance.identity.models import Account, RoleAssignment
from governance.vault.attest import attestor_of


def another_decides(session: Session, account_id: uuid.UUID, now: datetime) -> bool:
    """Say whether somebody else is a controller in force, with an open account: for pages, which only show it.

    Nothing opens by this answer being wrong: a row taken away by SQL closes the whole policy set.
    """
    until = or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > now)
    return session.scalar(_others(account_id).where(until)) is not None


def another_will_decide(session: Session, account_id: uuid.UUID, now: datetime) -> bool:
    """Say the same for whoever is about to write by it: nobody takes that other person away meanwhile."""
    attestor_of(session).hold_policy_set(session)
    return another_decides(session, account_id, now)


def decides_alone(session: Session, account_id: uuid.UUID, now: datetime) -> bool:
    """Say that somebody decides in their own matter for want of another controller, which is flagged.

    Raises:
        AnotherControllerNeededError: If there is another one.
    """
    if another_will_decide(session, account_id, now):
        raise AnotherControllerNeededError
    return True


def check_another_controller(session: Session, account_id: uuid.UUID) -> None:
    """Refuse to go on without this controller where there is no other: nobody could ever name one again.

    Raises:
        AccountInUseError: If nobody else is a controller in force and for good.
    """
    attestor_of(session).hold_policy_set(session)
    if session.scalar(_others(account_id).where(RoleAssignment.valid_until.is_(None))) is None:
        raise AccountInUseError(role=Role.CONTROLLER)


def _others(account_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(RoleAssignment.id)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role == Role.CONTROLLER,
            RoleAssignment.account_id != account_id,
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .limit(1)
    )
