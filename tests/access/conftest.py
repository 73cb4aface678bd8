from collections.abc import Iterator

import pytest
from flask import Response

from tests.access.visitors import Visitors
from tests.builders.service import Service, serve_in_process
from tests.demonstration import Home, copied, wire_cheaply


@pytest.fixture(scope="module")
def house(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return copied(sqlite_demonstration, tmp_path_factory.mktemp("house") / "home")


@pytest.fixture(scope="module")
def whole(house: Home) -> Iterator[Service]:
    """The whole application, for tests that ask for nothing that is there."""
    wired = wire_cheaply(house)
    yield serve_in_process(wired)
    wired.close()


@pytest.fixture(scope="module")
def visitors(whole: Service, house: Home) -> Visitors:
    """Everybody, each signed in once."""
    return Visitors(whole, house)


@pytest.fixture
def shut_views(whole: Service) -> Iterator[None]:
    """Let no view run: whoever is let in is answered 204."""
    checks = whole.app.before_request_funcs[None]
    # Before the limits, which count what the views do.
    place = next(index for index, check in enumerate(checks) if check.__module__.startswith("flask_limiter"))
    checks.insert(place, lambda: Response(status=204))
    yield
    del checks[place]
