"""Asking for the register on paper, following it, taking its volumes, discarding it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BufferedRandom
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.documents.printer import Printer
from governance.ids import IdSource
from governance.jobs.queue import NewJob, enqueue
from governance.vault.attest import Attestor
from governance.vault.sealed_store import SealedStore
from register.lifecycle import ActivityState
from register.models import Activity
from register.printing.errors import PrintNotFoundError, TooManyPrintsError
from register.printing.models import WITH_FILES, PrintState, RegisterPrint, RegisterVolume
from register.values import Register

JOB: Final = "register-print"
OBJECT: Final = "register-print"
FOLDER: Final = "prints"
KEPT: Final = timedelta(hours=24)
MOST: Final = 3
# What is retired is no processing any more: its record is kept with its versions.
PRINTED: Final = Activity.state != ActivityState.RETIRED


@dataclass(frozen=True, slots=True)
class PrintDesk:
    """What putting the register on paper takes."""

    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    attestor: Attestor = field(repr=False)
    store: SealedStore = field(repr=False)
    printer: Printer = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPrint:
    """The register on paper as whoever asked for it is told of it."""

    asked: RegisterPrint
    volumes: tuple[RegisterVolume, ...]


def printed(register: Register | None) -> ColumnElement[bool]:
    """Return which activities are printed: those of one of the two registers, or where it is None, of both."""
    return PRINTED if register is None else and_(PRINTED, Activity.capacity.in_(register.capacities))


def order_print(
    session: Session, desk: PrintDesk, actor: Actor, language: str, register: Register | None
) -> RegisterPrint:
    """Let the worker put the register on paper, as it stands from now on: one of the two, or where it is None, both.

    Raises:
        TooManyPrintsError: If too many of theirs are kept.
    """
    actor_id = actor.id or uuid.UUID(int=0)
    kept = session.scalar(
        select(func.count())
        .select_from(RegisterPrint)
        .where(RegisterPrint.actor_id == actor_id, RegisterPrint.state.in_(WITH_FILES))
    )
    if (kept or 0) >= MOST:
        raise TooManyPrintsError(limit=MOST)
    # The newest comes last: PostgreSQL has no max of a UUID.
    last_id = session.scalar(select(Activity.id).where(printed(register)).order_by(Activity.id.desc()).limit(1))
    count = session.scalar(select(func.count()).select_from(Activity).where(printed(register))) or 0
    now = desk.clock.now()
    asked = RegisterPrint(
        id=desk.ids.new(),
        actor_id=actor_id,
        language=language,
        register=register,
        last_id=last_id,
        count=count,
        made_at=now,
        changed_at=now,
        expires_at=now + KEPT,
    )
    session.add(asked)
    session.flush()
    enqueue(session, desk.ids, NewJob(kind=JOB, due_at=now, key=str(asked.id), payload={"print": str(asked.id)}))
    which: dict[str, JsonValue] = {} if register is None else {"register": register.value}
    record_print(session, actor, asked, verb="order", activities=count, language=language, **which)
    return asked


def list_prints(session: Session, desk: PrintDesk, actor: Actor) -> list[ToldPrint]:
    """Return what somebody asked for within the last day, the newest first: a few at most."""
    now = desk.clock.now()
    rows = session.scalars(
        select(RegisterPrint)
        .where(RegisterPrint.actor_id == actor.id, RegisterPrint.expires_at > now)
        .order_by(RegisterPrint.id.desc())
        .limit(2 * MOST)
    ).all()
    return [_told(session, desk, row) for row in rows]


def find_print(session: Session, desk: PrintDesk, actor: Actor, print_id: uuid.UUID) -> ToldPrint:
    """Return one that somebody asked for.

    Raises:
        PrintNotFoundError: If there is none, or it is somebody else's.
        AttestationError: If a row of it was altered outside Égide.
    """
    return _told(session, desk, _own(session, desk, actor, print_id))


@contextmanager
def open_volume(
    session: Session, desk: PrintDesk, actor: Actor, print_id: uuid.UUID, number: int
) -> Iterator[BufferedRandom]:
    """Open a volume.

    Raises:
        PrintNotFoundError: If there is none, it is somebody else's, or its day is over.
        AttestationError, SealedFileError: If it was altered outside Égide.
    """
    told = find_print(session, desk, actor, print_id)
    volume = next((each for each in told.volumes if each.number == number), None)
    if volume is None or told.asked.state is not PrintState.READY or told.asked.expires_at <= desk.clock.now():
        raise PrintNotFoundError
    with desk.store.open(volume.id) as copy:
        yield copy


def discard_print(session: Session, desk: PrintDesk, actor: Actor, print_id: uuid.UUID) -> None:
    """End with what somebody asked for: its volumes are destroyed, and the worker goes no further.

    Raises:
        PrintNotFoundError: If there is none, or it is somebody else's.
    """
    end_print(session, desk, actor, _own(session, desk, actor, print_id))


def end_print(session: Session, desk: PrintDesk, actor: Actor, asked: RegisterPrint) -> None:
    """Destroy the volumes, and say so; the sweep destroys what a broken commit leaves."""
    for volume in volumes_of(session, asked.id):
        desk.store.destroy(volume.id)
        session.delete(volume)
    asked.state, asked.changed_at = PrintState.EXPIRED, desk.clock.now()
    session.flush()
    record_print(session, actor, asked, verb="destroy")


def volumes_of(session: Session, print_id: uuid.UUID) -> list[RegisterVolume]:
    """Return the volumes that are there, in their order."""
    statement = select(RegisterVolume).where(RegisterVolume.print_id == print_id).order_by(RegisterVolume.number)
    return list(session.scalars(statement))


def record_print(session: Session, actor: Actor, asked: RegisterPrint, **details: JsonValue) -> None:
    """Record what becomes of the register on paper."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.EXPORT,
            actor=actor,
            object_type=OBJECT,
            object_id=str(asked.id),
            details=details,
        ),
    )


def _own(session: Session, desk: PrintDesk, actor: Actor, print_id: uuid.UUID) -> RegisterPrint:
    asked = session.get(RegisterPrint, print_id)
    if asked is None or actor.id is None or asked.actor_id != actor.id:
        raise PrintNotFoundError
    desk.attestor.verify(asked)
    return asked


def _told(session: Session, desk: PrintDesk, asked: RegisterPrint) -> ToldPrint:
    volumes = volumes_of(session, asked.id)
    desk.attestor.verify(asked)
    for volume in volumes:
        desk.attestor.verify(volume)
    return ToldPrint(asked=asked, volumes=tuple(volumes))
