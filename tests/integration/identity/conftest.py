from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.database import Database
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import People, people


@pytest.fixture
def house(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    with people(database, clock, ids, tmp_path) as built:
        yield built
