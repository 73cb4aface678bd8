"""Every route × method × visitor, against the table, and asked for real."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.routes import path_of
from tests.access.table import (
    CLOSED_TO_ALL,
    IMPLIED,
    NEVER,
    Asked,
    declared,
    declared_of,
    differences,
    fresh_of,
    grave_parts,
    methods_of,
    widest,
    written,
)
from tests.access.visitors import HALF, NAMES, NOBODY, ROLELESS, Visitor, Visitors
from tests.builders.service import Service

# What ends the session that asks it.
ENDING = {"/sign-out"}
SENT_AWAY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
TABLE = written()


def who_may(rule: Rule) -> dict[str, str]:
    """Return who may ask a route by each of its methods, as the table says or implies."""
    who = {method: TABLE[Asked(rule.rule, method)].who for method in methods_of(rule)}
    if "HEAD" in (rule.methods or ()):
        who["HEAD"] = who["GET"]
    return who | {"OPTIONS": widest(who.values())}


class Question(NamedTuple):
    """What is asked, who may, and whether it is grave."""

    path: str
    method: str
    who: str
    grave: bool


def questions(app: Flask) -> Iterator[Question]:
    """Yield each path and method; where only some addresses of a route are grave, one of either kind."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = path_of(rule)
        for method, who in who_may(rule).items():
            # Several routes may share an address, one for each method: one of them answers OPTIONS.
            if addresses.match(path, method, return_rule=True)[0] is not rule:
                continue
            parts = grave_parts(fresh_with(rule, method))
            yield Question(path, method, who, grave=parts == {})
            if parts:
                yield Question(path_of(rule, **parts), method, who, grave=True)


def fresh_with(rule: Rule, method: str) -> str:
    """Return what the table says or implies of a route and a method: HEAD runs what GET runs, OPTIONS nothing."""
    return NEVER if method == "OPTIONS" else TABLE[Asked(rule.rule, "GET" if method == "HEAD" else method)].fresh


def ask(someone: Visitor, path: str, method: str) -> TestResponse:
    return someone.program.client.open(
        path,
        method=method,
        headers={**someone.program.headers, "Accept": "application/problem+json"},
        environ_overrides={"REMOTE_ADDR": someone.address},
    )


def deeper_refusals(name: str) -> set[str]:
    """Return what somebody may still be told who was let in, and asks for nothing in particular."""
    # What a purpose gives is the gate's business, what is grave wants a second factor just shown, and nobody here is
    # known to a provider.
    usual = {"read-refused", "write-refused", "fresh-second-factor-needed", "open-id-unknown"}
    # A token has the role of somebody, and is nobody: it decides nothing, and has neither sessions nor factors.
    return usual | {"person-required", "not-permitted"} if name.endswith("by token") else usual


def confirms(name: str) -> bool:
    """Say whether somebody showed a short time ago who they are, with everything that they have."""
    return name != HALF and not name.endswith("by token")


def is_place_of(name: str, path: str) -> bool:
    """Say whether somebody goes there: people to pages, programs to the interface, and one program everywhere."""
    if name == "service by token":
        return True
    return path.startswith("/api/") is name.endswith("by token")


def is_asked_by(name: str, path: str, method: str) -> bool:
    """Say whether somebody asks this at the door: one check serves everybody, so each role asks for each route once.

    In a browser for the pages, and by a token for the interface. Whoever holds nothing, and one role, ask for
    everything, by HEAD and OPTIONS too.
    """
    if name in {NOBODY, HALF, ROLELESS, "dpo in a browser"}:
        return True
    return method not in IMPLIED and is_place_of(name, path)


def is_for_the_gate(answer: TestResponse, path: str) -> bool:
    """Say whether a page about customers says itself that nothing of them is for whoever asks, for this purpose."""
    return path.startswith("/customers/") and answer.status_code == HTTPStatus.FORBIDDEN


def problem_of(answer: TestResponse) -> str:
    told = answer.get_json(silent=True) or {"type": "no problem document"}
    return str(told["type"]).rpartition("/")[2]


def test_the_table_names_every_route_and_each_says_what_the_table_says(site: Service) -> None:
    lines = differences(TABLE, declared(site.app))

    assert not lines, "read each line, then change tests/access/matrix.csv:\n" + "\n".join(lines)


def test_no_route_is_closed_to_everybody(site: Service) -> None:
    assert [asked for asked, says in declared(site.app).items() if says.who == CLOSED_TO_ALL] == []


def test_head_and_options_are_declared_as_the_methods_they_stand_for(site: Service) -> None:
    app = site.app
    for rule in app.url_map.iter_rules():
        for method, who in who_may(rule).items():
            if method in (rule.methods or ()):
                assert declared_of(app, rule, method) == who, (rule.rule, method)
                assert fresh_of(app, rule, method) == fresh_with(rule, method), (rule.rule, method)


def test_every_address_leads_to_the_route_it_was_made_for(site: Service) -> None:
    addresses = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        for method in methods_of(rule):
            assert addresses.match(path_of(rule), method, return_rule=True)[0] is rule


@pytest.mark.parametrize("name", NAMES)
def test_the_door_opens_to_whom_the_table_names_and_to_nobody_else(
    site: Service, visitors: Visitors, name: str, request: pytest.FixtureRequest
) -> None:
    someone = visitors[name]
    request.getfixturevalue("shut_views")

    for path, method, who, grave in questions(site.app):
        if not is_asked_by(name, path, method):
            continue
        status = ask(someone, path, method).status_code
        if grave and someone.may(who) and not confirms(name):
            assert status in {401, 403}, (path, method, status)
        elif someone.may(who):
            assert status == HTTPStatus.NO_CONTENT, (path, method, status)
        else:
            # Who is told by 401 is led to what is missing: the sign-in, or the second factor.
            missing = someone.roles is None or someone.half
            assert status in ({401, 303} if missing else {403}), (path, method, status)


@pytest.mark.parametrize("name", [name for name in NAMES if name != NOBODY])
def test_what_is_grave_is_for_nobody_by_token_nor_after_a_while(
    site: Service, visitors: Visitors, name: str, request: pytest.FixtureRequest
) -> None:
    someone = visitors[name]
    visitors.leave_alone()
    request.getfixturevalue("shut_views")

    for path, method, who, grave in questions(site.app):
        # HEAD has no body to say why.
        if not someone.may(who) or method == "HEAD":
            continue
        answer = ask(someone, path, method)
        if not grave:
            assert answer.status_code == HTTPStatus.NO_CONTENT, (path, method, answer.status_code)
        elif name.endswith("by token"):
            assert (answer.status_code, problem_of(answer)) == (403, "not-permitted"), (path, method)
        else:
            assert (answer.status_code, problem_of(answer)) == (401, "fresh-second-factor-needed"), (path, method)


@pytest.mark.parametrize("name", NAMES)
def test_behind_the_door_nobody_is_sent_away_who_was_let_in(site: Service, visitors: Visitors, name: str) -> None:
    someone = visitors[name]
    for path, method, who, _ in questions(site.app):
        # HEAD runs the same view, and says nothing of what it refuses.
        if someone.may(who) and path not in ENDING and method != "HEAD" and is_place_of(name, path):
            answer = ask(someone, path, method)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (path, method, answer.status_code)
            if answer.status_code in SENT_AWAY and not is_for_the_gate(answer, path):
                assert problem_of(answer) in deeper_refusals(name), (path, method)
