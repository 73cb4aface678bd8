"""What a view may reach during one request: a transaction, the time, who asks, and the house's services by type.

The transaction opens at its first use and ends with the request: a safe method reads and is rolled back, any other
commits, and only when the view answered with success. An error while committing is the answer that the caller gets.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.ids import IdSource

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_Service = TypeVar("_Service")


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request's view of the house. Secrets and sessions stay out of the repr.

    Attributes:
        out_of_reach: The database did not answer: what is still to be drawn asks it nothing more.
    """

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    services: Mapping[type, object] = field(repr=False)
    writes: bool
    signed_in: Actor | None = None
    out_of_reach: bool = False
    _session: Session | None = field(default=None, repr=False)
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def actor(self) -> Actor:
        """Who asks.

        Raises:
            LookupError: If nobody is signed in; access control lets no view that needs an actor come so far.
        """
        if self.signed_in is None:
            raise LookupError("this view is open before sign-in and has no actor")
        return self.signed_in

    @property
    def session(self) -> Session:
        """The request's transaction, opened now if it was not."""
        if self._session is None:
            opened = self.database.write() if self.writes else self.database.read()
            self._session = self._stack.enter_context(opened)
        return self._session

    def get(self, service: type[_Service]) -> _Service:
        """Return the house's one service of this type.

        Raises:
            LookupError: If the house was wired without it.
        """
        found = self.services.get(service)
        if found is None:
            raise LookupError(f"the house has no {service.__name__}")
        return cast("_Service", found)

    def commit(self) -> None:
        """End the transaction and keep what it wrote."""
        self._session = None
        self._stack.close()

    def roll_back(self) -> None:
        """End the transaction and forget what it wrote."""
        if self._session is not None:
            self._session.rollback()
        self._session = None
        self._stack.__exit__(_Refused, _Refused(), None)


class _Refused(Exception):  # noqa: N818 -- never leaves this file: it tells a `with` block to roll back
    """The view answered without success."""


def current() -> RequestContext:
    """Return the context of the request under way."""
    return cast("RequestContext", g.egide)


def init_app(app: Flask, *, database: Database, clock: Clock, ids: IdSource, services: Mapping[type, object]) -> None:
    """Give each request its context, and end its transaction with it."""

    def begin() -> None:
        g.egide = RequestContext(
            database=database, clock=clock, ids=ids, services=services, writes=request.method not in _SAFE_METHODS
        )

    def end(response: Response) -> Response:
        context: RequestContext | None = g.get("egide")
        if context is None:
            return response
        if response.status_code < HTTPStatus.BAD_REQUEST:
            context.commit()
        else:
            context.roll_back()
        return response

    def clean_up(_error: BaseException | None) -> Any:
        context: RequestContext | None = g.get("egide")
        if context is not None:
            context.roll_back()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(clean_up)
