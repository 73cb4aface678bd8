"""Forged requests: every request that changes something shows a token that only our own pages know.

Pages send it as the field `csrf_token`, scripts of our own origin as the header `X-CSRFToken`. A request that came in
by an API token needs none, for no other site can make a browser send one. The check runs after access control, so that
whoever is not signed in is told that first.
"""

from datetime import timedelta
from typing import Final

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from governance.web.signed_in import came_with_token

HEADER: Final = "X-CSRFToken"
# As long as a session can last: a form left open over lunch still works.
_LIFETIME: Final = timedelta(hours=12)


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
        if unsafe and request.url_rule is not None and not came_with_token():
            protect.protect()

    app.before_request(check)


def token() -> str:
    """Return the token for this browser, for pages whose scripts call the API."""
    issued: str = generate_csrf()
    return issued
