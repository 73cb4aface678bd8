"""Tables of signing up: forms, their versions, and what waits to be confirmed."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH

_HASH_BYTES = 32


class SignUpForm(Attested, Base, kw_only=True):
    """A form on which people sign up. It opens nothing at the gate: whom it puts on file is its program's to create.

    Attributes:
        open_version: The version that people are shown; None while the form is closed.
        versions: How many were written.
    """

    __tablename__ = "sign_up_form"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("versions >= 1", name="written"),
        CheckConstraint("open_version IS NULL OR open_version BETWEEN 1 AND versions", name="open_one_written"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    versions: Mapped[int] = mapped_column(Integer())
    open_version: Mapped[int | None] = mapped_column(Integer(), default=None)
    changed_at: Mapped[datetime]


class SignUpSheet(Attested, Base, kw_only=True):
    """One version of a form, whole. People agreed to these words: it never changes, and is never deleted."""

    __tablename__ = "sign_up_sheet"
    __decides__: ClassVar[bool] = False

    form_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_up_form.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    terms: Mapped[str] = mapped_column(Text())
    written_by: Mapped[uuid.UUID]
    written_at: Mapped[datetime]


class SignUp(Attested, Base, kw_only=True):
    """Somebody who signed up and has yet to confirm. Nobody is on file for it until they did.

    Attributes:
        address_hash, guardian_address_hash: Keyed hashes of the addresses that are written to, by which letters to one
            address are counted.
        content: What they said, sealed; gone once the letter with its proof has left, or it has ended.
        link_hash, guardian_hash: SHA-256 of the secrets in the letters; None until the letters are made.
        confirmed_at, guardian_confirmed_at: When each did.
        settled_at: When it was put on file.
    """

    __tablename__ = "sign_up"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("expires_at > asked_at", name="ends_after_start"),
        Index("ix_sign_up_address_hash", "address_hash", "asked_at"),
        Index("ix_sign_up_guardian_address_hash", "guardian_address_hash", "asked_at"),
        Index("ix_sign_up_expires_at", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    form_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_up_form.id"))
    version: Mapped[int] = mapped_column(Integer())
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(_HASH_BYTES))
    guardian_address_hash: Mapped[bytes | None] = mapped_column(LargeBinary(_HASH_BYTES), default=None)
    content: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    guarded: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    link_hash: Mapped[bytes | None] = mapped_column(LargeBinary(_HASH_BYTES), unique=True, default=None)
    guardian_hash: Mapped[bytes | None] = mapped_column(LargeBinary(_HASH_BYTES), unique=True, default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    guardian_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_confirmed(self) -> bool:
        """Whether everybody confirmed who has to: a minor under 15 and a holder of parental authority together."""
        return self.confirmed_at is not None and (not self.guarded or self.guardian_confirmed_at is not None)
