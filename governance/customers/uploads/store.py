"""Where files brought in lie: sealed in a folder of the home, each with a sealed note in the database."""

import os
import uuid
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.errors import SealedFileError
from governance.vault.keyring import Keyring
from governance.vault.sealed_store import SealedStore

_FOLDER: Final = "uploads"
_KIND: Final = "upload"
_NONCE_BYTES: Final = 12


class UploadStore(SealedStore):
    """The files brought in of one home."""

    def __init__(self, home: Path, keyring: Keyring) -> None:
        """Know where they lie."""
        super().__init__(home / _FOLDER, keyring, _KIND)

    def seal_note(self, upload_id: uuid.UUID, note: bytes) -> bytes:
        """Seal what is kept in the database beside a file."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._note_key(upload_id)).encrypt(nonce, note, None)

    def open_note(self, upload_id: uuid.UUID, box: bytes) -> bytes:
        """Open what is kept in the database beside a file.

        Raises:
            SealedFileError: If it was altered, or is another file's.
        """
        try:
            return AESGCM(self._note_key(upload_id)).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            raise SealedFileError from None

    def _note_key(self, upload_id: uuid.UUID) -> bytes:
        return self._keyring.secret(f"upload-note/{upload_id}")
