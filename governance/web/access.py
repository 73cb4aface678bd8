"""Access: one check before every view, closed by default, for each route and each method.

Views declare whom they are open to (`governance.actor.open_to`); nothing else lets anybody in. Routes of libraries,
which declare nothing, stand in a table given by the roof. What a route protects in detail (this customer, that grant)
is the gate's and the services' business.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from flask import Flask, request
from werkzeug.exceptions import Forbidden, Unauthorized

from governance.actor import Actor, Role, declared_access, declared_half_signed_in
from governance.web.signed_in import visitor

# Open to nobody at all.
CLOSED: Final[frozenset[Role]] = frozenset()
_EVERY_ROLE: Final = frozenset(Role)
_TABLE: Final = "egide_library_access"

Declared = frozenset[Role] | None


class SecondFactorMissing(Unauthorized):
    """Somebody half signed in asks for more than the way on and the way out."""


def init_app(app: Flask, *, library: Mapping[str, Declared], refused: Callable[[Actor, str, str], None]) -> None:
    """Check every request.

    Args:
        app: The application.
        library: Whom routes that declare nothing are open to, by endpoint; None is anyone.
        refused: Told who was refused which endpoint and method, to record it.
    """
    app.extensions[_TABLE] = dict(library)

    def check() -> None:
        # Without a rule the answer is 404 or 405, and no view runs.
        if request.url_rule is None or request.endpoint is None:
            return
        declared = access_of(app, request.endpoint, request.method)
        if declared is None:
            return
        admission = visitor()
        if admission is None:
            raise Unauthorized
        if admission.pending and not opens_half_signed_in(app, request.endpoint, request.method):
            raise SecondFactorMissing
        if not _opens(declared, admission.actor):
            refused(admission.actor, request.endpoint, request.method)
            raise Forbidden

    app.before_request(check)


def access_of(app: Flask, endpoint: str, method: str) -> Declared:
    """Return whom a route is open to with this method: roles, None for anyone, nobody where nothing is declared."""
    library: Mapping[str, Declared] = app.extensions[_TABLE]
    if endpoint in library:
        return library[endpoint]
    view: Any = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None and method == "OPTIONS":
        return _widest([_declared(getattr(view_class, name.lower())) for name in view_class.methods])
    handler = _handler(view, method)
    return CLOSED if handler is None else _declared(handler)


def may_open(app: Flask, endpoint: str, actor: Actor, method: str = "GET") -> bool:
    """Say whether a page may show somebody a link to this route."""
    if endpoint not in app.view_functions:
        return False
    declared = access_of(app, endpoint, method)
    return declared is None or _opens(declared, actor)


def opens_half_signed_in(app: Flask, endpoint: str, method: str) -> bool:
    """Say whether a route is open with this method to whoever has yet to show their second factor."""
    if endpoint not in app.view_functions or endpoint in app.extensions[_TABLE]:
        return False
    handler = _handler(app.view_functions[endpoint], method)
    return handler is not None and declared_half_signed_in(handler)


def _handler(view: Any, method: str) -> object | None:
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return cast("object", view)
    # A class answers HEAD by its `get`, where it has no `head`.
    return getattr(view_class, method.lower(), None) or getattr(view_class, "get", None)


def _opens(declared: frozenset[Role], actor: Actor) -> bool:
    # What is open to every role is open to whoever is signed in: a person whose roles wait for their countersignature
    # has none, and still finds the way out.
    return declared >= _EVERY_ROLE or bool(actor.roles & declared)


def _declared(view: object) -> Declared:
    try:
        return declared_access(view)
    except LookupError:
        return CLOSED


def _widest(each: list[Declared]) -> Declared:
    if any(declared is None for declared in each):
        return None
    return frozenset().union(*[declared for declared in each if declared is not None])
