"""Grants over REST: strict in, listed out, closed to everybody else."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from governance.actor import Role
from governance.database import Database
from governance.policies.service import Desk
from governance.policies.views import blueprint
from governance.vault.attest import Attestor
from tests.builders.policies import a_controller
from tests.builders.register import CONTROLLER_ID, OWNER_ID
from tests.builders.rest import Behinds, a_closed_client, a_rest_app, asking

OWNER = asking(Role.OWNER, OWNER_ID.int)
CONTROLLER = asking(Role.CONTROLLER, CONTROLLER_ID.int)
ASKED = {"role": "support", "purpose": "customer-relationship", "category": "identity"}
SOME_ID = uuid.UUID(int=7)


@pytest.fixture
def client(database: Database, desk: Desk) -> FlaskClient:
    behind = Behinds(database, desk.clock, desk.ids, {Attestor: desk.attestor})
    return a_rest_app(behind, blueprint).test_client()


def test_a_grant_is_asked_for_approved_and_revoked(client: FlaskClient, database: Database, desk: Desk) -> None:
    a_controller(database, desk, number=77)
    asked = client.post("/api/v1/grants", json={**ASKED, "form": "masked", "kinds": ["customer"]}, headers=OWNER)
    assert asked.status_code == 201
    (grant,) = asked.get_json()["grants"]
    assert (grant["state"], grant["form"], grant["purpose"]) == ("requested", "masked", "customer-relationship")

    own = client.post(f"/api/v1/grants/{grant['id']}/approve", headers=asking(Role.CONTROLLER, OWNER_ID.int))
    approved = client.post(f"/api/v1/grants/{grant['id']}/approve", headers=CONTROLLER)
    twice = client.post(f"/api/v1/grants/{grant['id']}/approve", headers=CONTROLLER)
    revoked = client.post(f"/api/v1/grants/{grant['id']}/revoke", json={"because": "Left."}, headers=CONTROLLER)

    assert own.status_code == 403
    assert (approved.get_json()["state"], approved.get_json()["approved_by"]) == ("approved", str(CONTROLLER_ID))
    assert twice.status_code == 409
    assert (revoked.get_json()["state"], revoked.get_json()["revoked_because"]) == ("revoked", "Left.")
    assert client.get(f"/api/v1/grants/{grant['id']}", headers=CONTROLLER).get_json() == revoked.get_json()


def test_grants_are_listed_in_pages_and_filtered(client: FlaskClient) -> None:
    client.post("/api/v1/grants", json=ASKED, headers=OWNER)
    client.post("/api/v1/grants", json={**ASKED, "role": "dpo", "category": "contact"}, headers=OWNER)

    first = client.get("/api/v1/grants?limit=2", headers=OWNER).get_json()
    rest = client.get(f"/api/v1/grants?limit=2&after={first['next']}", headers=OWNER).get_json()
    dpo = client.get("/api/v1/grants?role=dpo&purpose=customer-relationship", headers=OWNER).get_json()

    assert (len(first["grants"]), len(rest["grants"]), rest["next"]) == (2, 1, None)
    assert [grant["category"] for grant in dpo["grants"]] == ["contact"]
    assert client.get("/api/v1/grants?purpose=nothing", headers=OWNER).status_code == 404
    assert client.get("/api/v1/grants?limit=0", headers=OWNER).status_code == 422
    assert client.get("/api/v1/grants?sort=role", headers=OWNER).status_code == 422


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"role": "admin"}, 422),
        ({"role": "king"}, 422),
        ({"role": "sales"}, 422),
        ({"purpose": "nothing"}, 404),
        ({"purpose": "a\0b"}, 422),
        ({"category": "special"}, 422),
        ({"kinds": []}, 422),
        ({"kinds": ["employee"]}, 422),
        ({"form": "withheld"}, 422),
        ({"action": "change", "form": "masked"}, 422),
        ({"exact_lookup": 1}, 422),
        ({"valid_to": "2027-01-01"}, 422),
        ({"valid_to": "2027-01-01T00:00:00"}, 422),
        ({"valid_to": "2099-01-01T00:00:00Z"}, 422),
        ({"valid_from": "9999-12-31T23:59:59Z"}, 422),
        ({"valid_from": "0001-01-01T00:00:00+14:00"}, 422),
        ({"approved_by": str(SOME_ID)}, 422),
    ],
)
def test_what_makes_no_sense_is_a_problem(client: FlaskClient, fields: dict[str, object], status: int) -> None:
    answer = client.post("/api/v1/grants", json={**ASKED, **fields}, headers=OWNER)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_validity_is_given_in_utc(client: FlaskClient, desk: Desk) -> None:
    end = desk.clock.now() + timedelta(days=10)
    asked = client.post("/api/v1/grants", json={**ASKED, "valid_to": end.isoformat()}, headers=OWNER)

    assert asked.get_json()["grants"][0]["valid_to"] == end.isoformat()


@pytest.fixture(scope="module")
def closed_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_closed_client(sqlite_template, tmp_path_factory.mktemp("closed"), blueprint)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("method", "path", "open_to"),
    [
        ("GET", "/grants", {Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN}),
        ("POST", "/grants", {Role.OWNER, Role.CONTROLLER}),
        ("GET", f"/grants/{SOME_ID}", {Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN}),
        ("POST", f"/grants/{SOME_ID}/approve", {Role.CONTROLLER}),
        ("POST", f"/grants/{SOME_ID}/revoke", {Role.OWNER, Role.CONTROLLER, Role.SECURITY}),
    ],
)
def test_each_route_is_open_to_its_roles(
    closed_client: FlaskClient, role: Role, method: str, path: str, open_to: set[Role]
) -> None:
    answer = closed_client.open(f"/api/v1{path}", method=method, json={"x": 1}, headers=asking(role))

    assert (answer.status_code != 403) is (role in open_to)
