"""Who is signed in, for one request: the only file that knows Flask-Login, which keeps the answer for the templates.

A session is a random secret in a cookie of its own, looked up on the server at each request; Flask's signed cookie
holds nothing but the CSRF token and messages. A request that brings a token is judged by the token alone: its cookie is
not looked at. Nothing is looked up until somebody asks, so that static files cost no query.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Request, after_this_request, current_app, g, session
from flask_login import LoginManager, current_user
from werkzeug import Response

from governance.actor import ActorKind
from governance.web.context import current
from governance.web.doorkeeper import Admission, Doorkeeper

# RFC 6265bis, section 4.1.3.2: browsers take a cookie of this name only over https, for this host and the whole of it.
SECURE_COOKIE: Final = "__Host-egide"
PLAIN_COOKIE: Final = "egide"
_COOKIE: Final = "EGIDE_COOKIE"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody let in, in the shape in which Flask-Login wants a user."""

    admission: Admission = field(repr=False)

    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return the session or token, for Flask-Login."""
        return str(self.admission.reference)


def init_app(app: Flask, *, doorkeeper: Doorkeeper, https: bool) -> None:
    """Let the doorkeeper judge each request that asks who is there."""
    app.config[_COOKIE] = SECURE_COOKIE if https else PLAIN_COOKIE
    manager: Any = LoginManager()
    # It would tie Flask's own cookie, which decides nothing here, to address and browser.
    manager.session_protection = None
    manager.init_app(app)

    def load(incoming: Request) -> Visitor | None:
        if current().out_of_reach:
            return None
        admission = _admit(doorkeeper, incoming, app.config[_COOKIE])
        return None if admission is None else Visitor(admission)

    manager.request_loader(load)

    def drop_stale_cookie(response: Response) -> Response:
        if session_ended():
            forget(response)
        return response

    app.after_request(drop_stale_cookie)


def visitor() -> Admission | None:
    """Return who is there, or None; from the first call on, `current().actor` answers too."""
    user: Any = current_user
    if not user.is_authenticated:
        return None
    admission: Admission = user.admission
    current().signed_in = admission.actor
    return admission


def session_ended() -> bool:
    """Say whether the browser still showed the session of somebody who is no longer let in."""
    return bool(g.get("egide_stale_cookie", False))


def came_with_token() -> bool:
    """Say whether whoever is there showed a token, which no other site can make a browser send."""
    admission = visitor()
    if admission is None:
        return False
    return admission.actor.kind is ActorKind.PROGRAM or admission.actor.token is not None


def remember(response: Response, secret: str) -> None:
    """Give the browser the cookie of a session just opened, and a new CSRF token with it."""
    _start_afresh()
    _give(response, secret)


def carry_on(secret: str) -> None:
    """Give the browser, with whatever is answered, the cookie of a session that goes on under a new secret.

    Call it before the answer is drawn: the page's forms then bear the new CSRF token.
    """
    _start_afresh()

    def give(response: Response) -> Response:
        _give(response, secret)
        return response

    after_this_request(give)


def _give(response: Response, secret: str) -> None:
    https = current_app.config[_COOKIE] == SECURE_COOKIE
    response.set_cookie(current_app.config[_COOKIE], secret, path="/", secure=https, httponly=True, samesite="Lax")


def forget(response: Response) -> None:
    """Take the session's cookie back."""
    https = current_app.config[_COOKIE] == SECURE_COOKIE
    response.delete_cookie(current_app.config[_COOKIE], path="/", secure=https, httponly=True, samesite="Lax")


def sign_out(response: Response) -> None:
    """Take the session's cookie back, with everything else that the browser holds of it."""
    _start_afresh()
    forget(response)


def _start_afresh() -> None:
    # A CSRF token given before signing in must not be good afterwards, nor the other way round.
    session.clear()
    # Flask-WTF keeps the one of this request.
    g.pop("csrf_token", None)


def _admit(doorkeeper: Doorkeeper, incoming: Request, cookie: str) -> Admission | None:
    address = incoming.remote_addr
    if "Authorization" in incoming.headers:
        scheme, _, secret = incoming.headers["Authorization"].partition(" ")
        return doorkeeper.by_token(secret.strip(), address) if scheme.lower() == "bearer" else None
    secret = incoming.cookies.get(cookie, "")
    if not secret:
        return None
    admission = doorkeeper.by_session(secret, address)
    if admission is None:
        g.egide_stale_cookie = True
    return admission
