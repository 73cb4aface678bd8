"""A log on each database, and one with its anchor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.log import Log
from governance.database import Database
from tests.builders.audit import AnchoredLog, a_log, an_anchored_log
from tests.builders.ground import CountingIds, StandingClock


@pytest.fixture
def log(database: Database, clock: StandingClock, ids: CountingIds) -> Iterator[Log]:
    made = a_log(database, clock, ids)
    yield made
    made.close()


@pytest.fixture
def anchored(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[AnchoredLog]:
    made = an_anchored_log(database, clock, ids, tmp_path / "anchor")
    yield made
    made.log.close()
