"""Files brought in on a page, between being looked over and being imported: one an account, for a day.

A file waits sealed, and so do its name and what was said of its columns: each to the account and to the digest of the
file. It is unsealed, taken apart and checked while no transaction is held.
"""

import hashlib
import io
import uuid
from dataclasses import dataclass
from typing import IO, Final

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Actor
from governance.vault.sealed_values import SealedValues
from register.exchange.checking import check_register
from register.exchange.desk import ExchangeDesk
from register.exchange.errors import MalformedRegisterError, NoFileWaitsError, OtherFileWaitsError
from register.exchange.models import RegisterImport, RegisterUpload
from register.exchange.opening import MOST_BYTES, Opened, open_file
from register.exchange.placed import ReadRegister
from register.exchange.progress import KEPT, Progress, digest_of, read_progress
from register.exchange.tables.asked import AskedColumns, as_text, read_asked
from register.permissions import account_of, check_drafts

_NAME: Final = 200
# What a file and its note are sealed as.
_FILE: Final = "register-upload"
_NOTE: Final = "register-upload-note"
_BECAUSE: Final = "a file that waits decides nothing; importing it is recorded"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A file as it is kept, unsealed."""

    name: str
    columns: str
    digest: str
    content: bytes

    @property
    def shown(self) -> str:
        told = f"{self.digest}\n{self.columns}".encode()
        return hashlib.sha256(told).hexdigest() if self.columns else self.digest


def bring(desk: ExchangeDesk, actor: Actor, name: str, file: IO[bytes]) -> Waiting:
    """Keep a file that can be read, or a table whose columns are to be said, in the place of the one that waited.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        UnknownFormatError, MalformedRegisterError: If it cannot be read, or contradicts itself.
        SpreadsheetError: If it is a workbook that is damaged, or too large.
        ReadingBusyError: If it is a table, and too many are being read.
    """
    account = check_drafts(actor)
    content = file.read(MOST_BYTES + 1)
    opened = _agreeing(open_file(io.BytesIO(content), name=name))
    kept = _Kept(name=name[:_NAME], columns="", digest=hashlib.sha256(content).hexdigest(), content=content)
    upload = RegisterUpload(
        account_id=account,
        digest=kept.digest,
        content=desk.sealed.seal(content, _FILE, account, kept.digest),
        note=_note(desk.sealed, account, kept),
        expires_at=desk.writing.clock.now() + KEPT,
    )
    with desk.database.write() as session:
        unrecorded(session, _BECAUSE)
        _forget(session, account)
        session.add(upload)
    return Waiting(name=kept.name, opened=opened, asked=None, shown=kept.shown)


def waiting(desk: ExchangeDesk, actor: Actor, otherwise: AskedColumns | None = None) -> Waiting:
    """Return the actor's file that waits.

    Args:
        desk: Where it waits.
        actor: Whose.
        otherwise: Something else to say of its columns than was said, for this once.

    Raises:
        PersonRequiredError: If no person asks.
        NoFileWaitsError: If none does, or its day is over.
        AttestationError: If it was altered, or is another account's.
        MalformedRegisterError: If what is said of the columns cannot be.
        ReadingBusyError: If it is a table, and too many are being read.
    """
    account = account_of(actor)
    with desk.database.read() as session:
        upload = _upload(session, desk, account)
        session.expunge(upload)
    return _opened(_unsealed(desk.sealed, upload), otherwise)


def say_columns(desk: ExchangeDesk, actor: Actor, shown: str, asked: AskedColumns) -> Waiting:
    """Keep what somebody says of the columns of their file.

    Args:
        desk: Where it waits.
        actor: Whose.
        shown: What they were shown.
        asked: What they say.

    Raises:
        PersonRequiredError, NoFileWaitsError, AttestationError, ReadingBusyError: As above.
        OtherFileWaitsError: If another one waits than they were shown.
        NoTableError: If it has no columns.
        MalformedRegisterError: If it cannot be said, or something in the file cannot be read so.
    """
    account = account_of(actor)
    with desk.database.read() as session:
        upload = _upload(session, desk, account)
        session.expunge(upload)
    kept = _unsealed(desk.sealed, upload)
    if kept.shown != shown:
        raise OtherFileWaitsError
    found = _opened(kept, asked)
    if found.opened.refused is not None:
        raise found.opened.refused
    said = _Kept(name=kept.name, columns=as_text(asked), digest=kept.digest, content=b"")
    with desk.database.write() as session:
        unrecorded(session, _BECAUSE)
        current = _upload(session, desk, account, held=True)
        # Meanwhile another may have been brought in, or something else said of this one.
        if current.note != upload.note:
            raise OtherFileWaitsError
        current.note = _note(desk.sealed, account, said)
    return found


def decided(desk: ExchangeDesk, actor: Actor, shown: str) -> ReadRegister:
    """Return what the actor's file holds, which is the one that they were shown. It waits until it is imported.

    Raises:
        NoFileWaitsError, AttestationError, ReadingBusyError: As above.
        OtherFileWaitsError: If another one does, or what its columns are was said otherwise since.
    """
    found = waiting(desk, actor)
    if found.shown != shown or found.register is None:
        raise OtherFileWaitsError
    return found.register


def begun(desk: ExchangeDesk, actor: Actor, register: ReadRegister) -> Progress | None:
    """Return how far the import of a file has come that was stopped between two portions; None where none was.

    Raises:
        AttestationError: If it was altered.
    """
    with desk.database.read() as session:
        return read_progress(session, desk.sealed, account_of(actor), digest_of(register))


def discard(desk: ExchangeDesk, actor: Actor) -> None:
    """Forget the actor's file, and how far imports of theirs had come. Twice is once."""
    account = account_of(actor)
    with desk.database.write() as session:
        unrecorded(session, _BECAUSE)
        _forget(session, account)
        session.execute(delete(RegisterImport).where(RegisterImport.account_id == account))


def _forget(session: Session, account: uuid.UUID) -> None:
    session.execute(delete(RegisterUpload).where(RegisterUpload.account_id == account))


def _upload(session: Session, desk: ExchangeDesk, account: uuid.UUID, *, held: bool = False) -> RegisterUpload:
    upload = session.get(RegisterUpload, account, with_for_update=held)
    # The sweep may be late.
    if upload is None or upload.expires_at <= desk.writing.clock.now():
        raise NoFileWaitsError
    return upload


def _note(sealed: SealedValues, account: uuid.UUID, kept: _Kept) -> bytes:
    told = orjson.dumps({"name": kept.name, "columns": kept.columns})
    return sealed.seal(told, _NOTE, account, kept.digest)


def _unsealed(sealed: SealedValues, upload: RegisterUpload) -> _Kept:
    account, digest = upload.account_id, upload.digest
    note = orjson.loads(sealed.open(upload.note, _NOTE, account, digest))
    return _Kept(**note, digest=digest, content=sealed.open(upload.content, _FILE, account, digest))


def _opened(kept: _Kept, otherwise: AskedColumns | None) -> Waiting:
    asked = otherwise or (read_asked(kept.columns) if kept.columns else None)
    opened = _agreeing(open_file(io.BytesIO(kept.content), asked, kept.name))
    return Waiting(name=kept.name, opened=opened, asked=asked, shown=kept.shown)


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
