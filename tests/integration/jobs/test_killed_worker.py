"""A worker that is killed in the middle of a step loses nothing."""

import signal
import subprocess
import sys
from pathlib import Path

from governance.clock import SystemClock
from governance.database import Database
from governance.jobs.models import JobState
from governance.jobs.queue import NewJob, enqueue, list_jobs
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.jobs import CountTo, a_worker

# Takes the job for real, says so, and never comes back.
_VICTIM = """
import sys, time
from governance.clock import SystemClock
from governance.database import Database
from governance.ids import TimeOrderedIds
from governance.jobs.worker import Handler, Worker

def hang(lease):
    print("in hand", flush=True)
    time.sleep(600)

Worker(Database(sys.argv[1]), SystemClock(), TimeOrderedIds(), [Handler(kind="count", step=hang)]).run_once()
"""
_REPOSITORY = Path(__file__).parents[3]


def test_a_job_whose_worker_was_killed_is_done_by_another_after_the_lease(database: Database, ids: CountingIds) -> None:
    clock = StandingClock(SystemClock().now())
    with database.write() as session:
        enqueue(session, ids, NewJob(kind="count", due_at=clock.now()))
    url = database.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", _VICTIM, url], cwd=_REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "in hand\n"
        victim.send_signal(signal.SIGKILL)
    step = CountTo(1)
    other = a_worker(database, clock, step)

    before_the_lease_ends = other.run_once()
    clock.advance(minutes=5)
    after = other.run_once()

    assert (before_the_lease_ends, after) == (False, True)
    assert victim.returncode == -signal.SIGKILL
    with database.read() as session:
        [job] = list_jobs(session)
    assert job.state is JobState.DONE
