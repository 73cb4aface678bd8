"""Fictional grants: rows for tests of the floors above, already approved."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Actor, Role
from governance.database import Database
from governance.identity.models import Account, RoleAssignment
from governance.policies.models import Grant
from governance.policies.service import Desk
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from tests.builders.ground import an_actor

REQUESTER: Final = uuid.UUID(int=901)
APPROVER: Final = uuid.UUID(int=902)
REQUESTED: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

_numbers: Final = itertools.count(1)


def a_grant(  # noqa: PLR0913 -- a builder names everything that a test may vary
    session: Session,
    *,
    role: Role = Role.SUPPORT,
    purpose_id: int = 1,
    kind: SubjectKind = SubjectKind.CUSTOMER,
    category: DataCategory = DataCategory.IDENTITY,
    action: GrantedAction = GrantedAction.READ,
    form: Form = Form.CLEAR,
    exact_lookup: bool = False,
    valid_from: datetime = REQUESTED,
    valid_to: datetime = REQUESTED + timedelta(days=365),
    approved: bool = True,
    revoked: bool = False,
) -> Grant:
    """Add a grant and flush. The session must belong to a maker on which an `Attestor` is attached."""
    grant = Grant(
        id=uuid.UUID(int=(0x7 << 76) | (0x2 << 62) | (0x62A27 << 40) | next(_numbers)),
        role=role,
        purpose_id=purpose_id,
        subject_kind=kind,
        category=category,
        action=action,
        form=form,
        exact_lookup=exact_lookup,
        valid_from=valid_from,
        valid_to=valid_to,
        reason="Answering customers.",
        requested_by=REQUESTER,
        requested_at=REQUESTED,
        approved_by=APPROVER if approved else None,
        approved_at=REQUESTED if approved else None,
        revoked_by=APPROVER if revoked else None,
        revoked_at=REQUESTED if revoked else None,
    )
    session.add(grant)
    session.flush()
    return grant


def an_account(session: Session, desk: Desk, *roles: Role, number: int) -> Actor:
    """Add the account of a person who holds these roles for a year, and return them as they act."""
    now = desk.clock.now()
    account = Account(id=uuid.UUID(int=number), email=f"person-{number}@demo.example", made_at=now)
    session.add(account)
    session.flush()
    for role in roles:
        session.add(
            RoleAssignment(
                id=desk.ids.new(),
                account_id=account.id,
                role=role,
                assigned_by=None,
                assigned_at=now,
                valid_until=None if role is Role.CONTROLLER else now + timedelta(days=365),
                countersigned_at=now,
            )
        )
    session.flush()
    return an_actor(*roles, number=number)


def a_person(database: Database, desk: Desk, *roles: Role, number: int) -> Actor:
    """Add somebody in a transaction of their own."""
    with database.write() as session:
        unrecorded(session, "a test's account")
        return an_account(session, desk, *roles, number=number)


def a_controller(database: Database, desk: Desk, *, number: int) -> Actor:
    """Add a controller in force."""
    return a_person(database, desk, Role.CONTROLLER, number=number)


def facts_of(database: Database, object_type: str) -> list[str]:
    """Return the bodies of the entries about one type of object, oldest first."""
    with database.read() as session:
        entries = select(LogEntry.body).where(LogEntry.object_type == object_type).order_by(LogEntry.leaf_index)
        return [body.decode() for body in session.scalars(entries)]
