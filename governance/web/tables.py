"""The one table of the edge: how often somebody asked within a window of time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class RateCount(Base, kw_only=True):
    """Hits within one window.

    Attributes:
        key_hash: A keyed hash of route and asker: addresses are personal data and are not kept here.
    """

    __tablename__ = "rate_count"
    __table_args__ = (CheckConstraint("hits > 0", name="hits_positive"), {"sqlite_with_rowid": False})

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
