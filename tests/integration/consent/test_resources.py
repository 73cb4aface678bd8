"""Consents and objections over REST: strict in, listed out, looked up only with a record."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from audit.log import Log
from audit.models import LogEntry
from consent.identifiers import Identifiers
from consent.permissions import READERS, RECORDERS
from consent.service import Desk
from consent.views import blueprint
from governance.actor import ActorKind, Role
from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject
from tests.builders.ground import CountingIds
from tests.builders.rest import Behinds, a_closed_client, a_rest_app, asking

PROGRAM = asking(Role.SERVICE, 9, ActorKind.PROGRAM)
SUPPORT = asking(Role.SUPPORT)
DPO = asking(Role.DPO)
GIVEN = {"subject_id": 1, "purpose": "newsletter", "channel": "email", "kind": "given", "method": "checkbox"}


@pytest.fixture
def client(database: Database, desk: Desk, log: Log) -> FlaskClient:
    services = {Attestor: desk.attestor, Keyring: desk.keyring, Identifiers: desk.identifiers, Log: log}
    return a_rest_app(Behinds(database, desk.clock, CountingIds(), services), blueprint).test_client()


def entries(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(LogEntry)) or 0


def test_a_consent_is_given_told_and_withdrawn(client: FlaskClient) -> None:
    notice = {"slug": "newsletter-form", "version": 2}
    given = client.post("/api/v1/consents", json={**GIVEN, "notice": notice, "source": "shop"}, headers=PROGRAM)
    assert given.status_code == 201
    assert given.get_json() == {
        "id": "1.newsletter.email",
        "subject_id": 1,
        "purpose": "newsletter",
        "channel": "email",
        "state": "given",
        "expires_at": None,
        "sequence": 1,
        "holds": True,
        "intact": True,
    }
    again = client.post("/api/v1/consents", json={**GIVEN, "notice": notice, "source": "shop"}, headers=PROGRAM)
    assert again.get_json() == given.get_json()

    for _ in range(2):
        withdrawn = client.post(
            "/api/v1/consents/1.newsletter.email/withdraw", json={"source": "link"}, headers=SUPPORT
        )
        assert (withdrawn.get_json()["state"], withdrawn.get_json()["sequence"]) == ("withdrawn", 2)
    history = client.get("/api/v1/consents/1.newsletter.email", headers=DPO).get_json()
    every = client.get("/api/v1/consents?subject_id=1", headers=DPO).get_json()["consents"]

    assert [(event["kind"], event["notice_id"], event["source_id"]) for event in history["events"]] == [
        ("given", 1, 1),
        ("withdrawn", None, 2),
    ]
    assert every == [history["consent"]]


def test_a_look_is_recorded_and_changes_nothing_else(client: FlaskClient, database: Database) -> None:
    before = entries(database)

    client.get("/api/v1/consents?subject_id=1", headers=DPO)
    assert client.get("/api/v1/consents/1.newsletter.email", headers=DPO).status_code == 404
    assert client.get("/api/v1/consents/nonsense", headers=DPO).status_code == 404

    assert entries(database) == before + 2


def test_a_batch_is_recorded_once(client: FlaskClient) -> None:
    events = [{**GIVEN, "subject_id": number, "occurred_at": "2026-11-01T10:00:00Z"} for number in (1, 2, 3)]

    first = client.post("/api/v1/consents/batch", json={"events": events}, headers=PROGRAM)
    second = client.post("/api/v1/consents/batch", json={"events": events}, headers=PROGRAM)

    assert first.get_json() == {"recorded": 3, "repeated": 0, "given": 3, "set_aside": 0}
    assert second.get_json() == {"recorded": 0, "repeated": 3, "given": 3, "set_aside": 0}


def test_an_objection_is_made_and_lifted(client: FlaskClient, database: Database) -> None:
    body = {"subject_id": 1, "purpose": "statistics"}

    assert client.post("/api/v1/objections", json=body, headers=SUPPORT).status_code == 204
    with database.read() as session:
        assert session.get_one(DataSubject, 1).objections == b"\0\5"
    assert client.post("/api/v1/objections/lift", json=body, headers=SUPPORT).status_code == 204
    with database.read() as session:
        assert session.get_one(DataSubject, 1).objections == b""
    against_a_contract = client.post("/api/v1/objections", json={**body, "purpose": "orders"}, headers=SUPPORT)
    assert against_a_contract.status_code == 422


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"subject_id": "1"}, 422),
        ({"subject_id": 0}, 422),
        ({"subject_id": 2**64}, 422),
        ({"subject_id": 99}, 404),
        ({"subject_id": True}, 422),
        ({"purpose": "nothing"}, 404),
        ({"purpose": "'; DELETE FROM consent; --"}, 404),
        ({"purpose": "orders"}, 409),
        ({"channel": "pigeon"}, 422),
        ({"kind": "assumed"}, 422),
        ({"method": "silence"}, 422),
        ({"method": "oral"}, 403),
        ({"notice": "newsletter-form"}, 422),
        ({"notice": {"slug": "Not A Slug"}}, 422),
        ({"notice": {"slug": "form", "version": 0}}, 422),
        ({"notice": {"slug": "form", "language": "french"}}, 422),
        ({"source": ""}, 422),
        ({"source": "a\0b"}, 422),
        ({"occurred_at": "2026-11-01T10:00:00"}, 422),
        ({"occurred_at": "2026-12-01T10:00:00Z"}, 422),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"expires_at": "2026-11-01T10:00:00Z"}, 422),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"email": "camille@demo.example"}, 422),
    ],
)
def test_what_makes_no_sense_is_a_problem_and_repeats_nothing(
    client: FlaskClient, fields: dict[str, object], status: int
) -> None:
    answer = client.post("/api/v1/consents", json={**GIVEN, **fields}, headers=PROGRAM)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert "camille" not in answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def closed_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_closed_client(sqlite_template, tmp_path_factory.mktemp("closed"), blueprint)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("method", "path", "open_to"),
    [
        ("GET", "/consents?subject_id=1", READERS),
        ("GET", "/consents/1.newsletter.email", READERS),
        ("POST", "/consents", RECORDERS),
        ("POST", "/consents/batch", RECORDERS),
        ("POST", "/consents/1.newsletter.email/withdraw", RECORDERS),
        ("POST", "/objections", RECORDERS),
        ("POST", "/objections/lift", RECORDERS),
    ],
)
def test_each_route_is_open_to_its_roles(
    closed_client: FlaskClient, role: Role, method: str, path: str, open_to: frozenset[Role]
) -> None:
    answer = closed_client.open(f"/api/v1{path}", method=method, json={"x": 1}, headers=asking(role))

    assert (answer.status_code != 403) is (role in open_to)
