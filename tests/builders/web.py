"""The edge in front of identity, with a few probing routes behind it, and a reader of its pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import html5lib
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, Response, request
from flask.testing import FlaskClient
from flask.views import MethodView
from werkzeug.test import TestResponse

from governance.actor import Actor, Role, open_to, open_to_anyone, open_to_signed_in
from governance.errors import DomainError
from governance.identity.doorkeeper import Doorkeeper
from governance.identity.errors import (
    ConfirmationsSpentError,
    FreshSecondFactorNeededError,
    LinkRefusedError,
    NotPermittedError,
    UnknownAccountError,
    UnknownFactorError,
)
from governance.identity.second_door import SecondDoor
from governance.identity.views import own_resources, pages, resources
from governance.settings import Settings, load_settings
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.context import current
from governance.web.edge import Behind, EdgeSettings, install, new_app
from governance.web.limits import limited, paced
from governance.web.locale import TRANSLATIONS
from governance.web.problems import Problem
from governance.web.rest import Api
from tests.builders.identity import PASSWORD, People
from tests.builders.templates import share_templates

SECRET_KEY = "a fictional secret of more than 32 characters"


@dataclass
class Refusals:
    """Who was sent away."""

    seen: list[tuple[Actor, str, str]] = field(default_factory=list)

    def __call__(self, actor: Actor, endpoint: str, method: str) -> None:
        self.seen.append((actor, endpoint, method))


def problem_of(error: DomainError) -> Problem:
    """Return a problem for any error, as the table at the roof does."""
    if isinstance(error, NotPermittedError):
        return Problem(status=403, slug="not-permitted", title="This is not for you.")
    if isinstance(error, ConfirmationsSpentError):
        return Problem(status=401, slug="confirmations-spent", title="This session has ended.")
    if isinstance(error, FreshSecondFactorNeededError):
        return Problem(status=401, slug="fresh-second-factor-needed", title="Confirm that it is you.")
    if isinstance(error, UnknownAccountError | UnknownFactorError | LinkRefusedError):
        return Problem(status=404, slug="unknown", title="There is nothing here.")
    if isinstance(error, AttestationError):
        return Problem(status=409, slug="altered", title="Something was altered.")
    return Problem(status=422, slug="refused", title="Something was refused.")


def settings_of_tests(**more: str) -> Settings:
    """Return settings that hang on nothing of the checkout: its own house may be served at another address."""
    return load_settings({"EGIDE_BASE_URL": "http://localhost:8000", **more})


def an_app(
    house: People,
    *,
    settings: EdgeSettings | None = None,
    refused: Callable[[Actor, str, str], None] | None = None,
    house_settings: Settings | None = None,
    services: Mapping[type, object] | None = None,
    interface: bool = True,
) -> Flask:
    """Return an application with identity's pages and the probes; with its REST interface unless a test needs none."""
    app = new_app()
    settings = settings or EdgeSettings(base_url="http://localhost:8000", secret_key=SECRET_KEY)
    behind = Behind(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        doorkeeper=house.doorkeeper,
        services={
            Doorkeeper: house.doorkeeper,
            SecondDoor: house.second_door,
            Attestor: house.attestor,
            Settings: house_settings or settings_of_tests(),
            **(services or {}),
        },
        problem_of=problem_of,
        refused=refused or Refusals(),
        problem_page=pages.problem_page,
    )
    install(app, settings, behind)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(probes())
    if interface:
        app.config.update(API_TITLE="Égide", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
        api = Api(app)
        api.register_blueprint(resources.blueprint)
        api.register_blueprint(own_resources.blueprint)
    return share_templates(app)


def undeclared() -> str:
    return "open"


@open_to_anyone
def anyone() -> str:
    return "open"


@open_to_anyone
def echo() -> Response:
    return Response(request.get_data(), mimetype="application/octet-stream")


@open_to_signed_in
def mine() -> dict[str, object]:
    return {"actor": str(current().actor.id), "roles": sorted(current().actor.roles)}


@open_to_anyone
@limited("2 per minute")
def seldom() -> str:
    return "done"


@open_to_anyone
def broken() -> str:
    raise ZeroDivisionError("camille@demo.example")


@open_to_anyone
def altered() -> str:
    raise AttestationError(kind="grant", reference="42")


class Both(MethodView):
    """A route whose methods are open to different roles, and one to nobody."""

    @open_to(Role.AUDITOR)
    def get(self) -> str:
        return "read"

    @open_to(Role.ADMIN)
    def post(self) -> str:
        return "written"

    def delete(self) -> str:
        return "deleted"


def probes() -> Blueprint:
    """Return routes that show what the edge does."""
    blueprint = Blueprint("probe", __name__, url_prefix="/api/probe")

    @open_to_signed_in
    @paced("2 per minute")
    def at_a_pace() -> str:
        return "done"

    for name, view, methods in (
        ("undeclared", undeclared, ["GET"]),
        ("open", anyone, ["GET"]),
        ("echo", echo, ["POST"]),
        ("mine", mine, ["GET", "POST"]),
        ("limited", seldom, ["POST"]),
        ("paced", at_a_pace, ["GET"]),
        ("broken", broken, ["GET"]),
        ("altered", altered, ["GET"]),
    ):
        blueprint.add_url_rule(f"/{name}", name, view, methods=methods)
    blueprint.add_url_rule("/both", view_func=Both.as_view("both"))
    return blueprint


def token_of(client: FlaskClient, path: str = "/sign-in") -> str:
    """Return the token against forged requests that a page gives to this browser."""
    page = parse(client.get(path))
    fields = page.findall(".//{*}input[@name='csrf_token']")
    value: str = fields[0].attrib["value"]
    return value


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, onward: str = "/") -> TestResponse:
    """Send the sign-in form as a browser does."""
    form = {"csrf_token": token_of(client), "email": email, "password": password, "next": onward}
    return client.post("/sign-in", data=form)


def parse(response: TestResponse):  # type: ignore[no-untyped-def] # noqa: ANN201 -- an element of html5lib's choosing
    """Parse a page, and fail on anything that HTML5 does not allow."""
    parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree"))
    return parser.parse(response.get_data(as_text=True))


def words(response: TestResponse) -> str:
    """Return the text of a page."""
    return " ".join("".join(parse(response).itertext()).split())


def compiled_catalogues(folder: Path) -> Path:
    """Compile the catalogues as the build does, into a folder of the test."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = folder / source.relative_to(TRANSLATIONS).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, target.open("wb") as written:
            write_mo(written, read_po(read, locale=source.parts[-3]))
    return folder


def shown(answer: TestResponse, *of: str) -> str:
    """Return the mark of a line beside the button that leaves it out, by where it is sent or what it names."""
    for form in parse(answer).iter("{http://www.w3.org/1999/xhtml}form"):
        sent = {each.get("name"): each.get("value") for each in form.iter("{http://www.w3.org/1999/xhtml}input")}
        if "shown" in sent and {*of} <= {*sent.values(), form.get("action")}:
            return sent["shown"] or ""
    raise AssertionError(of)
