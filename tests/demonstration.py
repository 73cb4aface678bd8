"""A small demonstration company, loaded once for each kind of database and copied for each test that takes one."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import orjson
import pytest

from governance.actor import Actor, ActorKind, Role
from governance.customers.demo import ACCOUNTS_FILE, load_demo
from governance.customers.demo.filling import Size
from governance.founding import found
from governance.identity.passwords import PasswordHasher
from governance.settings import Settings, load_settings
from governance.wiring import Wired, wire
from tests.builders.identity import CHEAP
from tests.postgres import administer, copy_database, drop_database

SMALL: Final = Size(companies=4, customers=30, orders=60, equipment=20, exchanges=40, behaviour=40, visitors=0)
_counter = itertools.count(1)


@dataclass(frozen=True)
class Home:
    """Where an installation lies."""

    folder: Path
    url: str
    locale: str = "en"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as a host gives them."""
        return {
            "EGIDE_HOME": str(self.folder),
            "EGIDE_DATABASE_URL": self.url,
            "EGIDE_LOCALE": self.locale,
        }

    @property
    def settings(self) -> Settings:
        return load_settings(self.environment)

    def password(self, role: str) -> str:
        """Return the password of a member of the fictional staff."""
        accounts = orjson.loads((self.folder / ACCOUNTS_FILE).read_bytes())["accounts"]
        found_: str = next(each["password"] for each in accounts if each["role"] == role)
        return found_


def wire_cheaply(home: Home) -> Wired:
    """Build the house of a home, with hashes that cost nothing."""
    return replace(wire(home.settings), passwords=PasswordHasher(CHEAP))


def make_demonstration(home: Home) -> None:
    """Load the small company into an empty home, as `egide demo` does."""
    host = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="tests")
    found(home.settings, host, demonstration=True)
    wired = wire_cheaply(home)
    try:
        load_demo(wired, size=SMALL)
        wired.signer.checkpoint()
    finally:
        wired.close()


@pytest.fixture(scope="session")
def sqlite_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("demonstration") / "home"
    home = Home(folder, f"sqlite:///{folder}/egide.db")
    make_demonstration(home)
    return home


@pytest.fixture(scope="session")
def postgres_demonstration(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    administer(postgres_server, "CREATE DATABASE template_demonstration")
    home = Home(
        tmp_path_factory.mktemp("demonstration") / "home", postgres_server.format(database="template_demonstration")
    )
    make_demonstration(home)
    return home


def copied(home: Home, folder: Path) -> Home:
    """Copy a home on SQLite."""
    shutil.copytree(home.folder, folder)
    return Home(folder, f"sqlite:///{folder}/egide.db")


@contextmanager
def copied_on_postgresql(home: Home, server: str, folder: Path) -> Iterator[Home]:
    """Copy the home whose database is the template on PostgreSQL, for as long as the copy is used."""
    shutil.copytree(home.folder, folder)
    name = f"demonstration_{next(_counter)}"
    copy_database(server, "template_demonstration", name)
    yield Home(folder, server.format(database=name))
    drop_database(server, name)


@pytest.fixture
def sqlite_home(sqlite_demonstration: Home, tmp_path: Path) -> Home:
    return copied(sqlite_demonstration, tmp_path / "home")


@pytest.fixture
def postgres_home(postgres_demonstration: Home, postgres_server: str, tmp_path: Path) -> Iterator[Home]:
    with copied_on_postgresql(postgres_demonstration, postgres_server, tmp_path / "home") as home:
        yield home


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Home:
    """A demonstration of the test's own, once on each kind of database."""
    found_: Home = request.getfixturevalue("sqlite_home" if request.param == "sqlite" else "postgres_home")
    return found_


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A home in which nothing is installed, once on each kind of database."""
    folder = tmp_path / "home"
    if request.param == "sqlite":
        yield Home(folder, f"sqlite:///{folder}/egide.db")
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_counter)}"
    administer(server, f"CREATE DATABASE {name}")
    yield Home(folder, server.format(database=name))
    drop_database(server, name)


def email_of(role: Role) -> str:
    """Return the address of the member of staff in a role."""
    return f"{role.value}@demo.example"
