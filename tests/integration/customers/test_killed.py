"""A worker killed in the middle: nothing is lost, nothing comes twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from governance.customers.demo.loading import is_loaded
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.tables import TABLES
from governance.datamap.models import blind_tokens
from governance.vault.models import DataSubject
from tests.builders.customers import TestHouse, a_csv, a_person, allow_import
from tests.integration.customers.process import SMALL

_ROOT = Path(__file__).parents[3]


def start(house: TestHouse, what: str, *file: str) -> "subprocess.Popen[str]":
    url = house.database.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.customers.process", what, url, str(house.settings.home), *file],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(process: "subprocess.Popen[str]", lines: int) -> int:
    """Kill the process once it has said so much, and return how it ended."""
    with process:
        for _ in range(lines):
            assert process.stdout is not None
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        return process.wait()


def finish(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=120)
    return process.returncode


def count(house: TestHouse, what: object) -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0  # type: ignore[arg-type]  # a table or a model


def test_an_import_killed_twice_loses_and_doubles_nothing(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(1200)))

    for lines in (2, 1):
        assert kill_after(start(house, "import", str(path)), lines) == -signal.SIGKILL
        assert 0 < count(house, TABLES["customers"]) < 1200
    assert finish(start(house, "import", str(path))) == 0

    table = TABLES["customers"].c
    with house.read() as session:
        numbers = session.scalars(select(table.number).order_by(table.number)).all()
        state, accepted, refused = session.execute(select(ImportRun.state, ImportRun.accepted, ImportRun.refused)).one()
        searchable = session.scalar(select(func.count(func.distinct(blind_tokens.c.row_id))))
    assert numbers == [f"C-{number:06d}" for number in range(1200)]
    assert (state, accepted, refused) == (ImportState.FINISHED, 1200, 0)
    assert searchable == 1200
    assert count(house, DataSubject) == 1200
    assert count(house, ImportedRow) == 0


def test_a_demonstration_killed_while_it_loads_goes_on(house: TestHouse) -> None:
    for lines in (4, 3, 4):
        assert kill_after(start(house, "demo"), lines) == -signal.SIGKILL
    assert finish(start(house, "demo")) == 0

    with house.read() as session:
        assert is_loaded(session)
    for table, expected in (("customers", SMALL.customers), ("orders", SMALL.orders), ("exchanges", SMALL.exchanges)):
        assert count(house, TABLES[table]) == expected
