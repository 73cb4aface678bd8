"""The table of the files that wait for somebody to say that they are imported: one an account, for a day."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class RegisterUpload(Base, kw_only=True):
    """A file of a register that somebody brought in and has not decided upon.

    `columns` is what they said of those of a table (`tables.asked`); empty until they said something.

    It decides nothing, so it is not attested: whoever imports it names the digest of what they were shown.
    """

    __tablename__ = "register_upload"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_sha256"),)

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary())
    expires_at: Mapped[datetime]
    columns: Mapped[str] = mapped_column(Text(), default="")
