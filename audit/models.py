"""The tables of the log.

A leaf stays for ever and says nothing by itself; the entry and its salt are a row of their own, deleted when their
retention ends. The small numbers are the codes of `audit.entries`.
"""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


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

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID]
    data: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(17))


class LogEntry(Base, kw_only=True):
    """An entry: the canonical body with its salt, and beside them the columns by which it is searched."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "id", unique=True),
        Index(None, "at"),
        Index(None, "actor_id", "leaf_index"),
        Index(None, "object_type", "object_id", "leaf_index"),
    )

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
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

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
