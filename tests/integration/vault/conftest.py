"""An attestor that listens to the database's sessions, with tables of these tests."""

from pathlib import Path

import pytest

from governance.database import Database
from governance.vault.attest import Attestor
from tests.builders.vault import a_keyring
from tests.integration.vault.permits import PermitBase, create_tables


@pytest.fixture
def attestor(database: Database, tmp_path: Path) -> Attestor:
    create_tables(database)
    attestor = Attestor(a_keyring(tmp_path), PermitBase)
    attestor.attach(database.sessions)
    return attestor
