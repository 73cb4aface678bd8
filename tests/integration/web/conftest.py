from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.database import Database
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import People, people
from tests.builders.web import Refusals, an_app


@pytest.fixture
def house(sqlite_url: str, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    database = Database(sqlite_url)
    with people(database, clock, ids, tmp_path) as built:
        yield built
    database.close()


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


@pytest.fixture
def app(house: People, refusals: Refusals) -> Flask:
    return an_app(house, refused=refusals)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
