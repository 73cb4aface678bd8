"""Files brought in on a page, between being looked over and being imported: one an account, for a day."""

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Actor
from governance.clock import Clock
from register.exchange.checking import check_register
from register.exchange.errors import MalformedRegisterError, NoFileWaitsError, OtherFileWaitsError
from register.exchange.models import RegisterUpload
from register.exchange.opening import MOST_BYTES, Opened, open_file
from register.exchange.placed import ReadRegister
from register.exchange.tables.asked import AskedColumns, as_text, read_asked
from register.permissions import account_of, check_drafts

KEPT: Final = timedelta(hours=24)
_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file that waits.

    Attributes:
        name: What it was called.
        opened: What it holds.
        asked: What was said of its columns; None until something was.
        shown: By what whoever decides names what they were shown: its digest, with what was said of its columns.
    """

    name: str
    opened: Opened
    asked: AskedColumns | None
    shown: str

    @property
    def register(self) -> ReadRegister | None:
        """What can be drafted of it."""
        return self.opened.register

    @property
    def settled(self) -> bool:
        """Say whether nobody has to say anything of its columns first."""
        proposal = self.opened.proposal
        return self.register is not None and (proposal is None or self.asked is not None or proposal.known)


def bring(session: Session, clock: Clock, actor: Actor, name: str, file: IO[bytes]) -> Waiting:
    """Keep a file that can be read, or a table whose columns are to be said, in the place of the one that waited.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        UnknownFormatError, MalformedRegisterError: If it cannot be read, or contradicts itself.
        SpreadsheetError: If it is a workbook that is damaged, or too large.
    """
    account = check_drafts(actor)
    content = file.read(MOST_BYTES + 1)
    opened = _agreeing(open_file(io.BytesIO(content)))
    unrecorded(session, "a file that waits decides nothing; importing it is recorded")
    now = clock.now()
    # GDPR Art. 5(1)(e): those that nobody came back to go with the next that comes.
    over = (RegisterUpload.account_id == account) | (RegisterUpload.expires_at <= now)
    session.execute(delete(RegisterUpload).where(over))
    digest = hashlib.sha256(content).hexdigest()
    session.add(
        RegisterUpload(account_id=account, name=name[:_NAME], digest=digest, content=content, expires_at=now + KEPT)
    )
    session.flush()
    return Waiting(name=name, opened=opened, asked=None, shown=digest)


def waiting(session: Session, clock: Clock, actor: Actor, otherwise: AskedColumns | None = None) -> Waiting:
    """Return the actor's file that waits.

    Args:
        session: Read from.
        clock: Says whether its day is over.
        actor: Whose.
        otherwise: Something else to say of its columns than was said, for this once.

    Raises:
        PersonRequiredError: If no person asks.
        NoFileWaitsError: If none does, or its day is over.
        MalformedRegisterError: If what is said of the columns cannot be.
    """
    upload = _upload(session, clock, actor)
    asked = otherwise or (read_asked(upload.columns) if upload.columns else None)
    opened = _agreeing(open_file(io.BytesIO(upload.content), asked))
    return Waiting(name=upload.name, opened=opened, asked=asked, shown=_shown(upload.digest, upload.columns))


def say_columns(session: Session, clock: Clock, actor: Actor, shown: str, asked: AskedColumns) -> Waiting:
    """Keep what somebody says of the columns of their file.

    Args:
        session: Written to.
        clock: Says whether its day is over.
        actor: Whose.
        shown: What they were shown.
        asked: What they say.

    Raises:
        PersonRequiredError, NoFileWaitsError: As above.
        OtherFileWaitsError: If another one waits than they were shown.
        NoTableError: If it has no columns.
        MalformedRegisterError: If it cannot be said, or something in the file cannot be read so.
    """
    upload = _upload(session, clock, actor)
    if _shown(upload.digest, upload.columns) != shown:
        raise OtherFileWaitsError
    found = waiting(session, clock, actor, asked)
    if found.opened.refused is not None:
        raise found.opened.refused
    unrecorded(session, "a file that waits decides nothing; importing it is recorded")
    upload.columns = as_text(asked)
    session.flush()
    return found


def taken(session: Session, clock: Clock, actor: Actor, shown: str) -> ReadRegister:
    """Return the actor's file, which waits no more: it is the one that they were shown.

    Raises:
        NoFileWaitsError: If none waits.
        OtherFileWaitsError: If another one does, or what its columns are was said otherwise since.
    """
    found = waiting(session, clock, actor)
    if found.shown != shown or found.register is None:
        raise OtherFileWaitsError
    _forget(session, actor)
    return found.register


def discard(session: Session, actor: Actor) -> None:
    """Forget the actor's file. Twice is once."""
    unrecorded(session, "a file that waits decides nothing; importing it is recorded")
    _forget(session, actor)


def _forget(session: Session, actor: Actor) -> None:
    session.execute(delete(RegisterUpload).where(RegisterUpload.account_id == account_of(actor)))


def _upload(session: Session, clock: Clock, actor: Actor) -> RegisterUpload:
    upload = session.get(RegisterUpload, account_of(actor))
    if upload is None or upload.expires_at <= clock.now():
        raise NoFileWaitsError
    return upload


def _agreeing(opened: Opened) -> Opened:
    """Return a file with what it contradicts itself in; refuse it where it is no table."""
    if opened.register is None:
        return opened
    try:
        check_register(opened.register.activities)
    except MalformedRegisterError as error:
        if opened.proposal is None:
            raise
        return Opened(proposal=opened.proposal, refused=error)
    return opened


def _shown(digest: str, columns: str) -> str:
    return hashlib.sha256(f"{digest}\n{columns}".encode()).hexdigest() if columns else digest
