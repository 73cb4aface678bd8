"""The tables of OpenID: which identity of the provider is whose account, and which answers were taken already."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested

ISSUER_LENGTH: Final = 255
# OpenID Connect Core 1.0, section 2: `sub` holds 255 ASCII characters at most.
SUBJECT_LENGTH: Final = 255


class OpenIdIdentity(Attested, Base, kw_only=True):
    """Somebody as the provider knows them, and the account that they open here.

    It belongs to the policy set: one that was taken back and that somebody restores by SQL closes everything.
    """

    __tablename__ = "openid_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
        CheckConstraint("subject <> ''", name="subject_not_empty"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(String(ISSUER_LENGTH))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    linked_at: Mapped[datetime]


class AnsweredState(Base, kw_only=True):
    """An answer of the provider that was taken, so that none is taken twice; kept as long as it could come again."""

    __tablename__ = "openid_answered_state"
    __table_args__ = ({"sqlite_with_rowid": False},)

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
