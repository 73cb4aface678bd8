"""What no program should send is refused as such: never a fault of the service, and never stored."""

import io
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import pytest
from flask import Flask
from marshmallow import Schema, fields

from governance.actor import Role
from governance.web.access import access_of
from governance.web.edge import MAXIMUM_BODY_BYTES
from governance.web.fields import Day, PlainText
from governance.web.rest import Blueprint
from tests.builders.oversight import account_of, reader
from tests.builders.service import Program, Service, problem
from tests.builders.web import words
from tests.demonstration import Home

QUERY: Final = "/data/customers/query"
ASKED: Final = {"purpose": "after-sales", "limit": 3}
NUL: Final = '"zoe\\u0000"'
HALF: Final = '"\\ud800"'
# Each is `%s` in place of a text.
WRITES: Final = (
    (Role.ADMIN, "/tokens", '{"name": %s, "role": "admin", "own": true}'),
    (Role.ADMIN, "/users", '{"email": "zoe@demo.example", "name": %s}'),
    (Role.ADMIN, "/users", '{"email": %s}'),
    (
        Role.SALES,
        "/data/customers",
        '{"purpose": "customer-relationship", "values": {"family_name": "Zoé", "number": "T-1"}, "source": %s}',
    ),
    (Role.SALES, "/data/customers", '{"purpose": "customer-relationship", "values": {"family_name": %s}}'),
    (Role.SALES, "/data/customers", '{"purpose": "customer-relationship", "values": {%s: "Zoé"}}'),
    (Role.SUPPORT, QUERY, '{"purpose": "after-sales", "where": [{"field": "number", "value": %s}]}'),
    (Role.SUPPORT, QUERY, '{"purpose": "after-sales", "where": [{"field": "email", "value": [%s]}]}'),
    (Role.SUPPORT, QUERY, '{"purpose": "after-sales", "after": %s}'),
    (Role.DPO, "/parties", '{"name": %s}'),
)


def send(program: Program, path: str, body: str | bytes) -> Any:
    return program.ask("POST", path, data=body, content_type="application/json")


def send_in_chunks(program: Program, body: bytes) -> Any:
    """Send as a server passes on what comes in chunks: without a length, but with an end."""
    return program.ask(
        "POST",
        QUERY,
        content_type="application/json",
        input_stream=io.BytesIO(body),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )


def test_text_that_cannot_be_stored_is_refused(service: Service, home: Home) -> None:
    roles = {role for role, _, _ in WRITES}
    programs = {role: service.person(role, home.password(role)) for role in roles}
    for role, path, body in WRITES:
        size = service.log_size()
        problem(send(programs[role], path, body % HALF), 400)
        problem(send(programs[role], path, body % NUL), 422)
        if role is not Role.SUPPORT:
            assert service.log_size() == size, path


@pytest.mark.parametrize(
    "path",
    [
        "/data/customers%00?purpose=after-sales",
        "/data/customers/%00?purpose=after-sales",
        "/data/customers?purpose=after-sales%00",
        "/data/customers?purpose=after-sales&after=%00",
        "/data/customers?purpose=after-sales&%00=1",
        "/plan/customers?purpose=%00",
    ],
)
def test_an_address_that_holds_nul_is_refused(both_sites: Service, path: str) -> None:
    told = problem(both_sites.program(Role.SUPPORT).ask("GET", path), 400)
    assert told["type"].endswith("/bad-request")


def test_a_form_that_holds_nul_is_refused(site: Service) -> None:
    client = site.app.test_client()
    for form in ({"email": "zoe\0@demo.example"}, {"zoe\0": "1"}, {"file": (io.BytesIO(b""), "zoe\0.csv")}):
        assert client.post("/sign-in", data=form).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000 + b"]" * 60_000,
        b'{"a":' * 60_000 + b"1" + b"}" * 60_000,
        b"9" * 5_000,
        b'{"purpose": "after-sales", "limit": NaN}',
        b'{"purpose": "after-sales"} {}',
        b'{"purpose": "after-sales"',
        b'{"purpose": "\xff"}',
        b'{"purpose": "after-sales", "purpose": "scoring"}',
    ],
    ids=["lists", "objects", "digits", "nan", "rest", "cut", "bytes", "twice"],
)
def test_json_that_is_none_is_a_bad_request(site: Service, body: bytes) -> None:
    told = problem(send(site.program(Role.SUPPORT), QUERY, body), 400)
    assert told["type"].endswith("/bad-request")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/data/customers?purpose=after-sales&limit=1&limit=2", "limit"),
        ("/data/customers?purpose=after-sales&purpose=scoring", "purpose"),
        ("/plan/customers?purpose=after-sales&purpose=after-sales", "purpose"),
        ("/grants?after=a&after=b", "after"),
    ],
)
def test_what_stands_twice_in_an_address_is_refused(site: Service, path: str, name: str) -> None:
    told = problem(site.program(Role.OWNER).ask("GET", path), 422)
    assert told["errors"] == {"query": {name: ["May be given only once."]}}


def test_what_may_stand_several_times_in_an_address_may(site: Service) -> None:
    told = site.program(Role.SUPPORT).ask(
        "GET", "/data/customers?purpose=after-sales&field=email&field=family_name&limit=1"
    )
    assert {"email", "family_name"} <= told.get_json()["rows"][0].keys()


def test_a_number_beyond_every_column_is_refused(both_sites: Service) -> None:
    program = both_sites.program(Role.SUPPORT)
    for number in (2**63, 2**64, 10**30, -(10**30)):
        told = problem(send(program, QUERY, f'{{"purpose": "after-sales", "limit": {number}}}'), 422)
        assert list(told["errors"]["json"]) == ["limit"]


def test_a_body_in_chunks_is_read_whole_or_refused(site: Service) -> None:
    program = site.program(Role.SUPPORT)
    asked = b'{"purpose": "after-sales", "limit": 3}'
    filled = asked.ljust(MAXIMUM_BODY_BYTES)

    assert send_in_chunks(program, asked).status_code == 200
    assert send_in_chunks(program, filled).status_code == 200
    problem(send_in_chunks(program, filled + b" "), 413)
    problem(send_in_chunks(program, filled + b"x" * 40_000_000), 413)
    problem(send_in_chunks(program, b'{"purpose": "' + b"x" * 2_000_000), 413)
    problem(send_in_chunks(program, asked + b"x" * 1_000), 400)


@pytest.mark.parametrize("number", ["9" * 26, str(2**63)], ids=["many", "signed"])
def test_no_huge_number_in_an_address_is_a_fault_of_the_service(both_sites: Service, number: str) -> None:
    app = both_sites.app
    programs = {role: both_sites.program(role) for role in (Role.SUPPORT, Role.ADMIN, Role.AUDITOR, Role.DPO)}
    query = dict.fromkeys(("after", "limit", "subject", "subject_id"), number)
    answers = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", number, rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            declared = access_of(app, rule.endpoint, method) or frozenset()
            program = next((programs[role] for role in programs if role in declared), programs[Role.SUPPORT])
            for asked in ({}, query) if method == "GET" else ({},):
                if number not in path and not asked:
                    continue
                body: dict[str, str] | None = None if method == "GET" else {}
                answer = program.client.open(
                    path, method=method, headers=program.headers, query_string=asked, json=body
                )
                answers[f"{method} {path} {asked}"] = answer.status_code
    assert [place for place, status in answers.items() if status == 500] == []


def schemas_of(app: Flask) -> Iterator[Schema]:
    """Return what the routes of the interface take."""
    for view in app.view_functions.values():
        owner = getattr(view, "view_class", None)
        methods = [getattr(owner, name.lower()) for name in owner.methods or ()] if owner else [view]
        for method in methods:
            described = getattr(method, "_apidoc", {}).get("arguments", {})
            for argument in described.get("parameters", ()):
                schema = argument.get("schema")
                if isinstance(schema, type) and issubclass(schema, Schema):
                    yield schema()
                elif isinstance(schema, Schema):
                    yield schema


@pytest.mark.parametrize("address", ["/activities/%00", "/sign-in?next=%00", "/no%00where"])
def test_an_address_that_cannot_be_stored_is_told_to_a_stranger_on_a_page(site: Service, address: str) -> None:
    answer = site.app.test_client().get(address, headers={"Accept": "text/html"})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert words(answer)


def texts_of(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """Return the text fields of a schema, and of what is nested in it."""
    return ((name, field) for name, field in values_of(schema) if isinstance(field, fields.String))


def values_of(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """Return the fields of a schema that hold one value, and of what is nested in it."""
    waiting: list[tuple[str, fields.Field[Any]]] = [
        (f"{type(schema).__name__}.{name}", field) for name, field in schema.fields.items()
    ]
    while waiting:
        name, field = waiting.pop()
        if isinstance(field, fields.UUID):
            continue
        if isinstance(field, fields.Nested):
            yield from values_of(field.schema)
        elif isinstance(field, fields.List):
            waiting.append((name, field.inner))
        elif isinstance(field, fields.Dict):
            waiting += [(name, each) for each in (field.key_field, field.value_field) if each is not None]
        else:
            yield name, field


def test_every_text_that_the_interface_takes_can_be_stored(site: Service) -> None:
    found = [each for schema in schemas_of(site.app) for each in texts_of(schema)]
    assert len(found) > 40
    assert [name for name, field in found if not isinstance(field, PlainText)] == []


def test_every_day_that_the_interface_takes_is_one_that_every_page_can_count_from(site: Service) -> None:
    found = [each for schema in schemas_of(site.app) for each in values_of(schema) if isinstance(each[1], fields.Date)]
    assert len(found) > 15
    assert [name for name, field in found if not isinstance(field, Day)] == []


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9001-01-01", "9999-12-31"])
def test_a_day_that_no_page_could_count_from_is_refused(site: Service, day: str) -> None:
    owner = account_of(site.wired, Role.OWNER)
    body = {"title": "Answer the host", "owner_id": str(owner), "due_on": day}

    answer = site.program(Role.OWNER).post("/actions", body)

    assert "due_on" in str(problem(answer, 422)["errors"])
    assert reader(site, Role.OWNER).open("/tasks").status_code == HTTPStatus.OK


def test_every_body_of_the_interface_is_read_strictly(site: Service) -> None:
    described = [each for each in site.app.blueprints.values() if hasattr(each, "ARGUMENTS_PARSER")]
    assert len(described) > 5
    assert [each.name for each in described if not isinstance(each, Blueprint) and each.name != "api-docs"] == []
