"""Tables of the file of accountability: training, the officer, letters of authorities, maturity. GDPR Art. 5(2), 24."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.values.accountability import Direction, Mandate, MaturityActivity
from governance.vault.attest import Attested


class TrainingSession(Attested, Base, kw_only=True):
    """A session of training or awareness that was held. GDPR Art. 39(1)(b).

    Attributes:
        minutes: How long it took.
        held_by: Who held it, in words.
    """

    __tablename__ = "training_session"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(subject) > 0", name="has_subject"),
        CheckConstraint("minutes > 0", name="takes_time"),
        Index("ix_training_session_held_on", "held_on", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    held_on: Mapped[date]
    minutes: Mapped[int] = mapped_column(Integer())
    held_by: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    note: Mapped[str] = mapped_column(Text(), default="")
    changed_at: Mapped[datetime]


class TrainingPart(Attested, Base, kw_only=True):
    """That an account took part in a session."""

    __tablename__ = "training_part"
    __decides__: ClassVar[bool] = False
    __table_args__ = (Index("ix_training_part_account_id", "account_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)


class Officer(Attested, Base, kw_only=True):
    """A designation of a data protection officer. GDPR Art. 37 to 39.

    Attributes:
        firm_id: The organisation on file whose officer it is, where it is somebody of a firm.
        number: Of the designation, as the authority gave it.
        declared_on: When the authority was told.
        published: Where people find how to reach the officer.
        resources: What the officer has for the tasks.
        conflicts: What was looked at, and found, about conflicts of interests.
    """

    __tablename__ = "officer"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("until IS NULL OR until >= since", name="until_after_since"),
        CheckConstraint("firm_id IS NULL OR mandate = 'external'", name="firm_is_external"),
        Index("ix_officer_since", "since", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    mandate: Mapped[Mandate]
    firm_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
    number: Mapped[str] = mapped_column(String(64), default="")
    declared_on: Mapped[date | None] = mapped_column(default=None)
    published: Mapped[str] = mapped_column(Text(), default="")
    resources: Mapped[str] = mapped_column(Text(), default="")
    conflicts: Mapped[str] = mapped_column(Text(), default="")
    conflicts_on: Mapped[date | None] = mapped_column(default=None)
    changed_at: Mapped[datetime]


class Letter(Attested, Base, kw_only=True):
    """A letter from or to an authority. GDPR Art. 31, 58.

    Attributes:
        reference: As the authority or the company numbers it.
        due_on: The last day for the answer, where one is asked for.
        answers_id: The letter that this one answers.
    """

    __tablename__ = "authority_letter"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(subject) > 0", name="has_subject"),
        CheckConstraint("due_on IS NULL OR due_on >= dated_on", name="due_after_dated"),
        Index("ix_authority_letter_dated_on", "dated_on", "id"),
        Index("ix_authority_letter_due_on", "due_on"),
        Index("ix_authority_letter_answers_id", "answers_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    direction: Mapped[Direction]
    dated_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(64), default="")
    subject: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(Text(), default="")
    due_on: Mapped[date | None] = mapped_column(default=None)
    answers_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authority_letter.id"), default=None)
    changed_at: Mapped[datetime]


class MaturityReview(Attested, Base, kw_only=True):
    """One self-assessment of maturity, whole: how the company found itself on one day."""

    __tablename__ = "maturity_review"
    __decides__: ClassVar[bool] = False
    __table_args__ = (Index("ix_maturity_review_made_at", "made_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class MaturityLevel(Attested, Base, kw_only=True):
    """Where one of the eight activities stands, where it is to stand, and why it is thought so."""

    __tablename__ = "maturity_level"
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("level BETWEEN 0 AND 5 AND target BETWEEN 0 AND 5", name="levels"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("maturity_review.id"), primary_key=True)
    activity: Mapped[MaturityActivity] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger())
    target: Mapped[int] = mapped_column(SmallInteger())
    justification: Mapped[str] = mapped_column(Text(), default="")
