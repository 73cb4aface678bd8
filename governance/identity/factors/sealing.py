"""The secret of an authenticator app, sealed: AES-256-GCM (NIST SP 800-38D) under a key derived from the keyring.

    sealed          = 0x01 + nonce (12) + ciphertext + tag (16)
    associated data = "egide/totp/1", installation, account, factor, in the encoding of `vault.canonical`

So whoever holds the database can neither read it nor let one account's app open another account. A draft, which travels
through the browser that adds the app, is sealed as one ("egide/totp-draft/1"): what is stored cannot be handed in as a
draft, to be shown again.
"""

import os
import uuid
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.canonical import encode
from governance.vault.errors import AttestationError
from governance.vault.keyring import Keyring

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEPT: Final = "egide/totp/1"
_DRAFT: Final = "egide/totp-draft/1"
# The name of the derived secret.
_USE: Final = "second-factor/totp"


class SecretSeal:
    """Seals and opens the secrets of authenticator apps. Holds the key inside the cipher object only."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        self._cipher: Final = AESGCM(keyring.secret(_USE))
        self._installation: Final = keyring.installation

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def seal(self, secret: str, account_id: uuid.UUID, factor_id: uuid.UUID, *, draft: bool = False) -> bytes:
        """Return the secret, sealed to the account and the factor."""
        nonce = os.urandom(_NONCE_BYTES)
        bound = self._bound(account_id, factor_id, draft=draft)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, secret.encode(), bound)

    def open(self, sealed: bytes, account_id: uuid.UUID, factor_id: uuid.UUID, *, draft: bool = False) -> str:
        """Return the secret.

        Raises:
            AttestationError: If it was sealed to another account or factor, or altered.
        """
        start = len(_FORMAT)
        nonce, content = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        altered = AttestationError(kind="totp_factor", reference=str(factor_id))
        if sealed[:start] != _FORMAT:
            raise altered
        try:
            return self._cipher.decrypt(nonce, content, self._bound(account_id, factor_id, draft=draft)).decode()
        except (InvalidTag, ValueError):
            raise altered from None

    def _bound(self, account_id: uuid.UUID, factor_id: uuid.UUID, *, draft: bool) -> bytes:
        return encode(_DRAFT if draft else _KEPT, self._installation, account_id, factor_id)
