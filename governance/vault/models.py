"""Tables of the vault: the data subjects with their wrapped keys, and the attested digest of the policy set."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from governance.errors import mark
from governance.orm import Base
from governance.vocabulary import Coded

WRAPPED_KEY_BYTES: Final = 60  # nonce 12, key 32, tag 16
MAC_BYTES: Final = 17  # version 1, BLAKE2b 16


class SubjectState(Coded):
    """Whether a data subject's data may be used. Stored as its code."""

    ACTIVE = mark("active")
    RESTRICTED = mark("restricted")
    ERASED = mark("erased")


class SubjectVerb(StrEnum):
    """What moves a data subject from one state to another."""

    RESTRICT = mark("restrict")
    LIFT = mark("lift")
    ERASE = mark("erase")


# GDPR Art. 18 (restriction, and its lifting under paragraph 3) and Art. 17 (erasure, final).
SUBJECT_TRANSITIONS: Final[dict[tuple[SubjectState, SubjectVerb], SubjectState]] = {
    (SubjectState.ACTIVE, SubjectVerb.RESTRICT): SubjectState.RESTRICTED,
    (SubjectState.RESTRICTED, SubjectVerb.LIFT): SubjectState.ACTIVE,
    (SubjectState.ACTIVE, SubjectVerb.ERASE): SubjectState.ERASED,
    (SubjectState.RESTRICTED, SubjectVerb.ERASE): SubjectState.ERASED,
}


class DataSubject(Base, kw_only=True):
    """One person about whom data is held. The row is mandatory: without it, nothing of theirs opens.

    Every column but `created_at` is bound into `wrapped_key` as associated data, so that a change by SQL closes the
    person and never opens them. An erased person keeps the row, without key and in epoch 0. `objections` are the sorted
    numbers of the purposes objected to (GDPR Art. 21), two bytes each, big-endian; 0 is everything that solicits.
    """

    __tablename__ = "data_subject"
    __table_args__ = (
        CheckConstraint("kind >= 1", name="kind_known"),
        CheckConstraint("state BETWEEN 1 AND 3", name="state_known"),
        CheckConstraint("(state = 3) = (wrapped_key IS NULL)", name="erased_without_key"),
        CheckConstraint("key_version >= 1", name="key_version_positive"),
        # Rotation asks who is left in an epoch, again and again.
        Index("ix_data_subject_epoch", "epoch"),
        # A number never returns after its row is gone: the log and the archives go on naming its person.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(), primary_key=True, kw_only=True
    )
    kind: Mapped[int] = mapped_column(SmallInteger())
    state: Mapped[int] = mapped_column(SmallInteger(), default=SubjectState.ACTIVE.code)
    objections: Mapped[bytes] = mapped_column(LargeBinary(), default=b"")
    key_version: Mapped[int] = mapped_column(Integer(), default=1)
    epoch: Mapped[int] = mapped_column(Integer())
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary(WRAPPED_KEY_BYTES))
    created_at: Mapped[datetime] = mapped_column()


class PolicyEpoch(Base, kw_only=True):
    """The one row that says which policy set is in force: a counter, and the digest of every deciding row's MAC."""

    __tablename__ = "policy_epoch"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BigInteger())
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    parts: Mapped[bytes] = mapped_column(LargeBinary())
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))
