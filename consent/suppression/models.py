"""Tables of the list of refusals: nothing personal, only keyed hashes, and a tally that tells what is missing."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.models import MAC_BYTES

HASH_BYTES: Final = 16


class Suppression(Base, kw_only=True):
    """That whoever is reached by an identifier refused something. GDPR Art. 21(2) and (3).

    Written and read through `suppression.listing` alone, which signs each row. It names no person: it stands when they
    are gone. `kind`, `channel` and `reason` are codes; a purpose or a channel of 0 is every one. What a person took
    back keeps its row, with its end.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        CheckConstraint("length(hash) = 16", name="hash_length"),
        CheckConstraint("purpose_id BETWEEN 0 AND 32767", name="purpose_fits"),
        CheckConstraint("channel BETWEEN 0 AND 255", name="channel_known"),
        CheckConstraint("kind BETWEEN 1 AND 2", name="kind_known"),
        CheckConstraint("reason BETWEEN 1 AND 5", name="reason_known"),
        CheckConstraint("ended_at IS NULL OR ended_at >= since", name="ends_after"),
        {"sqlite_with_rowid": False},
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    purpose_id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    channel: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger())
    reason: Mapped[int] = mapped_column(SmallInteger())
    source_id: Mapped[int | None] = mapped_column(SmallInteger(), ForeignKey("source.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class SuppressionTally(Base, kw_only=True):
    """How many rows the list has, and a sum over them: one row, signed; each entry of the log repeats it."""

    __tablename__ = "suppression_tally"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(Integer())
    digest: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))
