"""Access: one check before every view, closed by default, for each route and each method.

Views declare whom they are open to (`governance.actor.open_to`); nothing else lets anybody in. Routes of libraries,
which declare nothing, stand in a table given by the roof. What a route protects in detail (this customer, that grant)
is the gate's and the services' business.

What decides something grave declares that too (`governance.actor.confirmed_anew`), and is then for a person in a
session alone, who showed a short time ago who they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Flask, request
from werkzeug.exceptions import Forbidden, Unauthorized

from governance.actor import Actor, Role, declared_access, declared_grave, declared_half_signed_in
from governance.web.doorkeeper import Admission
from governance.web.signed_in import came_with_token, visitor

# Open to nobody at all.
CLOSED: Final[frozenset[Role]] = frozenset()
_EVERY_ROLE: Final = frozenset(Role)
_TABLE: Final = "egide_library_access"

Declared = frozenset[Role] | None
Refused = Callable[[Actor, str, str], None]


class SecondFactorMissing(Unauthorized):
    """Somebody half signed in asks for more than the way on and the way out."""


def init_app(
    app: Flask, *, library: Mapping[str, Declared], refused: Refused, confirm: Callable[[Admission], None]
) -> None:
    """Check every request.

    Args:
        app: The application.
        library: Whom routes that declare nothing are open to, by endpoint; None is anyone.
        refused: Told who was refused which endpoint and method, to record it.
        confirm: Refuses whoever did not show a short time ago who they are, by the problem that tells them so.
    """
    app.extensions[_TABLE] = dict(library)

    app.before_request(_Door(app, refused, confirm).check)


@dataclass(frozen=True, slots=True)
class _Door:
    """What every request comes to before its view."""

    app: Flask
    refused: Refused
    confirm: Callable[[Admission], None]

    def check(self) -> None:
        # Without a rule the answer is 404 or 405, and no view runs.
        if request.url_rule is None or request.endpoint is None:
            return
        declared = access_of(self.app, request.endpoint, request.method)
        if declared is None:
            return
        admission = visitor()
        if admission is None:
            raise Unauthorized
        self._check_role(declared, admission, request.endpoint)
        if _is_grave(self.app, request.endpoint, request.method, request.view_args or {}):
            self._check_confirmed(admission, request.endpoint)

    def _check_role(self, declared: frozenset[Role], admission: Admission, endpoint: str) -> None:
        if admission.pending and not opens_half_signed_in(self.app, endpoint, request.method):
            raise SecondFactorMissing
        if not _opens(declared, admission.actor):
            self.refused(admission.actor, endpoint, request.method)
            raise Forbidden

    def _check_confirmed(self, admission: Admission, endpoint: str) -> None:
        if came_with_token():
            # Whoever has found a token tries what is grave first.
            self.refused(admission.actor, endpoint, request.method)
        self.confirm(admission)


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


def _is_grave(app: Flask, endpoint: str, method: str, parts: Mapping[str, Any]) -> bool:
    declared = grave_parts_of(app, endpoint, method)
    return declared is not None and all(parts.get(name) in values for name, values in declared.items())


def grave_parts_of(app: Flask, endpoint: str, method: str) -> Mapping[str, frozenset[str]] | None:
    """Return the parts of the addresses at which a route is grave, empty where all are; None where none is."""
    if endpoint in app.extensions[_TABLE] or method == "OPTIONS":
        # Which methods there are is no decision, and no view tells.
        return None
    return declared_grave(_handler(app.view_functions[endpoint], method))


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
