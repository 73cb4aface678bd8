"""A house that tells subscribers of changes."""

from collections.abc import Iterator

import pytest

from audit.log import Log
from consent.propagation.values import Desk as PropagationDesk
from consent.service import Desk
from governance.database import Database
from governance.vault.sealed_values import SealedValues
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.propagation import Receiver, Telling


@pytest.fixture
def telling(database: Database, clock: StandingClock, ids: CountingIds, desk: Desk, log: Log) -> Telling:
    return Telling(
        database=database,
        clock=clock,
        log=log,
        consents=desk,
        desk=PropagationDesk(clock=clock, ids=ids, attestor=desk.attestor),
        seal=SealedValues(desk.keyring),
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who listens from the beginning to the end of a test."""
    receiver = Receiver()
    with receiver.listening():
        yield receiver
