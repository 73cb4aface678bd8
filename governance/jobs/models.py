"""The table of jobs, and the states a job goes through."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base

KIND_LENGTH: Final = 64
KEY_LENGTH: Final = 128


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class JobVerb(StrEnum):
    """What happens to a job."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    CONTINUE = "continue"
    RETRY = "retry"
    FINISH = "finish"
    GIVE_UP = "give-up"
    REVIVE = "revive"


TRANSITIONS: Final[Mapping[JobVerb, tuple[JobState, JobState]]] = {
    JobVerb.CLAIM: (JobState.WAITING, JobState.RUNNING),
    JobVerb.RECLAIM: (JobState.RUNNING, JobState.RUNNING),
    JobVerb.CONTINUE: (JobState.RUNNING, JobState.WAITING),
    JobVerb.RETRY: (JobState.RUNNING, JobState.WAITING),
    JobVerb.FINISH: (JobState.RUNNING, JobState.DONE),
    JobVerb.GIVE_UP: (JobState.RUNNING, JobState.DEAD),
    JobVerb.REVIVE: (JobState.DEAD, JobState.WAITING),
}

_UNFINISHED: Final = text("state IN ('waiting', 'running')")


class Job(Base, kw_only=True):
    """One piece of work.

    The payload holds identifiers and cursors, never personal data. `attempts` counts the claims since the last step
    that went well; `claims` counts all of them and fences off a worker whose lease has ended. Of a failure only the
    class of the error is kept, for its text is not ours.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased_while_running"),
        CheckConstraint("attempts >= 0 AND claims >= attempts", name="attempts_are_claims"),
        CheckConstraint("progress >= 0 AND (total IS NULL OR total >= 0)", name="progress_is_not_negative"),
        # One unfinished job for each key: whoever asks twice gets the same work.
        Index(
            "uq_job_unfinished_kind_key", "kind", "key", unique=True,
            sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED,
        ),
        Index("ix_job_unfinished_due_at", "due_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    claims: Mapped[int]
    progress: Mapped[int]
    total: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(128))
