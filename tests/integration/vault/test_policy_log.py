"""Each policy epoch is an entry of the log."""

from pathlib import Path

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.policy_log import record_policy_epoch
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.vault import a_keyring
from tests.integration.vault.permits import PermitBase, a_permit, create_tables


def test_each_policy_epoch_is_recorded_with_its_digest(
    database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path
) -> None:
    create_tables(database)
    attestor = Attestor(a_keyring(tmp_path), PermitBase)
    # The log first: the order in which the two are attached does not matter.
    log = a_log(database, clock, ids)
    attestor.attach(database.sessions, announce=record_policy_epoch)

    for number in (1, 2):
        with database.write() as session:
            session.add(a_permit(number))
            unrecorded(session, "the test is not about permits")
    with database.read() as session:
        state = attestor.verify_policy_set(session)
        found = search(session, Filters(object_type="policy-set"))
    log.close()

    assert [entry.said["object"]["id"] for entry in found] == ["2", "1"]
    assert found[0].said["details"] == {"digest": state.digest.hex()}
