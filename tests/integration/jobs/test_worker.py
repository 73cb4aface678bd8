"""The leased loop, on both databases."""

import logging
import threading
from datetime import timedelta

import pytest

from governance.database import Database
from governance.jobs.errors import JobNotDeadError, LeaseLostError
from governance.jobs.models import JobState
from governance.jobs.queue import JobStatus, Lease, NewJob, claim, enqueue, list_jobs, revive
from governance.jobs.worker import Progress
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.jobs import A_LEASE, CountTo, a_worker, finish_at_once

_MOST_ATTEMPTS = 8


def _put_in(database: Database, clock: StandingClock, ids: CountingIds, key: str | None = None) -> None:
    with database.write() as session:
        enqueue(session, ids, NewJob(kind="count", key=key, due_at=clock.now()))


def _only_job(database: Database) -> JobStatus:
    with database.read() as session:
        [job] = list_jobs(session)
    return job


def _take(database: Database, clock: StandingClock) -> Lease | None:
    with database.write_connection() as connection:
        return claim(connection, ["count"], clock.now(), clock.now() + A_LEASE)


def test_a_job_is_done_step_by_step(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    step = CountTo(3)
    worker = a_worker(database, clock, step)
    _put_in(database, clock, ids)

    worked = [worker.run_once() for _ in range(4)]

    assert worked == [True, True, True, False]
    assert step.seen == [1, 2, 3]
    job = _only_job(database)
    assert (job.state, job.progress, job.total) == (JobState.DONE, 3, 3)


def test_a_job_waits_for_its_time(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    worker = a_worker(database, clock, finish_at_once)
    with database.write() as session:
        enqueue(session, ids, NewJob(kind="count", due_at=clock.now() + timedelta(hours=1)))

    early = worker.run_once()
    clock.advance(hours=1)

    assert (early, worker.run_once()) == (False, True)


def test_a_worker_leaves_alone_what_it_cannot_do(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    _put_in(database, clock, ids)

    assert not a_worker(database, clock, finish_at_once, kind="other").run_once()


def test_jobs_take_turns(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    order: list[str] = []

    def step(lease: Lease) -> Progress:
        order.append(lease.payload["name"])
        return Progress(finished=len(order) >= 3)

    with database.write() as session:
        for name in ("first", "second"):
            enqueue(session, ids, NewJob(kind="count", due_at=clock.now(), payload={"name": name}))
            clock.advance(seconds=1)
    worker = a_worker(database, clock, step)

    for _ in range(4):
        worker.run_once()
        clock.advance(seconds=1)

    assert order == ["first", "second", "first", "second"]


def test_asking_twice_makes_one_job(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    with database.write() as session:
        job = NewJob(kind="count", key="the-same", due_at=clock.now())
        asked = [enqueue(session, ids, job) for _ in range(2)]

    assert asked[0] == asked[1] == _only_job(database).id


def test_a_finished_job_may_be_asked_for_again(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    worker = a_worker(database, clock, finish_at_once)

    for _ in range(2):
        _put_in(database, clock, ids, key="the-same")
        worker.run_once()

    with database.read() as session:
        assert [job.state for job in list_jobs(session, state=JobState.DONE, kind="count")] == [JobState.DONE] * 2


def test_a_job_of_a_rolled_back_change_never_was(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    with database.read() as session:
        enqueue(session, ids, NewJob(kind="count", due_at=clock.now()))

    assert not a_worker(database, clock, finish_at_once).run_once()


def test_a_failure_keeps_only_the_class_of_the_error(
    database: Database, clock: StandingClock, ids: CountingIds, caplog: pytest.LogCaptureFixture
) -> None:
    step = CountTo(1)
    step.failing = True
    _put_in(database, clock, ids)

    with caplog.at_level(logging.DEBUG):
        a_worker(database, clock, step).run_once()

    assert _only_job(database).last_error == "RuntimeError"
    assert "customer-1" not in caplog.text


def test_each_failure_waits_longer_until_the_job_is_given_up(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    step = CountTo(1)
    step.failing = True
    worker = a_worker(database, clock, step)
    _put_in(database, clock, ids)

    waits = []
    while _only_job(database).state is not JobState.DEAD:
        clock.moment = _only_job(database).due_at
        worker.run_once()
        waits.append((_only_job(database).due_at - clock.now()).total_seconds())

    assert waits == [5, 10, 20, 40, 80, 160, 320, 0]
    assert _only_job(database).attempts == _MOST_ATTEMPTS
    assert not worker.run_once()


def test_a_job_that_was_given_up_goes_on_when_revived(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    step = CountTo(3)
    worker = a_worker(database, clock, step)
    _put_in(database, clock, ids)
    worker.run_once()
    step.failing = True
    while worker.run_once() or _only_job(database).state is not JobState.DEAD:
        clock.advance(hours=1)
    step.failing = False

    with database.write() as session:
        revive(session, _only_job(database).id, clock.now())
    while worker.run_once():
        pass

    assert step.seen == [1, 2, 3]
    assert _only_job(database).state is JobState.DONE


def test_only_a_dead_job_is_revived(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    _put_in(database, clock, ids)

    with pytest.raises(JobNotDeadError), database.write() as session:
        revive(session, _only_job(database).id, clock.now())


def test_a_leased_job_is_nobody_elses(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    _put_in(database, clock, ids)
    first = _take(database, clock)
    clock.advance(seconds=59)

    assert first is not None
    assert _take(database, clock) is None


def test_two_workers_at_once_never_take_the_same_job(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    for _ in range(20):
        _put_in(database, clock, ids)
    taken: list[Lease] = []

    def take_until_none_is_left() -> None:
        while lease := _take(database, clock):
            taken.append(lease)

    threads = [threading.Thread(target=take_until_none_is_left) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({lease.id for lease in taken}) == len(taken) == 20


def test_a_lease_that_ended_is_taken_over_and_the_late_one_saves_nothing(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    _put_in(database, clock, ids)
    late = _take(database, clock)
    assert late is not None
    clock.advance(seconds=60)
    taken_over = _take(database, clock)

    with pytest.raises(LeaseLostError), database.write() as session:
        late.advance(session, progress=7, payload={"count": 7})

    assert taken_over is not None
    assert (taken_over.attempts, taken_over.progress) == (2, 0)
    assert _only_job(database).progress == 0


def test_progress_is_saved_in_the_transaction_of_its_effect(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    _put_in(database, clock, ids)
    lease = _take(database, clock)
    assert lease is not None

    with database.write() as session:
        lease.advance(session, progress=2, payload={"count": 2})
    clock.advance(seconds=60)
    again = _take(database, clock)

    assert again is not None
    assert (again.progress, again.payload) == (2, {"count": 2})


def test_a_step_that_outlives_its_lease_does_not_settle_the_job(
    database: Database, clock: StandingClock, ids: CountingIds, caplog: pytest.LogCaptureFixture
) -> None:
    def slow(_lease: Lease) -> Progress:
        clock.advance(minutes=2)
        assert _take(database, clock) is not None
        return Progress(finished=True, progress=1)

    _put_in(database, clock, ids)

    a_worker(database, clock, slow).run_once()

    assert _only_job(database).state is JobState.RUNNING
    assert "lease" in caplog.text


def test_a_job_that_takes_its_workers_with_it_is_given_up(
    database: Database, clock: StandingClock, ids: CountingIds
) -> None:
    _put_in(database, clock, ids)
    for _ in range(_MOST_ATTEMPTS):
        assert _take(database, clock) is not None
        clock.advance(minutes=1)

    a_worker(database, clock, finish_at_once).run_once()

    job = _only_job(database)
    assert (job.state, job.last_error) == (JobState.DEAD, "LeaseLostError")


def test_work_that_comes_back_is_put_in_once_and_comes_back(database: Database, clock: StandingClock) -> None:
    step = CountTo(1)
    worker = a_worker(database, clock, step, every=timedelta(hours=1))
    worker.enqueue_periodic()
    worker.enqueue_periodic()

    worked = [worker.run_once(), worker.run_once()]
    clock.advance(hours=1)
    worked.append(worker.run_once())

    assert worked == [True, False, True]
    assert step.seen == [1, 1]


def test_work_that_comes_back_is_never_given_up(database: Database, clock: StandingClock) -> None:
    step = CountTo(1)
    step.failing = True
    worker = a_worker(database, clock, step, every=timedelta(hours=2))
    worker.enqueue_periodic()

    for _ in range(_MOST_ATTEMPTS + 2):
        clock.moment = _only_job(database).due_at
        worker.run_once()

    assert _only_job(database).state is JobState.WAITING
    assert _only_job(database).due_at - clock.now() == timedelta(hours=2)


def test_work_that_comes_back_is_done_before_its_time_where_it_is_wanted(
    database: Database, clock: StandingClock
) -> None:
    wishes = [False, True, False]
    worker = a_worker(database, clock, finish_at_once, every=timedelta(hours=2), wanted=lambda _: wishes.pop(0))
    wishes.insert(0, False)
    worker.enqueue_periodic()

    worked = [worker.run_once() for _ in range(4)]

    assert worked == [True, False, True, False]
    assert _only_job(database).due_at == clock.now() + timedelta(hours=2)


def test_wanted_work_that_fails_waits_all_the_same(database: Database, clock: StandingClock) -> None:
    step = CountTo(1)
    step.failing = True
    worker = a_worker(database, clock, step, every=timedelta(hours=2), wanted=lambda _: True)
    worker.enqueue_periodic()

    assert [worker.run_once() for _ in range(3)] == [True, False, False]
    clock.advance(seconds=5)
    assert [worker.run_once() for _ in range(3)] == [True, False, False]


def test_wanted_work_that_another_worker_has_in_hand_is_left_to_it(database: Database, clock: StandingClock) -> None:
    worker = a_worker(database, clock, finish_at_once, every=timedelta(hours=2), wanted=lambda _: True)
    worker.enqueue_periodic()
    assert _take(database, clock) is not None

    assert not worker.run_once()


def test_the_loop_stops_when_told(database: Database, clock: StandingClock, ids: CountingIds) -> None:
    stop = threading.Event()

    def last(_lease: Lease) -> Progress:
        stop.set()
        return Progress(finished=True)

    _put_in(database, clock, ids)

    a_worker(database, clock, last).run_forever(stop)

    assert _only_job(database).state is JobState.DONE


def test_the_loop_outlives_a_database_that_goes_away(
    database: Database, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Database(database.engine.url.set(database="/nowhere/at/all" if database.dialect == "sqlite" else "nowhere"))
    stop = threading.Event()
    worker = a_worker(gone, clock, finish_at_once)
    looping = threading.Thread(target=worker.run_forever, args=(stop,))

    looping.start()
    while "cannot reach" not in caplog.text and looping.is_alive():
        stop.wait(0.01)
    still_alive = looping.is_alive()
    stop.set()
    looping.join()

    gone.close()
    assert still_alive
