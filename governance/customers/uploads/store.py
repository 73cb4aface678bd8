"""Where files brought in lie: sealed in a folder of the home, each with a sealed note in the database."""

import uuid
from pathlib import Path
from typing import Final

from governance.vault.keyring import Keyring
from governance.vault.sealed_store import SealedStore
from governance.vault.sealed_values import SealedValues

_FOLDER: Final = "uploads"
_KIND: Final = "upload"
# What a note is sealed as.
_NOTE: Final = "upload-note"


class UploadStore(SealedStore):
    """The files brought in of one home."""

    def __init__(self, home: Path, keyring: Keyring) -> None:
        """Know where they lie."""
        super().__init__(home / _FOLDER, keyring, _KIND)
        self._notes: Final = SealedValues(keyring)

    def seal_note(self, upload_id: uuid.UUID, note: bytes) -> bytes:
        """Seal what is kept in the database beside a file."""
        return self._notes.seal(note, _NOTE, upload_id)

    def open_note(self, upload_id: uuid.UUID, sealed: bytes) -> bytes:
        """Open what is kept in the database beside a file.

        Raises:
            AttestationError: If it was altered, or is another file's.
        """
        return self._notes.open(sealed, _NOTE, upload_id)
