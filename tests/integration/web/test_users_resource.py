"""Accounts and tokens over REST."""

import uuid

import pytest
from flask.testing import FlaskClient

from governance.actor import Role
from tests.builders.identity import People
from tests.builders.web import Refusals, an_app, sign_in, token_of


@pytest.fixture
def admin(house: People) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.token(Role.ADMIN, name='admin').secret}"}


def signed_in(client: FlaskClient, email: str) -> dict[str, str]:
    assert sign_in(client, email).status_code == 303
    return {"X-CSRFToken": token_of(client)}


def test_an_administrator_adds_and_the_controller_countersigns(
    client: FlaskClient, house: People, admin: dict[str, str]
) -> None:
    house.controller()
    body = {"email": "New@demo.example", "name": "Camille Durand"}
    made = client.post("/api/v1/users", json=body, headers=admin)
    assert made.status_code == 201
    user = made.get_json()
    assert (user["email"], user["roles"]) == ("new@demo.example", [])

    path = f"/api/v1/users/{user['id']}"
    browser = signed_in(client, "admin@demo.example")
    assigned = client.post(f"{path}/assign", json={"role": "support", "reason": "hired"}, headers=browser).get_json()
    assert [role["in_force"] for role in assigned["roles"]] == [False]
    assert client.post(f"{path}/countersign", json={"role": "support"}, headers=browser).status_code == 403

    controller = signed_in(client, "controller@demo.example")
    confirmed = client.post(f"{path}/countersign", json={"role": "support"}, headers=controller).get_json()
    assert [(role["role"], role["in_force"]) for role in confirmed["roles"]] == [("support", True)]
    assert client.post(f"{path}/revoke", json={"role": "support"}, headers=controller).get_json()["roles"] == []
    assert client.post(f"{path}/disable", headers=controller).get_json()["disabled_at"]


def test_a_program_countersigns_nothing(client: FlaskClient, house: People, admin: dict[str, str]) -> None:
    program = {"Authorization": f"Bearer {house.token(Role.SERVICE, name='puppet').secret}"}
    account = house.account("new@demo.example", Role.SALES, by=house.admin())

    response = client.post(f"/api/v1/users/{account.id}/countersign", json={"role": "sales"}, headers=program)

    assert response.status_code == 403


def test_a_link_is_made_for_whoever_has_no_password(client: FlaskClient, house: People, admin: dict[str, str]) -> None:
    account = house.account("new@demo.example")

    assert client.post(f"/api/v1/users/{account.id}/link", headers=admin).status_code == 403, "a token makes none"
    made = client.post(f"/api/v1/users/{account.id}/link", headers=signed_in(client, "admin@demo.example"))

    assert made.status_code == 201
    assert made.get_json()["url"].startswith("http://localhost:8000/link/")


def test_accounts_are_paged_with_a_constant_number_of_queries(
    client: FlaskClient, house: People, admin: dict[str, str]
) -> None:
    for number in range(7):
        house.account(f"person-{number}@demo.example", Role.SALES)

    seen: list[str] = []
    after: str | None = None
    while True:
        query = {"limit": "3", **({"after": after} if after else {})}
        page = client.get("/api/v1/users", query_string=query, headers=admin).get_json()
        seen += [user["email"] for user in page["users"]]
        after = page["next"]
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 9


def test_a_token_is_shown_once_and_listed_without_its_secret(
    client: FlaskClient, house: People, admin: dict[str, str]
) -> None:
    assert client.post("/api/v1/tokens", json={"name": "till", "role": "service"}, headers=admin).status_code == 403
    browser = signed_in(client, "admin@demo.example")
    made = client.post("/api/v1/tokens", json={"name": "till", "role": "service"}, headers=browser)
    assert made.status_code == 201
    waiting = made.get_json()
    assert (waiting["secret"], waiting["in_force"]) == (None, False)

    house.controller()
    controller = signed_in(client, "controller@demo.example")
    path = f"/api/v1/tokens/{waiting['id']}"
    issued = client.post(f"{path}/countersign", headers=controller).get_json()
    assert issued["in_force"]
    assert issued["secret"].startswith("egide_")
    listed = client.get("/api/v1/tokens", headers=admin)
    assert issued["secret"] not in listed.get_data(as_text=True)
    assert {token["name"] for token in listed.get_json()["tokens"]} == {"admin", "till"}
    assert client.get("/api/probe/mine", headers={"Authorization": f"Bearer {issued['secret']}"}).status_code == 200
    assert not client.post(f"{path}/revoke", headers=controller).get_json()["in_force"]


def test_people_make_tokens_of_their_own(client: FlaskClient, house: People) -> None:
    house.account("support@demo.example", Role.SUPPORT)
    headers = signed_in(client, "support@demo.example")

    made = client.post("/api/v1/tokens", json={"name": "cli", "role": "support", "own": True}, headers=headers)
    programs = client.post("/api/v1/tokens", json={"name": "till", "role": "support"}, headers=headers)

    assert made.status_code == 201
    assert made.get_json()["in_force"]
    assert programs.status_code == 403


def grave_steps(house: People) -> list[tuple[str, dict[str, object]]]:
    """Return what makes a way in or confirms one, beside an account whose role waits and a token that does."""
    account = house.account("new@demo.example", Role.SALES, by=house.admin())
    waiting = house.token(by=house.admin()).token
    return [
        ("/tokens", {"name": "another", "role": "service"}),
        (f"/tokens/{waiting.id}/countersign", {}),
        (f"/users/{account.id}/link", {}),
        (f"/users/{account.id}/letter", {}),
        (f"/users/{account.id}/unlock", {}),
        (f"/users/{account.id}/assign", {"role": "controller"}),
        (f"/users/{account.id}/countersign", {"role": "sales"}),
        (f"/users/{account.id}/reset-second-factor", {}),
    ]


def test_a_session_left_alone_makes_no_way_in_and_confirms_nobody(client: FlaskClient, house: People) -> None:
    steps = grave_steps(house)
    house.controller()
    headers = signed_in(client, "controller@demo.example")
    house.clock.advance(minutes=20)

    for path, body in steps:
        refused = client.post(f"/api/v1{path}", json=body, headers=headers)
        assert refused.status_code == 401, path
        assert refused.get_json()["type"].endswith("/problems/fresh-second-factor-needed"), path


def test_a_controller_s_own_token_makes_no_way_in_and_confirms_nobody(client: FlaskClient, house: People) -> None:
    steps = grave_steps(house)
    bearer = {"Authorization": f"Bearer {house.token(Role.CONTROLLER, name='my own').secret}"}

    for path, body in steps:
        refused = client.post(f"/api/v1{path}", json=body, headers=bearer)
        assert refused.status_code == 403, path
        assert refused.get_json()["type"].endswith("/problems/not-permitted"), path

    found = next(user for user in client.get("/api/v1/users", headers=bearer).get_json()["users"] if user["roles"])
    assert client.post(f"/api/v1/users/{found['id']}/disable", headers=bearer).status_code in {200, 409}, "closing"


def test_a_token_that_tries_what_is_grave_is_told_of(house: People) -> None:
    refusals = Refusals()
    client = an_app(house, refused=refusals).test_client()
    account = house.account("new@demo.example")
    bearer = {"Authorization": f"Bearer {house.token(Role.CONTROLLER, name='my own').secret}"}

    client.post(f"/api/v1/users/{account.id}/assign", json={"role": "sales"}, headers=bearer)

    assert [(actor.id, endpoint) for actor, endpoint, _ in refusals.seen] == [(house.controller().id, "users.assign")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "new@demo.example", "role": "admin"},
        {"email": 12},
        {"email": "new@demo.example", "locale": "de"},
        {"email": "new@demo.example", "password_hash": "$argon2id$"},
        [],
    ],
)
def test_what_the_schema_does_not_know_is_refused_by_field(
    client: FlaskClient, admin: dict[str, str], body: object
) -> None:
    refused = client.post("/api/v1/users", json=body, headers=admin)

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["errors"]


@pytest.mark.parametrize("own", [1, 0, "true", "on", None])
def test_a_truth_is_true_or_false(client: FlaskClient, house: People, own: object) -> None:
    body = {"name": "till", "role": "service", "own": own}
    house.admin()

    browser = signed_in(client, "admin@demo.example")
    assert client.post("/api/v1/tokens", json=body, headers=browser).status_code == 422


def test_an_account_that_is_not_there_is_told_as_such(client: FlaskClient, admin: dict[str, str]) -> None:
    missing = f"/api/v1/users/{uuid.UUID(int=1)}"

    assert client.get(missing, headers=admin).status_code == 404
    browser = signed_in(client, "admin@demo.example")
    assert client.post(f"{missing}/assign", json={"role": "sales"}, headers=browser).status_code == 404
    assert client.get("/api/v1/users/not-an-id", headers=admin).status_code == 404


@pytest.mark.parametrize("role", [Role.SALES, Role.SERVICE, Role.ANALYST, Role.OWNER])
def test_other_roles_do_not_see_who_has_an_account(client: FlaskClient, house: People, role: Role) -> None:
    headers = {"Authorization": f"Bearer {house.token(role, name=role).secret}"}

    for path in ("/api/v1/users", "/api/v1/tokens", f"/api/v1/users/{uuid.UUID(int=1)}"):
        assert client.get(path, headers=headers).status_code == 403
