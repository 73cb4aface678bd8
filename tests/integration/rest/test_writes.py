"""Governed writes over HTTP, by programs and by people in a browser."""

import uuid

import pytest
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.service import Program, Service, problem
from tests.demonstration import Home

PURPOSE = "customer-relationship"
PERSON = {"family_name": "Nouvelle", "given_name": "Zoé", "email": "zoe@demo.example", "number": "T-1"}
NEW = {"purpose": PURPOSE, "values": PERSON, "source": "telephone"}


def created(program: Program) -> dict[str, object]:
    answer = program.post("/data/customers", NEW)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, object] = answer.get_json()
    return told


def read(program: Program, row: object) -> TestResponse:
    return program.get(f"/data/customers/{row}", purpose=PURPOSE)


def test_a_created_row_is_read_back(service: Service) -> None:
    program = service.program(Role.SALES)
    row = created(program)
    assert row["revision"] == 1
    assert "zoe@demo.example" in read(program, row["id"]).get_data(as_text=True)


def test_a_change_is_made_against_the_revision_that_was_read(service: Service) -> None:
    program = service.program(Role.SALES)
    row = created(program)
    change = {"purpose": PURPOSE, "revision": 1, "values": {"family_name": "Changée"}}
    first = program.ask("PATCH", f"/data/customers/{row['id']}", json=change)
    assert (first.status_code, first.get_json()["revision"]) == (200, 2)
    told = problem(program.ask("PATCH", f"/data/customers/{row['id']}", json=change), 409)
    assert told["type"].endswith("revision-conflict")


def test_a_deleted_row_is_gone(service: Service) -> None:
    program = service.program(Role.SALES)
    row = created(program)
    answer = program.ask("DELETE", f"/data/customers/{row['id']}", json={"purpose": PURPOSE, "revision": 1})
    if answer.status_code == 403:
        # The demonstration lets nobody in sales delete.
        assert problem(answer, 403)["reasons"]
        return
    assert answer.status_code == 200
    problem(read(program, row["id"]), 404)


def test_a_repeated_request_answers_as_the_first_time_and_writes_once(service: Service) -> None:
    program = service.program(Role.SALES)
    first = program.post("/data/customers", NEW, Idempotency_Key="once")
    second = program.post("/data/customers", NEW, Idempotency_Key="once")
    assert first.status_code == second.status_code == 201
    assert first.get_json()["id"] == second.get_json()["id"]


def test_a_key_used_for_another_request_is_refused(service: Service) -> None:
    program = service.program(Role.SALES)
    assert program.post("/data/customers", NEW, Idempotency_Key="once").status_code == 201
    other = {**NEW, "values": {**PERSON, "given_name": "Ève"}}
    problem(program.post("/data/customers", other, Idempotency_Key="once"), 409)


def test_one_program_s_key_is_not_another_s(site: Service) -> None:
    one, other = site.program(Role.SALES), site.program(Role.SALES)
    first = one.post("/data/customers", NEW, Idempotency_Key="once").get_json()
    values = {**PERSON, "email": "eve@demo.example", "number": "T-2"}
    second = other.post("/data/customers", {**NEW, "values": values}, Idempotency_Key="once")
    assert second.status_code == 201
    assert second.get_json()["id"] != first["id"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"values": {**PERSON, "email": "no address"}}, 422),
        ({"values": {**PERSON, "nothing_of_the_kind": 1}}, 404),
        ({"values": {**PERSON, "birth_date": ["1970-01-01"]}}, 422),
        ({"values": {}}, 422),
        ({"values": "text"}, 422),
        ({"purpose": "scoring"}, 403),
        ({"links": {"person": "not-an-id"}}, 422),
        ({"revision": 1}, 422),
        ({"values": {**PERSON, "number": "C-000001"}}, 422),
    ],
)
def test_what_cannot_be_written_is_a_problem_that_repeats_no_value(
    sqlite_service: Service, change: dict[str, object], status: int
) -> None:
    program = sqlite_service.program(Role.SALES)
    answer = program.post("/data/customers", {**NEW, **change})
    problem(answer, status)
    assert "zoe@demo.example" not in answer.get_data(as_text=True)
    assert "no address" not in answer.get_data(as_text=True)


def test_a_number_that_is_taken_is_named(service: Service) -> None:
    answer = service.program(Role.SALES).post("/data/customers", {**NEW, "values": {**PERSON, "number": "C-000001"}})
    assert problem(answer, 422)["errors"] == {"number": ["taken"]}


@pytest.mark.parametrize("row", ["not-an-id", str(uuid.UUID(int=7))])
def test_a_row_that_is_not_there_cannot_be_changed(site: Service, row: str) -> None:
    change = {"purpose": PURPOSE, "revision": 1, "values": {"family_name": "Changée"}}
    told = problem(site.program(Role.SALES).ask("PATCH", f"/data/customers/{row}", json=change), 404)
    assert told["type"].endswith(("/row-id-invalid", "/row-not-found"))


def test_a_person_in_a_browser_writes_with_a_token_against_forgery(sqlite_service: Service, sqlite_home: Home) -> None:
    person = sqlite_service.person(Role.SALES, sqlite_home.password(Role.SALES))
    assert person.post("/data/customers", NEW, X_CSRFToken="").status_code == 400
    assert person.post("/data/customers", NEW).status_code == 201
    assert person.post("/data/customers/query", {"purpose": PURPOSE, "limit": 1}).status_code == 200
