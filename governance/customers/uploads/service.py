"""Bringing a file in, saying how it is read, starting, stopping, undoing, discarding it."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Final

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record, unrecorded
from governance.actor import Actor
from governance.customers.errors import TooManyUploadsError, UploadNotFoundError, UploadStateError
from governance.customers.house import House
from governance.customers.importing.models import ImportRun
from governance.customers.uploads.models import TRANSITIONS, WITH_FILE, ImportUpload, UploadState, UploadVerb
from governance.customers.uploads.rights import creatable, may_create
from governance.customers.uploads.store import UploadStore
from governance.customers.uploads.values import Settings, UploadTold
from governance.gate.errors import WriteRefusedError
from governance.gate.plan import PlanRequest
from governance.jobs.queue import NewJob, enqueue
from governance.vocabulary import GrantedAction

JOB: Final = "import"
OBJECT: Final = "import-file"
KEPT: Final = timedelta(hours=24)
MOST_WAITING: Final = 5


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """What this room works with."""

    house: House = field(repr=False)
    store: UploadStore = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """A file to bring in: into which table, and for which purpose."""

    table: str
    purpose: str


def receive(desk: UploadDesk, actor: Actor, command: NewUpload, source: IO[bytes]) -> uuid.UUID:
    """Keep a file, sealed, for a day.

    Raises:
        WriteRefusedError: If the actor may not create rows of the table for the purpose.
        TooManyUploadsError: If too many of theirs wait.
    """
    house = desk.house
    check_may_bring(desk, actor, command)
    upload_id = house.ids.new()
    size = desk.store.keep(upload_id, source)
    try:
        with house.write() as session:
            _add(session, desk, actor, command, (upload_id, size))
    except BaseException:
        desk.store.destroy(upload_id)
        raise
    return upload_id


def check_may_bring(desk: UploadDesk, actor: Actor, command: NewUpload) -> None:
    """Refuse who may not bring a file in, before anything of it is kept.

    Raises:
        WriteRefusedError: If the actor may not create rows of the table for the purpose.
        TooManyUploadsError: If too many of theirs wait.
    """
    _check_may_create(desk, actor, command.purpose, command.table)
    with desk.house.read() as session:
        _check_room(session, actor)


def describe(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID, settings: Settings) -> None:
    """Keep how a file is to be read.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        UploadStateError: If its import has begun.
    """
    with desk.house.write() as session:
        upload = _own(session, desk, actor, upload_id)
        if upload.state is not UploadState.RECEIVED:
            raise UploadStateError(state=upload.state)
        unrecorded(session, "how a file is read decides nothing before it is imported; the import records its fields")
        upload.settings_box = desk.store.seal_note(upload_id, settings.to_bytes())


def settings_of(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> Settings | None:
    """Return how a file is to be read; None where it was not said yet.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
    """
    with desk.house.read() as session:
        box = _own(session, desk, actor, upload_id).settings_box
    return None if box is None else Settings.from_bytes(desk.store.open_note(upload_id, box))


def start(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> None:
    """Let the worker import a file, from its first row or from where it was stopped.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        UploadStateError: If it was not said how it is read, or it is being imported, or has been.
    """
    with desk.house.write() as session:
        upload = _own(session, desk, actor, upload_id)
        if upload.settings_box is None:
            raise UploadStateError(state=upload.state)
        upload.failure = None
        _move(session, desk, actor, upload, UploadVerb.START)
        _queue(session, desk, upload_id)


def stop(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> None:
    """Stop an import after the rows in hand; it can go on, or be undone whole.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        UploadStateError: If it is not being imported.
    """
    with desk.house.write() as session:
        _move(session, desk, actor, _own(session, desk, actor, upload_id), UploadVerb.STOP)


def undo(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> None:
    """Let the worker take back everything that an unfinished import wrote.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        UploadStateError: If nothing was imported of it, or it has finished.
    """
    with desk.house.write() as session:
        upload = _own(session, desk, actor, upload_id)
        if upload.import_id is None:
            raise UploadStateError(state=upload.state)
        _move(session, desk, actor, upload, UploadVerb.UNDO)
        _queue(session, desk, upload_id)


def discard(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> None:
    """Destroy a file of which nothing was imported.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        UploadStateError: If its import has begun.
    """
    with desk.house.write() as session:
        upload = _own(session, desk, actor, upload_id)
        upload.settings_box = None
        _move(session, desk, actor, upload, UploadVerb.DISCARD)
    desk.store.destroy(upload_id)


def show(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> UploadTold:
    """Return what may be told of a file.

    Raises:
        UploadNotFoundError: If there is none, or none that the actor may know of.
        AttestationError: If the row was altered outside Égide.
    """
    with desk.house.read() as session:
        row = session.execute(
            select(ImportUpload, ImportRun)
            .outerjoin(ImportRun, ImportRun.id == ImportUpload.import_id)
            .where(ImportUpload.id == upload_id)
        ).first()
        if row is not None:
            desk.house.attestor.verify(row[0])
        told = None if row is None else _told(row[0], row[1], actor)
    known = told is not None and (told.own or may_create(desk.house.gate, actor, told.purpose, told.table))
    if told is None or not known:
        raise UploadNotFoundError
    return told


def list_uploads(
    desk: UploadDesk, actor: Actor, *, after: uuid.UUID | None = None, limit: int = 25
) -> list[UploadTold]:
    """Return the files that may be told of, the newest first.

    Args:
        desk: What this room works with.
        actor: Who asks.
        after: The last of the page before; None for the first page.
        limit: How many at most.
    """
    seen = or_(*_known_to(desk, actor))
    conditions = [seen] if after is None else [seen, ImportUpload.id < after]
    with desk.house.read() as session:
        rows = session.execute(
            select(ImportUpload, ImportRun)
            .outerjoin(ImportRun, ImportRun.id == ImportUpload.import_id)
            .where(*conditions)
            .order_by(ImportUpload.id.desc())
            .limit(limit)
        )
        return [_told(upload, run, actor) for upload, run in rows]


def record_step(session: Session, actor: Actor, upload: ImportUpload, verb: UploadVerb) -> None:
    """Record that a file went from one state to another."""
    _record(session, actor, upload, {"verb": verb.value})


def upload_to_look_into(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> ImportUpload:
    """Return a file of the actor's own, whose cells they may see as long as they may bring such a file in.

    Raises:
        UploadNotFoundError: If there is none, or it is somebody else's.
        ReadRefusedError, WriteRefusedError: If the actor may create such rows no more, or not in the role held now.
        AttestationError: If the row was altered outside Égide.
    """
    with desk.house.read() as session:
        upload = _own(session, desk, actor, upload_id)
        session.expunge(upload)
    _check_may_create(desk, actor, upload.purpose, upload.table_name)
    return upload


def _add(session: Session, desk: UploadDesk, actor: Actor, command: NewUpload, kept: tuple[uuid.UUID, int]) -> None:
    _check_room(session, actor)
    upload_id, size = kept
    now = desk.house.clock.now()
    upload = ImportUpload(
        id=upload_id,
        actor_id=actor.id or upload_id,
        actor_kind=actor.kind,
        token_id=actor.token,
        table_name=command.table,
        purpose=command.purpose,
        size=size,
        made_at=now,
        changed_at=now,
        expires_at=now + KEPT,
    )
    session.add(upload)
    session.flush()
    _record(session, actor, upload, {"verb": "receive", "bytes": size})


def _known_to(desk: UploadDesk, actor: Actor) -> list[ColumnElement[bool]]:
    pairs = list(creatable(desk.house.gate, actor))
    known: list[ColumnElement[bool]] = [ImportUpload.actor_id == actor.id]
    if pairs:
        known.append(tuple_(ImportUpload.purpose, ImportUpload.table_name).in_(pairs))
    return known


def _check_room(session: Session, actor: Actor) -> None:
    waiting = session.scalar(
        select(func.count())
        .select_from(ImportUpload)
        .where(ImportUpload.actor_id == actor.id, ImportUpload.state.in_(WITH_FILE))
    )
    if (waiting or 0) >= MOST_WAITING:
        raise TooManyUploadsError(limit=MOST_WAITING)


def _check_may_create(desk: UploadDesk, actor: Actor, purpose: str, table: str) -> None:
    gate = desk.house.gate
    if actor.id is None or not may_create(gate, actor, purpose, table):
        request = PlanRequest(actor=actor, purpose=purpose, table=table, action=GrantedAction.CREATE)
        # Recorded, with every rule that failed; where some categories could be written, the required ones could not.
        plan = gate.plan(request)
        raise WriteRefusedError(reasons=tuple(dict.fromkeys(plan.withheld.values())))


def _own(session: Session, desk: UploadDesk, actor: Actor, upload_id: uuid.UUID) -> ImportUpload:
    upload = session.get(ImportUpload, upload_id, with_for_update=True)
    if upload is None or actor.id is None or upload.actor_id != actor.id:
        raise UploadNotFoundError
    desk.house.attestor.verify(upload)
    return upload


def _move(session: Session, desk: UploadDesk, actor: Actor, upload: ImportUpload, verb: UploadVerb) -> None:
    target = TRANSITIONS.get((upload.state, verb))
    if target is None:
        raise UploadStateError(state=upload.state)
    upload.state, upload.changed_at = target, desk.house.clock.now()
    session.flush()
    record_step(session, actor, upload, verb)


def _queue(session: Session, desk: UploadDesk, upload_id: uuid.UUID) -> None:
    now = desk.house.clock.now()
    job = NewJob(kind=JOB, due_at=now, key=str(upload_id), payload={"upload": str(upload_id)})
    enqueue(session, desk.house.ids, job)


def _record(session: Session, actor: Actor, upload: ImportUpload, details: dict[str, JsonValue]) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.IMPORT,
            actor=actor,
            object_type=OBJECT,
            object_id=str(upload.id),
            purpose=upload.purpose,
            details={**details, "table": upload.table_name},
        ),
    )


def _told(upload: ImportUpload, run: ImportRun | None, actor: Actor) -> UploadTold:
    rows = upload.row_count
    return UploadTold(
        id=upload.id,
        own=actor.id is not None and upload.actor_id == actor.id,
        table=upload.table_name,
        purpose=upload.purpose,
        state=upload.state,
        size=upload.size,
        rows=rows,
        row=0 if run is None or rows is None else max(0, rows - (run.row_count - run.last_row)),
        accepted=0 if run is None else run.accepted,
        refused=0 if run is None else run.refused,
        import_id=upload.import_id,
        failure=upload.failure,
        ready=upload.settings_box is not None,
        actor_id=upload.actor_id,
        made_at=upload.made_at,
        changed_at=upload.changed_at,
        expires_at=upload.expires_at,
    )
