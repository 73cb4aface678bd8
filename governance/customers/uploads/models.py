"""The table of files brought in: whose each is, what for, and how far it has come. The file itself lies sealed."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import ActorKind
from governance.errors import mark
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH


class UploadState(StrEnum):
    """How far a file has come."""

    RECEIVED = mark("received")
    QUEUED = mark("queued")
    RUNNING = mark("being imported")
    STOPPED = mark("stopped")
    FAILED = mark("broken off")
    UNDOING = mark("being undone")
    FINISHED = mark("imported")
    UNDONE = mark("taken back")
    DISCARDED = mark("discarded")
    EXPIRED = mark("expired")


class UploadVerb(StrEnum):
    """What moves a file from one state to another."""

    START = "start"
    TAKE = "take"
    STOP = "stop"
    FAIL = "fail"
    FINISH = "finish"
    UNDO = "undo"
    FORGET = "forget"
    DISCARD = "discard"
    EXPIRE = "expire"


_S: Final = UploadState
_V: Final = UploadVerb
TRANSITIONS: Final[dict[tuple[UploadState, UploadVerb], UploadState]] = {
    (_S.RECEIVED, _V.START): _S.QUEUED,
    (_S.STOPPED, _V.START): _S.QUEUED,
    (_S.FAILED, _V.START): _S.QUEUED,
    (_S.QUEUED, _V.TAKE): _S.RUNNING,
    (_S.QUEUED, _V.STOP): _S.STOPPED,
    (_S.RUNNING, _V.STOP): _S.STOPPED,
    (_S.QUEUED, _V.FAIL): _S.FAILED,
    (_S.RUNNING, _V.FAIL): _S.FAILED,
    (_S.UNDOING, _V.FAIL): _S.FAILED,
    (_S.RUNNING, _V.FINISH): _S.FINISHED,
    (_S.STOPPED, _V.UNDO): _S.UNDOING,
    (_S.FAILED, _V.UNDO): _S.UNDOING,
    (_S.EXPIRED, _V.UNDO): _S.UNDOING,
    (_S.UNDOING, _V.FORGET): _S.UNDONE,
    (_S.RECEIVED, _V.DISCARD): _S.DISCARDED,
    # A day is a day: a file that is still being imported then can be brought in again, and goes on where it stood.
    (_S.RECEIVED, _V.EXPIRE): _S.EXPIRED,
    (_S.QUEUED, _V.EXPIRE): _S.EXPIRED,
    (_S.RUNNING, _V.EXPIRE): _S.EXPIRED,
    (_S.STOPPED, _V.EXPIRE): _S.EXPIRED,
    (_S.FAILED, _V.EXPIRE): _S.EXPIRED,
}
# The file of any other is destroyed.
WITH_FILE: Final = (_S.RECEIVED, _S.QUEUED, _S.RUNNING, _S.STOPPED, _S.FAILED)


class ImportUpload(Attested, Base, kw_only=True):
    """One file that somebody brought in.

    It is attested, since it says whose the file is: under another name its rows would be shown to somebody else, or
    come in on somebody else's word. It grants nothing, so that bringing a file in recompiles no plan: whoever brought
    it in needs the grant at each step of the import.

    Attributes:
        id: Its identity; the name of the sealed file, and bound into its key.
        actor_id: The account, or the program's token, that brought it in.
        actor_kind: Which of the two.
        token_id: The token of their own through which a person acted.
        table_name: The table it goes into.
        purpose: The slug of the purpose.
        state: How far it has come.
        size: In bytes.
        row_count: Rows below the header, where it was read.
        settings_box: How it is read (columns, constants, meanings), sealed: spellings of a file may be personal data.
        import_id: The import it became.
        failure: Why it broke off, as a code.
        made_at: When it came.
        changed_at: When its state last changed.
        expires_at: When its file is destroyed.
    """

    __tablename__ = "import_upload"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("expires_at > made_at", name="ends_after_start"),
        Index(None, "actor_id", "id"),
        Index(None, "state", "expires_at"),
    )
    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[uuid.UUID]
    actor_kind: Mapped[ActorKind]
    token_id: Mapped[uuid.UUID | None]
    table_name: Mapped[str] = mapped_column(String(63))
    purpose: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    state: Mapped[UploadState] = mapped_column(default=UploadState.RECEIVED)
    size: Mapped[int] = mapped_column(Integer())
    row_count: Mapped[int | None] = mapped_column(Integer(), default=None)
    settings_box: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("import_run.id"), default=None, index=True)
    failure: Mapped[str | None] = mapped_column(String(32), default=None)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
