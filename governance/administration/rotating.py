"""A rotation of the keys asked for on a page: the worker does it, a short step at a time, and goes on where it was.

The entry of the asking names who asked. The worker's own entries are the house's: a job is a row that anybody with the
database could rewrite, and nobody's name is taken from it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.actor import SYSTEM, Actor
from governance.clock import Clock
from governance.database import Database
from governance.ids import IdSource
from governance.jobs.models import Job, JobState
from governance.jobs.queue import JobStatus, Lease, NewJob, enqueue, list_jobs
from governance.jobs.worker import Handler, Progress
from governance.vault.keyring import Keyring
from governance.vault.rotation import RotationProgress, Stage, begin, step

ROTATION_JOB: Final = "key-rotation"
_AT: Final = "at"


def ask_for_rotation(session: Session, clock: Clock, ids: IdSource, actor: Actor) -> None:
    """Have the keys rotated. Asked for while one is under way, it is that one."""
    job = NewJob(kind=ROTATION_JOB, key=ROTATION_JOB, due_at=clock.now())
    job_id = enqueue(session, ids, job)
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.KEY,
            actor=actor,
            object_type="job",
            object_id=str(job_id),
            details={"step": "rotation-asked"},
        ),
    )


def rotation_under_way(session: Session) -> JobStatus | None:
    """Return the rotation that is under way, or waits for the worker."""
    waiting = (JobState.WAITING, JobState.RUNNING)
    return next((job for job in list_jobs(session, kind=ROTATION_JOB) if job.state in waiting), None)


def was_blocked(session: Session) -> bool:
    """Say whether the last rotation ended at rows that do not open."""
    last = session.scalar(select(Job.payload).where(Job.kind == ROTATION_JOB).order_by(Job.id.desc()).limit(1))
    return last is not None and last.get(_AT, {}).get("stage") == Stage.BLOCKED.value


class Rotating:
    """Does the job."""

    def __init__(self, database: Database, keyring: Keyring, clock: Clock) -> None:
        """Rotate nothing yet."""
        self._database: Final = database
        self._keyring: Final = keyring
        self._clock: Final = clock

    def handler(self) -> Handler:
        """Return how it is done, for the worker."""
        return Handler(kind=ROTATION_JOB, step=self)

    def __call__(self, lease: Lease) -> Progress:
        """Do the next step in a transaction of its own, and save how far it came in the same."""
        with self._database.write() as session:
            unrecorded(session, "a rotation records its beginning and its end; a step only moves keys")
            if _AT in lease.payload:
                progress = step(session, self._keyring, self._clock, actor=SYSTEM, progress=_read(lease.payload[_AT]))
            else:
                progress = begin(session, self._keyring, self._clock, actor=SYSTEM)
            payload = {**lease.payload, _AT: {**asdict(progress), "stage": progress.stage.value}}
            lease.advance(session, progress=progress.moved, payload=payload)
        ended = progress.stage in {Stage.DONE, Stage.BLOCKED}
        return Progress(finished=ended, progress=progress.moved, total=progress.total, payload=payload)


def _read(kept: Mapping[str, Any]) -> RotationProgress:
    return RotationProgress(**{**kept, "stage": Stage(kept["stage"])})
