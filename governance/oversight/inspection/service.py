"""Asking for a file for an inspection, following it, taking the archive, ending it. GDPR Art. 31, 58(1)(a) and (e)."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedRandom
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.log import Log
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.days import day_of
from governance.errors import listed
from governance.ids import IdSource
from governance.jobs.queue import NewJob, enqueue
from governance.oversight.errors import NotYoursError
from governance.oversight.inspection.errors import (
    ArchiveGoneError,
    InspectionNotFoundError,
    InspectionScopeError,
    InspectionUnderWayError,
    OccasionMissingError,
)
from governance.oversight.inspection.models import InspectionFile, InspectionPiece
from governance.oversight.inspection.values import (
    KEPT,
    LANGUAGES,
    MOST_ACTIVITIES,
    OCCASION_LENGTH,
    InspectionState,
    OrderInspection,
)
from governance.oversight.permissions import KEEPERS, writer
from governance.vault.attest import Attestor
from governance.vault.sealed_store import SealedStore
from register.lifecycle import ActivityState
from register.models import Activity
from register.values import Page

JOB: Final = "inspection"
OBJECT: Final = "inspection"
FOLDER: Final = "inspections"


@dataclass(frozen=True, slots=True)
class InspectionDesk:
    """What making a file takes."""

    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    attestor: Attestor = field(repr=False)
    store: SealedStore = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A file that is being made: `new` says whether by this order, or already by another."""

    file: InspectionFile
    new: bool


def order_inspection(session: Session, desk: InspectionDesk, actor: Actor, command: OrderInspection) -> Ordered:
    """Let the worker make a file of the house as it stands; while one is being made, that one is returned.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file of evidence.
        OccasionMissingError: If no occasion is said, or with too many words.
        InspectionScopeError: If an activity is not there, or too many are named, or no language.
        InspectionUnderWayError: If somebody else asked at the same moment.
    """
    account = writer(actor, KEEPERS)
    _check(session, command)
    under_way = session.scalar(select(InspectionFile).where(InspectionFile.state == InspectionState.QUEUED))
    if under_way is not None:
        desk.attestor.verify(under_way)
        return Ordered(file=under_way, new=False)
    now = desk.clock.now()
    year = day_of(now).year
    last = session.scalar(select(func.max(InspectionFile.number)).where(InspectionFile.year == year)) or 0
    newest = select(Activity.id).where(Activity.state != ActivityState.RETIRED).order_by(Activity.id.desc()).limit(1)
    file = InspectionFile(
        id=desk.ids.new(),
        year=year,
        number=last + 1,
        actor_id=account,
        occasion=command.occasion.strip(),
        languages=" ".join(dict.fromkeys(command.languages)),
        slugs=" ".join(sorted(set(command.only))),
        last_id=session.scalar(newest),
        made_at=now,
        changed_at=now,
        expires_at=now + KEPT,
    )
    session.add(file)
    try:
        session.flush()
    except IntegrityError:
        raise InspectionUnderWayError from None
    enqueue(session, desk.ids, NewJob(kind=JOB, due_at=now, key=str(file.id), payload={"file": str(file.id)}))
    details: dict[str, JsonValue] = {"verb": "order", "reference": file.reference, "languages": list(file.spoken)}
    # The occasion stays in the row: free words in the log could speak of people.
    record_inspection(session, actor, file, **details, activities=list(file.only) or None)
    return Ordered(file=file, new=True)


def list_inspections(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[InspectionFile]:
    """Return the files that were asked for, the newest first."""
    statement = select(InspectionFile).order_by(InspectionFile.id.desc())
    if after is not None:
        statement = statement.where(InspectionFile.id < after)
    return Page.cut(session.scalars(statement.limit(limit + 1)).all(), limit, lambda row: str(row.id))


def find_inspection(session: Session, desk: InspectionDesk, file_id: uuid.UUID) -> InspectionFile:
    """Return a file.

    Raises:
        InspectionNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    file = session.get(InspectionFile, file_id)
    if file is None:
        raise InspectionNotFoundError
    desk.attestor.verify(file)
    return file


def pieces_of(session: Session, desk: InspectionDesk, file_id: uuid.UUID) -> Sequence[InspectionPiece]:
    """Return the pieces of a file in their order, each checked.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    rows = session.scalars(
        select(InspectionPiece).where(InspectionPiece.file_id == file_id).order_by(InspectionPiece.number)
    ).all()
    for row in rows:
        desk.attestor.verify(row)
    return rows


@contextmanager
def take_archive(
    session: Session, desk: InspectionDesk, log: Log, actor: Actor, file_id: uuid.UUID
) -> Iterator[tuple[InspectionFile, BufferedRandom]]:
    """Open an archive, once it is recorded who takes it.

    Raises:
        NotYoursError: If the actor does not keep the file of evidence.
        InspectionNotFoundError: If there is none.
        ArchiveGoneError: If it is not made yet, or its day is over.
        AttestationError, SealedFileError: If it was altered outside Égide.
        LogUnavailableError: If it cannot be recorded; then nothing is given.
    """
    if not actor.roles & set(KEEPERS):
        raise NotYoursError(roles=listed(sorted(KEEPERS)))
    file = find_inspection(session, desk, file_id)
    if file.state is not InspectionState.READY or file.archive_id is None or file.expires_at <= desk.clock.now():
        raise ArchiveGoneError
    with desk.store.open(file.archive_id) as copy:
        log.append(_fact(actor, file, {"verb": "download", "reference": file.reference, "digest": file.digest}))
        yield file, copy


def discard_inspection(session: Session, desk: InspectionDesk, actor: Actor, file_id: uuid.UUID) -> None:
    """Destroy an archive before its day, or end its making; what it held stays on file.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file of evidence.
        InspectionNotFoundError: If there is none.
    """
    writer(actor, KEEPERS)
    file = find_inspection(session, desk, file_id)
    if file.state in {InspectionState.QUEUED, InspectionState.READY}:
        end_inspection(session, desk, actor, file)


def end_inspection(session: Session, desk: InspectionDesk, actor: Actor, file: InspectionFile) -> None:
    """Destroy what lies sealed of a file, and say so; the sweep destroys what a broken commit leaves."""
    for piece in session.scalars(select(InspectionPiece.id).where(InspectionPiece.file_id == file.id)):
        desk.store.destroy(piece)
    if file.archive_id is not None:
        desk.store.destroy(file.archive_id)
    file.state, file.changed_at = InspectionState.EXPIRED, desk.clock.now()
    session.flush()
    record_inspection(session, actor, file, verb="destroy", reference=file.reference)


def record_inspection(session: Session, actor: Actor, file: InspectionFile, **details: JsonValue) -> None:
    """Record what becomes of a file."""
    record(session, _fact(actor, file, details))


def _fact(actor: Actor, file: InspectionFile, details: dict[str, JsonValue]) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.EXPORT,
        actor=actor,
        object_type=OBJECT,
        object_id=str(file.id),
        details=details,
    )


def _check(session: Session, command: OrderInspection) -> None:
    if not 0 < len(command.occasion.strip()) <= OCCASION_LENGTH:
        raise OccasionMissingError(most=OCCASION_LENGTH)
    wanted = set(command.only)
    known = select(func.count()).where(Activity.slug.in_(wanted))
    languages = bool(command.languages) and set(command.languages) <= set(LANGUAGES)
    if not languages or len(wanted) > MOST_ACTIVITIES or (wanted and session.scalar(known) != len(wanted)):
        raise InspectionScopeError(most=MOST_ACTIVITIES)
