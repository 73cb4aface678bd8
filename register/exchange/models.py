"""The tables of what waits: files for somebody to say that they are imported, and imports that are not through."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class RegisterUpload(Base, kw_only=True):
    """A file of a register that somebody brought in and has not decided upon: one an account, for a day.

    `content` is the file, and `note` its name with what was said of the columns of a table, each sealed to the account
    and the digest (`waiting`). It decides nothing, so it is not attested: whoever imports it says what they were shown.
    """

    __tablename__ = "register_upload"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        Index("ix_register_upload_expires_at", "expires_at"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary())
    note: Mapped[bytes] = mapped_column(LargeBinary())
    expires_at: Mapped[datetime]


class RegisterImport(Base, kw_only=True):
    """How far an import has come that goes in several portions: there from its first portion to its last.

    `digest` names what is imported (`progress`), and `state`, sealed to the account and the digest, what was chosen and
    what was drafted of it. Each portion and its step here are one transaction.
    """

    __tablename__ = "register_import"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        Index("ix_register_import_expires_at", "expires_at"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[bytes] = mapped_column(LargeBinary())
    expires_at: Mapped[datetime]
