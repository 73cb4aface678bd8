"""Fictional grants: rows for tests of the floors above, already approved."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind

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
