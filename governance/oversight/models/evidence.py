"""Tables of the library of evidence. The files themselves lie sealed, beside the database. GDPR Art. 5(2)."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.values import REFERENCE_LENGTH, About
from governance.oversight.values.evidence import FileKind
from governance.vault.attest import Attested

DIGEST_BYTES = 32


class Document(Attested, Base, kw_only=True):
    """A document that proves something. Evidence: it opens nothing.

    Attributes:
        dated_on: The day it bears, or of which it tells.
        valid_until: Its last day, where it has one.
        version: The number of the newest version.
        removed_at: When it was taken away: its files are destroyed then, and the log keeps their digests.
    """

    __tablename__ = "document"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint("valid_until IS NULL OR valid_until >= dated_on", name="valid_after_dated"),
        Index("ix_document_valid_until", "valid_until"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    dated_on: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(Integer(), default=1)
    brought_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)


class DocumentVersion(Attested, Base, kw_only=True):
    """One file of a document; its identifier is the name of the sealed file, and bound into its key."""

    __tablename__ = "document_version"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("length(digest) = 32", name="digest_length"),
        Index("ix_document_version_document_id", "document_id", "number", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int] = mapped_column(Integer())
    kind: Mapped[FileKind]
    size: Mapped[int] = mapped_column(BigInteger())
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))
    brought_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brought_at: Mapped[datetime]


class DocumentLink(Attested, Base, kw_only=True):
    """What a document proves: one thing of several. It settles findings and actions, and opens nothing."""

    __tablename__ = "document_link"
    __decides__: ClassVar[bool] = False
    __table_args__ = (Index("ix_document_link_about", "about", "reference"),)

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    about: Mapped[About] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), primary_key=True)
