"""Positions: given after the commit, one by one, dense, and for each person in the order of their events."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from consent.propagation.forgetting import ForgettingChanges
from consent.propagation.models import ConsentChange, Delivery
from consent.propagation.numbering import number_changes
from consent.propagation.values import KEPT, Issued
from consent.service import record_consent, record_many
from consent.states import EventKind
from governance.ids import TimeOrderedIds
from governance.jobs.worker import Worker
from tests.builders.propagation import SUPPORT, Receiver, Telling, an_event


def positions(telling: Telling) -> list[tuple[int | None, int, int]]:
    """Return position, person and sequence of every change, by position."""
    with telling.database.read() as session:
        statement = select(ConsentChange.position, ConsentChange.subject_id, ConsentChange.sequence)
        return [(row[0], row[1], row[2]) for row in session.execute(statement.order_by(ConsentChange.position))]


def test_positions_are_dense_and_follow_each_person_whoever_records_at_the_same_time(
    telling: Telling, receiver: Receiver
) -> None:
    telling.subscribe(receiver.address)
    start, yesterday = threading.Barrier(4), telling.clock.now() - timedelta(days=1)

    def speak(person: int) -> None:
        start.wait()
        for hour, kind in enumerate((EventKind.GIVEN, EventKind.WITHDRAWN) * 4):
            event = replace(an_event(kind, person), occurred_at=yesterday + timedelta(hours=hour))
            with telling.database.write() as session:
                record_consent(session, telling.consents, SUPPORT, event)

    def number() -> None:
        start.wait()
        for _ in range(10):
            with telling.database.write() as session:
                number_changes(session, telling.clock, telling.desk.attestor)

    with ThreadPoolExecutor(4) as pool:
        done = [*(pool.submit(speak, person) for person in (1, 2, 3)), pool.submit(number)]
    for each in done:
        each.result()
    telling.work()

    found = positions(telling)
    assert [position for position, _, _ in found] == [*range(1, 25)]
    for person in (1, 2, 3):
        sequences = [sequence for _, about, sequence in found if about == person]
        assert sequences == [*range(1, 9)]
    assert [each.told["position"] for each in receiver.got] == [position for position, _, _ in found]


def test_a_batch_is_told_once_for_each_consent(telling: Telling, receiver: Receiver) -> None:
    telling.subscribe(receiver.address)
    events = [an_event(kind, person) for person in (1, 2) for kind in (EventKind.GIVEN, EventKind.WITHDRAWN)]
    with telling.database.write() as session:
        record_many(session, telling.consents, SUPPORT, events)
    telling.work()

    assert receiver.persons == [(1, "withdrawn"), (2, "withdrawn")]
    assert [each.told["sequence"] for each in receiver.got] == [2, 2]


def test_whoever_records_and_found_no_subscriber_is_waited_for_by_whoever_makes_one(
    telling: Telling, receiver: Receiver
) -> None:
    made: list[Issued] = []
    with telling.database.write() as session:
        record_consent(session, telling.consents, SUPPORT, an_event(EventKind.GIVEN, 1))
        making = threading.Thread(target=lambda: made.append(telling.subscribe(receiver.address)))
        making.start()
        making.join(0.3)
        waited = not made
    making.join()

    assert (waited, len(made)) == (True, 1)
    telling.withdraw(1)
    telling.work()
    assert receiver.persons == [(1, "withdrawn")]


def test_changes_are_forgotten_after_a_year_and_their_numbers_never_return(
    telling: Telling, receiver: Receiver
) -> None:
    issued = telling.subscribe(receiver.address)
    telling.give(1)
    telling.work()
    telling.clock.moment += KEPT
    telling.withdraw(1)
    telling.work()
    receiver.refuse(500)
    telling.give(1)
    forgetting = ForgettingChanges(database=telling.database, clock=telling.clock)
    worker = Worker(telling.database, telling.clock, TimeOrderedIds(), [forgetting.handler()])
    worker.enqueue_periodic()
    worker.run_once()
    assert [each.position for each in telling.deliveries(issued)] == [2]

    telling.work()
    assert [position for position, _, _ in positions(telling)] == [2, 3]
    before = telling.entries()
    telling.clock.moment += 2 * KEPT
    worker.run_once()

    with telling.database.read() as session:
        left = [session.scalar(select(func.count()).select_from(table)) for table in (ConsentChange, Delivery)]
    assert left == [0, 0]
    # One was never delivered, and the log says so.
    assert telling.entries() == before + 1
    telling.withdraw(1)
    telling.work()
    assert [position for position, _, _ in positions(telling)] == [4]
