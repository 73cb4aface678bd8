"""Tables of the imports: how far each has come, which rows it wrote while unfinished, which it refused."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.errors import mark
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vault.models import MAC_BYTES
from governance.vocabulary import SLUG_LENGTH

DIGEST_BYTES: Final = 32


class ImportState(StrEnum):
    """How far an import has come."""

    RUNNING = mark("running")
    FINISHED = mark("finished")
    UNDOING = mark("undoing")
    UNDONE = mark("undone")


class ImportVerb(StrEnum):
    """What moves an import from one state to another."""

    FINISH = "finish"
    UNDO = "undo"
    FORGET = "forget"


# A finished import stays: its rows are the company's data now, and leave as any other row does.
TRANSITIONS: Final[dict[tuple[ImportState, ImportVerb], ImportState]] = {
    (ImportState.RUNNING, ImportVerb.FINISH): ImportState.FINISHED,
    (ImportState.RUNNING, ImportVerb.UNDO): ImportState.UNDOING,
    (ImportState.UNDOING, ImportVerb.UNDO): ImportState.UNDOING,
    (ImportState.UNDOING, ImportVerb.FORGET): ImportState.UNDONE,
}


class ImportRun(Attested, Base, kw_only=True):
    """One file that goes, or went, into one table. Each batch of rows and the step of `last_row` are one transaction.

    It is attested, for it says what an undo may delete, and whose people a first message is for. It grants nothing.

    Attributes:
        id: Its identity.
        table_name: The table's name in the data map.
        file_digest: SHA-256 of the file: the same file goes on where it stopped.
        plan_digest: SHA-256 of how it is read: columns, constants, purpose, treatment of duplicates.
        state: How far it has come.
        purpose: The slug of the purpose it is done for.
        actor_id: The account that began it.
        source: Where the data came from, in words; beside every box by its number.
        point: The slug of the collection point through which they came, where its people are to be told; else empty.
        last_row: The last row of the file that was dealt with.
        row_count: Rows in the file, the header included.
        accepted: Rows written, and not taken back.
        refused: Rows refused, duplicates included.
        duplicates: Rows refused for somebody or something already there.
        unsolicited: Rows accepted whose people are on the list of refusals, so that they stay unsolicited.
        begun_at: When.
        changed_at: When the last batch was written.
    """

    __tablename__ = "import_run"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("last_row >= 0 AND last_row <= row_count", name="row_within"),
        CheckConstraint("accepted >= 0 AND refused >= duplicates AND duplicates >= 0", name="counts_add_up"),
        # A file goes into a table once; after an undo it may go again.
        Index(
            "uq_import_run_file",
            "table_name",
            "file_digest",
            unique=True,
            sqlite_where=text("state <> 'undone'"),
            postgresql_where=text("state <> 'undone'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(63))
    file_digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))
    plan_digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))
    state: Mapped[ImportState] = mapped_column(default=ImportState.RUNNING)
    purpose: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    actor_id: Mapped[uuid.UUID | None]
    source: Mapped[str] = mapped_column(String(200))
    point: Mapped[str] = mapped_column(String(SLUG_LENGTH), default="")
    last_row: Mapped[int] = mapped_column(Integer())
    row_count: Mapped[int] = mapped_column(Integer())
    accepted: Mapped[int] = mapped_column(Integer(), default=0)
    refused: Mapped[int] = mapped_column(Integer(), default=0)
    duplicates: Mapped[int] = mapped_column(Integer(), default=0)
    unsolicited: Mapped[int] = mapped_column(Integer(), default=0)
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ImportedRow(Base, kw_only=True):
    """A row that an import wrote, so that it can be undone whole while it is unfinished, and its people be told.

    Gone once the import has finished and nobody of it is to be told any more. GDPR Art. 14. Written and read through
    `importing.imported` alone, which signs each row: by them customers are deleted, and their data opened.

    Attributes:
        import_id: The import.
        row_id: The row.
        notice_id: The notice that stands beside it in the first message, by number; None while it is in none.
        task_id: The task whose first message it stands in; None likewise.
        mac: Over all of these.
    """

    __tablename__ = "imported_row"
    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[int | None] = mapped_column(Integer(), default=None)
    task_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class ImportRefusal(Base, kw_only=True):
    """Why a row of the file was refused: places and a code, never what stood there."""

    __tablename__ = "import_refusal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    column_number: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(63))
    code: Mapped[str] = mapped_column(String(32))
