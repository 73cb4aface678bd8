"""The table of grants."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import Role
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind


class Grant(Attested, Base, kw_only=True):
    """That a role may do one thing with one category of one kind of person, for one purpose, until a date.

    It holds from `valid_from` to just before `valid_to`, once approved and until revoked. GDPR Art. 29, 32(4).
    """

    __tablename__ = "access_grant"
    __table_args__ = (
        # `admin` never obtains personal data; the other roles work without customers' data.
        CheckConstraint(
            "role IN ('sales', 'marketing', 'support', 'accounting', 'analyst', 'service', 'dpo')",
            name="role_may_hold_grants",
        ),
        CheckConstraint("valid_to > valid_from", name="ends_after_start"),
        CheckConstraint("form <> 'withheld'", name="gives_something"),
        CheckConstraint("form = 'clear' OR action IN ('read', 'export')", name="form_is_of_reading"),
        CheckConstraint("NOT exact_lookup OR action IN ('read', 'export')", name="lookup_is_of_reading"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval_whole"),
        CheckConstraint("(revoked_by IS NULL) = (revoked_at IS NULL)", name="revocation_whole"),
        CheckConstraint("approved_at IS NULL OR approved_at >= requested_at", name="approved_after_request"),
        CheckConstraint("revoked_at IS NULL OR revoked_at >= requested_at", name="revoked_after_request"),
        CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name="approved_by_another"),
        Index("ix_access_grant_purpose_id_role", "purpose_id", "role"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    role: Mapped[Role]
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"))
    subject_kind: Mapped[SubjectKind]
    category: Mapped[DataCategory]
    action: Mapped[GrantedAction]
    form: Mapped[Form]
    exact_lookup: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text(), default="")
    requested_by: Mapped[uuid.UUID]
    requested_at: Mapped[datetime]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_because: Mapped[str | None] = mapped_column(Text(), default=None)
