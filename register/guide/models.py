"""Tables of the guide. They decide nothing, open nothing, and say nothing of what is in force."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base

# A step, a slash, and the slug of a purpose.
PLACE_LENGTH = 96


class GuideLeft(Base, kw_only=True):
    """That somebody has answered a question of the guide, or gone by it: who returns goes on after it."""

    __tablename__ = "guide_left"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), primary_key=True)
    at: Mapped[datetime]


class GuideDraft(Base, kw_only=True):
    """What somebody has typed at a question and not saved: sealed, for its author alone, and for some days only."""

    __tablename__ = "guide_draft"
    __table_args__ = (Index("ix_guide_draft_at", "at"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary())
    at: Mapped[datetime]
