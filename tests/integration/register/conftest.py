"""A house with an attestor and a log, and people in their roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from register.exchange.desk import ExchangeDesk
from register.service import Desk
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.vault import a_keyring, an_attestor


@pytest.fixture
def attestor(database: Database, tmp_path: Path, clock: StandingClock, ids: CountingIds) -> Iterator[Attestor]:
    attestor = an_attestor(tmp_path)
    attestor.attach(database.sessions)
    log = a_log(database, clock, ids)
    yield attestor
    log.close()


@pytest.fixture
def exchanging(database: Database, desk: Desk, tmp_path: Path) -> ExchangeDesk:
    return ExchangeDesk(database=database, writing=desk, sealed=SealedValues(a_keyring(tmp_path)))


@pytest.fixture
def desk(attestor: Attestor, clock: StandingClock, ids: CountingIds) -> Desk:
    return Desk(clock, ids, attestor)
