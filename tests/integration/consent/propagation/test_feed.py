"""The feed: a program reads every change once it is committed, in order, as often as it likes, and says what it has."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import text

from consent.propagation.errors import (
    FeedReaderError,
    SubscriberNotFoundError,
    SubscriberStepError,
    SubscriberTakenError,
)
from consent.propagation.service.feed import Stretch
from consent.propagation.values import DeliveryState, SubscriberVerb
from consent.service import record_consent
from consent.states import EventKind
from governance.actor import Role
from governance.vault.errors import AttestationError
from tests.builders.ground import an_actor
from tests.builders.propagation import SUPPORT, Telling, an_event


def test_a_program_reads_changes_in_order_and_goes_on_where_it_stopped(telling: Telling) -> None:
    program = telling.a_program()
    telling.feed(program)
    telling.give(1, 2, 3)
    telling.withdraw(2)
    telling.work()

    first = telling.read(program, limit=3)
    rest = telling.read(program, after=first.next, limit=3)
    nothing = telling.read(program, after=rest.next)

    assert [(each.position, each.subject_id, each.state) for each in (*first.changes, *rest.changes)] == [
        (1, 1, "given"),
        (2, 2, "given"),
        (3, 3, "given"),
        (4, 2, "withdrawn"),
    ]
    assert (first.next, rest.next, nothing.changes, nothing.next) == (3, 4, [], 4)


def test_what_is_not_acknowledged_can_be_read_again_and_what_is_counts_as_delivered(telling: Telling) -> None:
    program = telling.a_program()
    issued = telling.feed(program)
    telling.give(1, 2)
    telling.work()
    telling.read(program)
    waiting = telling.record(issued).waiting

    acknowledged = [telling.acknowledge(program, 1), telling.acknowledge(program, 1)]

    assert (waiting, acknowledged, telling.record(issued).waiting) == (2, [1, 0], 1)
    [arrived] = telling.deliveries(issued, DeliveryState.DELIVERED)
    assert (arrived.position, arrived.delivered_at) == (1, telling.clock.now())
    assert telling.read(program) == telling.read(program)


def test_a_reading_is_recorded_where_anybody_is_told_of(telling: Telling) -> None:
    program = telling.a_program()
    telling.feed(program)
    before = telling.entries()
    telling.read(program)
    assert telling.entries() == before
    telling.give(1)
    telling.work()
    before = telling.entries()

    telling.read(program)

    assert telling.entries() == before + 1


def test_a_program_reads_its_own_feed_and_no_other(telling: Telling) -> None:
    program, other = telling.a_program(), telling.a_program()
    telling.feed(program, purposes=frozenset({"calls"}))
    telling.give(1)
    telling.say(EventKind.GIVEN, purpose="calls")
    telling.work()

    assert [each.purpose for each in telling.read(program).changes] == ["calls"]
    for nobody in (other, an_actor(Role.SERVICE)):
        with pytest.raises(SubscriberNotFoundError):
            telling.read(nobody)
        with pytest.raises(SubscriberNotFoundError):
            telling.acknowledge(nobody, 2)


def test_a_feed_is_read_by_one_program_with_a_token_in_force(telling: Telling) -> None:
    program = telling.a_program()
    telling.feed(program)
    with pytest.raises(SubscriberTakenError):
        telling.feed(program)
    for nobody in (telling.a_program(in_force=False), telling.a_program(Role.ANALYST), an_actor(number=99)):
        with pytest.raises(FeedReaderError):
            telling.feed(nobody)


def test_another_token_goes_on_where_the_one_before_stopped(telling: Telling) -> None:
    before, after = telling.a_program(), telling.a_program()
    issued = telling.feed(before)
    telling.give(1, 2)
    telling.work()
    read = telling.read(before, limit=1)

    telling.redirect(issued, token_id=after.id)

    assert [each.subject_id for each in telling.read(after, read.next).changes] == [2]
    with pytest.raises(SubscriberNotFoundError):
        telling.read(before)


def test_a_paused_feed_tells_nothing_and_an_ended_one_is_gone(telling: Telling) -> None:
    program = telling.a_program()
    issued = telling.feed(program)
    telling.give(1)
    telling.work()
    telling.move(issued, SubscriberVerb.PAUSE)
    with pytest.raises(SubscriberStepError):
        telling.read(program)
    telling.move(issued, SubscriberVerb.RESUME)
    assert len(telling.read(program).changes) == 1
    telling.move(issued, SubscriberVerb.END)
    with pytest.raises(SubscriberNotFoundError):
        telling.read(program)


def test_an_altered_feed_tells_nothing(telling: Telling) -> None:
    program = telling.a_program()
    telling.feed(program, purposes=frozenset({"calls"}))
    telling.give(1)
    with telling.database.write_connection() as connection:
        connection.execute(text("UPDATE subscriber SET purposes = NULL"))
    telling.work()

    with pytest.raises(AttestationError):
        telling.read(program)


def test_an_altered_change_is_left_out_and_did_not_arrive(telling: Telling) -> None:
    program = telling.a_program()
    issued = telling.feed(program)
    telling.withdraw(1)
    telling.give(2)
    telling.work()
    with telling.database.write_connection() as connection:
        connection.execute(text("UPDATE consent_change SET state = 2 WHERE subject_id = 1"))

    read = telling.read(program)

    assert ([each.subject_id for each in read.changes], read.next) == ([2], 2)
    assert telling.acknowledge(program, 2) == 1
    assert [(each.subject_id, each.state) for each in telling.deliveries(issued)] == [
        (1, DeliveryState.DEAD),
        (2, DeliveryState.DELIVERED),
    ]


def test_a_change_that_commits_late_is_never_skipped(telling: Telling) -> None:
    program = telling.a_program()
    telling.feed(program)

    def meanwhile() -> Stretch:
        telling.give(2)
        telling.work()
        return telling.read(program)

    with ThreadPoolExecutor(1) as elsewhere:
        with telling.database.write() as slow:
            # It is numbered first, and commits last; on SQLite whoever writes next waits for it.
            record_consent(slow, telling.consents, SUPPORT, an_event(EventKind.WITHDRAWN, 1))
            reading = elsewhere.submit(meanwhile)
            # On SQLite nothing can overtake; elsewhere a busy machine is waited for.
            overtaken = bool(wait([reading], timeout=1 if telling.database.dialect == "sqlite" else 30).done)
        first = reading.result()
    telling.work()
    second = telling.read(program, after=first.next)

    assert overtaken is (telling.database.dialect == "postgresql")
    assert [each.subject_id for each in first.changes] == ([2] if overtaken else [1, 2])
    assert [each.subject_id for each in second.changes] == ([1] if overtaken else [])
