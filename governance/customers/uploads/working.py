"""The worker's part: files are imported and undone a few seconds at a time, and destroyed when their day is over.

Each step asks anew who the person is and what they may: an import whose grant was taken back breaks off. A step may run
twice, for the import itself knows which rows were dealt with.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import SYSTEM, Actor, ActorKind
from governance.customers.errors import CustomersError, ImportBusyError
from governance.customers.house import House
from governance.customers.importing.job import ImportFile
from governance.customers.importing.report import ImportProgress, ImportReport
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import
from governance.customers.uploads.models import TRANSITIONS, WITH_FILE, ImportUpload, UploadState, UploadVerb
from governance.customers.uploads.service import JOB, UploadDesk, record_step
from governance.customers.uploads.values import Settings
from governance.errors import DomainError
from governance.gate.errors import ReadRefusedError
from governance.identity.errors import TokenRefusedError
from governance.identity.models import Account
from governance.identity.service import roles_in_force
from governance.identity.service.accounts import is_usable
from governance.identity.service.actors import actor_through
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.spreadsheets.errors import SpreadsheetError
from governance.vault.errors import AttestationError, SealedFileError

_LOG: Final = logging.getLogger(__name__)
# How long a step works, at least; opening a large file again must not take most of the time.
_SECONDS: Final = 5.0
_OF_OPENING: Final = 3.0
_LOOK_EVERY: Final = 1.0
_SWEEP: Final = timedelta(hours=1)
# After so many tries it is said to have broken off, and waits for whoever brought it in.
_TRIES: Final = 5
# Not a failure: this very file had been imported before.
ALREADY: Final = "already"


class _EnoughError(Exception):
    """The step has worked long enough, or was told to stop. Never leaves this file."""


@dataclass(frozen=True, slots=True)
class UploadWork:
    """Imports, undoes and destroys files brought in."""

    desk: UploadDesk

    def handlers(self) -> tuple[Handler, ...]:
        """Return what the worker does for this room."""
        return (
            Handler(kind=JOB, step=self.step),
            Handler(kind="upload-sweep", step=self.sweep, every=_SWEEP),
        )

    def step(self, lease: Lease) -> Progress:
        """Work on one file for a few seconds."""
        upload_id = uuid.UUID(lease.payload["upload"])
        with self.desk.house.read() as session:
            upload = session.get(ImportUpload, upload_id)
            state = None if upload is None else upload.state
        work = (
            {
                UploadState.QUEUED: self._import,
                UploadState.RUNNING: self._import,
                UploadState.UNDOING: self._undo,
            }.get(state)
            if state is not None
            else None
        )
        if work is None:
            return Progress(finished=True, progress=lease.progress, total=lease.total)
        try:
            return work(upload_id)
        except (DomainError, SealedFileError) as error:
            if isinstance(error, ImportBusyError) and lease.attempts < _TRIES:
                raise
            self._fail(upload_id, error)
        except Exception as error:
            if lease.attempts < _TRIES:
                raise
            self._fail(upload_id, error)
        return Progress(finished=True, progress=lease.progress, total=lease.total)

    def sweep(self, _lease: Lease) -> Progress:
        """Destroy the files whose day is over, and those that no row knows."""
        house, store = self.desk.house, self.desk.store
        now = house.clock.now()
        count = 0
        with house.write() as session:
            over = session.scalars(
                select(ImportUpload).where(ImportUpload.state.in_(WITH_FILE), ImportUpload.expires_at <= now)
            ).all()
            for upload in over:
                count += self._expire(session, upload)
            if not count:
                unrecorded(session, "no file was destroyed")
            session.flush()
            kept = set(session.scalars(select(ImportUpload.id).where(ImportUpload.state.in_(WITH_FILE))))
            begun = set(session.scalars(select(ImportUpload.id)))
        for upload_id in store.names():
            # A file that is just being received has no row yet: it is left for the next time.
            if upload_id not in kept and (upload_id in begun or _is_old(upload_id, house)):
                store.destroy(upload_id)
        return Progress(finished=True, progress=count)

    def _expire(self, session: Session, upload: ImportUpload) -> int:
        target = TRANSITIONS.get((upload.state, UploadVerb.EXPIRE))
        if target is None:
            return 0
        upload.state, upload.changed_at, upload.settings_box = target, self.desk.house.clock.now(), None
        record_step(session, SYSTEM, upload, UploadVerb.EXPIRE)
        return 1

    def _import(self, upload_id: uuid.UUID) -> Progress:
        desk = self.desk
        actor, upload, settings = self._take(upload_id)
        following = _Following(desk.house, upload_id)
        began = time.monotonic()
        with desk.store.open(upload_id) as copy:
            command = ImportFile(
                path=copy,
                table=upload.table_name,
                purpose=upload.purpose,
                mapping=settings.mapping,
                source=settings.source,
                notice=settings.notice,
                point=settings.point,
                duplicates=settings.duplicates,
            )
            try:
                report = run_import(desk.house, actor, command, lambda progress: following(progress, began))
            except _EnoughError:
                return Progress(finished=following.stopped, progress=following.row, total=following.rows)
        self._finish(upload_id, report)
        return Progress(finished=True, progress=report.rows, total=report.rows)

    def _undo(self, upload_id: uuid.UUID) -> Progress:
        with self.desk.house.read() as session:
            upload = session.get_one(ImportUpload, upload_id)
            import_id = upload.import_id
            actor = _actor_again(session, self.desk.house, upload)
        gone = 0 if import_id is None else undo_import(self.desk.house, actor, import_id)
        self._settle(upload_id, UploadVerb.FORGET)
        return Progress(finished=True, progress=gone)

    def _take(self, upload_id: uuid.UUID) -> tuple[Actor, ImportUpload, Settings]:
        house = self.desk.house
        with house.write() as session:
            unrecorded(session, "the import itself records that it begins")
            upload = session.get_one(ImportUpload, upload_id, with_for_update=True)
            actor = _actor_again(session, house, upload)
            if upload.state is UploadState.QUEUED:
                upload.state, upload.changed_at = UploadState.RUNNING, house.clock.now()
            session.flush()
            session.expunge(upload)
        note = self.desk.store.open_note(upload_id, upload.settings_box or b"")
        return actor, upload, Settings.from_bytes(note)

    def _finish(self, upload_id: uuid.UUID, report: ImportReport) -> None:
        with self.desk.house.write() as session:
            unrecorded(session, "the import itself recorded that it finished")
            upload = session.get_one(ImportUpload, upload_id, with_for_update=True)
            upload.import_id = report.id
            upload.failure = ALREADY if report.already else None
        self._settle(upload_id, UploadVerb.FINISH)

    def _fail(self, upload_id: uuid.UUID, error: Exception) -> None:
        _LOG.warning("the import of a file broke off: %s", type(error).__name__)
        with self.desk.house.write() as session:
            upload = session.get_one(ImportUpload, upload_id, with_for_update=True)
            target = TRANSITIONS.get((upload.state, UploadVerb.FAIL))
            if target is None:
                unrecorded(session, "somebody stopped it meanwhile")
                return
            upload.state, upload.changed_at = target, self.desk.house.clock.now()
            upload.failure = _code_of(error)
            record_step(session, SYSTEM, upload, UploadVerb.FAIL)

    def _settle(self, upload_id: uuid.UUID, verb: UploadVerb) -> None:
        """End with a file: nothing of what it held is kept."""
        with self.desk.house.write() as session:
            unrecorded(session, "the import itself recorded how it ended")
            upload = session.get_one(ImportUpload, upload_id, with_for_update=True)
            # Whoever stopped it in the last moment came too late: every row was dealt with.
            upload.state = TRANSITIONS.get((upload.state, verb), UploadState.FINISHED)
            upload.changed_at, upload.settings_box = self.desk.house.clock.now(), None
        self.desk.store.destroy(upload_id)


class _Following:
    """Follows one step: notes which import it is, and ends the step when it has worked long enough or was stopped."""

    def __init__(self, house: House, upload_id: uuid.UUID) -> None:
        self._house: Final = house
        self._upload_id: Final = upload_id
        self._until: float | None = None
        self._looked = 0.0
        self.row = 0
        self.rows = 0
        self.stopped = False

    def __call__(self, progress: ImportProgress, began: float) -> None:
        now = time.monotonic()
        self.row, self.rows = progress.row, progress.rows
        if self._until is None:
            # The first word comes when the file is open, before its first row.
            self._until = now + max(_SECONDS, _OF_OPENING * (now - began))
            self._note(progress)
            return
        if now - self._looked >= _LOOK_EVERY:
            self._looked = now
            self.stopped = self._was_stopped()
        if self.stopped or now >= self._until:
            raise _EnoughError

    def _note(self, progress: ImportProgress) -> None:
        with self._house.write() as session:
            unrecorded(session, "the import itself recorded that it began")
            upload = session.get_one(ImportUpload, self._upload_id)
            upload.import_id, upload.row_count = progress.id, progress.rows

    def _was_stopped(self) -> bool:
        with self._house.read() as session:
            state = session.scalar(select(ImportUpload.state).where(ImportUpload.id == self._upload_id))
            return state is not UploadState.RUNNING


def _actor_again(session: Session, house: House, upload: ImportUpload) -> Actor:
    """Return who brought the file in, with the roles that they hold now.

    Raises:
        ReadRefusedError: If their account is closed, or their token would not let them in now.
        AttestationError: If a row on the way was changed behind our back.
    """
    house.attestor.verify(upload)
    token_id = upload.actor_id if upload.actor_kind is ActorKind.PROGRAM else upload.token_id
    if token_id is not None:
        try:
            return actor_through(session, house.clock, house.attestor, token_id)
        except TokenRefusedError:
            raise ReadRefusedError(reasons=()) from None
    now = house.clock.now()
    account = session.get(Account, upload.actor_id)
    if account is None:
        raise ReadRefusedError(reasons=())
    house.attestor.verify(account)
    if not is_usable(account, now):
        raise ReadRefusedError(reasons=())
    return Actor(kind=ActorKind.PERSON, id=account.id, roles=roles_in_force(session, house.attestor, account.id, now))


def _code_of(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        (ReadRefusedError, "refused"),
        (ImportBusyError, "busy"),
        ((AttestationError, SealedFileError), "altered"),
        ((CustomersError, SpreadsheetError), "unusable"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "unexpected")


def _is_old(upload_id: uuid.UUID, house: House) -> bool:
    # UUIDv7: the first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7).
    made = (upload_id.int >> 80) / 1000
    return house.clock.now().timestamp() - made > _SWEEP.total_seconds()
