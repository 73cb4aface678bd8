"""What somebody with a business role tries: more fields, more roles, longer, in the name of others."""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Final

import pytest

from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.models import Account
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewToken,
    account_by_email,
    add_account,
    add_token,
    assign_role,
    disable_account,
    prepare_password,
    revoke_role,
)
from tests.access.visitors import Visitors
from tests.access.walking import steps
from tests.builders.identity import PASSWORD
from tests.builders.service import Program, Service, problem
from tests.builders.web import sign_in
from tests.demonstration import Home, email_of

SMUGGLED: Final = {"__class__": 1, "actor": "x", "roles": ["controller"], "operator_id": 1, "row_mac": "x"}
QUERY: Final = "/data/customers/query"


def of_controller(site: Service) -> Actor:
    with site.wired.read() as session:
        account = account_by_email(session, email_of(Role.CONTROLLER))
        return Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset({Role.CONTROLLER}))


def newcomer(site: Service, role: Role) -> Account:
    """Return somebody whom no other test knows, for who loses a role or an account is not there any more for them."""
    wired, email = site.wired, f"{site.wired.ids.new()}@demo.example"
    password_hash = prepare_password(wired.passwords, email, PASSWORD)
    with wired.write() as session:
        account = add_account(
            session, wired.clock, wired.ids, SYSTEM, NewAccount(email=email, password_hash=password_hash)
        )
        command = NewRole(account_id=account.id, role=role, reason="a test")
        assign_role(session, wired.clock, wired.ids, of_controller(site), command)
        return account


def test_no_body_of_the_interface_takes_what_it_does_not_know(site: Service, visitors: Visitors) -> None:
    """Mass assignment: what a schema does not name is refused, whoever sends it and wherever."""
    described = site.app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    taking = {
        (re.sub(r"{\w+}", "*", path), method.upper())
        for path, methods in described.items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    asked = set()
    for step in steps(site.app):
        described_as = (re.sub(r"<[^>]*>", "*", step.rule), step.method)
        if described_as in taking:
            answer = step.ask(step.asker(visitors), json=SMUGGLED)
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, (step, answer.status_code)
            assert "Unknown field." in answer.get_data(as_text=True), step
            asked.add(described_as)
    assert asked == taking


@pytest.mark.parametrize(
    "field", ["person_subject_id", "row_mac", "person_identity_box", "id", "revision", "created_by"]
)
def test_no_column_of_the_house_is_written_as_if_it_were_a_field(site: Service, visitors: Visitors, field: str) -> None:
    sales = visitors["sales by token"].program
    values = {"number": f"T-{field}", "family_name": "Nouvelle", field: 1}
    answer = sales.post("/data/customers", {"purpose": "customer-relationship", "values": values})
    assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}


@pytest.mark.parametrize("field", ["person_subject_id", "row_mac", "person_identity_box", "person_identity_revision"])
def test_no_column_of_the_house_is_read_as_if_it_were_a_field(site: Service, visitors: Visitors, field: str) -> None:
    support = visitors["support by token"].program
    answer = support.post(QUERY, {"purpose": "after-sales", "fields": [field]})
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_who_holds_two_roles_has_what_either_gives_and_no_more(site: Service, sqlite_demonstration: Home) -> None:
    """Support and analyst: rows for after-sales and pages of pseudonyms, but not what neither is a recipient of."""
    wired, controller = site.wired, of_controller(site)
    with wired.write() as session:
        account = account_by_email(session, email_of(Role.SUPPORT))
        command = NewRole(account_id=account.id, role=Role.ANALYST, reason="a test")
        assign_role(session, wired.clock, wired.ids, controller, command)
    try:
        both = site.person(Role.SUPPORT, sqlite_demonstration.password(Role.SUPPORT))
        purposes = {
            purpose: _status(both, purpose) for purpose in ("after-sales", "statistics", "invoicing", "scoring")
        }
        alone = {role: {p: _status(site.program(role), p) for p in purposes} for role in (Role.SUPPORT, Role.ANALYST)}
        assert purposes == {p: min(alone[Role.SUPPORT][p], alone[Role.ANALYST][p]) for p in purposes}
        assert both.client.get("/decisions").status_code == HTTPStatus.FORBIDDEN
    finally:
        with wired.write() as session:
            revoke_role(session, wired.clock, wired.ids, wired.attestor, controller, command)


def _status(program: Program, purpose: str) -> int:
    # One person alone would be open for this purpose, and closed for the next until somebody says why.
    return program.post(QUERY, {"purpose": purpose, "limit": 2}).status_code


def test_a_token_does_not_outlive_the_role_or_the_account_of_its_person(site: Service) -> None:
    wired, controller = site.wired, of_controller(site)
    for ending in ("role", "account"):
        role = Role.ACCOUNTING if ending == "role" else Role.MARKETING
        account = newcomer(site, role)
        person = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset({role}))
        with wired.write() as session:
            command = NewToken(name=f"mine {ending}", role=role, own=True)
            secret = str(add_token(session, wired.clock, wired.ids, person, command).secret)
        program = Program(site.app.test_client(), {"Authorization": f"Bearer {secret}"})
        assert program.get("/purposes").status_code == HTTPStatus.OK
        with wired.write() as session:
            if ending == "role":
                revoke_role(
                    session,
                    wired.clock,
                    wired.ids,
                    wired.attestor,
                    controller,
                    NewRole(account_id=account.id, role=role),
                )
            else:
                disable_account(session, wired.clock, wired.ids, wired.attestor, controller, account.id)
        assert program.get("/purposes").status_code == HTTPStatus.UNAUTHORIZED


def test_a_session_does_not_outlive_what_it_was_opened_with(site: Service) -> None:
    """A role taken back is gone at the next request of a session that is open; a disabled account has none."""
    wired, controller = site.wired, of_controller(site)
    account = newcomer(site, Role.ANALYST)
    client = site.app.test_client()
    sign_in(client, account.email)
    assert client.get("/customers/").status_code == HTTPStatus.OK
    with wired.write() as session:
        command = NewRole(account_id=account.id, role=Role.ANALYST)
        revoke_role(session, wired.clock, wired.ids, wired.attestor, controller, command)
    assert client.get("/customers/").status_code == HTTPStatus.FORBIDDEN
    with wired.write() as session:
        disable_account(session, wired.clock, wired.ids, wired.attestor, controller, account.id)
    assert client.get("/account").status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("header", ["X-Role", "X-Roles", "X-Actor", "X-User", "X-Egide-Role", "X-On-Behalf-Of"])
def test_nobody_says_by_a_header_who_they_are(site: Service, visitors: Visitors, header: str) -> None:
    support = visitors["support in a browser"].program
    for value in ("controller", email_of(Role.CONTROLLER)):
        assert support.client.get("/decisions", headers={header: value}).status_code == HTTPStatus.FORBIDDEN


def test_who_asks_for_a_grant_does_not_approve_it_where_somebody_else_could(
    sqlite_service: Service, sqlite_demonstration: Home
) -> None:
    """The controller may ask as the owner does. Alone in the firm they may decide too, which is flagged.

    Whom they named a short while ago is nobody else.
    """
    wired, actor = sqlite_service.wired, of_controller(sqlite_service)
    controller = sqlite_service.person(Role.CONTROLLER, sqlite_demonstration.password(Role.CONTROLLER))
    asked = {"role": "support", "purpose": "after-sales", "category": "identity", "reason": "for myself"}
    (grant,) = controller.post("/grants", {**asked, "kinds": ["customer"]}).get_json()["grants"]
    with wired.write() as session:
        second = NewRole(account_id=account_by_email(session, email_of(Role.SECURITY)).id, role=Role.CONTROLLER)
        third = replace(actor, id=account_by_email(session, email_of(Role.OWNER)).id)
        assign_role(session, wired.clock, wired.ids, third, second)
    answer = controller.post(f"/grants/{grant['id']}/approve", {})
    assert problem(answer, HTTPStatus.FORBIDDEN)["type"].endswith("/own-request")
