"""Tables of consent: the events, which never change, and the state derived from them.

Both hold one row and more for each person, purpose and channel, so they are as small as they can be: codes of one or
two bytes, no row number of their own. Their MACs are of the fixed layouts in `consent.probe` and `consent.events`.
"""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.models import MAC_BYTES


class Consent(Base, kw_only=True):
    """What one person's events for one purpose and channel amount to. Derived, attested, never edited.

    `state` and `channel` are codes of `ConsentState` and `Channel`; `expires_at` counts seconds since 1970 in UTC, so
    that the gate compares it with the time of its plan without decoding anything; `sequence` is that of the last event.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("state BETWEEN 1 AND 6", name="state_known"),
        CheckConstraint("channel BETWEEN 1 AND 255", name="channel_known"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("state = 2 OR expires_at IS NULL", name="only_given_expires"),
        {"sqlite_with_rowid": False},
    )

    subject_id: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("data_subject.id"), primary_key=True, autoincrement=False
    )
    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    state: Mapped[int] = mapped_column(SmallInteger())
    expires_at: Mapped[int | None] = mapped_column(BigInteger(), default=None)
    sequence: Mapped[int] = mapped_column(Integer())
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class ConsentEvent(Base, kw_only=True):
    """One thing that happened, as it happened. GDPR Art. 7(1): the controller must be able to demonstrate it.

    `kind` and `method` are codes of `EventKind` and `Method`; `sequence` counts deliveries, `occurred_at` orders.
    """

    __tablename__ = "consent_event"
    __table_args__ = (
        CheckConstraint("kind BETWEEN 1 AND 7", name="kind_known"),
        CheckConstraint("method BETWEEN 1 AND 6", name="method_known"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("kind IN (2, 5) OR expires_at IS NULL", name="only_given_expires"),
        CheckConstraint("expires_at IS NULL OR expires_at > occurred_at", name="expires_after"),
        {"sqlite_with_rowid": False},
    )

    subject_id: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("data_subject.id"), primary_key=True, autoincrement=False
    )
    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    kind: Mapped[int] = mapped_column(SmallInteger())
    method: Mapped[int] = mapped_column(SmallInteger())
    notice_id: Mapped[int | None] = mapped_column(SmallInteger(), ForeignKey("notice.id"), default=None)
    source_id: Mapped[int | None] = mapped_column(SmallInteger(), ForeignKey("source.id"), default=None)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    operator_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))
