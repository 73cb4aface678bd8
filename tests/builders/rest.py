"""The edge in front of a room's REST interface, with a doorkeeper who takes people at their word."""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from audit.log import Log
from governance.actor import Actor, ActorKind, Role
from governance.clock import Clock
from governance.database import Database
from governance.errors import phrase
from governance.identity.errors import NotPermittedError
from governance.ids import IdSource
from governance.problems import problem_of
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.sealed_values import SealedValues
from governance.web.doorkeeper import Admission
from governance.web.edge import Behind, EdgeSettings, install, new_app
from governance.web.rest import Api, Blueprint
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.vault import a_keyring, an_attestor
from tests.builders.web import SECRET_KEY, Refusals


@dataclass(frozen=True)
class Believed:
    """Somebody let in."""

    actor: Actor
    reference: uuid.UUID
    name: str = ""
    pending: bool = False
    confirmed_at: datetime | None = None


class CredulousDoorkeeper:
    """Lets in whoever names roles and a number: `owner+dpo 801`, and as a program `service 9 program`."""

    def by_session(self, secret: str, address: str | None) -> Believed | None:
        return None

    def by_token(self, secret: str, address: str | None) -> Believed | None:
        roles, number, *kind = secret.split()
        actor = an_actor(
            *[Role(role) for role in roles.split("+")],
            number=int(number),
            kind=ActorKind(kind[0]) if kind else ActorKind.PERSON,
        )
        return Believed(actor, uuid.UUID(int=1))

    def check_confirmed_anew(self, admission: Admission) -> None:
        if admission.actor.kind is not ActorKind.PERSON:
            raise NotPermittedError(needed=phrase("a person, signed in"))


def asking(role: Role, number: int = 1, kind: ActorKind = ActorKind.PERSON) -> dict[str, str]:
    """Return the headers of somebody in this role."""
    return {"Authorization": f"Bearer {role} {number} {kind}"}


@dataclass(frozen=True)
class Behinds:
    """What lies behind the edge of a test."""

    database: Database
    clock: Clock
    ids: IdSource
    services: Mapping[type, object]


def a_rest_app(behind: Behinds, *blueprints: Blueprint) -> Flask:
    """Return an application with nothing but these blueprints."""
    app = new_app()
    # A credulous doorkeeper has no sessions, so there is nothing to forge.
    app.config["WTF_CSRF_METHODS"] = []
    install(
        app,
        EdgeSettings(base_url="http://localhost:8000", secret_key=SECRET_KEY),
        Behind(
            database=behind.database,
            clock=behind.clock,
            ids=behind.ids,
            doorkeeper=CredulousDoorkeeper(),
            services=behind.services,
            problem_of=problem_of,
            refused=Refusals(),
        ),
    )
    app.config.update(API_TITLE="Égide", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    api = Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return app


def a_closed_client(template: Path, folder: Path, *blueprints: Blueprint) -> FlaskClient:
    """Return a client of an empty house, to try every role on every route."""
    path = folder / "egide.db"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    attestor = an_attestor(folder)
    attestor.attach(database.sessions)
    log = a_log(database, StandingClock(), CountingIds())
    keyring = a_keyring(folder)
    services = {Attestor: attestor, Log: log, Keyring: keyring, SealedValues: SealedValues(keyring)}
    return a_rest_app(Behinds(database, StandingClock(), CountingIds(), services), *blueprints).test_client()
