"""What a write answered, kept under the caller's Idempotency-Key for as long as a program may retry."""

import uuid
from datetime import datetime

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class AnsweredWrite(Base, kw_only=True):
    """One answered write. It names a row and no value.

    Attributes:
        actor_id: Who wrote.
        key_digest: SHA-256 of the key.
        request_digest: SHA-256 of what was asked, keyed, so that it tells nothing of the values.
        row_id: The row that was written.
        revision: Its revision afterwards.
        answered_at: When.
    """

    __tablename__ = "answered_write"
    __table_args__ = ({"sqlite_with_rowid": False},)

    actor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    row_id: Mapped[uuid.UUID]
    revision: Mapped[int] = mapped_column(Integer())
    answered_at: Mapped[datetime] = mapped_column(index=True)
