"""Handlers and workers for the tests of jobs."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress, Worker
from tests.builders.ground import CountingIds

A_LEASE = timedelta(minutes=1)


def a_worker(
    database: Database,
    clock: Clock,
    step: Callable[[Lease], Progress],
    *,
    kind: str = "count",
    every: timedelta | None = None,
    wanted: Callable[[Session], bool] | None = None,
) -> Worker:
    """Return a worker that knows one kind of job."""
    return Worker(database, clock, CountingIds(), [Handler(kind=kind, step=step, every=every, wanted=wanted)])


def finish_at_once(_lease: Lease) -> Progress:
    """Do a job of a single step."""
    return Progress(finished=True, progress=1, total=1)


class CountTo:
    """A step that counts one further each time, in the payload, and fails when told to."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.seen: list[int] = []
        self.failing = False

    def __call__(self, lease: Lease) -> Progress:
        if self.failing:
            raise RuntimeError("customer-1@demo.example cannot be counted")
        count = lease.payload.get("count", 0) + 1
        self.seen.append(count)
        return Progress(finished=count == self.total, progress=count, total=self.total, payload={"count": count})
