"""A house with an attestor and a log, and one purpose in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.policies.service import Desk
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, SubjectKind
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.register import OWNER_ID, a_purpose
from tests.builders.vault import an_attestor


@pytest.fixture
def attestor(database: Database, tmp_path: Path, clock: StandingClock, ids: CountingIds) -> Iterator[Attestor]:
    attestor = an_attestor(tmp_path)
    attestor.attach(database.sessions)
    log = a_log(database, clock, ids)
    yield attestor
    log.close()


@pytest.fixture
def desk(database: Database, attestor: Attestor, clock: StandingClock, ids: CountingIds) -> Desk:
    """Two kinds have an identity, one has contact data; support and the DPO are recipients."""
    with database.write() as session:
        a_purpose(
            session,
            data=(
                (SubjectKind.CUSTOMER, DataCategory.IDENTITY),
                (SubjectKind.PROSPECT, DataCategory.IDENTITY),
                (SubjectKind.CUSTOMER, DataCategory.CONTACT),
            ),
            recipients=(Role.SUPPORT, Role.DPO),
            owner_id=OWNER_ID,
        )
        unrecorded(session, "a test's purpose")
    return Desk(clock, ids, attestor)
