"""How many statements a list takes: as many for a long page as for a short one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from audit.transaction import unrecorded
from governance.database import Database
from register.declared import declared_purpose, declared_purposes
from register.service import Desk, list_purpose_records
from tests.builders.register import a_purpose


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("length", [1, 30])
def test_a_page_of_purposes_takes_four_statements(database: Database, desk: Desk, length: int) -> None:
    with database.write() as session:
        for number in range(1, length + 1):
            a_purpose(session, id=number, slug=f"purpose-{number}")
        unrecorded(session, "a test's purposes")

    with database.read() as session, counted(database) as statements:
        page = list_purpose_records(session, activity=None, after=None, limit=50)
    assert (len(page.rows), len(statements)) == (length, 4)


@pytest.mark.parametrize("length", [1, 30])
def test_what_is_declared_takes_four_statements(database: Database, desk: Desk, length: int) -> None:
    with database.write() as session:
        for number in range(1, length + 1):
            a_purpose(session, id=number, slug=f"purpose-{number}")
        unrecorded(session, "a test's purposes")

    with database.read() as session, counted(database) as every:
        assert len(declared_purposes(session, desk.attestor)) == length
    with database.read() as session, counted(database) as one:
        assert declared_purpose(session, desk.attestor, "purpose-1").id == 1
    assert (len(every), len(one)) == (4, 4)
