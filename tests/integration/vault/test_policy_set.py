"""The policy epoch: every change of what decides advances it, and nothing else passes for it."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from governance.database import Database
from governance.vault.attest import Attestor, PolicyState
from governance.vault.errors import AttestationError, PolicySetError
from governance.vault.models import PolicyEpoch
from tests.builders.vault import a_keyring
from tests.integration.vault.permits import Clause, Permit, PermitBase, Visit, a_permit, permit_id


def run_sql(database: Database, *statements: str) -> None:
    with database.write_connection() as connection:
        for statement in statements:
            connection.execute(text(statement))


def put(database: Database, *rows: PermitBase) -> None:
    with database.write() as session:
        session.add_all(rows)


def state_of(database: Database, attestor: Attestor, at_least: int = 0) -> PolicyState:
    with database.read() as session:
        return attestor.verify_policy_set(session, at_least=at_least)


def test_an_empty_house_is_at_epoch_0(database: Database, attestor: Attestor) -> None:
    assert state_of(database, attestor).epoch == 0


def test_each_transaction_that_changes_what_decides_advances_the_epoch_once(
    database: Database, attestor: Attestor
) -> None:
    epochs, digests = [], []

    def note() -> None:
        state = state_of(database, attestor)
        epochs.append(state.epoch)
        digests.append(state.digest)

    with database.write() as session:
        session.add(a_permit(1))
        session.flush()
        session.add(a_permit(2))
        session.flush()
        session.add(a_permit(3, clauses=[Clause(id=1)]))
    note()
    with database.write() as session:
        session.get_one(Permit, permit_id(1)).note = "x"
    note()
    with database.write() as session:
        session.delete(session.get_one(Permit, permit_id(2)))
    note()

    assert epochs == [1, 2, 3]
    assert len(set(digests)) == 3


def test_what_decides_nothing_advances_nothing(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())
    with database.write() as session:
        session.add(Visit(id=permit_id(1), name="ada"))
        session.get_one(Permit, permit_id(1)).role = "sales"  # as it was
    with database.read() as session:
        session.scalars(select(Permit)).all()

    assert state_of(database, attestor).epoch == 1


def test_a_rolled_back_change_advances_nothing(database: Database, attestor: Attestor) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(a_permit())
        session.flush()
        raise RuntimeError("stop")

    assert state_of(database, attestor).epoch == 0


def test_a_savepoint_takes_back_only_its_own_changes(database: Database, attestor: Attestor) -> None:
    with database.write() as session:
        session.add(a_permit(1))
        session.flush()
        with pytest.raises(RuntimeError), session.begin_nested():
            session.add(a_permit(2))
            session.flush()
            raise RuntimeError("stop")
    assert state_of(database, attestor).epoch == 1

    with database.write() as session:
        with pytest.raises(RuntimeError), session.begin_nested():
            session.add(a_permit(3))
            session.flush()
            raise RuntimeError("stop")
        with session.begin_nested():
            session.add(a_permit(4))
    assert state_of(database, attestor).epoch == 2


@pytest.mark.parametrize(
    ("tampering", "table", "reason"),
    [
        ("DELETE FROM permit WHERE role = 'marketing'", "permit", "2 rows were attested, 1 are there"),
        ("DELETE FROM permit", "permit", "2 rows were attested, 0 are there"),
        ("DELETE FROM policy_epoch", "policy_epoch", "its row is missing"),
        ("UPDATE policy_epoch SET epoch = epoch + 1", "policy_epoch", "its row was altered"),
        ("UPDATE policy_epoch SET mac = digest", "policy_epoch", "its row was altered"),
    ],
)
def test_what_sql_takes_away_closes_the_set(
    database: Database, attestor: Attestor, tampering: str, table: str, reason: str
) -> None:
    put(database, a_permit(1), a_permit(2, "marketing"))
    run_sql(database, tampering)

    with pytest.raises(PolicySetError) as caught:
        state_of(database, attestor)

    assert (caught.value.table, caught.value.reason) == (table, reason)


def test_an_inserted_row_is_named(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1))
    run_sql(
        database,
        "INSERT INTO permit (id, role, light, lasting, mac) "
        f"SELECT {literal(database, 7)}, role, light, lasting, mac FROM permit",
    )

    with pytest.raises(AttestationError) as caught:
        state_of(database, attestor)

    assert (caught.value.kind, caught.value.reference) == ("permit", str(permit_id(7)))


def test_a_revoked_row_put_back_is_noticed_though_its_own_mac_fits(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1, note=None))
    run_sql(database, "CREATE TABLE stolen AS SELECT * FROM permit")
    with database.write() as session:
        session.get_one(Permit, permit_id(1)).note = "revoked"
    run_sql(database, "DELETE FROM permit", "INSERT INTO permit SELECT * FROM stolen")

    with database.read() as session:
        attestor.verify(session.scalars(select(Permit)).one())
    with pytest.raises(PolicySetError, match="a row was exchanged") as caught:
        state_of(database, attestor)
    assert caught.value.table == "permit"


def test_a_house_put_back_to_yesterday_is_refused_by_who_saw_today(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1))
    run_sql(
        database, "CREATE TABLE permits AS SELECT * FROM permit", "CREATE TABLE epochs AS SELECT * FROM policy_epoch"
    )
    with database.write() as session:
        session.delete(session.get_one(Permit, permit_id(1)))
    state_of(database, attestor)
    run_sql(
        database,
        "DELETE FROM policy_epoch",
        "INSERT INTO policy_epoch SELECT * FROM epochs",
        "INSERT INTO permit SELECT * FROM permits",
    )

    with pytest.raises(PolicySetError, match="went back from 2 to 1"):
        state_of(database, attestor, at_least=attestor.seen_epoch)
    with pytest.raises(PolicySetError, match="went back from 2 to 1"):
        put(database, a_permit(5))


def test_a_change_does_not_sign_a_deletion_that_came_before_it(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1), a_permit(2))
    run_sql(database, f"DELETE FROM permit WHERE id = {literal(database, 2)}")

    with pytest.raises(PolicySetError, match="2 rows were attested, 1 are there"):
        put(database, a_permit(3))
    with database.read() as session:
        assert session.scalars(select(Permit.id)).all() == [permit_id(1)]


def test_everything_altered_is_listed(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1), a_permit(2), Visit(id=permit_id(3), name="ada"))
    with database.read() as session:
        assert attestor.find_alterations(session) == []
    run_sql(
        database,
        f"UPDATE permit SET role = 'x' WHERE id = {literal(database, 2)}",
        f"DELETE FROM permit WHERE id = {literal(database, 1)}",
        "UPDATE visit SET name = 'eve'",
    )

    with database.read() as session:
        found = attestor.find_alterations(session)

    how = "was altered outside Égide: its attestation does not fit. The drift report says what settles it."
    assert [str(alteration) for alteration in found] == [
        f"permit {permit_id(2)} {how}",
        f"visit {permit_id(3)} {how}",
        "The policy set is not the one attested: 2 rows were attested, 1 are there (permit).",
    ]


def test_a_person_may_accept_the_set_as_it_stands_but_no_foreign_row(database: Database, attestor: Attestor) -> None:
    put(database, a_permit(1), a_permit(2), a_permit(3))
    run_sql(
        database,
        f"DELETE FROM permit WHERE id = {literal(database, 1)}",
        f"UPDATE permit SET role = 'x' WHERE id = {literal(database, 2)}",
    )

    with pytest.raises(AttestationError), database.write() as session:
        attestor.accept_policy_set(session)
    run_sql(database, f"DELETE FROM permit WHERE id = {literal(database, 2)}")
    with database.write() as session:
        attestor.accept_policy_set(session)

    assert state_of(database, attestor).epoch == 2
    put(database, a_permit(4))
    assert state_of(database, attestor).epoch == 3


def test_each_new_epoch_is_announced_inside_its_transaction(database: Database, tmp_path: Path) -> None:
    PermitBase.metadata.create_all(database.engine)
    announced = []
    attestor = Attestor(a_keyring(tmp_path), PermitBase)
    attestor.attach(
        database.sessions, announce=lambda session, state: announced.append((session.in_transaction(), state))
    )

    put(database, a_permit(1))
    put(database, a_permit(2))

    assert [(inside, state.epoch) for inside, state in announced] == [(True, 1), (True, 2)]
    assert announced[-1][1] == state_of(database, attestor)


def test_changes_made_at_once_all_count(database: Database, attestor: Attestor) -> None:
    errors: list[Exception] = []

    def change(number: int) -> None:
        try:
            for turn in range(5):
                put(database, a_permit(number * 100 + turn))
                state_of(database, attestor)
        except Exception as error:  # noqa: BLE001 -- a thread's error must reach the test
            errors.append(error)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(1, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert state_of(database, attestor).epoch == 15


def test_there_is_one_policy_epoch(database: Database, attestor: Attestor) -> None:
    put(database, a_permit())

    with database.read() as session:
        assert session.scalars(select(PolicyEpoch.id)).all() == [1]


def literal(database: Database, number: int) -> str:
    """Write an identifier in the database's SQL."""
    identifier = permit_id(number)
    return f"x'{identifier.hex}'" if database.dialect == "sqlite" else f"'{identifier}'"
