"""The table of the gate: in which order a purpose that gives pseudonyms sees its rows."""

import uuid

from sqlalchemy import BigInteger, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class RowPseudonym(Base, kw_only=True):
    """The place of one row in one purpose's own order.

    Rows read in the order of their identifiers, under two purposes, could be joined by their order alone. The place is
    a keyed hash, so that no order tells anything of another; it is stored, because a database cannot sort by a key that
    it does not have. It can be computed again from the row's identifier, so rows are deleted without a search.
    """

    __tablename__ = "row_pseudonym"
    __table_args__ = ({"sqlite_with_rowid": False},)

    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False
    )
    table_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("table_number.id"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
