"""The tables of grants, of what is asked for, and of what owners found when they looked again."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import Role
from governance.orm import Base
from governance.policies.values import Advice, RequestState, RequestSubject, Verdict
from governance.vault.attest import Attested
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind

# A check is named by its type, and another column of the table has this one already.
_GIVEN_FORM: Final = Enum(
    Form,
    name="given_form",
    native_enum=False,
    create_constraint=True,
    length=32,
    values_callable=lambda forms: [form.value for form in forms],
)


class Grant(Attested, Base, kw_only=True):
    """That a role may do one thing with one category of one kind of person, for one purpose, until a date.

    It holds from `valid_from` to just before `valid_to`, once approved and until revoked. GDPR Art. 29, 32(4).

    Attributes:
        alone: Approved by whoever asked for it, or whom they had just named, for the firm had no second person.
        request_id: What somebody asked for, where that made the grant.
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
        # Who asks does not approve. Where there is no second person they do, and the row says so for ever.
        CheckConstraint(
            "CASE WHEN alone THEN approved_by IS NOT NULL ELSE approved_by IS NULL OR approved_by <> requested_by END",
            name="approved_by_another",
        ),
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
    alone: Mapped[bool] = mapped_column(default=False)
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_request.id"), default=None)


class AccessRequest(Attested, Base, kw_only=True):
    """What somebody asks for: a role, or more data for a role. It opens nothing; what its approval makes does.

    Attested all the same, so that nobody approves what was never asked for.

    Attributes:
        purpose_id: For which purpose; None where a role is asked for, and so for the four that follow.
        categories: Which categories, by their slugs, with spaces between, in the order of the vocabulary.
        kinds: Of which kinds of people, written likewise.
        valid_until: When it shall end.
        alone: Decided by whoever asked, or whom they had just named, for the firm had no second person who could.
        because: What the person who decided wrote.
        given_categories: What was given of the categories; with the two that follow, once approved.
    """

    __tablename__ = "access_request"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("valid_until > asked_at", name="ends_after_start"),
        CheckConstraint(
            "(subject = 'data') = (purpose_id IS NOT NULL AND categories <> '' AND kinds <> '' "
            "AND action IS NOT NULL AND form IS NOT NULL)",
            name="data_whole",
        ),
        CheckConstraint("subject = 'data' OR purpose_id IS NULL", name="role_alone"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_whole"),
        CheckConstraint("state <> 'refused' OR because <> ''", name="refusal_has_reason"),
        CheckConstraint("(state = 'approved') = (given_until IS NOT NULL)", name="approved_until"),
        CheckConstraint("given_until IS NULL OR given_until <= valid_until", name="never_more_than_asked"),
        CheckConstraint("state <> 'withdrawn' OR decided_by = account_id", name="withdrawn_by_oneself"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by <> account_id OR alone", name="decided_by_another"
        ),
        Index("ix_access_request_state", "state"),
        Index("ix_access_request_account_id", "account_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[RequestSubject]
    role: Mapped[Role]
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purpose.id"), default=None)
    categories: Mapped[str] = mapped_column(Text(), default="")
    kinds: Mapped[str] = mapped_column(Text(), default="")
    action: Mapped[GrantedAction | None] = mapped_column(default=None)
    form: Mapped[Form | None] = mapped_column(default=None)
    valid_until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text())
    asked_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(default=RequestState.WAITING)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    because: Mapped[str] = mapped_column(Text(), default="")
    alone: Mapped[bool] = mapped_column(default=False)
    given_categories: Mapped[str] = mapped_column(Text(), default="")
    given_form: Mapped[Form | None] = mapped_column(_GIVEN_FORM, default=None)
    given_until: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def category_set(self) -> tuple[DataCategory, ...]:
        """Which categories; none where a role is asked for."""
        return tuple(map(DataCategory, self.categories.split()))

    @property
    def given_set(self) -> tuple[DataCategory, ...]:
        """Which categories were given."""
        return tuple(map(DataCategory, self.given_categories.split()))

    @property
    def gave_less(self) -> bool:
        """Whether it was approved for less than was asked."""
        less = self.given_categories != self.categories or self.given_form is not self.form
        return self.given_until is not None and (less or self.given_until < self.valid_until)

    @property
    def kind_set(self) -> tuple[SubjectKind, ...]:
        """Of which kinds of people; none where a role is asked for."""
        return tuple(map(SubjectKind, self.kinds.split()))


class AccessOpinion(Attested, Base, kw_only=True):
    """What the data protection officer thinks of a request: given once, never changed. GDPR Art. 39(1)(a).

    It opens nothing: the controller decides, before it comes or against it, and reads it beside the request.
    """

    __tablename__ = "access_opinion"
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_request.id"), unique=True)
    advice: Mapped[Advice]
    reason: Mapped[str] = mapped_column(Text())
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]


class GrantReview(Attested, Base, kw_only=True):
    """That somebody looked at a grant again, and kept it or took it back. Never changed. GDPR Art. 32(1)(d)."""

    __tablename__ = "grant_review"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("verdict = 'keep' OR reason <> ''", name="taking_back_has_reason"),
        Index("ix_grant_review_grant_id", "grant_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_grant.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(Text(), default="")
    reviewed_by: Mapped[uuid.UUID]
    reviewed_at: Mapped[datetime]
