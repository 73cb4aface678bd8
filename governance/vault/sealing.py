"""What protects the keyring's content where it lies: the file's permissions, or a hardware token as well."""

import importlib
from typing import Final, Protocol, cast

from governance.vault.errors import HardwareModuleMissingError
from governance.vault.token_uri import SCHEME, TokenUri

# The only module that imports the optional dependency; loading it takes 0.15 s, which only those who use it pay.
_PKCS11_MODULE: Final = "governance.vault.pkcs11"
_OPTIONAL_DEPENDENCY: Final = "pkcs11"


class Seal(Protocol):
    """What protects the content."""

    def seal(self, content: bytes, owner: bytes) -> bytes:
        """Return what is written, sealed by a key that sealed nothing before.

        Args:
            content: The ring.
            owner: The installation.

        Raises:
            KeyringError: If the protecting device fails.
        """
        ...

    def unseal(self, content: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            ValueError: If it was not sealed so, or was altered.
            KeyringError: If the protecting device fails.
        """
        ...

    def forget_others(self, content: bytes, owner: bytes) -> None:
        """Destroy every key of this owner that did not seal this content: copies of older contents are then unreadable.

        Raises:
            KeyringError: If the protecting device fails.
        """
        ...


class FilePermissions:
    """The file's permissions are all its protection."""

    def seal(self, content: bytes, owner: bytes) -> bytes:
        """Return the content as it is."""
        return content

    def unseal(self, content: bytes) -> bytes:
        """Return the content as it is."""
        return content

    def forget_others(self, content: bytes, owner: bytes) -> None:
        """Do nothing: whoever has a copy of the file has its keys."""


def is_token(location: str) -> bool:
    """Say whether EGIDE_KEYS names a hardware token rather than a directory."""
    return location.startswith(SCHEME)


def open_token_seal(location: str) -> Seal:
    """Return the seal of the token that the URI names. It is not asked anything yet.

    Raises:
        KeyLocationError: If the URI cannot be used.
        HardwareModuleMissingError: If the optional dependency is not installed.
    """
    uri = TokenUri.parse(location)
    try:
        loaded = importlib.import_module(_PKCS11_MODULE)
    except ModuleNotFoundError as error:
        if error.name != _OPTIONAL_DEPENDENCY:
            raise
        raise HardwareModuleMissingError from None
    return cast("Seal", loaded.TokenSeal(uri))
