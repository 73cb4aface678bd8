"""Requests, the matrix, reviews and simulations over REST: strict in, listed out, closed to everybody else."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from audit.log import Log
from governance.actor import ActorKind, Role
from governance.database import Database
from governance.policies.reach import Reach, Reached
from governance.policies.service import Desk
from governance.policies.views import blueprints
from governance.vault.attest import Attestor
from tests.builders.audit import a_log
from tests.builders.policies import a_person
from tests.builders.register import OWNER_ID
from tests.builders.rest import Behinds, a_closed_client, a_rest_app, asking

SUPPORT = asking(Role.SUPPORT, 21)
CONTROLLER = asking(Role.CONTROLLER, 22)
OWNER = asking(Role.OWNER, OWNER_ID.int)
DATA = {
    "role": "support",
    "purpose": "customer-relationship",
    "categories": ["identity", "contact"],
    "form": "masked",
    "reason": "Answering.",
}
SOME_ID = uuid.UUID(int=7)
OVERSEERS = {Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR, Role.SECURITY}
REVIEWERS = {Role.OWNER, Role.CONTROLLER}


def nobody(*_: object) -> Reached:
    return Reached(customers=9, fields=(), consent=False, open=True)


@pytest.fixture
def client(database: Database, desk: Desk) -> Iterator[FlaskClient]:
    a_person(database, desk, Role.SUPPORT, number=21)
    a_person(database, desk, Role.CONTROLLER, number=22)
    log = a_log(database, desk.clock, desk.ids)
    services = {Attestor: desk.attestor, Reach: Reach(nobody), Log: log}
    behind = Behinds(database, desk.clock, desk.ids, services)
    yield a_rest_app(behind, *blueprints).test_client()
    log.close()


def ask(client: FlaskClient, body: dict[str, Any] | None = None, headers: dict[str, str] = SUPPORT) -> dict[str, Any]:
    answer = client.post("/api/v1/access-requests", json=body or DATA, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    return told


def test_data_is_asked_for_granted_for_less_and_held(client: FlaskClient) -> None:
    asked = ask(client)
    path = f"/api/v1/access-requests/{asked['id']}"

    less = client.post(f"{path}/approve", json={"categories": ["contact"]}, headers=CONTROLLER)
    twice = client.post(f"{path}/approve", json={}, headers=CONTROLLER)
    held = client.get("/api/v1/access", headers=SUPPORT).get_json()

    assert (asked["state"], asked["kinds"]) == ("waiting", ["customer", "prospect"])
    assert (less.get_json()["given_categories"], less.get_json()["alone"]) == (["contact"], False)
    assert twice.status_code == 409
    (role,) = held["roles"]
    (line,) = role["purposes"][0]["gives"]
    assert (line["categories"], line["form"], line["action"]) == (["contact"], "masked", "read")


def test_a_role_is_asked_for_refused_and_withdrawn(client: FlaskClient) -> None:
    first = ask(client, {"role": "sales", "reason": "Standing in."})
    path = f"/api/v1/access-requests/{first['id']}"
    refused = client.post(f"{path}/refuse", json={"because": "No."}, headers=CONTROLLER)
    second = ask(client, {"role": "sales", "reason": "Standing in."})
    withdrawn = client.post(f"/api/v1/access-requests/{second['id']}/withdraw", headers=SUPPORT)

    assert (refused.get_json()["state"], refused.get_json()["because"]) == ("refused", "No.")
    assert withdrawn.get_json()["state"] == "withdrawn"
    assert client.post(f"{path}/refuse", json={}, headers=CONTROLLER).status_code == 422


def test_others_see_nothing_of_a_request(client: FlaskClient) -> None:
    asked = ask(client)
    path = f"/api/v1/access-requests/{asked['id']}"
    stranger, program = asking(Role.SUPPORT, 77), asking(Role.SUPPORT, 21, ActorKind.PROGRAM)

    assert client.get(path, headers=stranger).status_code == 404
    assert client.post(f"{path}/withdraw", headers=stranger).status_code == 404
    assert client.get(path, headers=program).status_code == 404
    assert client.get("/api/v1/access-requests", headers=stranger).get_json()["requests"] == []
    assert client.post("/api/v1/access-requests", json=DATA, headers=program).status_code == 403
    for headers in (SUPPORT, CONTROLLER, OWNER):
        assert client.get(path, headers=headers).status_code == 200
        assert len(client.get("/api/v1/access-requests", headers=headers).get_json()["requests"]) == 1


def test_requests_are_listed_in_pages_newest_first_and_filtered(client: FlaskClient) -> None:
    made = [ask(client, {**DATA, "categories": [each]})["id"] for each in ("identity", "contact")]
    made.append(ask(client, {"role": "sales", "reason": "x"})["id"])
    first = client.get("/api/v1/access-requests?limit=2", headers=CONTROLLER).get_json()
    rest = client.get(f"/api/v1/access-requests?limit=2&after={first['next']}", headers=CONTROLLER).get_json()

    assert [each["id"] for each in first["requests"] + rest["requests"]] == made[::-1]
    assert client.get("/api/v1/access-requests?state=refused", headers=CONTROLLER).get_json()["requests"] == []
    assert client.get("/api/v1/access-requests?mine=true", headers=CONTROLLER).get_json()["requests"] == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": ""}, 422),
        ({"role": "king"}, 422),
        ({"role": "sales"}, 422),
        ({"purpose": "nothing"}, 404),
        ({"purpose": "a\0b"}, 422),
        ({"purpose": None}, 422),
        ({"categories": []}, 422),
        ({"categories": None}, 422),
        ({"categories": ["special"]}, 422),
        ({"kinds": ["employee"]}, 422),
        ({"form": "withheld"}, 422),
        ({"action": "change"}, 422),
        ({"valid_until": "2027-01-01"}, 422),
        ({"valid_until": "2099-01-01T00:00:00Z"}, 422),
        ({"state": "approved"}, 422),
        ({"alone": True}, 422),
    ],
)
def test_what_makes_no_sense_is_a_problem(client: FlaskClient, fields: dict[str, Any], status: int) -> None:
    answer = client.post("/api/v1/access-requests", json={**DATA, **fields}, headers=SUPPORT)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_matrix_is_drawn_for_any_moment_and_compared(client: FlaskClient, desk: Desk) -> None:
    asked = ask(client)
    client.post(f"/api/v1/access-requests/{asked['id']}/approve", json={}, headers=CONTROLLER)
    earlier = (desk.clock.now() - timedelta(days=1)).isoformat()

    now = client.get("/api/v1/grants/matrix", headers=OWNER).get_json()
    then = client.get("/api/v1/grants/matrix", query_string={"at": earlier}, headers=OWNER).get_json()
    both = client.get("/api/v1/grants/matrix", query_string={"since": earlier}, headers=OWNER).get_json()

    (cell,) = now["cells"]
    assert (cell["role"], cell["purpose"]) == ("support", "customer-relationship")
    assert [(each["category"], each["form"], each["change"]) for each in cell["categories"]] == [
        ("identity", "masked", "unchanged"),
        ("contact", "masked", "unchanged"),
    ]
    assert then["cells"] == []
    assert {each["change"] for each in both["cells"][0]["categories"]} == {"new"}
    assert client.get("/api/v1/grants/matrix?at=yesterday", headers=OWNER).status_code == 422


def test_reviews_are_listed_and_answered(client: FlaskClient) -> None:
    asked = ask(client)
    client.post(f"/api/v1/access-requests/{asked['id']}/approve", json={}, headers=CONTROLLER)
    (activity,) = client.get("/api/v1/grants/reviews", headers=OWNER).get_json()["activities"]
    (group,) = activity["grants"]

    kept = client.post("/api/v1/grants/reviews", json={"grants": group["grants"], "verdict": "keep"}, headers=OWNER)
    silent = client.post(
        "/api/v1/grants/reviews", json={"grants": group["grants"], "verdict": "take-back"}, headers=OWNER
    )

    assert (kept.status_code, silent.status_code) == (204, 422)
    (activity,) = client.get("/api/v1/grants/reviews", headers=OWNER).get_json()["activities"]
    assert activity["grants"][0]["last_review"] is not None


def test_a_simulation_tells_no_small_number(client: FlaskClient) -> None:
    body = {"role": "support", "purpose": "customer-relationship", "categories": ["identity"]}

    told = client.post("/api/v1/grants/simulate", json=body, headers=OWNER).get_json()

    assert told == {"people": 1, "programs": 0, "customers": None, "consent": False, "open": True, "fields": []}


def test_what_enforcing_would_change_is_told(client: FlaskClient) -> None:
    told = client.get("/api/v1/activities/customer-relationship-activity/observed?days=7", headers=OWNER).get_json()

    assert (told["touched"], told["mode"], len(told["days"])) == (0, "enforce", 7)
    assert client.get("/api/v1/activities/nothing/observed", headers=OWNER).status_code == 404
    assert client.get("/api/v1/activities/nothing/observed?days=0", headers=OWNER).status_code == 422


@pytest.fixture(scope="module")
def closed_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_closed_client(sqlite_template, tmp_path_factory.mktemp("closed"), *blueprints)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("method", "path", "open_to"),
    [
        ("POST", f"/access-requests/{SOME_ID}/approve", {Role.CONTROLLER}),
        ("POST", f"/access-requests/{SOME_ID}/refuse", {Role.CONTROLLER}),
        ("GET", "/grants/matrix", OVERSEERS),
        ("GET", "/grants/reviews", REVIEWERS),
        ("POST", "/grants/reviews", REVIEWERS),
        ("POST", "/grants/simulate", OVERSEERS),
        ("GET", "/activities/nothing/observed", OVERSEERS),
    ],
)
def test_each_route_is_open_to_its_roles(
    closed_client: FlaskClient, role: Role, method: str, path: str, open_to: set[Role]
) -> None:
    answer = closed_client.open(f"/api/v1{path}", method=method, json={"x": 1}, headers=asking(role))

    assert (answer.status_code != 403) is (role in open_to)
