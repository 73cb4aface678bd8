"""What belongs to a person is theirs alone, whatever id another one names.

`objects.csv` says of every name that stands in an address whose what it names is; for what is one's own, each route is
asked here by somebody else in the same role, by somebody without any, and by a token of their own.
"""

import csv
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from governance.actor import Actor, ActorKind, Role
from governance.customers.uploads.models import ImportUpload
from governance.identity.factors.models import TotpFactor
from governance.identity.models import ApiToken, SignInSession
from governance.identity.service import NewToken, account_by_email, add_token
from governance.policies.models import AccessRequest
from tests.access.table import methods_of
from tests.access.visitors import ROLELESS, Visitors
from tests.builders.customers import a_person, csv_text
from tests.builders.service import Program, Service
from tests.demonstration import Home, email_of

TABLE: Final = Path(__file__).with_name("objects.csv")
# What names something of somebody's own.
OWN: Final = ("session_id", "token_id", "factor_id", "request_id", "upload_id")
# These lead to what is not one's own, under the same name: they are closed by role, which the matrix holds.
BY_ROLE: Final = ("/tokens/", "/decisions/tokens/", "/api/v1/tokens/<uuid:token_id>/countersign")
BODIES: Final = {"columns": {"columns": {"1": "family_name"}}}
NOT_THERE: Final = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@dataclass(frozen=True)
class Own:
    """Things of one person, by the names under which addresses speak of them."""

    of: Program
    ids: dict[str, uuid.UUID]


def names_of(rule: Rule) -> set[str]:
    return set(rule.arguments)


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield each route and method that names something of somebody's own."""
    for rule in app.url_map.iter_rules():
        if names_of(rule) & set(OWN) and not rule.rule.startswith(BY_ROLE):
            for method in methods_of(rule):
                yield rule, method


def address(rule: Rule, ids: dict[str, uuid.UUID]) -> str:
    values: dict[str, object] = {
        name: ids.get(name) or next(iter(getattr(converter, "items", ())), "x")
        for name, converter in rule._converters.items()  # noqa: SLF001 -- werkzeug tells nobody else
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


def ask(program: Program, path: str, method: str) -> TestResponse:
    headers = {**program.headers, "Accept": "application/problem+json"}
    # What can be read of the body is, before anybody asks whose the thing is.
    body = BODIES.get(path.rpartition("/")[2]) if method == "PUT" else None
    return program.client.open(path, method=method, headers=headers, json=body)


@pytest.fixture(scope="module")
def own(site: Service, sqlite_demonstration: Home) -> Own:
    """A session, a token, a second factor, a request and a file of somebody in sales."""
    somebody = site.person(Role.SALES, sqlite_demonstration.password(Role.SALES))
    wired = site.wired
    asked = somebody.post("/access-requests", {"role": "support", "reason": "I stand in for a colleague."})
    assert asked.status_code == HTTPStatus.CREATED, asked.get_data(as_text=True)
    brought = somebody.ask(
        "POST", "/imports?table=customers&purpose=customer-relationship",
        data=csv_text([a_person(1)]).encode(), content_type="text/csv",
    )  # fmt: skip
    assert brought.status_code == HTTPStatus.CREATED, brought.get_data(as_text=True)
    with wired.write() as session:
        account = account_by_email(session, email_of(Role.SALES))
        actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset({Role.SALES}))
        command = NewToken(name="my own", role=Role.SALES, own=True)
        token_id = add_token(session, wired.clock, wired.ids, actor, command).token.id
        factor = TotpFactor(
            id=wired.ids.new(), account_id=account.id, name="My telephone", sealed_secret=b"x" * 60,
            made_at=wired.clock.now(),
        )  # fmt: skip
        session.add(factor)
        session_id = session.scalars(
            select(SignInSession.id).where(SignInSession.account_id == account.id, SignInSession.revoked_at.is_(None))
        ).first()
        assert session_id is not None
        ids = {"session_id": session_id, "token_id": token_id, "factor_id": factor.id}
    ids["request_id"] = uuid.UUID(asked.get_json()["id"])
    ids["upload_id"] = uuid.UUID(brought.get_json()["id"])
    return Own(somebody, ids)


def standing(site: Service) -> Sequence[object]:
    """Return what is on file of what belongs to people."""
    with site.wired.read() as session:
        return [
            session.execute(select(*model.__table__.columns).order_by(model.__table__.c.id)).all()
            for model in (ApiToken, TotpFactor, AccessRequest, ImportUpload)
        ] + [session.execute(select(SignInSession.id, SignInSession.revoked_at).order_by(SignInSession.id)).all()]


def test_every_name_in_an_address_is_said_to_be_somebody_s(site: Service) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == sorted({row["name"] for row in rows})
    assert {row["name"] for row in rows} == set().union(*map(names_of, site.app.url_map.iter_rules()))
    assert {row["name"] for row in rows if row["whose"].startswith("one's own")} == {*OWN, "import_id"}


@pytest.mark.parametrize("name", ["marketing in a browser", "support by token", ROLELESS])
def test_what_is_somebody_else_s_is_not_there(site: Service, visitors: Visitors, own: Own, name: str) -> None:
    other = visitors[name].program
    before = standing(site)
    for rule, method in routes(site.app):
        answer = ask(other, address(rule, own.ids), method)
        assert answer.status_code in NOT_THERE, (method, rule.rule, answer.status_code)
    assert standing(site) == before


def test_what_is_one_s_own_is_there(site: Service, own: Own) -> None:
    """So that the refusals above are about whose it is, and not about what was asked."""
    for rule, method in routes(site.app):
        if method == "GET" and "factor_id" not in names_of(rule):
            answer = ask(own.of, address(rule, own.ids), method)
            assert answer.status_code in {HTTPStatus.OK, HTTPStatus.SEE_OTHER, HTTPStatus.CONFLICT}, (rule.rule, answer)
