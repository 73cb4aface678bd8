"""Attested rows, against the program's own mistakes and against somebody who writes SQL."""

from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError, AttestedConflictError, UnattestedWriteError
from governance.vault.row_check import RowCheck
from tests.builders.vault import a_keyring
from tests.integration.vault.permits import (
    Clause,
    Light,
    Permit,
    PermitBase,
    Visit,
    a_permit,
    create_tables,
    permit_id,
)


def run_sql(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        connection.execute(text(statement))


def put(database: Database, *rows: PermitBase) -> None:
    with database.write() as session:
        session.add_all(rows)


def verifies(attestor: Attestor, permit: Permit) -> bool:
    try:
        attestor.verify(permit)
    except AttestationError:
        return False
    return True


def test_a_written_row_is_verified(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1, light=Light.GREEN, lasting=True), a_permit(2, note="until spring"))

    with database.read() as session:
        permits = session.scalars(select(Permit)).all()
        assert [verifies(attestor, permit) for permit in permits] == [True, True]


def test_a_changed_row_is_verified(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())

    with database.write() as session:
        permit = session.get_one(Permit, permit_id(1))
        permit.light = Light.GREEN
        session.flush()
        permit.note = "twice in one transaction"

    with database.read() as session:
        assert verifies(attestor, session.get_one(Permit, permit_id(1)))


@pytest.mark.parametrize(
    "change",
    [
        "role = 'marketing'",
        "light = 'green'",
        "lasting = (1 = 1)",
        "note = 'x'",
        "role = 'sale'",
        "mac = '12345678901234567'",
    ],
)
def test_a_row_changed_by_sql_is_named(database: Database, attestor: Attestor, change: str) -> None:
    put(database, a_permit())
    run_sql(database, f"UPDATE permit SET {change}")

    with database.read() as session, pytest.raises(AttestationError) as caught:
        attestor.verify(session.scalars(select(Permit)).one())

    assert str(caught.value).startswith(f"permit {permit_id(1)} was altered outside Égide: ")


@pytest.mark.parametrize(
    "junk", ["role = x'00ff'", "mac = 1.5", "note = 2.5", "lasting = 'yes'", "id = 'short'", "id = 7"]
)
def test_junk_that_sqlite_lets_in_is_found_and_breaks_nothing(sqlite_url: str, tmp_path: Path, junk: str) -> None:
    database = Database(sqlite_url)
    create_tables(database)
    attestor = Attestor(a_keyring(tmp_path), PermitBase)
    attestor.attach(database.sessions)
    put(database, a_permit())
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.execute(text(f"UPDATE permit SET {junk}"))
        connection.commit()

    with database.read() as session:
        assert any(error.kind == "permit" for error in attestor.find_alterations(session) if hasattr(error, "kind"))
    database.close()


def test_a_mac_belongs_to_its_row(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1), a_permit(2, "marketing"))
    run_sql(database, "UPDATE permit SET mac = (SELECT mac FROM permit AS other WHERE other.role = 'sales')")

    with database.read() as session:
        attestor.verify(session.get_one(Permit, permit_id(1)))
        with pytest.raises(AttestationError):
            attestor.verify(session.get_one(Permit, permit_id(2)))


def test_many_rows_are_checked_without_objects(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1, light=Light.GREEN), a_permit(2, lasting=True), a_permit(3, note="x"))
    run_sql(database, "UPDATE permit SET note = 'y' WHERE note = 'x'")
    check = RowCheck(attestor, Permit)

    with database.read() as session:
        found = {row.id: check.fits(row) for row in session.execute(select(*check.columns))}

    assert found == {permit_id(1): True, permit_id(2): True, permit_id(3): False}


def test_a_column_of_nulls_may_be_added_later(database: Database, attestor: Attestor) -> None:
    # Rows signed by an older version, whose table had no column `note`.
    mac = attestor.mac("permit", "id", permit_id(1), "lasting", False, "light", "red", "role", "sales")
    put(database, permit := a_permit())

    assert permit.mac == mac


def test_foreign_keys_through_relationships_are_signed(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(clauses=[Clause(id=1), Clause(id=2)]))

    with database.read() as session:
        for clause in session.scalars(select(Clause)):
            attestor.verify(clause)
            assert clause.permit_id == permit_id(1)


def test_a_change_does_not_sign_a_tampering_that_came_before_it(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())
    run_sql(database, "UPDATE permit SET role = 'everybody'")

    with pytest.raises(AttestationError), database.write() as session:
        session.get_one(Permit, permit_id(1)).note = "reviewed"

    with database.read() as session, pytest.raises(AttestationError):
        attestor.verify(session.get_one(Permit, permit_id(1)))


def test_a_tampering_between_reading_and_writing_is_not_signed(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())
    with database.read() as session:
        permit = session.get_one(Permit, permit_id(1))
        session.expunge(permit)
    run_sql(database, "UPDATE permit SET lasting = (1 = 1)")

    with pytest.raises(AttestationError), database.write() as session:
        session.add(permit)
        permit.note = "reviewed"


def test_of_two_people_who_change_one_row_the_second_is_told(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())
    with database.read() as session:
        slow = session.get_one(Permit, permit_id(1))
        session.expunge(slow)
    with database.write() as session:
        session.get_one(Permit, permit_id(1)).note = "quick"

    with pytest.raises(AttestedConflictError, match="somebody else"), database.write() as session:
        session.add(slow)
        slow.light = Light.GREEN

    with database.read() as session:
        attestor.verify(session.get_one(Permit, permit_id(1)))


def test_a_session_without_attestor_cannot_write(database: Database) -> None:
    create_tables(database)

    with pytest.raises(UnattestedWriteError, match="no attestor"):
        put(database, a_permit())


@pytest.mark.usefixtures("attestor")
@pytest.mark.parametrize(
    "statement",
    [update(Permit).values(role="everybody"), insert(Permit).values(id=permit_id(9), role="sales", mac=b"")],
    ids=["update", "insert"],
)
def test_statements_that_go_round_the_signing_are_refused(database: Database, statement: object) -> None:
    with pytest.raises(UnattestedWriteError, match="through the session"), database.write() as session:
        session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.usefixtures("attestor")
def test_a_value_left_to_the_database_is_refused(database: Database) -> None:
    with pytest.raises(UnattestedWriteError, match="give id"):
        put(database, a_permit(clauses=[Clause(id=None)]))  # type: ignore[arg-type]


def test_a_column_that_is_not_attested_may_change_freely(database: Database, attestor: Attestor) -> None:
    put(database, Visit(id=permit_id(1), name="ada"))
    with database.write() as session:
        session.execute(text("UPDATE visit SET seen = 5"))

    with database.read() as session:
        visit = session.scalars(select(Visit)).one()
        attestor.verify(visit)
        assert attestor.verify_policy_set(session).epoch == 0
    run_sql(database, "UPDATE visit SET name = 'eve'")
    with database.read() as session, pytest.raises(AttestationError, match="visit"):
        attestor.verify(session.scalars(select(Visit)).one())


def test_another_installations_row_does_not_fit(database: Database, attestor: Attestor, tmp_path: Path) -> None:
    put(database, a_permit())
    other = Attestor(a_keyring(tmp_path / "other"), PermitBase)

    with database.read() as session, pytest.raises(AttestationError):
        other.verify(session.scalars(select(Permit)).one())


def test_deleting_by_statement_is_allowed(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1), a_permit(2, "marketing"))

    with database.write() as session:
        session.execute(delete(Permit).where(Permit.role == "sales"))

    with database.read() as session:
        assert attestor.verify_policy_set(session).epoch == 2
