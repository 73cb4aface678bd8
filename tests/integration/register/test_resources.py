"""The register over REST: strict in, listed out, closed to everybody else."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from governance.actor import Role
from governance.database import Database
from governance.vault.attest import Attestor
from register.service import Desk
from register.views import blueprints
from tests.builders.register import CONTROLLER_ID, DPO_ID, OWNER_ID, a_complete_draft, activate
from tests.builders.rest import Behinds, a_closed_client, a_rest_app, asking

OWNER = asking(Role.OWNER, OWNER_ID.int)
DPO = asking(Role.DPO, DPO_ID.int)
CONTROLLER = asking(Role.CONTROLLER, CONTROLLER_ID.int)

ACTIVITY = {"slug": "crm", "name_fr": "Clients", "name_en": "Customers"}
PURPOSE = {"activity": "crm", "slug": "calls", "label_fr": "Appels", "label_en": "Calls", "basis": "contract"}
TERMS = {"subject_kind": "customer", "category": "contact", "active_for": "P1Y", "starting_event": "last-contact"}


@pytest.fixture
def client(database: Database, desk: Desk) -> FlaskClient:
    behind = Behinds(database, desk.clock, desk.ids, {Attestor: desk.attestor})
    return a_rest_app(behind, *blueprints).test_client()


def test_an_activity_is_drafted_submitted_advised_and_activated(client: FlaskClient) -> None:
    party = client.post("/api/v1/parties", json={"name": "Boutique Exemple", "legal_form": "SARL"}, headers=OWNER)
    assert party.status_code == 201
    drafted = client.post("/api/v1/activities", json=ACTIVITY, headers=OWNER)
    assert drafted.status_code == 201
    assert drafted.get_json()["state"] == "draft"
    change = {"controller_id": party.get_json()["id"]}
    assert client.patch("/api/v1/activities/crm", json=change, headers=OWNER).get_json()["revision"] == 2
    assert client.post("/api/v1/purposes", json=PURPOSE, headers=OWNER).status_code == 201
    data = client.put("/api/v1/purposes/calls/data", json={"data": [TERMS]}, headers=OWNER)
    assert data.get_json()["data"][0]["standing"] == "proposed"
    roles = client.put("/api/v1/purposes/calls/recipients", json={"roles": ["support"]}, headers=OWNER)
    assert roles.get_json()["recipients"] == [{"role": "support", "standing": "proposed"}]

    # Who says which revision they read decides on that one, or on none.
    stale = client.post("/api/v1/activities/crm/submit", json={"revision": 1}, headers=OWNER)
    assert (stale.status_code, stale.get_json()["type"].rpartition("/")[2]) == (409, "record-changed")
    read = client.get("/api/v1/activities/crm", headers=OWNER).get_json()["revision"]
    submitted = client.post("/api/v1/activities/crm/submit", json={"revision": read}, headers=OWNER)
    advised = client.post("/api/v1/activities/crm/advise", json={"opinion": "favourable"}, headers=DPO)
    active = client.post(f"/api/v1/activities/{drafted.get_json()['id']}/activate", json={}, headers=CONTROLLER)
    enforced = client.post("/api/v1/activities/crm/set-mode", json={"mode": "enforce"}, headers=CONTROLLER)

    assert [step.status_code for step in (submitted, advised, active, enforced)] == [200] * 4
    assert (active.get_json()["state"], active.get_json()["running"]) == ("active", True)
    assert enforced.get_json()["mode"] == "enforce"
    purpose = client.get("/api/v1/purposes/calls", headers=asking(Role.SUPPORT)).get_json()
    assert (purpose["standing"], purpose["activity"], purpose["activity_state"]) == ("in-force", "crm", "active")
    versions = client.get("/api/v1/activities/crm/versions", headers=DPO).get_json()["versions"]
    assert [version["verb"] for version in versions] == ["submit", "advise", "activate", None]


def test_a_starting_point_brings_a_whole_draft_and_says_what_is_to_confirm(client: FlaskClient) -> None:
    offered = client.get("/api/v1/starting-points", headers=OWNER).get_json()["starting_points"]
    wanted = {"slug": "our-cards", "starting_point": "loyalty", "language": "en", "name_en": "Our cards"}

    drafted = client.post("/api/v1/activities", json=wanted, headers=OWNER)
    left = client.get("/api/v1/activities/our-cards/defaults", headers=OWNER).get_json()
    confirmed = client.post("/api/v1/purposes/run-loyalty-cards/confirm", json={}, headers=OWNER)
    after = client.get("/api/v1/activities/our-cards/defaults", headers=OWNER).get_json()

    assert "loyalty" in [each["slug"] for each in offered]
    assert drafted.status_code == 201
    assert drafted.get_json()["name_fr"] == "Programme de fidélité"
    assert drafted.get_json()["name_en"] == "Our cards"
    assert drafted.get_json()["description"].startswith("Customers who wish")
    proposed = {"run-loyalty-cards": ["words", "data", "recipients"]}
    assert left == {"starting_point": "loyalty", "to_confirm": proposed, "taken_over": {}}
    assert confirmed.status_code == 200
    assert after == {"starting_point": None, "to_confirm": {}, "taken_over": {}}


def test_a_sub_purpose_takes_over_the_answers_of_its_parent(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
    wanted = {"activity": "loyalty", "slug": "gifts", "label_fr": "Offrir", "label_en": "Give"}
    assert client.post("/api/v1/purposes", json=wanted, headers=OWNER).status_code == 201

    taken = client.post("/api/v1/purposes/gifts/take-over", json={"parent": "loyalty-points"}, headers=OWNER)
    left = client.get("/api/v1/activities/loyalty/defaults", headers=OWNER).get_json()
    nothing = client.post("/api/v1/purposes/gifts/take-over", json={"parent": "nothing"}, headers=OWNER)
    itself = client.post("/api/v1/purposes/gifts/take-over", json={"parent": "gifts"}, headers=OWNER)

    assert (taken.get_json()["basis"], taken.get_json()["parent_id"]) == ("contract", 1)
    assert left["starting_point"] is None
    assert left["to_confirm"] == left["taken_over"] == {"gifts": ["words", "data", "recipients"]}
    assert (nothing.status_code, itself.status_code) == (404, 409)


def test_purposes_are_changed_ended_and_kept(client: FlaskClient, database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    assert client.post("/api/v1/activities/loyalty/review", json={}, headers=DPO).status_code == 200

    path = "/api/v1/purposes/loyalty-points"
    refused = client.patch(path, json={"basis": "public-task"}, headers=OWNER)
    argued = client.patch(path, json={"necessity": "Nothing milder does."}, headers=OWNER)
    ended = client.post(f"{path}/end", headers=OWNER)
    kept = client.post(f"{path}/keep", headers=OWNER)

    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert argued.get_json()["necessity"] == "Nothing milder does."
    assert (ended.get_json()["standing"], kept.get_json()["standing"]) == ("leaving", "in-force")


def test_lists_are_paged(client: FlaskClient, database: Database, desk: Desk) -> None:
    with database.write() as session:
        for number in range(3):
            a_complete_draft(session, desk, f"line-{number}")

    first = client.get("/api/v1/activities?limit=2", headers=DPO).get_json()
    second = client.get(f"/api/v1/activities?limit=2&after={first['next']}", headers=DPO).get_json()
    purposes = client.get("/api/v1/purposes?limit=2&after=1", headers=DPO).get_json()
    of_one = client.get(f"/api/v1/purposes?activity={first['activities'][0]['id']}", headers=DPO).get_json()
    parties = client.get("/api/v1/parties?limit=1", headers=DPO).get_json()

    assert [row["slug"] for row in first["activities"]] == ["line-0", "line-1"]
    assert ([row["slug"] for row in second["activities"]], second["next"]) == (["line-2"], None)
    assert [row["id"] for row in purposes["purposes"]] == [2, 3]
    assert [row["slug"] for row in of_one["purposes"]] == ["line-0-points"]
    assert parties["next"] == parties["parties"][0]["id"]
    party = client.get(f"/api/v1/parties/{parties['next']}", headers=DPO).get_json()
    assert party == parties["parties"][0]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/activities", {**ACTIVITY, "state": "active"}, 422),
        ("/api/v1/activities", {**ACTIVITY, "slug": "No Slug"}, 422),
        ("/api/v1/activities", {"slug": "crm", "name_fr": "Clients"}, 422),
        ("/api/v1/activities", {**ACTIVITY, "starting_point": "no-such"}, 422),
        ("/api/v1/activities", {**ACTIVITY, "starting_point": "loyalty", "language": "de"}, 422),
        ("/api/v1/activities", {**ACTIVITY, "name_fr": ""}, 422),
        ("/api/v1/activities", {**ACTIVITY, "name_fr": "a\0b"}, 422),
        ("/api/v1/activities", {**ACTIVITY, "name_fr": "\ud800"}, 400),
        ("/api/v1/activities", {**ACTIVITY, "name_fr": 3}, 422),
        ("/api/v1/activities", {**ACTIVITY, "controller_id": "00000000-0000-0000-0000-000000000000"}, 404),
        ("/api/v1/activities", {**ACTIVITY, "slug": "loyalty"}, 409),
        ("/api/v1/activities", [], 422),
        ("/api/v1/parties", {"name": "x", "country": "FRANCE"}, 422),
        ("/api/v1/purposes", {**PURPOSE, "activity": "nothing"}, 404),
        ("/api/v1/purposes", {**PURPOSE, "activity": "loyalty", "basis": "because"}, 422),
        ("/api/v1/purposes", {**PURPOSE, "activity": "loyalty", "basis": "consent"}, 422),
        ("/api/v1/purposes", {**PURPOSE, "activity": "loyalty", "parent": "nothing"}, 404),
        ("/api/v1/activities/loyalty/submit", {"opinion": "lovely"}, 422),
        ("/api/v1/activities/loyalty/review", {}, 409),
        ("/api/v1/activities/%00/submit", {}, 400),
        ("/api/v1/activities/' OR 1=1 --/submit", {}, 404),
        ("/api/v1/activities/loyalty/explode", {}, 404),
    ],
)
def test_what_makes_no_sense_is_a_problem(
    client: FlaskClient, database: Database, desk: Desk, path: str, body: object, status: int
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    answer = client.post(path, json=body, headers=OWNER)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize(
    "terms",
    [
        {**TERMS, "active_for": 365},
        {**TERMS, "active_for": "P3.5Y"},
        {**TERMS, "active_for": "P-1Y"},
        {**TERMS, "active_for": "P101Y"},
        {**TERMS, "obligatory": "yes"},
        {**TERMS, "obligatory": 1},
        {**TERMS, "category": "everything"},
        {**TERMS, "more": True},
    ],
)
def test_terms_are_strict(client: FlaskClient, database: Database, desk: Desk, terms: dict[str, object]) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    answer = client.put("/api/v1/purposes/loyalty-points/data", json={"data": [terms]}, headers=OWNER)

    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_an_incomplete_record_says_all_it_lacks(client: FlaskClient) -> None:
    client.post("/api/v1/activities", json=ACTIVITY, headers=OWNER)

    answer = client.post("/api/v1/activities/crm/submit", json={}, headers=OWNER)

    lacking = [lack["code"] for lack in answer.get_json()["shortcomings"]]
    assert (answer.status_code, lacking) == (409, ["no-controller", "no-purpose"])


def test_the_steps_that_can_follow_are_listed_with_who_may_and_what_is_lacking(client: FlaskClient) -> None:
    client.post("/api/v1/activities", json=ACTIVITY, headers=OWNER)

    steps = client.get("/api/v1/activities/crm/steps", headers=DPO).get_json()["steps"]

    by_verb = {step["verb"]: step for step in steps}
    assert set(by_verb) == {"submit", "retire"}
    assert (by_verb["submit"]["open"], by_verb["retire"]["open"]) == (False, True)
    assert [lack["code"] for lack in by_verb["submit"]["shortcomings"]] == ["no-controller", "no-purpose"]
    assert by_verb["submit"]["roles"] == ["dpo", "owner"]


def test_activities_are_listed_by_state_and_by_line(client: FlaskClient, database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    client.post("/api/v1/activities", json=ACTIVITY, headers=DPO)

    def listed(query: str) -> list[str]:
        answer = client.get(f"/api/v1/activities?{query}", headers=DPO)
        return [row["slug"] for row in answer.get_json()["activities"]]

    assert listed("state=draft") == ["crm"]
    assert listed(f"owner={OWNER_ID}") == ["loyalty"]
    assert listed(f"state=draft&owner={OWNER_ID}") == []
    assert client.get("/api/v1/activities?state=lovely", headers=DPO).status_code == 422


def test_what_was_read_for_an_activity_is_told_purpose_by_purpose(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    told = client.get("/api/v1/activities/loyalty/reads", headers=DPO).get_json()

    assert told["whole"] is True
    assert [(each["purpose"], each["reads"], each["last"]) for each in told["purposes"]] == [
        ("loyalty-points", 0, None)
    ]


_READERS = {Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN}
_DRAFTERS = {Role.OWNER, Role.DPO}
_MOVERS = {*_DRAFTERS, Role.CONTROLLER}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("method", "path", "open_to"),
    [
        ("GET", "/activities", _READERS),
        ("POST", "/activities", _DRAFTERS),
        ("GET", "/activities/crm", _READERS),
        ("PATCH", "/activities/crm", _DRAFTERS),
        ("GET", "/activities/crm/versions", _READERS),
        ("GET", "/activities/crm/steps", _READERS),
        ("GET", "/activities/crm/reads", _READERS),
        ("POST", "/activities/crm/activate", _MOVERS),
        ("POST", "/activities/crm/set-mode", {Role.CONTROLLER}),
        ("GET", "/parties", _READERS),
        ("POST", "/parties", _MOVERS),
        ("GET", "/purposes", set(Role)),
        ("POST", "/purposes", _DRAFTERS),
        ("GET", "/purposes/calls", set(Role)),
        ("PATCH", "/purposes/calls", _DRAFTERS),
        ("PUT", "/purposes/calls/data", _DRAFTERS),
        ("PUT", "/purposes/calls/recipients", _DRAFTERS),
        ("POST", "/purposes/calls/end", _DRAFTERS),
        ("POST", "/purposes/calls/keep", _DRAFTERS),
    ],
)
def test_each_route_is_open_to_its_roles(
    closed_client: FlaskClient, role: Role, method: str, path: str, open_to: set[Role]
) -> None:
    answer = closed_client.open(f"/api/v1{path}", method=method, json={"x": 1}, headers=asking(role))

    assert (answer.status_code != 403) is (role in open_to)


def test_nobody_comes_in_unknown(closed_client: FlaskClient) -> None:
    assert closed_client.get("/api/v1/activities").status_code == 401


@pytest.fixture(scope="module")
def closed_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A house where nothing is on file: whoever is let in gets a 404 or a 422."""
    folder = tmp_path_factory.mktemp("closed")
    return a_closed_client(sqlite_template, folder, *blueprints)


def test_those_who_take_part_are_said_whole_and_strictly(client: FlaskClient) -> None:
    party = client.post("/api/v1/parties", json={"name": "Transporteur"}, headers=OWNER).get_json()["id"]
    client.post("/api/v1/activities", json=ACTIVITY, headers=OWNER)
    line = {"party_id": party, "relation": "recipient", "part": "Delivers."}

    kept = client.put("/api/v1/activities/crm/parties", json={"lines": [line]}, headers=OWNER)
    strange = client.put("/api/v1/activities/crm/parties", json={"lines": [{**line, "x": 1}]}, headers=OWNER)
    absent = {**line, "party_id": "018f0000-0000-7000-8000-000000000000"}
    nobody = client.put("/api/v1/activities/crm/parties", json={"lines": [absent]}, headers=OWNER)

    assert (kept.status_code, strange.status_code, nobody.status_code) == (200, 422, 404)
    [listed] = client.get("/api/v1/activities/crm/parties", headers=DPO).get_json()["lines"]
    assert listed == {**line, "standing": "proposed", "id": listed["id"]}


def test_a_contract_is_put_on_file_and_corrected_whole(client: FlaskClient) -> None:
    party = client.post("/api/v1/parties", json={"name": "Imprimeur"}, headers=OWNER).get_json()["id"]
    terms = {"party_id": party, "label": "Printing", "signed_on": "2026-01-05", "clauses": ["a", "h"]}

    added = client.post("/api/v1/contracts", json=terms, headers=OWNER)
    path = f"/api/v1/contracts/{added.get_json()['id']}"
    whole = client.put(path, json={**terms, "clauses": [*"abcdefgh"], "document": "Cupboard 2"}, headers=CONTROLLER)
    backwards = client.put(path, json={**terms, "ends_on": "2025-01-01"}, headers=OWNER)

    assert (added.status_code, whole.status_code, backwards.status_code) == (201, 200, 422)
    assert client.get(path, headers=DPO).get_json()["clauses"] == [*"abcdefgh"]
    [row] = client.get("/api/v1/processors", headers=DPO).get_json()["processors"]
    assert (row["party"]["name"], row["state"], len(row["contracts"])) == ("Imprimeur", "valid", 1)


def test_what_else_a_record_says_is_put_whole_by_subject(client: FlaskClient) -> None:
    client.post("/api/v1/activities", json=ACTIVITY, headers=OWNER)
    measure = {"domain": "access", "label_fr": "Badge", "label_en": "Badge"}
    added = client.post("/api/v1/measures", json=measure, headers=DPO)
    said = {
        "transfers": {"country": "NZ", "recipient": "Desk", "safeguard": "adequacy", "assessed_on": "2026-05-01"},
        "measures": {"measure_id": added.get_json()["id"], "remark": "All doors"},
        "people": {"subject_kind": "customer", "estimate": 1200},
        "decisions": {"name": "Score", "solely": False, "logic": "Orders."},
        "rights": {"how_fr": "Écrivez.", "how_en": "Write."},
        "assets": {"kind": "application", "name": "Till"},
    }

    for subject, line in said.items():
        path = f"/api/v1/activities/crm/{subject}"
        assert client.put(path, json={"lines": [line]}, headers=OWNER).status_code == 200, subject
        [listed] = client.get(path, headers=DPO).get_json()["lines"]
        assert {name: listed[name] for name in line} == line
        twice = client.put(path, json={"lines": [line, line]}, headers=OWNER)
        assert twice.status_code == 409, subject


def test_the_catalogues_are_kept_by_the_officer(client: FlaskClient) -> None:
    measure = {"domain": "access", "label_fr": "Badge", "label_en": "Badge"}
    decision = {"country": "IN", "decided_on": "2026-05-01", "source": "2026/1", "checked_on": "2026-11-22"}
    for path, body, listed in (
        ("/api/v1/measures", measure, "measures"),
        ("/api/v1/adequacy-decisions", decision, "decisions"),
    ):
        assert client.post(path, json=body, headers=OWNER).status_code == 403
        row = client.post(path, json=body, headers=DPO).get_json()
        assert client.put(f"{path}/{row['id']}", json=body, headers=DPO).get_json() == row
        assert client.get(path, headers=OWNER).get_json()[listed] == [row]
    unknown = client.post("/api/v1/adequacy-decisions", json={**decision, "country": "XX"}, headers=DPO)
    assert unknown.status_code == 422
