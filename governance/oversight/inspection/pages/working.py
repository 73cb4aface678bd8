"""The worker's part: a file is made a piece or two a step, bound at the end, and destroyed when its day is over.

What a step made is noted in the transaction that moves the job along: killed in between, the next worker makes the same
step again, and the sweep destroys what was left lying.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.errors import AnchorUnusableError
from audit.signer import Signer
from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.documents.errors import DocumentsUnavailableError, DocumentTooLargeError
from governance.documents.printer import Printer
from governance.errors import DomainError
from governance.gate.snapshot import PolicySnapshot
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.oversight.inspection.models import InspectionFile, InspectionPiece
from governance.oversight.inspection.pages.closing import Bound, Closing, Cover, bearing_of
from governance.oversight.inspection.pages.parts import PARTS, Ground, Place
from governance.oversight.inspection.pages.press import Press
from governance.oversight.inspection.service import (
    JOB,
    InspectionDesk,
    end_inspection,
    pieces_of,
    record_inspection,
)
from governance.oversight.inspection.values import WITH_FILES, InspectionState
from governance.vault.errors import AttestationError, PolicySetError, SealedFileError
from governance.vault.sealed_store import SealedStore
from governance.web.offstage import Studio

_LOG: Final = logging.getLogger(__name__)
_SWEEP: Final = timedelta(hours=1)
_TRIES: Final = 3
_GIVEN_UP: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionParts:
    """What the worker makes files with.

    Attributes:
        anchor: The folder of the log's checkpoints.
        evidence: The sealed files of the library.
        generator: The program and its version, for the manifest.
    """

    read: Callable[[], AbstractContextManager[Session]] = field(repr=False)
    write: Callable[[], AbstractContextManager[Session]] = field(repr=False)
    desk: InspectionDesk = field(repr=False)
    printer: Printer = field(repr=False)
    studio: Studio = field(repr=False)
    signer: Signer = field(repr=False)
    snapshot: Callable[[], PolicySnapshot] = field(repr=False)
    anchor: Path
    evidence: SealedStore = field(repr=False)
    generator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """Which part is next, where it goes on, and the number of the next piece."""

    part: int = 0
    place: Place = field(default_factory=Place)
    number: int = 1
    done: int = 0

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> "_Cursor":
        return cls(
            part=payload.get("part", 0),
            place=Place(at=payload["at"], size=payload["size"]) if "at" in payload else Place(),
            number=payload.get("number", 1),
            done=payload.get("done", 0),
        )

    def told(self, file_id: uuid.UUID) -> dict[str, Any]:
        place = {"at": self.place.at, "size": self.place.size}
        return {"file": str(file_id), "part": self.part, "number": self.number, "done": self.done, **place}

    def after(self, place: Place | None, number: int) -> "_Cursor":
        part = self.part if place is not None else self.part + 1
        return _Cursor(part=part, place=place or Place(), number=number, done=self.done + 1)

    @property
    def total(self) -> int:
        """Of how many steps, as far as is known: each part that is still to come is one, and so is the binding."""
        return self.done + len(PARTS) - self.part + 1


@dataclass(frozen=True, slots=True)
class InspectionWork:
    """Makes files for inspections, and destroys them when their day is over."""

    parts: InspectionParts = field(repr=False)

    def handlers(self) -> tuple[Handler, ...]:
        """Return what the worker does for this room."""
        return (Handler(kind=JOB, step=self.step), Handler(kind="inspection-sweep", step=self.sweep, every=_SWEEP))

    def step(self, lease: Lease) -> Progress:
        """Make the next pieces; once every part is made, bind the archive."""
        file_id = uuid.UUID(lease.payload["file"])
        cursor = _Cursor.read(lease.payload)
        try:
            if lease.attempts > _GIVEN_UP:
                # It takes its workers with it, or breaks in a way that nobody thought of: it shall not wait for ever.
                self._fail(file_id, DomainError())
                return Progress(finished=True, progress=lease.progress, total=lease.total)
            if cursor.part < len(PARTS):
                return self._pieces(lease, file_id, cursor)
            return self._bind(lease, file_id, cursor)
        except DocumentTooLargeError as error:
            return self._smaller(lease, file_id, cursor, error)
        except (
            AttestationError,
            PolicySetError,
            DocumentsUnavailableError,
            SealedFileError,
            AnchorUnusableError,
        ) as error:
            self._fail(file_id, error)
        except DomainError as error:
            if lease.attempts < _TRIES:
                raise
            self._fail(file_id, error)
        return Progress(finished=True, progress=lease.progress, total=lease.total)

    def sweep(self, _lease: Lease) -> Progress:
        """Destroy what is over, and sealed files that no row knows."""
        desk, count = self.parts.desk, 0
        with self.parts.write() as session:
            over = session.scalars(
                select(InspectionFile).where(
                    InspectionFile.state.in_(WITH_FILES), InspectionFile.expires_at <= desk.clock.now()
                )
            ).all()
            for file in over:
                end_inspection(session, desk, SYSTEM, file)
                count += 1
            if not count:
                unrecorded(session, "nothing was destroyed")
            known = set(session.scalars(select(InspectionFile.archive_id)))
            known |= set(
                session.scalars(
                    select(InspectionPiece.id)
                    .join(InspectionFile, InspectionFile.id == InspectionPiece.file_id)
                    .where(InspectionFile.state == InspectionState.QUEUED)
                )
            )
        for sealed in set(desk.store.names()) - known:
            # What is just being noted has no row yet: it is left for the next time.
            if self._is_old(sealed):
                desk.store.destroy(sealed)
        return Progress(finished=True, progress=count)

    def _pieces(self, lease: Lease, file_id: uuid.UUID, cursor: _Cursor) -> Progress:
        parts, part = self.parts, PARTS[cursor.part]
        with parts.read() as session:
            file = self._under_way(session, file_id)
            if file is None:
                return Progress(finished=True, progress=lease.progress, total=lease.total)
            ground = self._ground(session, file)
            press = Press(
                desk=parts.desk,
                printer=parts.printer,
                studio=parts.studio,
                file=file,
                bearing=bearing_of(file, Cover.read(ground)),
                part=part.key,
                folder=f"{cursor.part + 1:02d}-{part.key}",
                number=cursor.number,
            )
            try:
                place = part.make(ground, press, cursor.place)
            except BaseException:
                press.destroy()
                raise
            session.expunge_all()
        try:
            press.print()
            following = cursor.after(place, press.number)
            there = self._note(lease, file_id, press, following)
        except BaseException:
            press.destroy()
            raise
        if not there:
            press.destroy()
            return Progress(finished=True, progress=lease.progress, total=lease.total)
        return Progress(finished=False, progress=following.done, total=following.total, payload=following.told(file_id))

    def _note(self, lease: Lease, file_id: uuid.UUID, press: Press, following: _Cursor) -> bool:
        """Note what a step made, and say whether it is still wanted."""
        with self.parts.write() as session:
            unrecorded(session, "a step of a file, of which the log is told when it is whole")
            file = session.get_one(InspectionFile, file_id, with_for_update=True)
            if file.state is not InspectionState.QUEUED:
                return False
            self.parts.desk.attestor.verify(file)
            lease.advance(session, progress=following.done, payload=following.told(file_id))
            session.add_all(press.pieces)
            file.done, file.total = following.done, following.total
            file.changed_at = self.parts.desk.clock.now()
            session.flush()
            # The session ends with its rows: what was made is known by its identifiers.
            return True

    def _bind(self, lease: Lease, file_id: uuid.UUID, cursor: _Cursor) -> Progress:
        parts, desk = self.parts, self.parts.desk
        finished = Progress(finished=True, progress=cursor.done + 1, total=cursor.done + 1)
        with parts.read() as session:
            file = self._under_way(session, file_id)
            if file is None:
                return finished
            pieces = pieces_of(session, desk, file_id)
            cover = Cover.read(self._ground(session, file))
            session.expunge_all()
        closing = Closing(desk.store, parts.printer, parts.studio, parts.signer, parts.generator)
        archive_id = desk.ids.new()
        with desk.store.spool() as spool:
            bound = closing.bind(file, pieces, cover, Anchor(parts.anchor).verifier, spool)
            spool.seek(0)
            desk.store.keep(archive_id, spool)
        try:
            there = self._finish(lease, file_id, archive_id, bound)
        except BaseException:
            desk.store.destroy(archive_id)
            raise
        # Bound or unwanted: the pieces are in the archive, or in nothing.
        for piece in pieces:
            desk.store.destroy(piece.id)
        if not there:
            desk.store.destroy(archive_id)
        return finished

    def _finish(self, lease: Lease, file_id: uuid.UUID, archive_id: uuid.UUID, bound: Bound) -> bool:
        with self.parts.write() as session:
            file = session.get_one(InspectionFile, file_id, with_for_update=True)
            if file.state is not InspectionState.QUEUED:
                unrecorded(session, "it was discarded meanwhile, and that was recorded")
                return False
            self.parts.desk.attestor.verify(file)
            lease.advance(session, progress=lease.progress + 1, payload=dict(lease.payload))
            file.state, file.changed_at = InspectionState.READY, self.parts.desk.clock.now()
            file.done += 1
            file.total = file.done
            file.archive_id, file.size, file.digest = archive_id, bound.size, bound.digest
            file.manifest_digest, file.note = bound.manifest_digest, bound.note
            session.flush()
            record_inspection(
                session, SYSTEM, file, verb="finish", reference=file.reference, manifest=bound.manifest_digest,
                archive=bound.digest, bytes=bound.size,
            )  # fmt: skip
            return True

    def _under_way(self, session: Session, file_id: uuid.UUID) -> InspectionFile | None:
        """Return a file that is still wanted."""
        file = session.get(InspectionFile, file_id)
        if file is None or file.state is not InspectionState.QUEUED or file.expires_at <= self.parts.desk.clock.now():
            return None
        self.parts.desk.attestor.verify(file)
        return file

    def _ground(self, session: Session, file: InspectionFile) -> Ground:
        return Ground(
            session=session,
            attestor=self.parts.desk.attestor,
            snapshot=self.parts.snapshot,
            now=self.parts.desk.clock.now(),
            anchor=self.parts.anchor,
            evidence=self.parts.evidence,
            file=file,
        )

    def _smaller(self, lease: Lease, file_id: uuid.UUID, cursor: _Cursor, error: DocumentTooLargeError) -> Progress:
        """Try again with half as many things in a document."""
        if cursor.place.size == 1:
            self._fail(file_id, error)
            return Progress(finished=True, progress=lease.progress, total=lease.total)
        half = replace(cursor, place=replace(cursor.place, size=cursor.place.size // 2))
        return Progress(finished=False, progress=lease.progress, total=lease.total, payload=half.told(file_id))

    def _fail(self, file_id: uuid.UUID, error: DomainError) -> None:
        _LOG.warning("making a file for an inspection broke off: %s", type(error).__name__)
        with self.parts.write() as session:
            file = session.get_one(InspectionFile, file_id, with_for_update=True)
            if file.state is not InspectionState.QUEUED:
                unrecorded(session, "it was discarded meanwhile, and that was recorded")
                return
            end_inspection(session, self.parts.desk, SYSTEM, file)
            file.state, file.failure = InspectionState.FAILED, _code_of(error)
            session.flush()

    def _is_old(self, sealed: uuid.UUID) -> bool:
        # UUIDv7: the first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7).
        return self.parts.desk.clock.now().timestamp() - (sealed.int >> 80) / 1000 > _SWEEP.total_seconds()


def _code_of(error: DomainError) -> str:
    kinds: tuple[tuple[type[DomainError], str], ...] = (
        (AttestationError, "altered"),
        (PolicySetError, "altered"),
        (SealedFileError, "altered"),
        (AnchorUnusableError, "anchor"),
        (DocumentTooLargeError, "large"),
        (DocumentsUnavailableError, "unavailable"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "unexpected")
