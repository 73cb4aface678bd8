"""The edge, put together: everything between the network and a view, in the order in which a request meets it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.errors import DomainError
from governance.ids import IdSource
from governance.web import (
    access,
    bodies,
    clockface,
    context,
    csrf,
    fetch_metadata,
    headers,
    limits,
    locale,
    pages,
    problems,
    signed_in,
    wrongs,
)
from governance.web.access import Declared
from governance.web.doorkeeper import Doorkeeper
from governance.web.locale import TRANSLATIONS
from governance.web.problems import Drawn, Problem, Told

# A JSON body or a form; an import's view raises it for itself (`request.max_content_length`).
MAXIMUM_BODY_BYTES: Final = 1024 * 1024
_FORM_PARTS: Final = 200
_LIBRARY: Final[Mapping[str, Declared]] = {"static": None, "bootstrap.static": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """What the edge has to know of the installation.

    Attributes:
        proxies: How many proxies of the host's a request passes: whose word counts about where it comes from.
    """

    base_url: str
    secret_key: str = field(repr=False)
    locale: str = "fr"
    demonstration: bool = False
    proxies: int = 0
    translations: Path = TRANSLATIONS

    @property
    def https(self) -> bool:
        """Whether people reach the service over https, so that cookies may be for https only."""
        return urlsplit(self.base_url).scheme == "https"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What lies behind the edge.

    Attributes:
        services: The house's services by type, for `current().get`.
        problem_of: Which problem an error of the domain is.
        refused: Told who was refused which endpoint and method.
        problem_page: Draws a problem for people; the roof may draw the sign-in page for a 401.
        library: Whom routes of libraries are open to, by endpoint, beside static files.
    """

    database: Database
    clock: Clock
    ids: IdSource
    doorkeeper: Doorkeeper
    services: Mapping[type, object]
    problem_of: Callable[[DomainError], Problem]
    refused: Callable[[Actor, str, str], None]
    problem_page: Callable[[Told], Drawn] = pages.problem_page
    library: Mapping[str, Declared] = field(default_factory=dict)


class House(Flask):
    """Flask, but for what it writes of an unexpected error: its own traceback would quote values."""

    def log_exception(self, exc_info: Any) -> None:
        """Write the error's kind and place under a reference."""
        problems.log_unexpected(self, exc_info[1])


def new_app() -> Flask:
    """Return an empty application that finds our templates and static files, and reads its requests strictly."""
    app = House(
        "governance",
        template_folder=str(pages.templates_folder()),
        static_folder=str(pages.STATIC),
        static_url_path="/static",
    )
    bodies.prepare(app)
    return app


def install(app: Flask, settings: EdgeSettings, behind: Behind) -> None:
    """Put everything in place. Blueprints may be registered before or after.

    A request meets: its transaction, a look at its address, where it comes from, who sends it and whether they may, the
    forgery check, the limits. An answer meets them backwards, so that the headers are added first and the transaction
    is committed last.
    """
    _configure(app, settings)
    if settings.proxies:
        # Of each header the last entries are theirs, and only these count: the first ones a visitor may have written.
        trusted = dict.fromkeys(("x_for", "x_proto", "x_host"), settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **trusted)  # type: ignore[method-assign]
    context.init_app(app, database=behind.database, clock=behind.clock, ids=behind.ids, services=behind.services)
    bodies.init_app(app)
    headers.init_app(app, https=settings.https)
    locale.init_app(app, default=settings.locale, translations=settings.translations)
    clockface.init_app(app)
    pages.init_app(app, demonstration=settings.demonstration)
    wrongs.init_app(app)
    problems.init_app(app, base_url=settings.base_url, problem_of=behind.problem_of, page=behind.problem_page)
    signed_in.init_app(app, doorkeeper=behind.doorkeeper, https=settings.https)
    fetch_metadata.init_app(app)
    library = {**_LIBRARY, **behind.library}
    access.init_app(app, library=library, refused=behind.refused, confirm=behind.doorkeeper.check_confirmed_anew)
    csrf.init_app(app)
    key = hashlib.sha256(b"egide/limits" + settings.secret_key.encode()).digest()
    limits.init_app(app, database=behind.database, clock=behind.clock, key=key)


def _configure(app: Flask, settings: EdgeSettings) -> None:
    host = urlsplit(settings.base_url).hostname
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-egide-form" if settings.https else "egide-form",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAXIMUM_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAXIMUM_BODY_BYTES,
        MAX_FORM_PARTS=_FORM_PARTS,
        # Where people come in over https, a request for another host is not for us.
        TRUSTED_HOSTS=[host] if settings.https and host else None,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # of the provider that Flask brings
