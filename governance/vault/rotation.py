"""A new epoch: every living subject key is wrapped anew, then the key of the epoch before is destroyed.

It runs while the service serves. Each step is one short transaction and may be the last for a while: what is done lies
in the database (each row says its epoch) and in the keyring (which epoch retires), so whoever comes next goes on.

    begin      the ring gets a new current epoch; nothing is wrapped under the old one from here on
    moving     batches of rows go from the old epoch to the new one
    emptied    no row is left in the old epoch; the log says that its key will be destroyed
    done       the key is gone from the ring; the log says so
    blocked    only rows that do not open are left, for they were altered by SQL; the key stays, or nobody could ever
               repair them, until somebody gives them up (`abandon_altered`)

`emptied` and `done` are two transactions, so that the intent is durable before the deed. After it, copies of old rows
in backups, replicas and WAL are unreadable, as far as copies of the old ring are destroyed too.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.vault.errors import SubjectKeyError
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject
from governance.vault.ring import EpochState
from governance.vault.subject_keys import Marks, lock_epochs, rewrap

# A step ends after so many seconds of work, which leaves room for its commit within 50 ms.
_BUDGET_SECONDS: Final = 0.015
_BATCH_ROWS: Final = 100


class Stage(StrEnum):
    """How far a rotation is."""

    MOVING = "moving"
    EMPTIED = "emptied"
    DONE = "done"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationProgress:
    """How far a rotation is, and what its next step needs to know.

    Attributes:
        stage: How far.
        old: The epoch that ends.
        new: The epoch that is current.
        total: Keys in the old epoch when this run began.
        moved: Keys moved by this run.
        altered: Rows met in this pass that do not open.
        after: The last subject looked at in this pass.
    """

    stage: Stage
    old: int
    new: int
    total: int
    moved: int = 0
    altered: int = 0
    after: int = 0


def begin(session: Session, keyring: Keyring, clock: Clock, *, actor: Actor) -> RotationProgress:
    """Make a new epoch current, or take up the rotation that is under way.

    Raises:
        KeyringError: If the ring cannot be written.
    """
    lock_epochs(session, exclusive=True)
    under_way = keyring.retiring_epoch is not None
    old = keyring.begin_epoch(clock)
    progress = RotationProgress(stage=Stage.MOVING, old=old, new=keyring.current_epoch, total=_left(session, old))
    _record(session, keyring, actor, progress, "resumed" if under_way else "begun")
    return progress


def step(
    session: Session,
    keyring: Keyring,
    clock: Clock,
    *,
    actor: Actor,
    progress: RotationProgress,
    abandon_altered: bool = False,
) -> RotationProgress:
    """Do the next part, within 50 ms. Each step needs a transaction of its own, committed before the next.

    Args:
        session: A writing transaction.
        keyring: Both epochs' keys.
        clock: Dates the end of the epoch.
        actor: Who rotates.
        progress: What `begin` or the step before returned.
        abandon_altered: End the epoch although rows that do not open are left in it. They never will again.

    Raises:
        KeyringError: If the ring cannot be written.
    """
    match progress.stage:
        case Stage.MOVING:
            return _move(session, keyring, actor, progress, abandon_altered=abandon_altered)
        case Stage.EMPTIED:
            return _destroy(session, keyring, clock, actor, progress)
        case Stage.BLOCKED:
            return _next_pass(progress)
        case Stage.DONE:
            return progress


def run(
    database: Database, keyring: Keyring, clock: Clock, *, actor: Actor, abandon_altered: bool = False
) -> Iterator[RotationProgress]:
    """Drive a rotation to its end, each step in its own transaction, giving the progress after each.

    It may be abandoned anywhere; the next run goes on. It ends at `done` or `blocked`.

    Raises:
        KeyringError: If the ring cannot be written.
    """
    with database.write() as session:
        progress = begin(session, keyring, clock, actor=actor)
    yield progress
    while progress.stage not in {Stage.DONE, Stage.BLOCKED}:
        with database.write() as session:
            progress = step(session, keyring, clock, actor=actor, progress=progress, abandon_altered=abandon_altered)
        yield progress


def _move(
    session: Session, keyring: Keyring, actor: Actor, progress: RotationProgress, *, abandon_altered: bool
) -> RotationProgress:
    deadline = time.monotonic() + _BUDGET_SECONDS
    while True:
        further = _move_batch(session, keyring, progress)
        if further is progress:
            return _end_pass(session, keyring, actor, progress, abandon_altered=abandon_altered)
        progress = further
        if time.monotonic() >= deadline:
            return progress


def _move_batch(session: Session, keyring: Keyring, progress: RotationProgress) -> RotationProgress:
    # Rows through the connection, not through the ORM: nothing about a person changes that the log would have to say.
    connection = session.connection()
    rows = connection.execute(
        select(*_MARKS, DataSubject.wrapped_key)
        .where(DataSubject.epoch == progress.old, DataSubject.id > progress.after)
        .order_by(DataSubject.id)
        .limit(_BATCH_ROWS)
        .with_for_update()
    ).all()
    if not rows:
        return progress
    keys = keyring.epoch_keys()
    moved = []
    for *columns, wrapped in rows:
        marks = Marks._make(columns)
        try:
            moved.append({"subject": marks.id, "rewrapped": rewrap(keyring, marks, wrapped, progress.new, keys)})
        except SubjectKeyError:
            continue
    if moved:
        connection.execute(_MOVE, [{**row, "to": progress.new} for row in moved])
    return replace(
        progress,
        moved=progress.moved + len(moved),
        altered=progress.altered + len(rows) - len(moved),
        after=rows[-1].id,
    )


def _end_pass(
    session: Session, keyring: Keyring, actor: Actor, progress: RotationProgress, *, abandon_altered: bool
) -> RotationProgress:
    left = _left(session, progress.old)
    if left > progress.altered:
        # Rows came back behind us, by SQL: nothing of ours writes into an epoch that retires.
        return _next_pass(progress)
    if left and not abandon_altered:
        return replace(progress, stage=Stage.BLOCKED)
    progress = replace(progress, stage=Stage.EMPTIED, altered=left)
    _record(session, keyring, actor, progress, "destroying")
    return progress


def _destroy(
    session: Session, keyring: Keyring, clock: Clock, actor: Actor, progress: RotationProgress
) -> RotationProgress:
    lock_epochs(session, exclusive=True)
    if _left(session, progress.old) > progress.altered:
        return _next_pass(progress)
    keyring.destroy_epoch(progress.old, clock)
    progress = replace(progress, stage=Stage.DONE)
    _record(session, keyring, actor, progress, "destroyed")
    return progress


def _next_pass(progress: RotationProgress) -> RotationProgress:
    return replace(progress, stage=Stage.MOVING, altered=0, after=0)


def _left(session: Session, epoch: int) -> int:
    return session.scalar(select(func.count()).where(DataSubject.epoch == epoch)) or 0


def _record(session: Session, keyring: Keyring, actor: Actor, progress: RotationProgress, what: str) -> None:
    destroyed = [age.number for age in keyring.ages if age.state is EpochState.DESTROYED]
    record(
        session,
        Fact(
            # The end of an epoch is the proof that erasures reached the copies (GDPR Art. 5(2), 17).
            retention=Retention.EVIDENCE,
            action=Action.KEY,
            actor=actor,
            object_type="epoch",
            object_id=str(progress.old),
            details={
                "step": what,
                "current": progress.new,
                "moved": progress.moved,
                "altered": progress.altered,
                "total": progress.total,
                # What the ring says, so that a deed whose own entry was lost to a crash is told by the next.
                "destroyed_up_to": max(destroyed, default=0),
            },
        ),
    )


_MARKS: Final = (
    DataSubject.id,
    DataSubject.kind,
    DataSubject.state,
    DataSubject.objections,
    DataSubject.key_version,
    DataSubject.epoch,
)
_MOVE: Final = (
    update(DataSubject)
    .where(DataSubject.id == bindparam("subject"))
    .values(epoch=bindparam("to"), wrapped_key=bindparam("rewrapped"))
)
