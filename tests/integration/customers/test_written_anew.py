"""An import whose account was altered outside Égide is written anew, as the log has it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.transaction import unrecorded
from governance.customers.errors import ImportNotFoundError, ImportNotUndoableError, ImportWholeError
from governance.customers.importing import run as running
from governance.customers.importing.anew import write_anew
from governance.customers.importing.job import ImportFile
from governance.customers.importing.models import ImportRun, ImportState
from governance.customers.importing.report import ImportProgress
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import
from governance.customers.importing.whole import altered_imports
from governance.vault.errors import AttestationError
from register.errors import DraftingNotAllowedError
from register.notices.values import ToldBy
from register.service import open_information
from tests.builders.customers import TestHouse, a_csv, a_person, allow_import
from tests.builders.informing import SALES, Bought, a_bought_import, allow_writing, publish_notice, register_desk
from tests.builders.notices import FAIR, a_bought_file
from tests.builders.register import the_controller, the_dpo
from tests.integration.customers.test_asked_anew import settled

_ATTACKS = ["state = 'running'", "accepted = 0", "table_name = 'companies'", "purpose = 'raffle'", "source = 'Mallory'"]
# SQLite keeps any type in any column.
_NONSENSE = ["begun_at = 'never'", "accepted = 'all'", "row_count = 'x'"]


class StoppedError(Exception):
    """The import was stopped."""


def stop(progress: ImportProgress) -> None:
    if progress.row:
        raise StoppedError


def alter(house: TestHouse, change: str) -> None:
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text(f"UPDATE import_run SET {change}"))


def the_run(house: TestHouse) -> ImportRun:
    with house.read() as session:
        (run,) = session.query(ImportRun).all()
        session.expunge_all()
        return run


def anew(house: TestHouse) -> ImportRun:
    """Let the officer write the one import anew."""
    desk = register_desk(house)
    with house.write() as session:
        (import_id,) = altered_imports(session, house.attestor)
        write_anew(session, desk, the_dpo(), (import_id, "The fair"))
    with house.read() as session:
        assert altered_imports(session, house.attestor) == []
    return the_run(house)


def told(run: ImportRun) -> tuple[object, ...]:
    return (
        run.table_name, run.purpose, run.point, run.actor_id, run.file_digest, run.state, run.accepted, run.refused,
        run.duplicates, run.begun_at,
    )  # fmt: skip


@pytest.fixture
def bought(house: TestHouse, tmp_path: Path) -> Bought:
    """An import of three people and one row that is refused."""
    rows = [*map(a_person, range(3)), a_person(1)]
    return a_bought_import(house, tmp_path, rows)


@pytest.mark.parametrize("change", _ATTACKS)
def test_a_finished_import_that_was_altered_says_again_what_the_log_says(
    house: TestHouse, bought: Bought, change: str
) -> None:
    before = told(the_run(house))
    alter(house, change)

    run = anew(house)

    assert (told(run), run.source) == (before, "The fair")
    with pytest.raises(ImportNotUndoableError):
        undo_import(house, SALES, run.id)
    allow_writing(house)
    assert len(bought.message()) == 3
    settled(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert bought.given() == 3


@pytest.mark.parametrize("change", _NONSENSE)
def test_an_import_that_cannot_even_be_read_is_written_anew(
    sqlite_house: TestHouse, tmp_path: Path, change: str
) -> None:
    a_bought_import(sqlite_house, tmp_path)
    before = told(the_run(sqlite_house))
    with sqlite_house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        session.execute(text(f"UPDATE import_run SET {change}"))
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = OFF")

    assert told(anew(sqlite_house)) == before


@pytest.fixture
def stopped(house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Stop an import of twenty bought people after ten, and return its file."""
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, register_desk(house))
    publish_notice(house)

    def stopped_one(point: str) -> Path:
        path = a_csv(tmp_path / "people.csv", map(a_person, range(20)))
        with monkeypatch.context() as patch:
            patch.setattr(running, "_FIRST_BATCH", 10)
            with pytest.raises(StoppedError):
                run_import(house, SALES, ImportFile(path=path, table="customers", source="Fair", point=point), stop)
        return path

    return stopped_one


def test_an_import_that_had_not_finished_is_over_with_the_rows_that_it_wrote_and_its_file_comes_again(
    house: TestHouse, stopped: Callable[[str], Path]
) -> None:
    path = stopped(FAIR)
    alter(house, "accepted = 0")
    with pytest.raises(AttestationError):
        run_import(house, SALES, ImportFile(path=path, table="customers", source="Fair", point=FAIR))

    run = anew(house)

    assert (run.state, run.accepted, run.point) == (ImportState.FINISHED, 10, FAIR)
    with house.read() as session:
        assert [each.task.people for each in open_information(session, house.attestor, 10)] == [10]
    rest = run_import(house, SALES, ImportFile(path=path, table="customers", source="Fair", point=FAIR))
    assert (rest.already, rest.accepted, rest.duplicates) == (False, 10, 10)


def test_an_import_that_was_being_undone_goes_on_being_undone(
    house: TestHouse, stopped: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped("")
    run = the_run(house)
    with monkeypatch.context() as patch:
        patch.setattr("governance.customers.importing.undo._take_back", _die)
        with pytest.raises(StoppedError):
            undo_import(house, SALES, run.id)
    alter(house, "state = 'finished'")

    assert anew(house).state is ImportState.UNDOING

    assert undo_import(house, SALES, run.id) == 10
    alter(house, "accepted = 7")
    assert (anew(house).state, the_run(house).accepted) == (ImportState.UNDONE, 0)


def _die(*_: object) -> int:
    raise StoppedError


def test_what_nobody_altered_or_imported_is_not_written_anew(house: TestHouse, bought: Bought) -> None:
    desk = register_desk(house)
    with house.write() as session:
        unrecorded(session, "refused")
        with pytest.raises(ImportWholeError):
            write_anew(session, desk, the_dpo(), (bought.import_id, "Fair"))
        with pytest.raises(ImportNotFoundError):
            write_anew(session, desk, the_dpo(), (bought.task_id, "Fair"))
        with pytest.raises(DraftingNotAllowedError):
            write_anew(session, desk, the_controller(), (bought.import_id, "Fair"))
