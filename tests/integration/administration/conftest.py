from collections.abc import Iterator

import pytest

from governance.wiring import Wired
from tests.builders.service import Service, serve_in_process
from tests.demonstration import Home, wire_cheaply


@pytest.fixture
def wired(home: Home) -> Iterator[Wired]:
    built = wire_cheaply(home)
    yield built
    built.close()


@pytest.fixture
def service(wired: Wired) -> Service:
    return serve_in_process(wired)
