"""Dead letters sent again or skipped; what waits behind them follows in order."""

import pytest

from consent.propagation.backoff import MOST_REFUSALS
from consent.propagation.errors import (
    DeliveryNotFoundError,
    DeliveryStepError,
    NotSubscriberKeeperError,
    SubscriberNotFoundError,
)
from consent.propagation.service.settling import Settle, replay, settle_delivery
from consent.propagation.values import DeliveryRecord, DeliveryState, DeliveryVerb, Issued, SubscriberVerb
from governance.actor import Actor, Role
from tests.builders.ground import an_actor
from tests.builders.propagation import CONTROLLER, DPO, Receiver, Telling


def poisoned(telling: Telling, receiver: Receiver) -> Issued:
    """Let one person's first change die, with two behind it."""
    issued = telling.subscribe(receiver.address)
    receiver.refuse(400, 1)
    telling.give(1)
    telling.withdraw(1)
    telling.give(1, 2)
    for _ in range(MOST_REFUSALS):
        telling.work()
        telling.clock.advance(minutes=6)
    receiver.take()
    telling.work()
    assert telling.record(issued).dead == 1
    assert telling.record(issued).waiting == 2
    receiver.got.clear()
    return issued


def settle(
    telling: Telling, issued: Issued, verb: DeliveryVerb, actor: Actor = CONTROLLER, position: int = 1
) -> DeliveryRecord:
    command = Settle(subscriber_id=issued.subscriber.id, position=position, verb=verb, reason="known there by hand")
    with telling.database.write() as session:
        return settle_delivery(session, telling.desk, actor, command)


def test_a_dead_letter_is_sent_again_with_what_waits_behind_it(telling: Telling, receiver: Receiver) -> None:
    issued = poisoned(telling, receiver)

    told = settle(telling, issued, DeliveryVerb.REPLAY, DPO)
    telling.work()

    assert told.state is DeliveryState.WAITING
    assert receiver.persons == [(1, "given"), (1, "withdrawn"), (1, "given")]
    assert {each.state for each in telling.deliveries(issued)} == {DeliveryState.DELIVERED}


def test_a_skipped_one_lets_those_behind_it_go_on(telling: Telling, receiver: Receiver) -> None:
    issued = poisoned(telling, receiver)
    before = telling.entries()

    settle(telling, issued, DeliveryVerb.SKIP)
    after = telling.entries()
    telling.work()

    assert receiver.persons == [(1, "withdrawn"), (1, "given")]
    assert [each.position for each in telling.deliveries(issued, DeliveryState.SKIPPED)] == [1]
    assert after == before + 1


def test_all_dead_letters_are_sent_again_at_once(telling: Telling, receiver: Receiver) -> None:
    issued = poisoned(telling, receiver)
    with telling.database.write() as session:
        count = replay(session, telling.desk, DPO, issued.subscriber.id, None)
    telling.work()

    assert count == 1
    assert receiver.persons == [(1, "given"), (1, "withdrawn"), (1, "given")]


def test_whoever_lost_what_they_were_told_is_told_it_again_in_order_under_the_same_ids(
    telling: Telling, receiver: Receiver
) -> None:
    issued = telling.subscribe(receiver.address)
    telling.give(1, 2)
    telling.withdraw(1)
    telling.work()
    before = [*receiver.got]
    receiver.got.clear()
    with telling.database.write() as session:
        count = replay(session, telling.desk, CONTROLLER, issued.subscriber.id, 1)
    telling.work()

    assert count == 2
    assert [(each.id, each.body) for each in receiver.got] == [(each.id, each.body) for each in before[1:]]


def test_only_dead_letters_are_settled(telling: Telling, receiver: Receiver) -> None:
    issued = poisoned(telling, receiver)
    for position in (2, 4):
        for verb in (DeliveryVerb.REPLAY, DeliveryVerb.SKIP):
            with pytest.raises(DeliveryStepError):
                settle(telling, issued, verb, position=position)
    with pytest.raises(DeliveryNotFoundError):
        settle(telling, issued, DeliveryVerb.SKIP, position=5)
    telling.move(issued, SubscriberVerb.END)
    with pytest.raises(SubscriberNotFoundError), telling.database.write() as session:
        replay(session, telling.desk, CONTROLLER, issued.subscriber.id, 0)


@pytest.mark.parametrize("role", list(Role))
def test_the_officer_may_send_again_and_the_controller_alone_skips(
    telling: Telling, receiver: Receiver, role: Role
) -> None:
    issued = telling.subscribe(receiver.address)
    for verb, roles in (
        (DeliveryVerb.REPLAY, {Role.CONTROLLER, Role.DPO}),
        (DeliveryVerb.SKIP, {Role.CONTROLLER}),
    ):
        refused = DeliveryNotFoundError if role in roles else NotSubscriberKeeperError
        with pytest.raises(refused):
            settle(telling, issued, verb, an_actor(role))
