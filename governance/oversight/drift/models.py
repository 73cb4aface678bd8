"""What is kept of the drift report: when findings were seen first, which are set aside, what the worker saw of data.

The findings themselves are not kept: they are worked out of the rows each time.
"""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.oversight.drift.values import Severity
from governance.vault.attest import Attested

ID_LENGTH = 32


class DriftSeen(Base, kw_only=True):
    """That a finding is there, and since when. It opens and closes nothing."""

    __tablename__ = "drift_seen"

    finding: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    first_seen_at: Mapped[datetime]


class DriftAside(Attested, Base, kw_only=True):
    """That the data protection officer set a finding aside until a day, and why. It comes back on that day.

    `about` is what it was about, in the words of its key; the newest row about a finding counts.
    """

    __tablename__ = "drift_aside"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        Index("ix_drift_aside_until", "until"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finding: Mapped[str] = mapped_column(String(ID_LENGTH))
    about: Mapped[str] = mapped_column(Text())
    # How grave it was then: what has become graver is no longer what was set aside.
    severity: Mapped[Severity]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text())
    by: Mapped[uuid.UUID]
    at: Mapped[datetime]


class DriftLook(Attested, Base, kw_only=True):
    """What the worker saw when it last looked at data: counts, names of columns, and no value.

    `place` is a table of Égide's own (`table:customers`) or an adopted database (`source:shop`); `found` is JSON.
    `problem` is the class of the error where it did not answer.
    """

    __tablename__ = "drift_look"
    __decides__: ClassVar[bool] = False

    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    looked_at: Mapped[datetime]
    found: Mapped[str] = mapped_column(Text())
    problem: Mapped[str] = mapped_column(String(64), default="")
