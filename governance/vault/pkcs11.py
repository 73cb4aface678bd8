"""The keyring sealed by a hardware token."""

from typing import Final, Never

from governance.vault.errors import HardwareModuleMissingError

URI_SCHEME: Final = "pkcs11:"


def open_token_seal(_uri: str) -> Never:
    """Refuse, until the token is built."""
    raise HardwareModuleMissingError
