"""Tables of the data map: maps as loaded, the numbers that names keep for ever, the registry of adopted rows."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base, CompactUuid
from governance.vault.attest import Attested
from governance.vault.models import MAC_BYTES


class MapDocument(Attested, Base, kw_only=True):
    """One version of the map of one database, as the file was loaded. The highest version is in force.

    Attributes:
        id: Its identity.
        source: The database it describes; `egide` for Égide's own.
        version: Counted from 1 for each source.
        file: The file's name, for errors.
        text: The file's content.
        loaded_by: The account that loaded it; None for the host alone.
        loaded_at: When.
    """

    __tablename__ = "map_document"
    __table_args__ = (
        UniqueConstraint("source", "version"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(63))
    version: Mapped[int] = mapped_column(SmallInteger())
    file: Mapped[str] = mapped_column(String(255))
    text: Mapped[str]
    loaded_by: Mapped[uuid.UUID | None]
    loaded_at: Mapped[datetime]


class MapProposal(Attested, Base, kw_only=True):
    """A map on its way, one for each database: proposed, and corrected by people. It opens nothing until it is loaded.

    Attested all the same, so that nobody loads what another hand wrote into it.

    Attributes:
        source: The database it describes.
        draft: The draft as JSON: names of tables and columns, shares and counts; no value of the database.
        revision: Counted with each correction, so that nobody corrects or loads what they have not seen.
        made_by: Who asked for it.
        made_at: When the database was looked at.
        changed_at: When it was corrected last.
    """

    __tablename__ = "map_proposal"
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("revision >= 1", name="revision_positive"),)

    source: Mapped[str] = mapped_column(String(63), primary_key=True)
    draft: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class TableNumber(Attested, Base, kw_only=True):
    """The stable number of a table, and what its name stands for: boxes, registrations and the log go by it.

    Attested, for whoever exchanged two numbers would hand one table's people to the rows of another.

    Attributes:
        id: 16 bits; bound into every box of the table.
        name: The table's name in the data map.
        source: The database it stands in; `egide` for Égide's own.
        physical: Its name there, with its schema where it has one.
        key: The key's columns as a JSON list; `[]` for a table that Égide keeps itself.
        persons: The names of the links by which its rows are persons, as a JSON list.
        former: The names it had before, as a JSON list; no other table may take them.
    """

    __tablename__ = "table_number"
    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 32767", name="id_range"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(63), unique=True)
    source: Mapped[str] = mapped_column(String(63))
    physical: Mapped[str] = mapped_column(String(127))
    key: Mapped[str]
    persons: Mapped[str]
    former: Mapped[str] = mapped_column(default="[]")


class FieldNumber(Attested, Base, kw_only=True):
    """The stable number of a field's name in its table: blind indexes go by it.

    Attested, for whoever exchanged two numbers would have people looked for under what they never wrote.
    """

    __tablename__ = "field_number"
    __table_args__ = (
        UniqueConstraint("table_id", "name"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="id_range"),
    )

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    table_id: Mapped[int] = mapped_column(SmallInteger(), ForeignKey("table_number.id"))
    name: Mapped[str] = mapped_column(String(63))


class BoxShape(Attested, Base, kw_only=True):
    """The list of fields that boxes of a link and category hold. A changed map adds one; old boxes keep theirs.

    Attested, so that a shape that was altered is told from boxes that were.

    Attributes:
        id: 16 bits; stands in the envelope.
        table_id: The table's number.
        link: The link's name.
        category: The category's code.
        fields: The fields' names as a JSON list, in the order of the plaintext.
    """

    __tablename__ = "box_shape"
    __table_args__ = (
        UniqueConstraint("table_id", "link", "category", "fields"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="id_range"),
    )

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    table_id: Mapped[int] = mapped_column(SmallInteger(), ForeignKey("table_number.id"))
    link: Mapped[str] = mapped_column(String(63))
    category: Mapped[int] = mapped_column(SmallInteger())
    fields: Mapped[str]


class Source(Base, kw_only=True):
    """Where data came from, named once, so that a box needs two bytes to say it."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 32767", name="id_range"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class RegisteredRow(Base, kw_only=True):
    """A row of an adopted table: Égide's id for it, and for each of its links the person it speaks of.

    Who is named here decides whose consents and restrictions hold for the row, so each is attested.

    Attributes:
        table_id: The table's number.
        source_key: The row's primary key as canonical JSON text, see `source_keys`.
        link: The link's name; empty for a row that speaks of nobody.
        row_id: The same for all links of a row.
        subject_id: The person; None where the row names nobody.
        gone_at: When the row was found to have left its database. Such a row is not read; should its key come back, a
            person says whether it is the same row, for databases give old keys to new people.
        mac: Over all other columns.
    """

    __tablename__ = "registered_row"
    __table_args__ = (
        UniqueConstraint("row_id", "link"),
        Index("ix_registered_row_subject_id", "subject_id"),
        {"sqlite_with_rowid": False},
    )

    table_id: Mapped[int] = mapped_column(SmallInteger(), ForeignKey("table_number.id"), primary_key=True)
    source_key: Mapped[str] = mapped_column(primary_key=True)
    link: Mapped[str] = mapped_column(String(63), primary_key=True)
    row_id: Mapped[uuid.UUID]
    subject_id: Mapped[int | None] = mapped_column(BigInteger(), ForeignKey("data_subject.id"))
    gone_at: Mapped[datetime | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


# The ways to find rows by their sealed fields. A token holds the field's number, and says no more without the key.
# There are several for each row, so they have neither a key nor a second index: what is deleted is found by its token
# too.
blind_tokens: Final = Table(
    "blind_token",
    Base.metadata,
    Column("token", BigInteger(), nullable=False, index=True),
    Column("row_id", CompactUuid(), nullable=False),
)


class RegistrySeal(Base, kw_only=True):
    """How many registered rows a table has and the sum of their MACs, attested: no row vanishes unseen.

    Attributes:
        table_id: The table's number.
        rows: How many there are.
        total: The sum of their MACs, modulo 2^128.
        mac: Over all other columns.
    """

    __tablename__ = "registry_seal"
    __table_args__ = (CheckConstraint("rows >= 0", name="rows_counted"),)

    table_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("table_number.id"), primary_key=True, autoincrement=False
    )
    rows: Mapped[int] = mapped_column(BigInteger())
    total: Mapped[bytes] = mapped_column(LargeBinary(16))
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))
