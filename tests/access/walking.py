"""Walks over every route, each asked by somebody who may."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.web.headers import STATIC_ENDPOINTS
from tests.access.routes import path_of
from tests.access.table import ANYONE, HALF_SIGNED_IN, NEVER, SIGNED_IN, Asked, methods_of, written
from tests.access.visitors import HALF, NOBODY, ROLELESS, Visitor, Visitors

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST: Final = {ANYONE: NOBODY, HALF_SIGNED_IN: HALF, SIGNED_IN: ROLELESS}


@dataclass(frozen=True)
class Step:
    """A route and a method, with who may ask it, and when they have to have shown who they are."""

    endpoint: str
    rule: str
    path: str
    method: str
    who: str
    fresh: str

    @property
    def static(self) -> bool:
        """Whether it is a file that everybody gets."""
        return self.endpoint in STATIC_ENDPOINTS

    @property
    def interface(self) -> bool:
        """Whether programs ask it."""
        return self.path.startswith("/api/v1/")

    def asker(self, visitors: Visitors) -> Visitor:
        """Return somebody in a browser who may ask it, the first in the table's order; else a program."""
        if self.who == HALF_SIGNED_IN and self.fresh != NEVER:
            # Whoever has a factor to show has not shown who they are.
            return visitors[ROLELESS]
        return visitors[_FIRST.get(self.who) or _in_browser(self.who)]

    def ask(self, someone: Visitor, headers: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        """Ask it, with somebody's own headers and these."""
        return someone.program.client.open(
            self.path,
            method=self.method,
            headers={**someone.program.headers, **(headers or {})},
            environ_overrides={"REMOTE_ADDR": someone.address},
            **more,
        )


def steps(app: Flask) -> Iterator[Step]:
    """Yield every route with each of its methods, but for HEAD and OPTIONS."""
    table = written()
    for rule in app.url_map.iter_rules():
        for method in methods_of(rule):
            yield Step(rule.endpoint, rule.rule, path_of(rule), method, *table[Asked(rule.rule, method)])


def _in_browser(who: str) -> str:
    people = (f"{role} in a browser" for role in who.split() if role != Role.SERVICE)
    # What is for programs alone nobody asks in a browser.
    return next(people, f"{Role.SERVICE} by token")
