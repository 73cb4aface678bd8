"""Tables of the files for an inspection: who had one made, how far it is, its pieces. The files themselves lie sealed.

Rows are never deleted: what was handed over can be shown for as long as the house stands. GDPR Art. 5(2).
"""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.oversight.inspection.values import OCCASION_LENGTH, InspectionState
from governance.vault.attest import Attested

_HEX_DIGEST = 64
_UNDER_WAY = text("state = 'queued'")


class InspectionFile(Attested, Base, kw_only=True):
    """One file, asked for by somebody on an occasion. Evidence: it opens nothing.

    Attributes:
        year: With `number`, what everybody calls it: the third of 2026 is 2026-003.
        languages: `fr`, `en` or both, the first of them that of the index, with a space between.
        slugs: The activities it is about, with spaces between; empty for all.
        last_id: The last activity that stood in the register when it was asked for.
        done: How many steps are made, of `total` where that is known.
        failure: Why it broke off, as a code.
        expires_at: When the archive is destroyed.
        archive_id: The name of the sealed archive.
        digest: Of the archive, in hexadecimal; `manifest_digest`, of its manifest, which `note` signs.
    """

    __tablename__ = "inspection_file"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("length(occasion) > 0", name="has_occasion"),
        CheckConstraint("expires_at > made_at", name="ends_after_start"),
        CheckConstraint("number >= 1 AND done >= 0", name="numbers_make_sense"),
        CheckConstraint("state <> 'ready' OR archive_id IS NOT NULL", name="ready_with_archive"),
        # One at a time: whoever asks meanwhile is shown that one.
        Index(
            "uq_inspection_file_under_way", "state", unique=True,
            sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY,
        ),
        Index("ix_inspection_file_state", "state", "expires_at"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer())
    number: Mapped[int] = mapped_column(Integer())
    actor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    occasion: Mapped[str] = mapped_column(String(OCCASION_LENGTH))
    languages: Mapped[str] = mapped_column(String(8))
    slugs: Mapped[str] = mapped_column(Text(), default="")
    last_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    state: Mapped[InspectionState] = mapped_column(default=InspectionState.QUEUED)
    done: Mapped[int] = mapped_column(Integer(), default=0)
    total: Mapped[int | None] = mapped_column(Integer(), default=None)
    failure: Mapped[str | None] = mapped_column(String(32), default=None)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    archive_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    size: Mapped[int | None] = mapped_column(BigInteger(), default=None)
    digest: Mapped[str | None] = mapped_column(String(_HEX_DIGEST), default=None)
    manifest_digest: Mapped[str | None] = mapped_column(String(_HEX_DIGEST), default=None)
    note: Mapped[str | None] = mapped_column(Text(), default=None)

    @property
    def reference(self) -> str:
        """What everybody calls it."""
        return f"{self.year}-{self.number:03d}"

    @property
    def spoken(self) -> tuple[str, ...]:
        """Its languages."""
        return tuple(self.languages.split())

    @property
    def only(self) -> tuple[str, ...]:
        """The activities it is about; empty for all."""
        return tuple(self.slugs.split())


class InspectionPiece(Attested, Base, kw_only=True):
    """One file of the archive; its identifier is the name of the sealed file while the archive is not bound.

    Attributes:
        part: Of which part of the archive, by its key.
        path: Where it lies in the archive.
        language: In which language it speaks; None for data and for what others brought.
        pages: How many pages a document has; `rows`, how many lines data have.
    """

    __tablename__ = "inspection_piece"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        UniqueConstraint("file_id", "number"),
        CheckConstraint("number >= 1 AND size >= 0", name="numbers_make_sense"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection_file.id"))
    number: Mapped[int] = mapped_column(Integer())
    part: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(200))
    title_fr: Mapped[str] = mapped_column(Text())
    title_en: Mapped[str] = mapped_column(Text())
    language: Mapped[str | None] = mapped_column(String(8), default=None)
    size: Mapped[int] = mapped_column(BigInteger())
    digest: Mapped[str] = mapped_column(String(_HEX_DIGEST))
    pages: Mapped[int | None] = mapped_column(Integer(), default=None)
    rows: Mapped[int | None] = mapped_column(Integer(), default=None)
    made_at: Mapped[datetime]
