"""Tables of the action plan: what is to be done, each step of it, and who was reminded when. GDPR Art. 24(1)."""

import uuid
from datetime import date, datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.oversight.values import REFERENCE_LENGTH, About
from governance.oversight.values.plan import ActionState, ActionVerb, Priority
from governance.vault.attest import Attested

TITLE_LENGTH: Final = 200


class PlanAction(Attested, Base, kw_only=True):
    """One thing to do. Evidence: it opens nothing.

    Attributes:
        about: What it is about, by kind and reference; nothing where it stands for itself.
        owner_id: The account that does it.
        cost: What it is estimated to cost, in whole euros.
        outcome: The statement with which it was done, or the reason why it was dropped.
        revision: How many steps and corrections there were.
        settled_at: When it was done or dropped.
    """

    __tablename__ = "plan_action"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint("(about IS NULL) = (reference IS NULL)", name="about_something_or_nothing"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost_not_negative"),
        CheckConstraint("state <> 'dropped' OR outcome <> ''", name="dropped_with_reason"),
        CheckConstraint("(settled_at IS NULL) = (state IN ('to-do', 'under-way'))", name="settled_once"),
        Index("ix_plan_action_due", "state", "due_on", "id"),
        Index("ix_plan_action_owner", "owner_id", "state", "due_on"),
        Index("ix_plan_action_about", "about", "reference"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    why: Mapped[str] = mapped_column(Text(), default="")
    about: Mapped[About | None] = mapped_column(default=None)
    reference: Mapped[str | None] = mapped_column(String(REFERENCE_LENGTH), default=None)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date]
    cost: Mapped[int | None] = mapped_column(Integer(), default=None)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    state: Mapped[ActionState] = mapped_column(default=ActionState.TO_DO)
    outcome: Mapped[str] = mapped_column(Text(), default="")
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(Integer(), default=1)

    def is_late(self, today: date) -> bool:
        """Say whether its day has passed and it is neither done nor dropped."""
        return self.settled_at is None and self.due_on < today


class ActionStep(Attested, Base, kw_only=True):
    """A step of an action with the words that came with it; who took it and when, the log says."""

    __tablename__ = "plan_step"
    __decides__: ClassVar[bool] = False
    __table_args__ = (Index("ix_plan_step_action_id", "action_id", "revision", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_action.id"))
    revision: Mapped[int] = mapped_column(Integer())
    verb: Mapped[ActionVerb]
    note: Mapped[str] = mapped_column(Text(), default="")


class ActionReminder(Base, kw_only=True):
    """The last day on which somebody was reminded of an action; so that one letter a day is the most."""

    __tablename__ = "plan_reminder"
    __table_args__ = (Index("ix_plan_reminder_account_id", "account_id", "reminded_on"),)

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_action.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    reminded_on: Mapped[date]
