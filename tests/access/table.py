"""The table of who may ask what, kept beside this file and read by eyes: `matrix.csv`.

A line names a method, a path and who may ask it: `anyone`; `half-signed-in`, who has yet to show a second factor, and
with them everybody signed in; `signed-in`, every person and program that was let in, whatever their roles; or roles.
What is grave is for a person alone who showed a short time ago who they are, and for no token: `fresh` says `always`,
or with which parts of the address.
HEAD is asked by whoever may GET, OPTIONS by whoever may ask a route anything, so neither has lines.
`python -m tests.access` prints what has to change where routes and table differ; it writes nothing, so that somebody
reads each line before it stands here.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from governance.actor import Role
from governance.web.access import CLOSED, access_of, grave_parts_of, opens_half_signed_in

TABLE: Final = Path(__file__).with_name("matrix.csv")
HEADER: Final = ("method", "path", "who", "fresh")
ANYONE: Final = "anyone"
HALF_SIGNED_IN: Final = "half-signed-in"
SIGNED_IN: Final = "signed-in"
CLOSED_TO_ALL: Final = "nobody"
ALWAYS: Final = "always"
NEVER: Final = ""
WIDEST_FIRST: Final = (ANYONE, HALF_SIGNED_IN, SIGNED_IN)
# These follow from the others.
IMPLIED: Final = frozenset({"HEAD", "OPTIONS"})


class Asked(NamedTuple):
    """What is asked: an address as the routes write it, and how."""

    path: str
    method: str


class Says(NamedTuple):
    """Who may ask it, and when they have to have shown a short time ago who they are."""

    who: str
    fresh: str


def written() -> dict[Asked, Says]:
    """Return the table.

    Raises:
        ValueError: If it is not sorted, names something twice, or names somebody who cannot be.
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    if tuple(header) != HEADER:
        raise ValueError(f"the first line of {TABLE.name} is {HEADER}")
    keys = [Asked(path, method) for method, path, *_ in lines]
    if keys != sorted(set(keys)):
        raise ValueError(f"the lines of {TABLE.name} are sorted by path and method, each once")
    for _, path, who, _ in lines:
        if who not in WIDEST_FIRST and who != " ".join(role for role in Role if role in who.split()):
            raise ValueError(f"{path}: {who!r} are no roles, or not in their order")
    return {Asked(path, method): Says(*says) for method, path, *says in lines}


def declared(app: Flask) -> dict[Asked, Says]:
    """Return what the routes themselves say."""
    return {
        Asked(rule.rule, method): Says(declared_of(app, rule, method), fresh_of(app, rule, method))
        for rule in app.url_map.iter_rules()
        for method in methods_of(rule)
    }


def differences(table: Mapping[Asked, Says], routes: Mapping[Asked, Says]) -> list[str]:
    """Return the lines to take out of the table (`-`) and to put in (`+`), should somebody find them right."""
    changed = sorted(table.items() ^ routes.items())
    return [("-" if table.get(asked) == says else "+") + _line(asked, says) for asked, says in changed]


def methods_of(rule: Rule) -> list[str]:
    """Return the methods of a route that have a line each."""
    return sorted((rule.methods or set()) - IMPLIED)


def declared_of(app: Flask, rule: Rule, method: str) -> str:
    """Return, in the words of the table, to whom a route says it is open."""
    access = access_of(app, rule.endpoint, method)
    if access is None:
        return ANYONE
    if access == CLOSED:
        return CLOSED_TO_ALL
    if opens_half_signed_in(app, rule.endpoint, method):
        return HALF_SIGNED_IN
    return SIGNED_IN if access >= frozenset(Role) else " ".join(role for role in Role if role in access)


def fresh_of(app: Flask, rule: Rule, method: str) -> str:
    """Return, in the words of the table, at which of its addresses a route says it is grave."""
    parts = grave_parts_of(app, rule.endpoint, method)
    if parts is None:
        return NEVER
    return "; ".join(f"{name}: {' '.join(sorted(values))}" for name, values in sorted(parts.items())) or ALWAYS


def grave_parts(fresh: str) -> dict[str, str] | None:
    """Return parts of an address at which a route is grave; None where it never is."""
    if fresh == NEVER:
        return None
    named = [each.partition(": ") for each in fresh.split("; ") if fresh != ALWAYS]
    return {name: values.split()[0] for name, _, values in named}


def _line(asked: Asked, says: Says) -> str:
    # A path may hold commas, between the words of which it takes one.
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((asked.method, asked.path, *says))
    return out.getvalue()


def widest(each: Iterable[str]) -> str:
    """Return who may ask at least one of several things."""
    those = [*each]
    for who in WIDEST_FIRST:
        if who in those:
            return who
    return " ".join(role for role in Role if any(role in who.split() for who in those))
