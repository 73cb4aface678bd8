"""Tables of questionnaires: evidence, which opens nothing at the gate."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested
from register.questionnaires.values import REMIND_BEFORE, Kind, Status, Verdict

_LABEL_LENGTH = 200
_KEY_LENGTH = 64


class Questionnaire(Attested, Base, kw_only=True):
    """Questions about an activity to somebody who has no account, and what they answered.

    Attributes:
        party_id: Which processor is asked.
        whom: Which function or department is asked, where it is no processor.
        link_hash: SHA-256 of the secret in the link; None until the link is made.
        reminder_hash: The same of the link in the reminder.
        email: The address that is written to, sealed; deleted once nothing is to be written any more.
        answers: What was answered so far, sealed.
    """

    __tablename__ = "questionnaire"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("expires_at > asked_at", name="ends_after_start"),
        CheckConstraint("(kind = 'processor') = (party_id IS NOT NULL)", name="processor_where_needed"),
        CheckConstraint("settled_at IS NULL OR answered_at IS NOT NULL", name="settled_once_answered"),
        CheckConstraint(
            "email IS NULL OR (answered_at IS NULL AND revoked_at IS NULL)", name="address_while_it_is_needed"
        ),
        Index("ix_questionnaire_activity_id", "activity_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    kind: Mapped[Kind]
    party_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    whom: Mapped[str] = mapped_column(String(_LABEL_LENGTH), default="")
    locale: Mapped[str] = mapped_column(String(8), default="fr")
    asked_by: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    link_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, default=None)
    reminder_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, default=None)
    email: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    answers: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)

    def status_at(self, now: datetime) -> Status:
        """Return how it stands at a moment."""
        for status, at in (
            (Status.SETTLED, self.settled_at),
            (Status.REVOKED, self.revoked_at),
            (Status.ANSWERED, self.answered_at),
        ):
            if at is not None:
                return status
        return Status.EXPIRED if self.expires_at <= now else Status.OPEN

    @property
    def remind_at(self) -> datetime:
        """When it is reminded of."""
        before: timedelta = min(REMIND_BEFORE, (self.expires_at - self.asked_at) / 2)
        return self.expires_at - before


class AnswerVerdict(Attested, Base, kw_only=True):
    """What became of one answer, and by whom. GDPR Art. 5(2)."""

    __tablename__ = "answer_verdict"
    __decides__: ClassVar[bool] = False

    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    verdict: Mapped[Verdict]
    decided_by: Mapped[uuid.UUID]
    decided_at: Mapped[datetime]
