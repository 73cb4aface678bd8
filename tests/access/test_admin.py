"""What an administrator tries, who makes accounts and tokens and must neither read customers nor approve themselves."""

from http import HTTPStatus
from typing import Any

import pytest

from governance.actor import Role
from tests.access.visitors import Visitors
from tests.access.walking import steps
from tests.builders.identity import PASSWORD
from tests.builders.service import Program, Service
from tests.builders.web import sign_in
from tests.demonstration import Home, email_of

BUSINESS = [Role.SALES, Role.MARKETING, Role.SUPPORT, Role.ACCOUNTING, Role.ANALYST]
DECIDING = [Role.CONTROLLER, Role.DPO, Role.OWNER, Role.AUDITOR, Role.SECURITY]


@pytest.fixture
def admin(visitors: Visitors) -> Program:
    return visitors["admin in a browser"].program


def a_puppet(site: Service, admin: Program, role: Role) -> dict[str, Any]:
    """Add an account of an administrator's own making, with a role, and choose its password by a link."""
    email = f"{site.wired.ids.new()}@demo.example"
    made: dict[str, Any] = admin.post("/users", {"email": email, "name": "A puppet"}).get_json()
    given = admin.post(f"/users/{made['id']}/assign", {"role": role.value, "reason": "so that I may"})
    assert given.status_code in {HTTPStatus.OK, HTTPStatus.CREATED}, given.get_data(as_text=True)
    link = admin.post(f"/users/{made['id']}/link", {}).get_json()["url"]
    path = "/link/" + link.rpartition("/link/")[2]
    client = site.app.test_client()
    page = client.get(path)
    assert page.status_code == HTTPStatus.OK
    form = {
        "csrf_token": _token_in(page.get_data(as_text=True)),
        "email": email,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    done = client.post(path, data=form)
    assert done.status_code == HTTPStatus.SEE_OTHER, done.get_data(as_text=True)
    return {**made, "email": email}


def _token_in(page: str) -> str:
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DPO, Role.SUPPORT])
def test_an_account_of_ones_own_making_opens_nothing(
    site: Service, visitors: Visitors, admin: Program, role: Role
) -> None:
    puppet = a_puppet(site, admin, role)
    client = site.app.test_client()
    sign_in(client, puppet["email"])
    for step in steps(site.app):
        if step.method == "GET" and step.who not in {"anyone", "half-signed-in", "signed-in"}:
            answer = client.get(step.path, headers={"Accept": "application/problem+json"})
            assert answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}, (step, answer.status_code)
    assert admin.post(f"/users/{puppet['id']}/countersign", {"role": role.value}).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", [*BUSINESS, *DECIDING, Role.SERVICE])
def test_a_token_of_ones_own_making_opens_nothing(site: Service, admin: Program, role: Role) -> None:
    name = f"puppet {role.value} {site.wired.ids.new()}"
    made = admin.post("/tokens", {"name": name, "role": role.value})
    if made.status_code == HTTPStatus.CREATED:
        told = made.get_json()
        bearer = {"Authorization": f"Bearer {told['secret']}"}
        assert site.app.test_client().get("/api/v1/purposes", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED
        answer = admin.post(f"/tokens/{told['id']}/countersign", {})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        with_it = site.app.test_client().post(f"/api/v1/tokens/{told['id']}/countersign", headers=bearer)
        assert with_it.status_code == HTTPStatus.UNAUTHORIZED
    else:
        assert made.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY}


@pytest.mark.parametrize("role", [*BUSINESS, *DECIDING])
def test_nobody_else_s_account_is_taken_over(site: Service, admin: Program, role: Role) -> None:
    """Not by another password, not without their second factor, not by another address or another provider."""
    (found,) = admin.post("/users/query", {"text": email_of(role)}).get_json()["users"]
    user = found["id"]
    for verb in ("link", "reset-second-factor"):
        assert admin.post(f"/users/{user}/{verb}", {}).status_code == HTTPStatus.FORBIDDEN, verb
    for method in ("PATCH", "PUT", "DELETE"):
        answer = admin.ask(method, f"/users/{user}", json={"email": "mine@demo.example", "password": PASSWORD})
        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    sent = admin.post(f"/users/{user}/letter", {})
    assert "link/" not in sent.get_data(as_text=True)


def test_an_administrator_reads_nothing_of_a_customer(site: Service, visitors: Visitors) -> None:
    """Whatever is open to them, no page or answer of it names one."""
    browser, token = visitors["admin in a browser"], visitors["admin by token"]
    for step in steps(site.app):
        if step.method == "GET" and not step.static:
            for somebody in (browser, token):
                text = step.ask(somebody).get_data(as_text=True)
                assert "customer-1" not in text, step


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DPO])
def test_nobody_gives_themselves_a_role_that_decides(site: Service, admin: Program, role: Role) -> None:
    users = admin.get("/users", limit=100).get_json()["users"]
    mine = next(each["id"] for each in users if each["email"] == email_of(Role.ADMIN))
    given = admin.post(f"/users/{mine}/assign", {"role": role.value, "reason": "nobody else", "no_second_person": True})
    assert given.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert admin.post(f"/users/{mine}/countersign", {"role": role.value}).status_code == HTTPStatus.FORBIDDEN
    assert admin.client.get("/decisions").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "more",
    [
        {"countersigned_at": "2026-11-22T08:00:00Z"}, {"in_force": True}, {"countersigned_by": "x"}, {"roles": ["dpo"]},
        {"password_hash": "x"}, {"id": "00000000-0000-7000-8000-000000000001"}, {"made_by": None}, {"mac": "x"},
    ],
)  # fmt: skip
def test_nothing_is_set_by_naming_it(site: Service, admin: Program, more: dict[str, Any]) -> None:
    email = f"{site.wired.ids.new()}@demo.example"
    assert admin.post("/users", {"email": email, **more}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    token = {"name": email, "role": "support", **more}
    assert admin.post("/tokens", token).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_last_controller_is_not_shut_out(site: Service, admin: Program, sqlite_demonstration: Home) -> None:
    users = admin.get("/users", limit=100).get_json()["users"]
    controller = next(each["id"] for each in users if each["email"] == email_of(Role.CONTROLLER))
    assert admin.post(f"/users/{controller}/disable", {}).status_code == HTTPStatus.CONFLICT
    answer = admin.post(f"/users/{controller}/revoke", {"role": "controller"})
    assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}
    still = site.person(Role.CONTROLLER, sqlite_demonstration.password(Role.CONTROLLER))
    assert still.client.get("/decisions").status_code == HTTPStatus.OK
