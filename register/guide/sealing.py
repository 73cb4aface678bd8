"""What somebody has typed and not saved, sealed: AES-256-GCM (NIST SP 800-38D) under a key derived from the keyring.

    sealed          = 0x01 + nonce (12) + ciphertext + tag (16)
    associated data = "egide/guide-draft/1", installation, activity, account, place, encoded as in `vault.canonical`

A form may hold a name that should not be there. So whoever holds the database reads none, and nobody is shown what
somebody else typed.
"""

import os
import uuid
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.canonical import encode
from governance.vault.keyring import Keyring

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_WHAT: Final = "egide/guide-draft/1"
# The name of the derived secret.
_USE: Final = "register/guide-draft"


class DraftSeal:
    """Seals and opens what was typed. Holds the key inside the cipher object only."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        self._cipher: Final = AESGCM(keyring.secret(_USE))
        self._installation: Final = keyring.installation

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def seal(self, typed: bytes, activity_id: uuid.UUID, account_id: uuid.UUID, place: str) -> bytes:
        """Return what was typed, sealed to whose it is and where."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, typed, self._bound(activity_id, account_id, place))

    def open(self, sealed: bytes, activity_id: uuid.UUID, account_id: uuid.UUID, place: str) -> bytes | None:
        """Return what was typed; None where it was altered, or is somebody else's: then it is as good as lost."""
        start = len(_FORMAT)
        nonce, content = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        if sealed[:start] != _FORMAT:
            return None
        try:
            return self._cipher.decrypt(nonce, content, self._bound(activity_id, account_id, place))
        except (InvalidTag, ValueError):
            return None

    def _bound(self, activity_id: uuid.UUID, account_id: uuid.UUID, place: str) -> bytes:
        return encode(_WHAT, self._installation, activity_id, account_id, place)
