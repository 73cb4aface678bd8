"""The tables of the log.

A leaf stays for ever and says nothing by itself; the entry and its salt are a row of their own, deleted when their
retention ends. The small numbers are the codes of `audit.entries`.
"""

import uuid
from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base

# SQLite makes an INTEGER key the place of the row itself; any other type costs an index beside it.
PLACE: Final = BigInteger().with_variant(Integer, "sqlite")


class LogHead(Base, kw_only=True):
    """The one row that says how far the log has come. Who adds leaves holds its lock."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    # The roots of the perfect subtrees of a tree of this size, from the largest: 32 bytes each.
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary(17))


class Leaf(Base, kw_only=True):
    """A salted commitment to an entry: what the Merkle tree holds."""

    __tablename__ = "audit_leaf"

    leaf_index: Mapped[int] = mapped_column(PLACE, primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID]
    data: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(17))


class LogEntry(Base, kw_only=True):
    """An entry: the canonical body with its salt, and beside them the columns by which it is searched."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "id", unique=True),
        # All that counting by day, account, purpose and class asks for, so that no body is read for it.
        Index("ix_audit_entry_counted", "at", "action", "outcome", "retention", "purpose", "actor_id"),
        Index(None, "actor_id", "leaf_index"),
        Index(None, "object_type", "object_id", "leaf_index"),
    )

    leaf_index: Mapped[int] = mapped_column(PLACE, primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    retention: Mapped[int] = mapped_column(SmallInteger)
    action: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[int] = mapped_column(SmallInteger)
    actor_id: Mapped[uuid.UUID | None]
    object_type: Mapped[str] = mapped_column(String)
    object_id: Mapped[str | None] = mapped_column(String)
    purpose: Mapped[str | None] = mapped_column(String)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Tile(Base, kw_only=True):
    """256 hashes of one level of the tree, side by side: C2SP tlog-tiles, height 8. Only full tiles are kept."""

    __tablename__ = "audit_tile"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 -- SQLAlchemy reads it once, as a declaration

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    # The root over them, which is one hash of the tile above, long before that one is full.
    root: Mapped[bytes] = mapped_column(LargeBinary(32))


class SubjectSummary(Base, kw_only=True):
    """The data subjects of the entries that still stand in one full tile of level 0, as a roaring bitmap.

    A hint for the search, never an answer: the entries say who they concern, and the check of the log recomputes it.
    """

    __tablename__ = "audit_subjects"

    number: Mapped[int] = mapped_column(PLACE, primary_key=True, autoincrement=False)
    subjects: Mapped[bytes] = mapped_column(LargeBinary)


class PublishedCheckpoint(Base, kw_only=True):
    """A checkpoint as the signer published it, for those who cannot read the anchor file. The anchor file decides."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(PLACE, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(String)
    at: Mapped[datetime]


class RetentionRule(Base, kw_only=True):
    """How long entries of a class are kept, from a date on. A later rule replaces an earlier one of the same class."""

    __tablename__ = "audit_retention_rule"
    __table_args__ = (
        CheckConstraint("days IS NULL OR days > 0", name="positive_days"),
        {"sqlite_with_rowid": False},
    )

    retention: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    # None: kept until something else ends it, the deletion of the row it speaks of for instance.
    days: Mapped[int | None]
    source: Mapped[str] = mapped_column(String)
