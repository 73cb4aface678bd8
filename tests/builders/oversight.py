"""People in front of the first pages, and what waits for them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from governance.actor import Actor, ActorKind, Role
from governance.identity.models import SignInMethod
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewSession,
    NewToken,
    account_by_email,
    add_account,
    add_token,
    assign_role,
    called,
    open_session,
)
from governance.web.csrf import HEADER
from governance.web.signed_in import PLAIN_COOKIE
from governance.wiring import Wired
from tests.builders.service import Service
from tests.builders.web import token_of
from tests.demonstration import email_of

PAGES = {
    Role.DPO: "/today",
    Role.CONTROLLER: "/decisions",
    Role.OWNER: "/tasks",
    Role.SECURITY: "/watch",
    Role.AUDITOR: "/log/state",
}


@dataclass(frozen=True)
class Reader:
    """A browser in which somebody has signed in with all that is asked of them."""

    client: FlaskClient

    def open(self, path: str, language: str = "en") -> TestResponse:
        return self.client.get(path, headers={"Accept": "text/html", "Accept-Language": language})

    def send(self, path: str, language: str = "en", **fields: str) -> TestResponse:
        headers = {"Accept": "text/html", "Accept-Language": language, HEADER: token_of(self.client, "/account")}
        return self.client.post(path, data=fields, headers=headers)

    def post_json(self, path: str, body: dict[str, object]) -> TestResponse:
        return self.client.post(path, json=body, headers={HEADER: token_of(self.client, "/account")})


def acting(wired: Wired, role: Role) -> Actor:
    """Return the member of the staff in a role."""
    with wired.read() as session:
        account = account_by_email(session, email_of(role))
        return Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset({role}))


def account_of(wired: Wired, role: Role) -> uuid.UUID:
    """Return the account of the member of the staff in a role."""
    found = acting(wired, role).id
    assert found is not None
    return found


def name_of(wired: Wired, role: Role) -> str:
    """Return what the pages call the member of the staff in a role."""
    account = account_of(wired, role)
    with wired.read() as session:
        return called(session, [account])[account]


def reader(service: Service, role: Role) -> Reader:
    """Return the browser of the member of the staff in a role."""
    wired = service.wired
    with wired.write() as session:
        account = account_by_email(session, email_of(role))
        actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset())
        new = NewSession(method=SignInMethod.PASSWORD, address=None, second_factor_at=wired.clock.now())
        opened = open_session(session, wired.clock, wired.ids, account, actor, new)
    client = service.app.test_client()
    client.set_cookie(PLAIN_COOKIE, str(opened.secret))
    return Reader(client)


def hire(wired: Wired, email: str, role: Role = Role.SUPPORT) -> uuid.UUID:
    """Let the administrator make an account with a role that waits for the controller; return the assignment."""
    admin = acting(wired, Role.ADMIN)
    with wired.write() as session:
        account = add_account(session, wired.clock, wired.ids, admin, NewAccount(email=email))
        new = NewRole(account_id=account.id, role=role)
        return assign_role(session, wired.clock, wired.ids, admin, new).id


def program(wired: Wired, name: str, by: Role = Role.ADMIN, expires_at: datetime | None = None) -> uuid.UUID:
    """Make the token of a program; return it."""
    command = NewToken(name=name, role=Role.SERVICE, expires_at=expires_at)
    actor = acting(wired, by)
    with wired.write() as session:
        return add_token(session, wired.clock, wired.ids, actor, command).token.id


def refuse(wired: Wired, role: Role, times: int, endpoint: str = "log.entries", at: datetime | None = None) -> None:
    """Record that somebody was sent away from a page."""
    actor = acting(wired, role)
    wired.log.append_many(
        [
            Fact(
                retention=Retention.SECURITY,
                action=Action.REFUSAL,
                actor=actor,
                object_type="route",
                object_id=endpoint,
                outcome=Outcome.REFUSED,
                at=at,
            )
            for _ in range(times)
        ]
    )


def read(wired: Wired, role: Role, times: int, purpose: str = "after-sales", at: datetime | None = None) -> None:
    """Record reads of customers' data, as the gate does."""
    actor = acting(wired, role)
    details: dict[str, JsonValue] = {"fields": {"clear": ["city"], "masked": ["email", "telephone"]}, "rows": 2}
    wired.log.append_many(
        [
            Fact(
                retention=Retention.ACCESS,
                action=Action.READ,
                actor=actor,
                object_type="customers",
                purpose=purpose,
                subjects=(1, 2),
                details=details,
                at=at,
            )
            for _ in range(times)
        ]
    )


class Statements:
    """Counts what a block asks the database."""

    def __init__(self, wired: Wired) -> None:
        self._engine = wired.database.engine
        self.count = 0

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._see)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._see)

    def _see(self, *_: object) -> None:
        self.count += 1
