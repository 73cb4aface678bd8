"""The loop that takes jobs out: claim, one step, give back.

At least once: what a killed worker had in hand is claimed again when its lease ends. A step that fails waits longer
each time; after a number of attempts the job is given up and stays visible. Work that comes back (`Handler.every`) is
never given up: it is tried again when its period comes round.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.database import Database
from governance.ids import IdSource
from governance.jobs.errors import LeaseLostError
from governance.jobs.models import JobVerb
from governance.jobs.queue import Lease, NewJob, anything_due, anything_early, bring_forward, claim, enqueue, settle

_LEASE: Final = timedelta(minutes=1)
_FIRST_DELAY: Final = timedelta(seconds=5)
_LONGEST_DELAY: Final = timedelta(hours=1)
_MAX_ATTEMPTS: Final = 8
_POLL_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a step reports.

    Attributes:
        finished: Whether nothing is left to do.
        progress: How many things are done by now, all in all.
        total: Of how many, where known.
        payload: Where the next step begins; None leaves the payload as it is.
    """

    finished: bool
    progress: int = 0
    total: int | None = None
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """How one kind of job is done.

    Attributes:
        kind: The kind.
        step: One small batch (50 ms of writing at most); opens its own transactions; may run twice.
        every: For work that comes back: the time from the end of one run to the next.
        wanted: For work that comes back: whether there is something to do before its time comes, looked at as often as
            the worker looks for work, without a lock.
    """

    kind: str
    step: Callable[[Lease], Progress]
    every: timedelta | None = None
    wanted: Callable[[Session], bool] | None = None


class Worker:
    """One worker; several may share a database."""

    def __init__(self, database: Database, clock: Clock, ids: IdSource, handlers: Iterable[Handler]) -> None:
        """Know what to do; nothing starts yet."""
        self._database: Final = database
        self._clock: Final = clock
        self._ids: Final = ids
        self._handlers: Final = {handler.kind: handler for handler in handlers}

    def enqueue_periodic(self) -> None:
        """Put the work that comes back in, where it is not there yet."""
        now = self._clock.now()
        with self._database.write_connection() as connection:
            for handler in self._handlers.values():
                if handler.every is not None:
                    enqueue(connection, self._ids, NewJob(kind=handler.kind, key=handler.kind, due_at=now))

    def run_once(self) -> bool:
        """Do one step of one job.

        Returns:
            Whether there was anything to do.
        """
        lease = self._claim()
        if lease is None:
            return False
        if lease.attempts > _MAX_ATTEMPTS and self._handlers[lease.kind].every is None:
            # Claimed, and never given back, as often as may be: it takes its workers with it.
            self._settle(lease, JobVerb.GIVE_UP, last_error=LeaseLostError.__name__)
            return True
        try:
            report = self._handlers[lease.kind].step(lease)
        except Exception as error:  # noqa: BLE001 -- whatever a step raises is a failed attempt, and the loop goes on
            self._fail(lease, type(error).__name__)
        else:
            self._give_back(lease, report)
        return True

    def run_forever(self, stop: threading.Event) -> None:
        """Work until told to stop; the step in hand is finished first."""
        prepared = False
        while not stop.is_set():
            try:
                if not prepared:
                    self.enqueue_periodic()
                    prepared = True
                found = self.run_once()
            except DBAPIError as error:
                # A database that is locked or restarting: whatever was in hand comes back when its lease ends.
                _LOG.warning("the worker cannot reach the database: %s", type(error).__name__)
                found = False
            if not found:
                stop.wait(_POLL_SECONDS)

    def _claim(self) -> Lease | None:
        kinds = list(self._handlers)
        now = self._clock.now()
        with self._database.read() as session:
            # An idle worker must not take SQLite's only write lock once a second.
            early = [each.kind for each in self._handlers.values() if each.wanted is not None and each.wanted(session)]
            if not anything_early(session, early, now) and not anything_due(session, kinds, now):
                return None
        with self._database.write_connection() as connection:
            bring_forward(connection, early, now)
            return claim(connection, kinds, now, now + _LEASE)

    def _give_back(self, lease: Lease, report: Progress) -> None:
        values: dict[str, Any] = {
            "attempts": 0, "last_error": None, "progress": report.progress, "total": report.total,
        }  # fmt: skip
        if report.payload is not None:
            values["payload"] = dict(report.payload)
        every = self._handlers[lease.kind].every
        if not report.finished:
            # Due now, so behind everything that has been waiting.
            self._settle(lease, JobVerb.CONTINUE, due_at=self._clock.now(), **values)
        elif every is None:
            self._settle(lease, JobVerb.FINISH, **values)
        else:
            self._settle(lease, JobVerb.CONTINUE, due_at=self._clock.now() + every, **(values | {"payload": {}}))

    def _fail(self, lease: Lease, error: str) -> None:
        _LOG.warning("a %s job failed, attempt %d: %s", lease.kind, lease.attempts, error)
        every = self._handlers[lease.kind].every
        if lease.attempts < _MAX_ATTEMPTS:
            self._settle(lease, JobVerb.RETRY, due_at=self._retry_at(lease.attempts), last_error=error)
        elif every is None:
            self._settle(lease, JobVerb.GIVE_UP, last_error=error)
        else:
            self._settle(lease, JobVerb.RETRY, due_at=self._clock.now() + max(every, _LONGEST_DELAY), last_error=error)

    def _retry_at(self, attempts: int) -> datetime:
        return self._clock.now() + min(_FIRST_DELAY * (1 << (attempts - 1)), _LONGEST_DELAY)

    def _settle(self, lease: Lease, verb: JobVerb, **values: Any) -> None:
        with self._database.write_connection() as connection:
            if not settle(connection, lease, verb, **values):
                _LOG.warning("the lease of a %s job ended before its step did", lease.kind)
