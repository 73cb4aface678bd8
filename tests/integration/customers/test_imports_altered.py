"""An import is undone, or goes on, on the word of rows that Égide wrote, and of no others."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from audit.entries import Outcome
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.customers.errors import ImportNotUndoableError
from governance.customers.importing import run as running
from governance.customers.importing import writing
from governance.customers.importing.forgetting import Forgetting
from governance.customers.importing.job import ImportFile
from governance.customers.importing.models import ImportedRow, ImportRun
from governance.customers.importing.report import ImportProgress
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import
from governance.customers.tables import TABLES
from governance.vault.errors import AttestationError
from tests.builders.customers import TestHouse, a_csv, a_person, allow_import
from tests.builders.informing import SALES, a_lease


class StoppedError(Exception):
    """The import was stopped."""


def stop(progress: ImportProgress) -> None:
    if progress.row:
        raise StoppedError


def customers(house: TestHouse) -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(TABLES["customers"])) or 0


@pytest.fixture
def stopped(house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an import that was stopped after ten rows, beside a finished one of three."""
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    own = a_csv(tmp_path / "own.csv", map(a_person, range(900, 903)))
    run_import(house, SALES, ImportFile(path=own, table="customers", source="Counter"))
    path = a_csv(tmp_path / "people.csv", map(a_person, range(20)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, ImportFile(path=path, table="customers", source="Fair"), stop)
    return path


def import_of(house: TestHouse, source: str) -> uuid.UUID:
    with house.read() as session:
        return session.scalars(select(ImportRun.id).where(ImportRun.source == source)).one()


def alter(house: TestHouse, statement: str) -> None:
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text(statement))


# Customers of nobody's import become those of one that can be undone.
_FOREIGN = """
    INSERT INTO imported_row (import_id, row_id, mac)
    SELECT (SELECT id FROM import_run WHERE source = 'Fair'), id, substr(row_mac, 1, 17)
    FROM crm_customers WHERE number LIKE 'C-0009%'
"""


@pytest.mark.parametrize(
    ("attack", "source"),
    [
        (_FOREIGN, "Fair"),
        ("UPDATE import_run SET state = 'running'", "Counter"),
        ("UPDATE import_run SET table_name = 'companies'", "Fair"),
        ("UPDATE import_run SET accepted = 3", "Fair"),
    ],
)
def test_nothing_is_deleted_on_the_word_of_what_sql_wrote(
    house: TestHouse, stopped: Path, attack: str, source: str
) -> None:
    assert stopped.exists()
    alter(house, attack)

    with pytest.raises(AttestationError):
        undo_import(house, SALES, import_of(house, source))

    assert customers(house) == 13


def test_an_undo_says_of_how_many_rows_it_knows_nothing_any_more(house: TestHouse, stopped: Path) -> None:
    assert stopped.exists()
    alter(house, "DELETE FROM imported_row WHERE row_id = (SELECT row_id FROM imported_row LIMIT 1)")

    assert undo_import(house, SALES, import_of(house, "Fair")) == 9

    assert customers(house) == 4
    with house.read() as session:
        entry = session.scalars(select(LogEntry).order_by(LogEntry.leaf_index.desc()).limit(1)).one()
        assert entry.outcome == Outcome.FAILED.code


@pytest.mark.parametrize(
    "change", ["accepted = 0", "last_row = 15", "purpose = 'invoicing'", "plan_digest = file_digest"]
)
def test_an_import_that_was_altered_goes_no_further(house: TestHouse, stopped: Path, change: str) -> None:
    alter(house, f"UPDATE import_run SET {change} WHERE source = 'Fair'")

    with pytest.raises(AttestationError):
        run_import(house, SALES, ImportFile(path=stopped, table="customers", source="Fair"))

    assert customers(house) == 13


def test_what_an_import_wrote_is_undone_whole_where_nobody_altered_it(house: TestHouse, stopped: Path) -> None:
    assert stopped.exists()
    assert undo_import(house, SALES, import_of(house, "Fair")) == 10
    assert customers(house) == 3
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(ImportedRow)) == 0


def kept_rows(house: TestHouse) -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(ImportedRow)) or 0


def let_the_worker_forget(house: TestHouse) -> None:
    while not Forgetting(house).step(a_lease(house.clock.now())).finished:
        pass


@pytest.fixture
def finished(house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an import of five people that was stopped as soon as it had finished."""
    allow_import(house)

    def die(*_: object) -> int:
        raise StoppedError

    path = a_csv(tmp_path / "five.csv", map(a_person, range(5)))
    with monkeypatch.context() as patch:
        patch.setattr(writing, "forget_some", die)
        with pytest.raises(StoppedError):
            run_import(house, SALES, ImportFile(path=path, table="customers", source="Five"))
    return path


def test_an_import_that_is_stopped_once_it_has_finished_forgets_its_rows_by_the_worker(
    house: TestHouse, finished: Path
) -> None:
    with pytest.raises(ImportNotUndoableError):
        undo_import(house, SALES, import_of(house, "Five"))
    assert run_import(house, SALES, ImportFile(path=finished, table="customers", source="Five")).already
    assert (customers(house), kept_rows(house)) == (5, 5)

    let_the_worker_forget(house)

    assert (customers(house), kept_rows(house)) == (5, 0)


def test_the_worker_forgets_nothing_on_the_word_of_an_import_that_was_altered(house: TestHouse, finished: Path) -> None:
    assert finished.exists()
    alter(house, "UPDATE import_run SET accepted = 4")

    let_the_worker_forget(house)

    assert kept_rows(house) == 5


def test_the_worker_forgets_no_rows_of_an_import_that_runs(house: TestHouse, stopped: Path) -> None:
    assert stopped.exists()
    let_the_worker_forget(house)

    assert kept_rows(house) == 10
    assert undo_import(house, SALES, import_of(house, "Fair")) == 10
