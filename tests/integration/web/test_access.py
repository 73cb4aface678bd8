"""Access: closed by default, for each route and each method."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.actor import BUSINESS_ROLES, Role
from governance.web.access import CLOSED, access_of, may_open
from governance.web.headers import STATIC_ENDPOINTS
from tests.builders.ground import an_actor
from tests.builders.identity import People
from tests.builders.web import Refusals, sign_in


def bearer(house: People, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.token(role, name=role).secret}"}


@pytest.mark.parametrize("path", ["/api/probe/undeclared", "/api/probe/mine", "/api/probe/both", "/"])
def test_nothing_opens_before_sign_in_but_what_is_open_to_anyone(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.get("/api/probe/open").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_a_route_that_declares_nothing_is_closed_to_everybody(client: FlaskClient, house: People, role: Role) -> None:
    assert client.get("/api/probe/undeclared", headers=bearer(house, role)).status_code == 403


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("method", "opens_to"),
    [
        ("GET", {Role.AUDITOR}),
        ("HEAD", {Role.AUDITOR}),
        ("POST", {Role.ADMIN}),
        ("DELETE", set()),
        ("OPTIONS", {Role.AUDITOR, Role.ADMIN}),
    ],
)
def test_each_method_of_a_route_has_its_own_roles(
    client: FlaskClient, house: People, role: Role, method: str, opens_to: set[Role]
) -> None:
    response = client.open("/api/probe/both", method=method, headers=bearer(house, role))

    assert response.status_code == (200 if role in opens_to else 403)


def test_whoever_is_sent_away_is_recorded(client: FlaskClient, house: People, refusals: Refusals) -> None:
    client.post("/api/probe/both", headers=bearer(house, Role.SALES))

    [(actor, endpoint, method)] = refusals.seen
    assert (actor.roles, endpoint, method) == (frozenset({Role.SALES}), "probe.both", "POST")


@pytest.mark.parametrize("header", ["Bearer egide_unknown", "Bearer ", "Basic YTpi", "egide_x", "Bearer\tx", ""])
def test_a_header_that_opens_nothing_is_not_helped_by_a_session(
    client: FlaskClient, house: People, header: str
) -> None:
    house.account("dpo@demo.example", Role.DPO)
    assert sign_in(client, "dpo@demo.example").status_code == 303
    assert client.get("/api/probe/mine").status_code == 200

    assert client.get("/api/probe/mine", headers={"Authorization": header}).status_code == 401


def test_what_is_not_there_and_what_cannot_be_done_are_told_as_such(client: FlaskClient) -> None:
    assert client.get("/api/nowhere").status_code == 404
    wrong = client.put("/api/probe/open")
    assert wrong.status_code == 405
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_every_route_of_the_edge_declares_whom_it_is_open_to(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in STATIC_ENDPOINTS or rule.endpoint.startswith("probe."):
            continue
        for method in rule.methods or ():
            assert access_of(app, rule.endpoint, method) != CLOSED, (rule.endpoint, method)


def test_a_link_shows_only_where_it_opens(app: Flask) -> None:
    assert may_open(app, "probe.both", an_actor(Role.AUDITOR))
    assert not may_open(app, "probe.both", an_actor(*BUSINESS_ROLES))
    assert not may_open(app, "probe.undeclared", an_actor(*Role))
    assert not may_open(app, "not.there", an_actor(*Role))
    assert access_of(app, "probe.undeclared", "GET") == CLOSED
