"""Forged requests: every request that changes something shows a token that only our own pages know.

Pages send it as the field `csrf_token`, scripts of our own origin as the header `X-CSRFToken`. A request that came in
by an API token needs none, for no other site can make a browser send one. The check runs after access control, so that
whoever is not signed in is told that first.

Two kinds of views need none. A form that other sites may hold knows nobody, so there is nobody in whose name it could
be forged (`open_to_sites`); such a view looks itself from which site it comes. And an address that holds a secret is
such a token itself (`acts_by_link`): nobody who does not know it can forge a request to it, and mail programs, which
have no page of ours, unsubscribe by it (RFC 8058).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from governance.web.signed_in import came_with_token

HEADER: Final = "X-CSRFToken"
_FROM_SITES: Final = "__egide_from_sites__"
_BY_LINK: Final = "__egide_by_link__"
_View = TypeVar("_View", bound=Callable[..., object])
# As long as a session can last: a form left open over lunch still works.
_LIFETIME: Final = timedelta(hours=12)


def acts_by_link(view: _View) -> _View:
    """Declare that a view is opened by the secret in its address alone, whoever sends the request."""
    setattr(view, _BY_LINK, True)
    return view


def open_to_sites(view: _View) -> _View:
    """Declare that a view takes what other sites' pages send: it knows nobody, and checks the origin itself."""
    setattr(view, _FROM_SITES, True)
    return acts_by_link(view)


def needs_no_token(app: Flask, endpoint: str) -> bool:
    """Say whether a view is opened by the secret in its address, or by anybody."""
    return hasattr(app.view_functions[endpoint], _BY_LINK)


def comes_from_sites(app: Flask, endpoint: str) -> bool:
    """Say whether a view takes what other sites' pages send."""
    return hasattr(app.view_functions[endpoint], _FROM_SITES)


def init_app(app: Flask) -> None:
    """Check every request that is not safe."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_HEADERS"] = [HEADER]
    app.config["WTF_CSRF_TIME_LIMIT"] = int(_LIFETIME.total_seconds())
    protect = CSRFProtect()
    protect.init_app(app)

    def check() -> None:
        # Safe methods need no token, so nobody asks who is there: a page for everybody knows nobody.
        unsafe = request.method in app.config["WTF_CSRF_METHODS"]
        if not unsafe or request.endpoint is None or needs_no_token(app, request.endpoint):
            return
        if not came_with_token():
            protect.protect()

    app.before_request(check)


def token() -> str:
    """Return the token for this browser, for pages whose scripts call the API."""
    issued: str = generate_csrf()
    return issued
