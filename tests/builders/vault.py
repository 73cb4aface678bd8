"""Keys that last as long as a test."""

from pathlib import Path

from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring, create_keyring
from tests.builders.ground import StandingClock


def a_keyring(tmp_path: Path) -> Keyring:
    """Return a fresh keyring in the test's folder; called again, the same one."""
    return create_keyring(str(tmp_path / "keys"), tmp_path, clock=StandingClock())


def an_attestor(tmp_path: Path) -> Attestor:
    """Return the attestor of the test's keyring."""
    return Attestor(a_keyring(tmp_path))
