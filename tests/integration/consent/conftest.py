"""A house with people, purposes that rest on consent and one that does not, and a log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.log import Log
from audit.transaction import unrecorded
from consent.service import Desk
from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import create_subjects
from governance.vocabulary import Channel, LawfulBasis, SubjectKind
from register.values import Standing
from tests.builders.audit import a_log
from tests.builders.consent import known_by
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.register import a_purpose
from tests.builders.vault import a_keyring


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return a_keyring(tmp_path)


@pytest.fixture
def log(database: Database, keyring: Keyring, clock: StandingClock, ids: CountingIds) -> Iterator[Log]:
    Attestor(keyring).attach(database.sessions)
    log = a_log(database, clock, ids)
    yield log
    log.close()


@pytest.fixture
def desk(database: Database, log: Log, keyring: Keyring, clock: StandingClock) -> Desk:
    """Three people; purposes that rest on consent, a contract, legitimate interests; one that is only proposed."""
    consent = LawfulBasis.CONSENT
    with database.write() as session:
        a_purpose(session, id=1, slug="newsletter", basis=consent)
        a_purpose(session, id=2, slug="calls", basis=consent, consent_channel=Channel.TELEPHONE)
        a_purpose(session, id=3, slug="orders")
        a_purpose(session, id=4, slug="future", basis=consent, standing=Standing.PROPOSED)
        a_purpose(session, id=5, slug="statistics", basis=LawfulBasis.LEGITIMATE_INTERESTS)
        create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 3)
        unrecorded(session, "a test's people")
    return Desk(clock, Attestor(keyring), keyring, known_by({}))
