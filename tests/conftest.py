"""Fixtures that every room's tests share.

`database` is an empty schema of the whole house on a database of its own, once per kind: a test that takes it runs on
SQLite and on PostgreSQL. Copying a prepared template keeps that cheap.
"""

import gc
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from governance.database import Database
from tests.addresses import share_addresses
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.house import create_schema
from tests.memory import folder_in_memory
from tests.postgres import administer, copy_database, drop_database, running_postgres
from tests.statements import share_statements

pytest_plugins = ["tests.demonstration", "tests.serving"]

_counter = itertools.count(1)
share_statements()
share_addresses()

# Few examples each time, many in `make fuzz`; a shared machine has no use for deadlines.
settings.register_profile("house", max_examples=50, deadline=None)
settings.register_profile("fuzz", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

if memory := folder_in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish() -> None:
    """Leave what stays for the whole run out of each look for garbage, and look less often: it took a fifth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "egide.db"
    database = Database(f"sqlite:///{path}")
    create_schema(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    administer(postgres_server, "CREATE DATABASE template_egide")
    database = Database(postgres_server.format(database="template_egide"))
    create_schema(database)
    database.close()
    return postgres_server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "egide.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    name = f"test_{next(_counter)}"
    copy_database(postgres_template, "template_egide", name)
    yield postgres_template.format(database=name)
    drop_database(postgres_template, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty house, once on each kind of database."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
