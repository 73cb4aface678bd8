"""Tables of evidence: words that were shown, each once, and what stands beside an event."""

import uuid
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consent.evidence.values import FORM_LENGTH
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vault.models import MAC_BYTES

_DIGEST_BYTES = 32


class ShownWording(Attested, Base, kw_only=True):
    """Words that somebody was shown or heard, on one form. They never change, and many events name them.

    `digest` is SHA-256 over form, version, language and words, so that nothing is kept twice.
    """

    __tablename__ = "consent_wording"
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest_length"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(_DIGEST_BYTES), unique=True)
    form: Mapped[str] = mapped_column(String(FORM_LENGTH), default="")
    version: Mapped[int] = mapped_column(Integer(), default=0)
    language: Mapped[str] = mapped_column(String(8), default="fr")
    text: Mapped[str] = mapped_column(Text())


class ConsentEvidence(Base, kw_only=True):
    """What proves one event, beside it. `mac` binds it to the event's own MAC, in the layout of `evidence.keeping`.

    `box` is sealed under the person's key: an address, a device, a guardian are theirs, and end with them.
    """

    __tablename__ = "consent_evidence"
    __table_args__ = (
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("weaknesses BETWEEN 0 AND 32767", name="weaknesses_known"),
        {"sqlite_with_rowid": False},
    )

    subject_id: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("data_subject.id"), primary_key=True, autoincrement=False
    )
    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    weaknesses: Mapped[int] = mapped_column(SmallInteger(), default=0)
    wording_id: Mapped[int | None] = mapped_column(Integer(), ForeignKey("consent_wording.id"), default=None)
    file_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    box: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))
