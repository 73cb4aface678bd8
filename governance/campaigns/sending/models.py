"""Tables of campaigns and their messages. Neither opens anything: whom a message reaches, the gate says as it goes."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.campaigns.sending.values import MOST_IN_A_WEEK, NAME_LENGTH, SUBJECT_LENGTH, CampaignState, MessageState
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH


class Campaign(Attested, Base, kw_only=True):
    """A message to those who agreed to it.

    Attributes:
        purpose: The purpose's slug.
        by: The account in whose name people are read, by its grants.
        queued: Whether everybody whom it may reach was queued.
    """

    __tablename__ = "campaign"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint(f"most_in_a_week BETWEEN 1 AND {MOST_IN_A_WEEK}", name="seldom_enough"),
        CheckConstraint("(state = 'draft') = (launched_at IS NULL) OR state = 'stopped'", name="launched_at_known"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    purpose: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.DRAFT)
    subject_fr: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    subject_en: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    text_fr: Mapped[str] = mapped_column(Text())
    text_en: Mapped[str] = mapped_column(Text())
    send_at: Mapped[datetime | None] = mapped_column(default=None)
    most_in_a_week: Mapped[int] = mapped_column(Integer())
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    launched_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    queued: Mapped[bool] = mapped_column(default=False)


class CampaignMessage(Attested, Base, kw_only=True):
    """One message to one person, who is named by their row and their number.

    Attributes:
        reason: Why it was left out or failed.
        settled_at: When it was sent, left out or given up.
    """

    __tablename__ = "campaign_message"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("state BETWEEN 1 AND 5", name="state_known"),
        Index("uq_campaign_message_row", "campaign_id", "row_id", unique=True),
        Index("ix_campaign_message_state", "campaign_id", "state"),
        Index("ix_campaign_message_subject", "subject_id", "settled_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    row_id: Mapped[uuid.UUID]
    subject_id: Mapped[int | None] = mapped_column(BigInteger(), ForeignKey("data_subject.id"), default=None)
    state: Mapped[int] = mapped_column(SmallInteger(), default=MessageState.QUEUED.code)
    reason: Mapped[str] = mapped_column(String(40), default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
