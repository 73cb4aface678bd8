"""The cookie by which a device is known again after somebody signed in on it. It opens nothing.

It lasts, unlike a session's: it is there for the next sign-in. CNIL, guidelines on cookies of 17 September 2020, § 49:
what serves nothing but the security of signing in needs no consent.
"""

from typing import Final

from flask import after_this_request, current_app, request
from werkzeug import Response

SECURE_COOKIE: Final = "__Host-egide-device"
PLAIN_COOKIE: Final = "egide-device"
_SECONDS: Final = 365 * 24 * 3600


def shown_here() -> str:
    """Return what the browser says of itself; empty where it says nothing. Unverified."""
    return request.cookies.get(_name(), "")


def keep(cookie: str) -> None:
    """Give the browser this cookie, with whatever is answered."""

    def give(response: Response) -> Response:
        response.set_cookie(
            _name(), cookie, max_age=_SECONDS, path="/", secure=_over_https(), httponly=True, samesite="Lax"
        )
        return response

    after_this_request(give)


def _name() -> str:
    return SECURE_COOKIE if _over_https() else PLAIN_COOKIE


def _over_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
