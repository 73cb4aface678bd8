"""Where the log cannot be written, nothing is read and nothing is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from governance.actor import Role
from governance.database import Database
from governance.wiring import Wired
from tests.builders.service import Service, problem

QUERY = "/data/customers/query"
ASKED = {"purpose": "after-sales", "limit": 3}
_FAILING = {
    "sqlite": ("CREATE TRIGGER refuse_leaf BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(ABORT, 'disk full'); END",),
    "postgresql": (
        "CREATE FUNCTION refuse_leaf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$",
        "CREATE TRIGGER refuse_leaf BEFORE INSERT ON audit_leaf FOR EACH ROW EXECUTE FUNCTION refuse_leaf()",
    ),
}


def execute(database: Database, *statements: str) -> None:
    with database.write_connection() as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def a_log_that_fails(wired: Wired) -> Iterator[None]:
    database = Database(wired.settings.database_url)
    execute(database, *_FAILING[database.dialect])
    try:
        yield
    finally:
        on = "" if database.dialect == "sqlite" else " ON audit_leaf"
        execute(database, f"DROP TRIGGER refuse_leaf{on}")
        database.close()


def test_a_read_that_cannot_be_recorded_releases_nothing(service: Service) -> None:
    program = service.program(Role.SUPPORT)
    with a_log_that_fails(service.wired):
        answer = program.post(QUERY, ASKED)
        told = problem(answer, 503)
        assert told["detail"].startswith("The log cannot record: the database refuses (")
        assert "customer-1@demo.example" not in answer.get_data(as_text=True)
    assert program.post(QUERY, ASKED).status_code == 200


def test_a_stream_that_cannot_be_recorded_releases_nothing(service: Service) -> None:
    program = service.program(Role.SUPPORT)
    with a_log_that_fails(service.wired):
        answer = program.post(QUERY, ASKED, Accept="application/x-ndjson")
    problem(answer, 503)
    assert b"demo.example" not in answer.get_data().replace(b"localhost", b"")


def test_a_write_that_cannot_be_recorded_changes_nothing(service: Service) -> None:
    program = service.program(Role.SALES)
    values = {"family_name": "Nouvelle", "email": "zoe@demo.example", "number": "T-1"}
    size = service.log_size()
    with a_log_that_fails(service.wired):
        answer = program.post("/data/customers", {"purpose": "customer-relationship", "values": values})
        problem(answer, 503)
    assert service.log_size() == size
    where = [{"field": "number", "value": "T-1"}]
    found = program.post(QUERY, {"purpose": "customer-relationship", "where": where})
    assert found.get_json()["rows"] == []


def test_looking_at_the_log_needs_the_log(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    with a_log_that_fails(service.wired):
        told = problem(program.get("/audit/entries"), 503)
    assert told["type"].endswith("/log-unavailable")


def test_a_full_disk_releases_nothing(sqlite_service: Service) -> None:
    """SQLite refuses to grow the file: as a full disk does."""
    program = sqlite_service.program(Role.SUPPORT)
    database = sqlite_service.wired.database
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @event.listens_for(database.engine, "checkout")
    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    answers = [program.post(QUERY, ASKED) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code != 200]
    for answer in refused:
        assert problem(answer, 503)["detail"] == "The log cannot record: the disk is full. Nothing was released."
        assert "customer-1@demo.example" not in answer.get_data(as_text=True)
    assert refused


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_hosts_may_watch_the_service(sqlite_service: Service, path: str) -> None:
    answer = sqlite_service.app.test_client().get(path)
    assert answer.status_code == 200
    assert "demo.example" not in answer.get_data(as_text=True)
