from collections.abc import Iterator

import pytest
from flask import Response

from tests.access.visitors import Visitors
from tests.builders.service import Service
from tests.demonstration import Home


@pytest.fixture(scope="module")
def everybody(site: Service, sqlite_demonstration: Home) -> Visitors:
    """Everybody, each signed in once."""
    return Visitors(site, sqlite_demonstration)


@pytest.fixture
def visitors(everybody: Visitors) -> Visitors:
    """Everybody, as if they had signed in just now."""
    everybody.confirm()
    return everybody


@pytest.fixture
def shut_views(site: Service) -> Iterator[None]:
    """Let no view run: whoever is let in is answered 204."""
    checks = site.app.before_request_funcs[None]
    # Before the limits, which count what the views do.
    place = next(index for index, check in enumerate(checks) if check.__module__.startswith("flask_limiter"))
    checks.insert(place, lambda: Response(status=204))
    yield
    del checks[place]
