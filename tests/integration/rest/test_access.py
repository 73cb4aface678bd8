"""Every route says whom it is open to, and nobody else gets in."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from governance.actor import Role
from governance.web.access import CLOSED, access_of
from tests.builders.service import Service

_STRANGERS_MAY = {
    "api-docs.openapi_json",
    "api_docs.show",
    "health.live",
    "health.metrics",
    "health.ready",
    "problems.show",
    "static",
    "bootstrap.static",
}


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def places(app: Flask) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule in app.url_map.iter_rules() for method in methods_of(rule)]


def path_of(rule: Rule) -> str:
    """Return an address of a route: of something that is not there."""
    values: dict[str, object] = {
        name: next(iter(getattr(converter, "items", ())), _EXAMPLES.get(type(converter).__name__, "x"))
        for name, converter in rule._converters.items()  # noqa: SLF001 -- werkzeug tells nobody else
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


_EXAMPLES = {"UUIDConverter": "00000000-0000-7000-8000-000000000001", "StorableInteger": 1, "PathConverter": "x"}


def test_every_route_declares_its_access(sqlite_service: Service) -> None:
    app = sqlite_service.app
    undeclared = [
        f"{method} {rule.rule}" for rule, method in places(app) if access_of(app, rule.endpoint, method) == CLOSED
    ]
    assert undeclared == []


def test_strangers_may_open_what_is_listed_and_the_way_in(sqlite_service: Service) -> None:
    app = sqlite_service.app
    opened = {rule.endpoint for rule, method in places(app) if access_of(app, rule.endpoint, method) is None}
    assert {name for name in opened if not name.startswith("identity")} == _STRANGERS_MAY


def test_nobody_without_a_token_passes_any_route_of_the_interface(sqlite_service: Service) -> None:
    app = sqlite_service.app
    client = app.test_client()
    for rule, method in places(app):
        if access_of(app, rule.endpoint, method) is not None:
            answer = client.open(path_of(rule), method=method, headers={"Accept": "application/json"})
            assert answer.status_code == 401, f"{method} {rule.rule}"


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN, Role.AUDITOR, Role.CONTROLLER])
def test_no_role_passes_a_route_that_is_not_open_to_it(sqlite_service: Service, role: Role) -> None:
    app = sqlite_service.app
    program = sqlite_service.program(role)
    for rule, method in places(app):
        declared = access_of(app, rule.endpoint, method)
        if declared is not None and role not in declared:
            answer = program.client.open(path_of(rule), method=method, headers=program.headers)
            assert answer.status_code == 403, f"{method} {rule.rule}"
