"""Fixtures of the whole application, in this process, in front of a demonstration."""

from collections.abc import Iterator

import pytest

from governance.wiring import Wired
from tests.builders.pages import Enter
from tests.builders.service import Service, serve_in_process
from tests.demonstration import Home, copied, copied_on_postgresql, wire_cheaply


@pytest.fixture
def wired(home: Home) -> Iterator[Wired]:
    built = wire_cheaply(home)
    yield built
    built.close()


@pytest.fixture
def service(wired: Wired) -> Service:
    """The application with a demonstration of the test's own, once on each kind of database."""
    return serve_in_process(wired)


@pytest.fixture
def sqlite_service(sqlite_home: Home) -> Iterator[Service]:
    built = wire_cheaply(sqlite_home)
    yield serve_in_process(built)
    built.close()


@pytest.fixture(scope="module")
def site(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application with one demonstration for all tests of a file."""
    wired = wire_cheaply(copied(sqlite_demonstration, tmp_path_factory.mktemp("site") / "home"))
    yield serve_in_process(wired)
    wired.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both_sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application with one demonstration for all tests of a file, once on each kind of database.

    For tests that change nothing that another of the file could see.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("site")
        return
    template: Home = request.getfixturevalue("postgres_demonstration")
    server: str = request.getfixturevalue("postgres_server")
    with copied_on_postgresql(template, server, tmp_path_factory.mktemp("site") / "home") as home:
        wired = wire_cheaply(home)
        yield serve_in_process(wired)
        wired.close()


@pytest.fixture(scope="module")
def enter(site: Service, sqlite_demonstration: Home) -> Enter:
    """Lets the staff of that demonstration in."""
    return Enter(site, sqlite_demonstration)
