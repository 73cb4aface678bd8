import pytest

from governance.wiring import Wired
from tests.builders.service import Service


@pytest.fixture
def site_wired(site: Service) -> Wired:
    return site.wired


@pytest.fixture
def sqlite_wired(sqlite_service: Service) -> Wired:
    return sqlite_service.wired
