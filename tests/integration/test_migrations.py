"""The schema's history on both databases: up, down, up with data, twice, at once, broken."""

import itertools
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from governance.database import Database
from governance.migrations.changing import downgrade, history, upgrade
from governance.migrations.errors import BrokenReferencesError, UnknownRevisionError
from governance.migrations.revisions import current_revision, head_revision
from tests.builders.history import ROWS, stored
from tests.builders.house import create_schema
from tests.builders.schema import describe
from tests.postgres import administer

_REPOSITORY = Path(__file__).parents[2]
_counter = itertools.count(1)
_UPGRADE = """
import sys
from governance.database import Database
from governance.migrations.changing import upgrade
upgrade(Database(sys.argv[1]))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def make_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """What makes databases that hold nothing, all of one kind."""
    made: list[Database] = []
    server: str = request.getfixturevalue("postgres_server") if request.param == "postgresql" else ""

    def make() -> Database:
        name = f"empty_{next(_counter)}"
        if server:
            administer(server, f"CREATE DATABASE {name}")
        url = server.format(database=name) if server else f"sqlite:///{tmp_path / name}.db"
        made.append(Database(url))
        return made[-1]

    yield make
    for database in made:
        database.close()
        if server:
            administer(server, f"DROP DATABASE {database.engine.url.database} WITH (FORCE)")


@pytest.fixture
def empty(make_empty: Callable[[], Database]) -> Database:
    """A database that holds nothing."""
    return make_empty()


def _fill(database: Database, revision: str) -> None:
    with database.write_connection() as connection:
        for name, values in ROWS[revision]:
            table = Table(name, MetaData(), autoload_with=connection)
            connection.execute(insert(table), stored(values, database.dialect))


def _count(database: Database, revision: str) -> list[int]:
    with database.engine.connect() as connection:
        return [
            connection.execute(select(func.count()).select_from(text(name))).scalar_one() for name, _ in ROWS[revision]
        ]


def test_the_newest_revision_is_told_without_asking_alembic_and_as_it_would() -> None:
    assert head_revision() == history()[-1]
    loaded = "import sys, governance.wiring; sys.exit('alembic' in sys.modules or 'flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=_REPOSITORY, check=False).returncode == 0


def test_migrations_make_the_tables_of_the_models(make_empty: Callable[[], Database]) -> None:
    by_migrations, by_models = make_empty(), make_empty()

    upgrade(by_migrations)
    create_schema(by_models)

    assert describe(by_migrations.engine) == describe(by_models.engine)


def test_an_empty_database_has_no_revision_and_then_the_newest(empty: Database) -> None:
    before = current_revision(empty)

    upgrade(empty)

    assert before is None
    assert current_revision(empty) == head_revision()


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    once = describe(empty.engine)

    upgrade(empty)

    assert describe(empty.engine) == once


def test_each_revision_has_rows_to_be_tried_with() -> None:
    assert list(ROWS) == history()


def test_each_revision_goes_up_down_and_up_over_the_rows_before_it(empty: Database) -> None:
    for before, revision in itertools.pairwise([None, *history()]):
        assert revision is not None
        upgrade(empty, revision)
        downgrade(empty, before or "base")
        upgrade(empty, revision)
        _fill(empty, revision)

    assert [_count(empty, revision) for revision in history()] == [[1] * len(ROWS[r]) for r in history()]


def test_history_goes_down_with_rows_and_leaves_nothing(empty: Database) -> None:
    for revision in history():
        upgrade(empty, revision)
        _fill(empty, revision)

    downgrade(empty, "base")

    assert set(inspect(empty.engine).get_table_names()) == {"alembic_version"}


def test_a_revision_that_fails_leaves_nothing_behind(empty: Database) -> None:
    with empty.write_connection() as connection:
        connection.execute(text("CREATE TABLE job (id INTEGER)"))

    with pytest.raises(DBAPIError):
        upgrade(empty)

    assert inspect(empty.engine).get_table_names() == ["job"]
    assert current_revision(empty) is None


def test_tables_of_a_newer_version_are_refused(empty: Database) -> None:
    upgrade(empty)
    with empty.write_connection() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnknownRevisionError, match="9999"):
        upgrade(empty)


def test_two_starts_at_once_both_succeed(empty: Database) -> None:
    url = empty.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _UPGRADE, url]

    starts = [subprocess.Popen(command, cwd=_REPOSITORY, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [start.communicate(timeout=60)[1] for start in starts]

    assert [start.returncode for start in starts] == [0, 0], said
    assert current_revision(empty) == head_revision()


def test_a_second_start_waits_for_the_first(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(empty)
    downgrade(empty, "base")
    second = threading.Thread(target=upgrade, args=(empty,))

    with empty.write_connection() as connection:
        if empty.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": 0x6567696465})
        second.start()
        second.join(0.3)
        waited = second.is_alive()
    second.join(30)

    assert waited
    assert current_revision(empty) == head_revision()


def test_rows_that_refer_to_nothing_stop_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        raw.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
        raw.execute("INSERT INTO child VALUES (7)")
    raw.close()
    database = Database(f"sqlite:///{path}")

    with pytest.raises(BrokenReferencesError, match="child"):
        upgrade(database)

    assert current_revision(database) is None
    database.close()


def test_references_are_watched_again_after_a_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'egide.db'}", pool_size=1)

    upgrade(database)

    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.close()
