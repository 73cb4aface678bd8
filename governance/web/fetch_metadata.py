"""Fetch Metadata: what the browser says about where a request comes from (W3C Fetch Metadata Request Headers).

Opening a record leaves an entry in the log under the reader's name, so no other site may make a browser open one, nor
may a browser open one ahead of time. Routes that are open to anyone record nobody and are let through when a person
follows a link to them. Programs send none of these headers.
"""

from typing import Final

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from governance.web.access import access_of
from governance.web.csrf import comes_from_sites

_OWN: Final = frozenset({"same-origin", "none"})
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")


class CrossSiteError(HTTPException):
    """A request that another site made the browser send."""

    code = 403
    description = "The request comes from another site."


class PrefetchError(HTTPException):
    """A page that nobody has asked to see yet. 503 makes a browser fetch it again when somebody does."""

    code = 503
    description = "This page is not given ahead of time."


def init_app(app: Flask) -> None:
    """Refuse what did not start here."""

    def check() -> None:
        if request.url_rule is None or request.endpoint is None:
            return
        to_anyone = access_of(app, request.endpoint, request.method) is None
        if not to_anyone and any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD):
            raise PrefetchError
        if request.headers.get("Sec-Fetch-Site", "none") in _OWN or _may_come_from(app, request.endpoint):
            return
        followed = request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Mode") == "navigate"
        embedded = request.headers.get("Sec-Fetch-Dest", "document") != "document"
        if not to_anyone or not followed or embedded:
            raise CrossSiteError

    app.before_request(check)


def _may_come_from(app: Flask, endpoint: str) -> bool:
    """Say whether this is a form sent from a page of another site that may hold it: a visit, and nothing embedded."""
    visited = (
        request.headers.get("Sec-Fetch-Dest") == "document" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    )
    return visited and comes_from_sites(app, endpoint)
