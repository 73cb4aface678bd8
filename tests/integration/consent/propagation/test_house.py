"""The whole house: a withdrawal over REST reaches a webhook by the worker that does everything else too."""

from consent.propagation.service.keeping import add_subscriber
from consent.propagation.values import Desk, NewSubscriber, Way, Whereto
from governance.actor import Role
from governance.vault.sealed_values import SealedValues
from governance.work import worker_of
from tests.builders.ground import an_actor
from tests.builders.propagation import Receiver
from tests.builders.service import Service

# As many steps as the other work of a fresh house takes before it is this one's turn.
A_TURN = 40


def test_a_withdrawal_over_rest_reaches_a_webhook_in_one_turn_of_the_house_s_worker(
    service: Service, receiver: Receiver
) -> None:
    wired = service.wired
    desk = Desk(clock=wired.clock, ids=wired.ids, attestor=wired.attestor)
    command = NewSubscriber(name="CRM", way=Way.WEBHOOK, whereto=Whereto(address=receiver.address))
    with wired.write() as session:
        add_subscriber(session, desk, SealedValues(wired.keyring), an_actor(Role.CONTROLLER), command)
    given = {
        "subject_id": 1,
        "purpose": "email-marketing",
        "channel": "email",
        "kind": "withdrawn",
        "method": "api",
    }
    answer = service.program(Role.SERVICE).post("/consents", given)
    assert answer.status_code == 201
    worker = worker_of(wired)
    worker.enqueue_periodic()

    for _ in range(A_TURN):
        worker.run_once()

    told = [(each.told["subject_id"], each.told["state"]) for each in receiver.got]
    # What had run out meanwhile is told too.
    assert [each for each in told if each[1] != "expired"] == [(1, "withdrawn")]
