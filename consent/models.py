"""Tables of consent: what stands, together with the event that came last, and the events before it.

They hold a row for each person, purpose and channel, so they are as small as they can be: codes of two bytes, no row
number of their own, and nothing twice. Most consents know a single event, which lies in the row of the consent itself;
it moves to the table of the earlier ones when another follows. The MACs are of the fixed layouts in `consent.probe`
(`state_mac`) and `consent.events` (`mac`).
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from governance.orm import Base
from governance.vault.models import MAC_BYTES

# The order of the columns: falling width, so that PostgreSQL pads less.
_FIRST: Final = -4
_CODE: Final = -3
_MOMENT: Final = -2


def _checks_of_an_event() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("channel BETWEEN 1 AND 255", name="channel_known"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("kind BETWEEN 1 AND 7", name="kind_known"),
        CheckConstraint("method BETWEEN 1 AND 6", name="method_known"),
        CheckConstraint("kind IN (2, 5) OR expires_at IS NULL", name="only_given_expires"),
        CheckConstraint("expires_at IS NULL OR expires_at > occurred_at", name="expires_after"),
    )


class _Event(MappedAsDataclass, kw_only=True):
    """One thing that happened, as it happened. GDPR Art. 7(1): the controller must be able to demonstrate it.

    `channel`, `kind` and `method` are codes of `Channel`, `EventKind` and `Method`; `sequence` counts deliveries,
    `occurred_at` orders.
    """

    subject_id: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("data_subject.id"), primary_key=True, autoincrement=False, sort_order=_FIRST
    )
    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False, sort_order=_FIRST
    )
    channel: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False, sort_order=_FIRST)
    kind: Mapped[int] = mapped_column(SmallInteger(), sort_order=_FIRST)
    method: Mapped[int] = mapped_column(SmallInteger(), sort_order=_CODE)
    notice_id: Mapped[int | None] = mapped_column(
        SmallInteger(), ForeignKey("notice.id"), default=None, sort_order=_CODE
    )
    source_id: Mapped[int | None] = mapped_column(
        SmallInteger(), ForeignKey("source.id"), default=None, sort_order=_CODE
    )
    occurred_at: Mapped[datetime] = mapped_column(sort_order=_MOMENT)
    recorded_at: Mapped[datetime] = mapped_column(sort_order=_MOMENT)
    expires_at: Mapped[datetime | None] = mapped_column(default=None, sort_order=_MOMENT)
    operator_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class Consent(_Event, Base, kw_only=True):
    """What one person's events for one purpose and channel amount to, and the last of them. Attested, never edited.

    `state` is a code of `ConsentState`; `holds_until` counts seconds since 1970 in UTC, so that the gate compares it
    with the time of its plan without decoding anything.
    """

    __tablename__ = "consent"
    __table_args__ = (
        *_checks_of_an_event(),
        CheckConstraint("state BETWEEN 1 AND 6", name="state_known"),
        CheckConstraint("state = 2 OR holds_until IS NULL", name="only_given_holds"),
        # What runs out is looked for every hour, among all that was ever agreed to.
        Index(
            "ix_consent_holds_until",
            "holds_until",
            sqlite_where=text("holds_until IS NOT NULL"),
            postgresql_where=text("holds_until IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    state: Mapped[int] = mapped_column(SmallInteger(), sort_order=_CODE)
    sequence: Mapped[int] = mapped_column(Integer(), sort_order=_CODE)
    holds_until: Mapped[int | None] = mapped_column(BigInteger(), default=None, sort_order=_MOMENT)
    state_mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class EarlierEvent(_Event, Base, kw_only=True):
    """An event that others followed."""

    __tablename__ = "consent_earlier_event"
    __table_args__ = (*_checks_of_an_event(), {"sqlite_with_rowid": False})

    sequence: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False, sort_order=_FIRST)
