"""Tables of reviews: plain rows, which open nothing. What was decided, and when, the versions prove."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base

ONLY = 1


class ReviewDefault(Base, kw_only=True):
    """After how many months records are looked at again that have no period of their own. One row at most."""

    __tablename__ = "review_default"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("months BETWEEN 1 AND 60", name="months_in_range"),
    )

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False, default=ONLY)
    months: Mapped[int] = mapped_column(SmallInteger())


class ActivityReview(Base, kw_only=True):
    """When a record was last activated or confirmed, and after how many months it is looked at again.

    `months` is its own period, where it has one.
    """

    __tablename__ = "activity_review"
    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 60", name="months_in_range"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    looked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    months: Mapped[int | None] = mapped_column(SmallInteger(), default=None)


class ReviewReminder(Base, kw_only=True):
    """The last reminder of a review that somebody was sent: for which day, and the which it was."""

    __tablename__ = "review_reminder"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    due_on: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger())
