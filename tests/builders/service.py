"""The whole application in process, and programs and people who ask it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from audit.models import LogHead
from governance.actor import Actor, ActorKind, Role
from governance.app import create_app
from governance.identity.permissions import NOT_FOR_PROGRAMS
from governance.identity.service import NewToken, account_by_email, add_token
from governance.web.csrf import HEADER
from governance.wiring import Wired
from tests.builders.templates import share_templates
from tests.builders.web import sign_in, token_of
from tests.demonstration import email_of

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Service:
    """An application with the house behind it."""

    app: Flask
    wired: Wired

    def token(self, role: Role) -> str:
        """Return the secret of a program's token in a role; where only people act in it, of one of theirs."""
        name = f"test {role.value} {self.wired.ids.new()}"
        with self.wired.write() as session:
            own = role in NOT_FOR_PROGRAMS
            maker = role if own else Role.CONTROLLER
            account = account_by_email(session, email_of(maker))
            actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset({maker}))
            command = NewToken(name=name, role=role, own=own)
            issued = add_token(session, self.wired.clock, self.wired.ids, actor, command)
            return str(issued.secret)

    def program(self, role: Role) -> "Program":
        """Return a program with a token of its own."""
        return Program(self.app.test_client(), {"Authorization": f"Bearer {self.token(role)}"})

    def person(self, role: Role, password: str, address: str = "127.0.0.1") -> "Program":
        """Return a browser in which a member of the staff signed in, with its token against forgery."""
        client = self.app.test_client()
        # Each place has its own sign-ins a minute.
        client.environ_base["REMOTE_ADDR"] = address
        sign_in(client, email_of(role), password)
        return Program(client, {HEADER: token_of(client, "/account")})

    def stranger(self) -> "Program":
        """Return a program without a token."""
        return Program(self.app.test_client(), {})

    def log_size(self) -> int:
        """Return how many entries the log holds."""
        with self.wired.read() as session:
            return session.scalar(select(LogHead.size)) or 0


@dataclass(frozen=True)
class Program:
    """A client of the REST interface."""

    client: FlaskClient
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a request under `/api/v1`."""
        return self.client.open(f"/api/v1{path}", method=method, headers={**self.headers, **(headers or {})}, **more)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.ask("GET", path, query_string=query)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.ask(
            "POST", path, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )


def serve_in_process(wired: Wired) -> Service:
    """Put the application in front of a house."""
    return Service(share_templates(create_app(wired)), wired)


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem document of an answer, and fail where it is none."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == PROBLEM
    told: dict[str, Any] = answer.get_json(force=True)
    assert told["status"] == status
    assert told["type"].startswith("http://localhost:8000/problems/")
    assert told["title"]
    return told
