"""What may go wrong with a job."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class JobError(DomainError):
    """Base of the errors of jobs. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class LeaseLostError(JobError):
    """The lease ended before the step did, and somebody else may have taken the job."""

    message: ClassVar[str] = mark("The lease of this {kind} job ended before its step did.")
    kind: str


@dataclass(kw_only=True, eq=False)
class JobNotDeadError(JobError):
    """Only a job that was given up can be revived."""

    message: ClassVar[str] = mark("There is no job {job_id} that was given up.")
    job_id: str
