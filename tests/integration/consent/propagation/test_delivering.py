"""Changes told to webhooks, over real HTTP: signed, in order per person, at least once, nothing missed."""

import base64
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from audit.models import LogEntry
from consent.propagation.backoff import MOST_REFUSALS
from consent.propagation.errors import SubscriberWayError, WebhookAddressError
from consent.propagation.models import ConsentChange, Subscriber
from consent.propagation.sending import HttpPost
from consent.propagation.values import SILENT_AFTER, DeliveryState, PauseCause, SubscriberState, SubscriberVerb
from consent.states import EventKind
from tests.builders.propagation import Received, Receiver, Telling


def is_signed(post: Received, secret: str) -> bool:
    """Verify a post as a receiver does, by the words of the specification alone."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return f"v1,{expected}" in post.headers["webhook-signature"].split()


def test_a_withdrawal_is_told_within_one_turn_of_the_worker(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    telling.work()
    telling.give(1)
    telling.withdraw(1)

    steps = telling.work()

    assert steps <= 3
    given, withdrawn = receiver.got
    assert is_signed(given, str(issued.secret))
    assert not is_signed(given, "whsec_" + base64.b64encode(bytes(32)).decode())
    assert abs(int(withdrawn.headers["webhook-timestamp"]) - telling.clock.now().timestamp()) < 1
    assert withdrawn.told == {
        "position": 2,
        "subject_id": 1,
        "purpose": "newsletter",
        "channel": "email",
        "sequence": 2,
        "kind": "withdrawn",
        "state": "withdrawn",
        "occurred_at": "2026-11-22T09:02:00Z",
        "recorded_at": "2026-11-22T09:02:00Z",
        "holds_until": None,
    }
    evidence = telling.deliveries(issued)
    assert [(each.state, each.attempts, each.last_status) for each in evidence] == [
        (DeliveryState.DELIVERED, 1, 204)
    ] * 2
    assert [each.message_id for each in evidence] == [each.id for each in receiver.got]
    assert telling.record(issued).waiting == 0


def test_an_idle_worker_does_nothing(telling: Telling, receiver: Receiver) -> None:
    telling.subscribe(receiver.address)
    telling.work()

    assert telling.work() == 0


def test_a_subscriber_that_is_down_for_an_hour_gets_everything_in_order_once_it_is_back(telling: Telling) -> None:
    receiver = Receiver()
    with receiver.listening():
        issued = telling.subscribe(receiver.address)
    for _ in range(20):
        # They change their minds while nobody listens.
        telling.give(1, 2)
        telling.work()
        telling.withdraw(2, 1)
        telling.work()
    assert telling.record(issued).waiting == 80
    assert telling.record(issued).failures > 0
    with receiver.listening():
        telling.clock.advance(minutes=5)
        telling.work()

    assert receiver.persons == [(1, "given"), (2, "given"), (2, "withdrawn"), (1, "withdrawn")] * 20
    assert [each.told["position"] for each in receiver.got] == [*range(1, 81)]
    assert len({each.id for each in receiver.got}) == 80
    after = telling.record(issued)
    assert (after.waiting, after.dead, after.failures, after.retry_at) == (0, 0, 0, None)


def test_whoever_does_not_answer_is_let_rest_longer_each_time(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.refuse(503)
    telling.give(1)
    waits = []
    for _ in range(12):
        telling.work()
        retry_at = telling.record(issued).retry_at
        assert retry_at is not None
        waits.append((retry_at - telling.clock.now()).total_seconds())
        telling.clock.moment = retry_at

    assert len(receiver.got) == 12
    assert 2 <= waits[0] <= 5
    assert 150 <= waits[-1] <= 300
    assert len({each.id for each in receiver.got}) == 1


@pytest.mark.parametrize("status", [302, 401, 403, 429, 500, 503])
def test_what_speaks_of_the_line_makes_no_dead_letter(telling: Telling, receiver: Receiver, status: int) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.location = receiver.address + "/elsewhere"
    receiver.refuse(status)
    telling.give(1, 2)
    for _ in range(MOST_REFUSALS + 2):
        telling.work()
        telling.clock.advance(minutes=6)
    receiver.take()
    telling.work()

    assert {each.path for each in receiver.got} == {"/hook"}
    assert receiver.persons[-2:] == [(1, "given"), (2, "given")]
    assert telling.record(issued).dead == 0


def test_what_is_refused_about_one_person_holds_nobody_else_up(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.refuse(422, 1)
    telling.give(1, 2)
    telling.withdraw(1, 2)
    telling.work()
    taken = [each for each in receiver.persons if each[0] == 2]
    for _ in range(MOST_REFUSALS):
        telling.clock.advance(minutes=6)
        telling.work()

    assert taken == [(2, "given"), (2, "withdrawn")]
    assert {state for subject, state in receiver.persons if subject == 1} == {"given"}
    assert len(receiver.got) == MOST_REFUSALS + 2
    [dead] = telling.deliveries(issued, DeliveryState.DEAD)
    [behind] = telling.deliveries(issued, DeliveryState.WAITING)
    assert (dead.subject_id, dead.last_status, dead.attempts) == (1, 422, MOST_REFUSALS)
    assert (behind.subject_id, behind.attempts) == (1, 0)


def test_whoever_says_that_they_are_gone_is_paused(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.refuse(410)
    telling.give(1)
    telling.work()
    telling.clock.advance(days=1)
    telling.work()

    said = telling.record(issued).says
    assert said is not None
    assert (said.state, said.paused_because) == (SubscriberState.PAUSED, PauseCause.GONE)
    assert len(receiver.got) == 1


def test_whoever_was_silent_for_a_month_is_paused_and_resumed_with_everything(
    telling: Telling, receiver: Receiver
) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.refuse(500)
    telling.give(1)
    telling.work()
    telling.clock.moment += SILENT_AFTER
    telling.work()
    telling.withdraw(1)
    said = telling.record(issued).says
    assert said is not None
    assert (said.state, said.paused_because) == (SubscriberState.PAUSED, PauseCause.SILENT)
    receiver.take()
    receiver.got.clear()
    telling.work()
    assert receiver.got == []

    telling.move(issued, SubscriberVerb.RESUME)
    telling.work()

    assert receiver.persons == [(1, "given"), (1, "withdrawn")]


def test_a_worker_killed_between_the_post_and_its_commit_posts_again_under_the_same_id(
    telling: Telling, receiver: Receiver
) -> None:
    class Killed(HttpPost):
        def send(self, *args: object, **more: object) -> int | None:
            super().send(*args, **more)  # type: ignore[arg-type] # passed on
            raise SystemExit

    issued = telling.subscribe(receiver.address)
    telling.give(1)
    telling.withdraw(1)
    with pytest.raises(SystemExit):
        telling.worker(Killed).run_once()
    assert telling.record(issued).waiting == 2
    telling.clock.advance(minutes=2)
    telling.work()

    first, again, withdrawn = receiver.got
    assert (first.id, first.body) == (again.id, again.body)
    assert withdrawn.id != first.id
    assert receiver.persons == [(1, "given"), (1, "given"), (1, "withdrawn")]


def test_a_worker_that_lost_the_job_writes_nothing_down(telling: Telling, receiver: Receiver) -> None:
    class Slow(HttpPost):
        def send(self, *args: object, **more: object) -> int | None:
            status = super().send(*args, **more)  # type: ignore[arg-type] # passed on
            # Its lease ends meanwhile, and another worker finds that the subscriber is away.
            telling.clock.advance(minutes=2)
            receiver.refuse(503)
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(telling.work).result()
            return status

    issued = telling.subscribe(receiver.address)
    telling.give(1)
    telling.withdraw(1)
    telling.worker(Slow).run_once()

    first, again = receiver.got
    assert first.id == again.id
    assert [(each.state, each.attempts) for each in telling.deliveries(issued)] == [
        (DeliveryState.WAITING, 1),
        (DeliveryState.WAITING, 0),
    ]


def test_a_paused_subscriber_is_told_nothing_and_then_everything(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    telling.move(issued, SubscriberVerb.PAUSE)
    telling.give(1)
    telling.work()
    assert receiver.got == []

    telling.move(issued, SubscriberVerb.RESUME)
    telling.work()

    assert receiver.persons == [(1, "given")]


def test_an_ended_subscriber_is_told_nothing_more(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    telling.give(1)
    telling.move(issued, SubscriberVerb.PAUSE)
    telling.work()
    telling.move(issued, SubscriberVerb.END)
    telling.give(2)
    telling.work()

    assert receiver.got == []
    assert [each.state for each in telling.deliveries(issued)] == [DeliveryState.SKIPPED]


def test_each_is_told_of_the_purposes_that_they_asked_for(telling: Telling, receiver: Receiver) -> None:
    other = Receiver()
    with other.listening():
        telling.subscribe(receiver.address, purposes=frozenset({"calls"}))
        telling.subscribe(other.address, name="everything")
        telling.give(1)
        telling.say(EventKind.GIVEN, purpose="calls")
        telling.work()

    assert [each.told["purpose"] for each in receiver.got] == ["calls"]
    assert [each.told["purpose"] for each in other.got] == ["newsletter", "calls"]


def test_one_that_does_not_answer_holds_no_other_up(telling: Telling, receiver: Receiver) -> None:
    nobody = Receiver()
    with nobody.listening():
        telling.subscribe(nobody.address, name="nobody")
    telling.subscribe(receiver.address)
    telling.give(1, 2)
    telling.work()

    assert receiver.persons == [(1, "given"), (2, "given")]


def test_an_altered_subscriber_is_told_nothing_and_can_be_ended(telling: Telling, receiver: Receiver) -> None:
    thief = Receiver()
    with thief.listening():
        issued = telling.subscribe(receiver.address)
        with telling.database.write_connection() as connection:
            connection.execute(text("UPDATE subscriber SET address = :to"), {"to": thief.address})
        telling.give(1)
        telling.work()

        assert (receiver.got, thief.got) == ([], [])
    assert telling.record(issued).says is None
    assert not telling.record(issued).intact
    assert telling.move(issued, SubscriberVerb.END).intact


def test_one_that_sql_has_ended_is_ended_by_a_person(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    ended = "UPDATE subscriber SET state = 'ended', ended_at = made_at, secret = NULL, secret_since = NULL"
    with telling.database.write_connection() as connection:
        connection.execute(text(ended))
    assert not telling.record(issued).intact

    assert telling.move(issued, SubscriberVerb.END).intact


def test_one_that_was_altered_for_months_holds_no_other_up(telling: Telling, receiver: Receiver) -> None:
    other = Receiver()
    with other.listening():
        issued = telling.subscribe(receiver.address)
        telling.subscribe(other.address, name="another")
        with telling.database.write_connection() as connection:
            connection.execute(text("UPDATE subscriber SET purposes = '[2]' WHERE name <> 'another'"))
        for _ in range(3):
            telling.give(1)
            telling.withdraw(1)
            telling.work()
            telling.clock.moment += SILENT_AFTER

        assert other.persons == [(1, "given"), (1, "withdrawn")] * 3
    assert receiver.got == []
    assert telling.record(issued).failures > 0


def test_a_purpose_that_was_altered_is_told_of_once_it_is_put_back(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    telling.withdraw(1)
    telling.say(EventKind.WITHDRAWN, 2, "calls")
    for slug in ("other", "newsletter"):
        with telling.database.write_connection() as connection:
            connection.execute(text("UPDATE purpose SET slug = :slug WHERE id = 1"), {"slug": slug})
        telling.work()
        telling.clock.advance(minutes=6)
    telling.work()

    assert [each.told["purpose"] for each in receiver.got] == ["calls", "newsletter"]
    assert (telling.record(issued).waiting, telling.record(issued).dead) == (0, 0)


def test_a_webhook_that_moved_is_told_the_rest_at_its_new_address(telling: Telling, receiver: Receiver) -> None:
    nobody = Receiver()
    with nobody.listening():
        issued = telling.subscribe(nobody.address)
        telling.give(1)
        telling.work()
    telling.withdraw(1)
    telling.work()

    telling.redirect(issued, address=receiver.address)
    telling.work()

    assert (nobody.persons, receiver.persons) == ([(1, "given")], [(1, "withdrawn")])
    with pytest.raises(WebhookAddressError):
        telling.redirect(issued, address="http://crm.demo.example/")
    with pytest.raises(SubscriberWayError):
        telling.redirect(issued, address=receiver.address, token_id=issued.subscriber.id)


def test_what_an_altered_subscriber_missed_it_is_told_once_its_row_is_put_back(
    telling: Telling, receiver: Receiver
) -> None:
    telling.subscribe(receiver.address, purposes=frozenset({"newsletter"}))
    for name in ("somebody else", "the newsletter's system"):
        with telling.database.write_connection() as connection:
            connection.execute(text("UPDATE subscriber SET name = :name"), {"name": name})
        telling.give(1)
        telling.say(EventKind.GIVEN, purpose="calls")
        telling.withdraw(1)
        telling.work()
    telling.clock.advance(minutes=6)
    telling.work()

    assert receiver.persons == [(1, "given"), (1, "withdrawn")] * 2


def test_an_altered_change_is_told_to_nobody(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    telling.withdraw(1)
    with telling.database.write_connection() as connection:
        connection.execute(text("UPDATE consent_change SET state = 2"))
    telling.give(2)
    telling.work()

    assert receiver.persons == [(2, "given")]
    [dead] = telling.deliveries(issued, DeliveryState.DEAD)
    assert (dead.subject_id, dead.told, dead.attempts) == (1, None, 0)


def test_recording_without_subscribers_writes_nothing_to_be_told(telling: Telling, receiver: Receiver) -> None:
    telling.give(1)
    telling.move(telling.subscribe(receiver.address), SubscriberVerb.END)
    telling.subscribe(receiver.address, purposes=frozenset({"calls"}))
    telling.give(2)

    with telling.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ConsentChange)) == 0


def test_an_event_that_changes_nothing_is_not_told(telling: Telling, receiver: Receiver) -> None:
    telling.subscribe(receiver.address)
    for kind in (EventKind.REFUSED, EventKind.REFUSED, EventKind.REQUESTED):
        telling.say(kind)
    telling.work()

    assert receiver.persons == [(1, "refused")]


def test_after_an_altered_past_it_is_told_what_stands_now(telling: Telling, receiver: Receiver) -> None:
    telling.subscribe(receiver.address)
    telling.give(1)
    with telling.database.write_connection() as connection:
        connection.execute(text("UPDATE consent SET holds_until = 4102444800"))
    telling.say(EventKind.RENEWED)
    telling.work()

    assert receiver.persons == [(1, "given"), (1, "invalidated")]


def test_the_secret_lies_sealed_and_goes_with_the_subscriber(telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    with telling.database.read() as session:
        sealed = session.scalars(select(Subscriber.secret)).one()
    assert sealed is not None
    assert str(issued.secret).encode() not in sealed

    telling.move(issued, SubscriberVerb.END)

    with telling.database.read() as session:
        assert session.scalars(select(Subscriber.secret)).one() is None


def test_the_log_tells_of_subscribers_and_dead_letters_and_of_an_address_the_host_alone(
    telling: Telling, receiver: Receiver
) -> None:
    telling.subscribe(receiver.address)
    receiver.refuse(400)
    telling.give(1)
    for _ in range(MOST_REFUSALS):
        telling.work()
        telling.clock.advance(minutes=6)
    with telling.database.read() as session:
        bodies = [body.decode() for body in session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))]

    about = [body for body in bodies if '"type":"subscriber"' in body]
    assert ['"verb":"make"' in about[0], '"verb":"give-up"' in about[1], len(about)] == [True, True, 2]
    assert '"host":"127.0.0.1"' in about[0]
    assert not any("/hook" in body or "newsletter's system" in body for body in bodies)
