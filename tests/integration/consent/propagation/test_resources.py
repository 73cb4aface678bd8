"""Subscribers, deliveries and the feed over REST: strict in, listed out, each route for its roles."""

import uuid
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from audit.log import Log
from consent.propagation.permissions import KEEPERS, LISTERS, PAUSERS, READERS, REPLAYERS
from consent.propagation.views import blueprint
from consent.service import Desk
from governance.actor import Actor, ActorKind, Role
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from tests.builders.ground import CountingIds
from tests.builders.propagation import Receiver, Telling
from tests.builders.rest import Behinds, a_closed_client, a_rest_app, asking

SUBSCRIBERS = "/api/v1/consents/subscribers"
CHANGES = "/api/v1/consents/changes"
CONTROLLER = asking(Role.CONTROLLER)
DPO = asking(Role.DPO)
NEW = {"name": "CRM", "way": "webhook", "address": "https://crm.demo.example/hook"}


@pytest.fixture
def client(telling: Telling, desk: Desk, log: Log) -> FlaskClient:
    services = {Attestor: desk.attestor, SealedValues: telling.seal, Log: log}
    return a_rest_app(Behinds(telling.database, telling.clock, CountingIds(), services), blueprint).test_client()


def by_token(program: Actor) -> dict[str, str]:
    assert program.id is not None
    return asking(Role.SERVICE, program.id.int, ActorKind.PROGRAM)


def test_a_webhook_is_made_paused_resumed_and_ended_and_its_secret_is_shown_once(client: FlaskClient) -> None:
    made = client.post(SUBSCRIBERS, json={**NEW, "purposes": ["newsletter", "calls"]}, headers=CONTROLLER)
    assert made.status_code == 201
    secret, subscriber = made.get_json()["secret"], made.get_json()["subscriber"]
    assert secret.startswith("whsec_")
    assert subscriber["says"] == {
        "name": "CRM",
        "way": "webhook",
        "state": "active",
        "address": "https://crm.demo.example/hook",
        "token_id": None,
        "purposes": ["calls", "newsletter"],
        "paused_because": None,
        "made_by": "00000000-0000-0000-0000-000000000001",
        "made_at": "2026-11-22T09:00:00+00:00",
        "ended_at": None,
    }
    one = f"{SUBSCRIBERS}/{subscriber['id']}"

    states = []
    for verb in ("pause", "resume", "end"):
        told = client.post(f"{one}/{verb}", headers=CONTROLLER).get_json()
        states.append((told["says"]["state"], told["says"]["paused_because"]))
    again = client.post(f"{one}/resume", headers=CONTROLLER)
    listed = client.get(SUBSCRIBERS, headers=DPO)

    assert states == [("paused", "decided"), ("active", None), ("ended", None)]
    assert again.status_code == 409
    assert [each["id"] for each in listed.get_json()["subscribers"]] == [subscriber["id"]]
    assert listed.get_json()["subscribers"][0] == client.get(one, headers=DPO).get_json()
    assert secret not in listed.get_data(as_text=True)


def test_after_a_rotation_both_secrets_sign_for_a_day(
    client: FlaskClient, telling: Telling, receiver: Receiver
) -> None:
    made = client.post(SUBSCRIBERS, json={**NEW, "address": receiver.address}, headers=CONTROLLER).get_json()
    rotated = client.post(f"{SUBSCRIBERS}/{made['subscriber']['id']}/rotate-secret", headers=CONTROLLER).get_json()
    telling.give(1)
    telling.work()
    telling.clock.advance(days=1)
    telling.withdraw(1)
    telling.work()

    assert rotated["secret"] != made["secret"]
    assert [len(each.headers["webhook-signature"].split()) for each in receiver.got] == [2, 1]


def test_deliveries_are_listed_page_by_page_and_the_look_is_recorded(
    client: FlaskClient, telling: Telling, receiver: Receiver
) -> None:
    issued = telling.subscribe(receiver.address)
    telling.give(1, 2, 3)
    telling.work()
    of = f"{SUBSCRIBERS}/{issued.subscriber.id}/deliveries"
    before = telling.entries()

    first = client.get(f"{of}?limit=2&state=delivered", headers=DPO).get_json()
    second = client.get(f"{of}?limit=2&after={first['next']}", headers=DPO).get_json()

    assert [each["position"] for each in (*first["deliveries"], *second["deliveries"])] == [1, 2, 3]
    assert second["next"] is None
    assert first["deliveries"][0]["told"]["state"] == "given"
    assert first["deliveries"][0]["message_id"] == receiver.got[0].id
    assert telling.entries() == before + 2


def test_dead_letters_are_sent_again_and_skipped(client: FlaskClient, telling: Telling, receiver: Receiver) -> None:
    issued = telling.subscribe(receiver.address)
    receiver.refuse(422)
    telling.give(1, 2)
    for _ in range(6):
        telling.work()
        telling.clock.advance(minutes=6)
    of = f"{SUBSCRIBERS}/{issued.subscriber.id}"

    without_reason = client.post(f"{of}/deliveries/1/skip", json={}, headers=CONTROLLER)
    skipped = client.post(f"{of}/deliveries/1/skip", json={"reason": "told by telephone"}, headers=CONTROLLER)
    replayed = client.post(f"{of}/deliveries/2/replay", headers=DPO)
    nothing_dead = client.post(f"{of}/replay", json={}, headers=DPO)
    everything = client.post(f"{of}/replay", json={"after": 0}, headers=DPO)

    assert without_reason.status_code == 422
    assert (skipped.status_code, skipped.get_json()["state"]) == (200, "skipped")
    assert (replayed.status_code, replayed.get_json()["state"]) == (200, "waiting")
    assert (nothing_dead.get_json(), everything.get_json()) == ({"deliveries": 0}, {"deliveries": 0})


def test_a_program_reads_its_feed_and_acknowledges(client: FlaskClient, telling: Telling) -> None:
    program = telling.a_program()
    body = {"name": "the newsletter's system", "way": "feed", "token_id": str(program.id), "purposes": ["newsletter"]}
    made = client.post(SUBSCRIBERS, json=body, headers=CONTROLLER)
    assert made.get_json()["secret"] is None
    telling.give(1, 2)
    telling.work()

    read = client.get(f"{CHANGES}?after=0&limit=1", headers=by_token(program)).get_json()
    acknowledged = client.post(f"{CHANGES}/acknowledge", json={"through": 1}, headers=by_token(program))

    assert read == {
        "changes": [
            {
                "position": 1,
                "subject_id": 1,
                "purpose": "newsletter",
                "channel": "email",
                "sequence": 1,
                "kind": "given",
                "state": "given",
                "occurred_at": "2026-11-22T09:01:00+00:00",
                "recorded_at": "2026-11-22T09:01:00+00:00",
                "holds_until": None,
            }
        ],
        "next": 1,
    }
    assert acknowledged.get_json() == {"deliveries": 1}
    assert client.get(CHANGES, headers=by_token(telling.a_program())).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "a\0b"}, 422),
        ({"name": 7}, 422),
        ({"way": "pigeon"}, 422),
        ({"address": "http://crm.demo.example/hook"}, 422),
        ({"address": "https://user:word@crm.demo.example/"}, 422),
        ({"address": None}, 422),
        ({"token_id": str(uuid.UUID(int=9))}, 422),
        ({"way": "feed"}, 422),
        ({"way": "feed", "address": None, "token_id": str(uuid.UUID(int=9))}, 422),
        ({"purposes": []}, 422),
        ({"purposes": ["nothing"]}, 404),
        ({"purposes": "newsletter"}, 422),
        ({"secret": "whsec_mine"}, 422),
    ],
)
def test_what_makes_no_sense_is_a_problem_and_repeats_nothing(
    client: FlaskClient, fields: dict[str, object], status: int
) -> None:
    answer = client.post(SUBSCRIBERS, json={**NEW, **fields}, headers=CONTROLLER)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert "crm.demo.example" not in answer.get_data(as_text=True)


def test_a_name_is_free_again_once_its_subscriber_ended(client: FlaskClient) -> None:
    first = client.post(SUBSCRIBERS, json=NEW, headers=CONTROLLER).get_json()["subscriber"]["id"]
    taken = client.post(SUBSCRIBERS, json=NEW, headers=CONTROLLER)
    client.post(f"{SUBSCRIBERS}/{first}/end", headers=CONTROLLER)
    free = client.post(SUBSCRIBERS, json=NEW, headers=CONTROLLER)

    assert (taken.status_code, free.status_code) == (409, 201)


def test_what_is_grave_is_for_a_person(client: FlaskClient) -> None:
    program = asking(Role.CONTROLLER, kind=ActorKind.PROGRAM)
    nobody = f"{SUBSCRIBERS}/{uuid.UUID(int=9)}"

    for path in (SUBSCRIBERS, f"{nobody}/redirect", f"{nobody}/resume", f"{nobody}/rotate-secret"):
        assert client.post(path, json=NEW, headers=program).status_code == 403
    assert client.post(f"{nobody}/end", headers=program).status_code == 404


@pytest.fixture(scope="module")
def closed_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_closed_client(sqlite_template, tmp_path_factory.mktemp("closed"), blueprint)


_NOBODY = f"/consents/subscribers/{uuid.UUID(int=9)}"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("method", "path", "open_to"),
    [
        ("GET", "/consents/subscribers", LISTERS),
        ("POST", "/consents/subscribers", KEEPERS),
        ("GET", _NOBODY, LISTERS),
        ("POST", f"{_NOBODY}/pause", PAUSERS),
        ("POST", f"{_NOBODY}/resume", KEEPERS),
        ("POST", f"{_NOBODY}/end", KEEPERS),
        ("POST", f"{_NOBODY}/redirect", KEEPERS),
        ("POST", f"{_NOBODY}/rotate-secret", KEEPERS),
        ("POST", f"{_NOBODY}/replay", REPLAYERS),
        ("GET", f"{_NOBODY}/deliveries", READERS),
        ("POST", f"{_NOBODY}/deliveries/1/replay", REPLAYERS),
        ("POST", f"{_NOBODY}/deliveries/1/skip", KEEPERS),
        ("GET", "/consents/changes", {Role.SERVICE}),
        ("POST", "/consents/changes/acknowledge", {Role.SERVICE}),
    ],
)
def test_each_route_is_open_to_its_roles(
    closed_client: FlaskClient, role: Role, method: str, path: str, open_to: frozenset[Role]
) -> None:
    answer = closed_client.open(f"/api/v1{path}", method=method, json={"x": 1}, headers=asking(role))

    assert (answer.status_code != 403) is (role in open_to)
