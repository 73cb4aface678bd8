"""Telling of refusals over REST: addresses in the body, counts in the answer, strict in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from audit.log import Log
from audit.models import LogEntry
from consent.identifiers import Identifiers
from consent.service import Desk
from consent.suppression.models import Suppression
from consent.views import blueprint
from governance.actor import Role
from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from tests.builders.ground import CountingIds
from tests.builders.rest import Behinds, a_rest_app, asking

SUPPORT = asking(Role.SUPPORT)
PLACE = "/api/v1/suppressions"


@pytest.fixture
def client(database: Database, desk: Desk, log: Log) -> FlaskClient:
    services = {Attestor: desk.attestor, Keyring: desk.keyring, Identifiers: desk.identifiers, Log: log}
    return a_rest_app(Behinds(database, desk.clock, CountingIds(), services), blueprint).test_client()


def test_a_list_is_told_in_counts_and_twice_is_once(client: FlaskClient, database: Database) -> None:
    told = {
        "emails": ["zoe@demo.example", "ZOE@demo.example", "nonsense"],
        "telephones": ["06 39 98 00 01"],
        "source": "Liste Robinson",
    }

    first = client.post(PLACE, json=told, headers=SUPPORT)
    second = client.post(PLACE, json=told, headers=SUPPORT)

    assert first.get_json() == {"added": 2, "repeated": 0, "unreadable": 1}
    assert second.get_json() == {"added": 0, "repeated": 2, "unreadable": 1}
    with database.read() as session:
        rows = session.scalars(select(Suppression)).all()
        assert {(row.purpose_id, row.channel, row.source_id) for row in rows} == {(0, 0, 1)}
        assert sorted(row.kind for row in rows) == [1, 2]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"emails": ["zoe@demo.example"], "purpose": "nothing"}, 404),
        ({"emails": ["zoe@demo.example"], "since": "2031-01-01T00:00:00Z"}, 422),
        ({"emails": ["zoe@demo.example"], "reason": "erasure"}, 422),
        ({"emails": ["zoe@demo.example"], "surprise": 1}, 422),
        ({"emails": ["zoe@demo.example"] * 1_001}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_quotes_no_address(
    client: FlaskClient, database: Database, told: dict[str, object], status: int
) -> None:
    answer = client.post(PLACE, json=told, headers=SUPPORT)

    assert answer.status_code == status
    assert "zoe" not in answer.get_data(as_text=True)
    with database.read() as session:
        assert session.scalars(select(Suppression)).all() == []


def test_a_refusal_may_name_its_purpose_its_channel_and_its_day(client: FlaskClient, database: Database) -> None:
    told = {
        "emails": ["zoe@demo.example"],
        "purpose": "statistics",
        "channel": "email",
        "since": "2026-01-05T10:00:00Z",
        "reason": "complaint",
    }

    assert client.post(PLACE, json=told, headers=SUPPORT).get_json()["added"] == 1

    with database.read() as session:
        row = session.scalars(select(Suppression)).one()
        assert (row.purpose_id, row.channel, row.reason, row.since.year) == (5, 1, 5, 2026)
        body = bytes(session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index.desc())).first() or b"")
        assert b'"reason":"complaint"' in body
        assert b"zoe" not in body
