"""Small values sealed in our own tables: AES-256-GCM (NIST SP 800-38D) under a key derived from the keyring.

    sealed          = 0x01 + nonce (12) + ciphertext + tag (16)
    associated data = "egide/sealed-value/1", installation, kind, whose, in the encoding of `vault.canonical`

The kind says what a value is, and whose says which owner and which row it stands with: so whoever holds the database
can neither read it nor let it speak for somebody else, for another row, or as something else. Nonces are random: one
key is good for 2^32 values (SP 800-38D, section 8.3), which no house types.
"""

import os
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.canonical import Part, encode
from governance.vault.errors import AttestationError
from governance.vault.keyring import Keyring

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_BOUND: Final = "egide/sealed-value/1"
# The name of the derived secret.
_USE: Final = "sealed-value"


class SealedValues:
    """Seals and opens values. Holds the key inside the cipher object only. Thread-safe."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        self._cipher: Final = AESGCM(keyring.secret(_USE))
        self._installation: Final = keyring.installation

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def seal(self, content: bytes, kind: str, *whose: Part) -> bytes:
        """Return a value, sealed.

        Args:
            content: The value.
            kind: What it is: nothing opens as anything else.
            whose: The owner and the row that it stands with.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, content, self._bound(kind, whose))

    def open(self, sealed: bytes, kind: str, *whose: Part) -> bytes:
        """Return what was sealed.

        Raises:
            AttestationError: If it was altered, or sealed as something else, or for another owner or row.
        """
        start = len(_FORMAT)
        nonce, content = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        altered = AttestationError(kind=kind, reference="/".join(map(str, whose)))
        if sealed[:start] != _FORMAT:
            raise altered
        try:
            return self._cipher.decrypt(nonce, content, self._bound(kind, whose))
        except (InvalidTag, ValueError):
            raise altered from None

    def _bound(self, kind: str, whose: tuple[Part, ...]) -> bytes:
        return encode(_BOUND, self._installation, kind, *whose)
