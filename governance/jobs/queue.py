"""Putting jobs in, and moving them along.

Every statement is plain SQL on the table, inside the caller's transaction: a service enqueues in the transaction of its
own change, so that neither happens without the other.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Table, Update, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from governance.ids import IdSource
from governance.jobs.errors import JobNotDeadError, LeaseLostError
from governance.jobs.models import TRANSITIONS, Job, JobState, JobVerb

Transaction: TypeAlias = Session | Connection

_JOB: Final[Table] = Job.metadata.tables["job"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be.

    Attributes:
        kind: Which handler does it.
        due_at: Not before this moment.
        key: While a job of this kind and key is unfinished, another one is not made; None makes one each time.
        payload: Identifiers and cursors, never personal data.
        total: How many things there are to do, where that is known.
    """

    kind: str
    due_at: datetime
    key: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """What may be shown of a job."""

    id: uuid.UUID
    kind: str
    key: str | None
    state: JobState
    due_at: datetime
    attempts: int
    progress: int
    total: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job that is ours until a moment.

    Attributes:
        id: The job.
        kind: Its kind.
        payload: What the enqueuer, or the step before, left.
        attempts: The which try of this step it is, from 1.
        claims: The fence: once somebody else claims the job, nothing is saved under this number.
        progress: How many things are done.
        total: Of how many, where known.
        until: When the lease ends.
    """

    id: uuid.UUID
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    claims: int
    progress: int
    total: int | None
    until: datetime

    def advance(self, transaction: Transaction, *, progress: int, payload: Mapping[str, Any]) -> None:
        """Save progress in the transaction of the effect, so that both happen once or not at all.

        Args:
            transaction: The transaction of the step's own writes.
            progress: How many things are done by now, all in all.
            payload: Where the next step begins.

        Raises:
            LeaseLostError: If the job has been claimed by somebody else; the caller's transaction must not commit.
        """
        statement = self.held().values(progress=progress, payload=dict(payload))
        if transaction.execute(statement.returning(_JOB.c.id)).first() is None:
            raise LeaseLostError(kind=self.kind)

    def held(self) -> Update:
        """Return an update of the job that touches nothing once somebody else has claimed it."""
        return update(_JOB).where(_JOB.c.id == self.id, _JOB.c.claims == self.claims, _JOB.c.state == JobState.RUNNING)


def enqueue(transaction: Transaction, ids: IdSource, job: NewJob) -> uuid.UUID:
    """Put a job in, unless an unfinished one has its kind and key.

    Returns:
        The id of the new job, or of the one that is there.
    """
    insert = postgresql.insert if _dialect(transaction) == "postgresql" else sqlite.insert
    job_id = ids.new()
    transaction.execute(
        insert(_JOB)
        .values(
            id=job_id, kind=job.kind, key=job.key, payload=dict(job.payload), state=JobState.WAITING,
            due_at=job.due_at, lease_until=None, attempts=0, claims=0, progress=0, total=job.total, last_error=None,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    if job.key is None:
        return job_id
    unfinished = _JOB.c.state.in_([JobState.WAITING, JobState.RUNNING])
    found: uuid.UUID = transaction.execute(
        select(_JOB.c.id).where(_JOB.c.kind == job.kind, _JOB.c.key == job.key, unfinished)
    ).scalar_one()
    return found


def claimable(kinds: Sequence[str], now: datetime) -> Any:
    """Return the condition under which a job of these kinds may be claimed."""
    return (
        _JOB.c.state.in_([JobState.WAITING, JobState.RUNNING])
        & (_JOB.c.due_at <= now)
        & or_(_JOB.c.lease_until.is_(None), _JOB.c.lease_until <= now)
        & _JOB.c.kind.in_(kinds)
    )


def anything_due(transaction: Transaction, kinds: Sequence[str], now: datetime) -> bool:
    """Tell whether a claim would find something, without taking a lock."""
    return transaction.execute(select(_JOB.c.id).where(claimable(kinds, now)).limit(1)).first() is not None


def early(kinds: Sequence[str], now: datetime) -> Any:
    """Return the condition under which work that comes back may be done before its time; what failed waits for it."""
    waits = (_JOB.c.state == JobState.WAITING) & (_JOB.c.attempts == 0)
    return waits & (_JOB.c.due_at > now) & _JOB.c.kind.in_(kinds)


def anything_early(transaction: Transaction, kinds: Sequence[str], now: datetime) -> bool:
    """Tell whether work of these kinds waits for its time, without taking a lock."""
    if not kinds:
        return False
    return transaction.execute(select(_JOB.c.id).where(early(kinds, now)).limit(1)).first() is not None


def bring_forward(transaction: Transaction, kinds: Sequence[str], now: datetime) -> None:
    """Let work of these kinds that comes back be done now."""
    if kinds:
        transaction.execute(update(_JOB).where(early(kinds, now)).values(due_at=now))


def claim(connection: Connection, kinds: Sequence[str], now: datetime, until: datetime) -> Lease | None:
    """Take the job that has waited longest, for as long as the lease lasts.

    On PostgreSQL rows that another worker is claiming are skipped; on SQLite the transaction already holds the only
    write lock there is.

    Args:
        connection: A writing transaction.
        kinds: What this worker can do.
        now: The present moment.
        until: When the lease is to end.
    """
    row = connection.execute(
        select(_JOB)
        .where(claimable(kinds, now))
        .order_by(_JOB.c.due_at, _JOB.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    verb = JobVerb.CLAIM if row.state is JobState.WAITING else JobVerb.RECLAIM
    lease = Lease(
        id=row.id, kind=row.kind, payload=row.payload, attempts=row.attempts + 1, claims=row.claims + 1,
        progress=row.progress, total=row.total, until=until,
    )  # fmt: skip
    connection.execute(
        update(_JOB)
        .where(_JOB.c.id == row.id)
        .values(state=TRANSITIONS[verb][1], lease_until=until, attempts=lease.attempts, claims=lease.claims)
    )
    return lease


def settle(connection: Connection, lease: Lease, verb: JobVerb, **values: Any) -> bool:
    """Give a leased job back in the state that the verb leads to.

    Returns:
        Whether the lease still held; where it did not, nothing was changed.
    """
    statement = lease.held().values(state=TRANSITIONS[verb][1], lease_until=None, **values)
    return connection.execute(statement.returning(_JOB.c.id)).first() is not None


def revive(transaction: Transaction, job_id: uuid.UUID, now: datetime) -> None:
    """Let a job that was given up be tried again from where it stood.

    Raises:
        JobNotDeadError: If there is no such job, or it was not given up.
    """
    before, after = TRANSITIONS[JobVerb.REVIVE]
    revived = transaction.execute(
        update(_JOB)
        .where(_JOB.c.id == job_id, _JOB.c.state == before)
        .values(state=after, due_at=now, attempts=0)
        .returning(_JOB.c.id)
    ).first()
    if revived is None:
        raise JobNotDeadError(job_id=str(job_id))


def forget_done(transaction: Transaction, kind: str, before: datetime) -> None:
    """Delete the jobs of a kind that were done, and were due before a moment: the log says what came of them."""
    transaction.execute(delete(_JOB).where(_JOB.c.kind == kind, _JOB.c.state == JobState.DONE, _JOB.c.due_at < before))


def list_jobs(transaction: Transaction, *, state: JobState | None = None, kind: str | None = None) -> list[JobStatus]:
    """Return jobs as they stand, the oldest first."""
    query = select(_JOB).order_by(_JOB.c.id)
    if state is not None:
        query = query.where(_JOB.c.state == state)
    if kind is not None:
        query = query.where(_JOB.c.kind == kind)
    return [_status(row) for row in transaction.execute(query)]


def _status(row: Row[Any]) -> JobStatus:
    return JobStatus(**{name: getattr(row, name) for name in JobStatus.__dataclass_fields__})


def _dialect(transaction: Transaction) -> str:
    bind = transaction.get_bind() if isinstance(transaction, Session) else transaction
    return bind.dialect.name
