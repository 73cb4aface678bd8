"""Where files brought in lie: sealed, 0600, in a folder of the home that nobody else may enter.

A reader gets an unlinked copy in the same folder: it has no name, and is gone when it is closed or the process ends.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.errors import SealedFileError
from governance.vault.keyring import Keyring
from governance.vault.sealed_files import seal_file, unseal_file

_FOLDER: Final = "uploads"
_SUFFIX: Final = ".sealed"
_NONCE_BYTES: Final = 12


class UploadStore:
    """The sealed files of one home."""

    def __init__(self, home: Path, keyring: Keyring) -> None:
        """Make the folder where it is not there."""
        self._folder: Final = home / _FOLDER
        self._keyring: Final = keyring

    def keep(self, upload_id: uuid.UUID, source: IO[bytes]) -> int:
        """Seal what a source holds under a new name, and return how many bytes that was.

        Raises:
            OSError: If the host cannot keep it; then nothing is kept.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(upload_id)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                return seal_file(self._key(upload_id), source, target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    @contextmanager
    def open(self, upload_id: uuid.UUID) -> Iterator[BufferedRandom]:
        """Open an unsealed copy that has no name.

        Raises:
            SealedFileError: If the file was altered, or is not there any more.
        """
        try:
            sealed = self._path(upload_id).open("rb")
        except OSError:
            raise SealedFileError from None
        with sealed, tempfile.TemporaryFile(dir=self._folder) as copy:
            unseal_file(self._key(upload_id), sealed, copy)
            copy.seek(0)
            yield copy

    def destroy(self, upload_id: uuid.UUID) -> None:
        """Delete a file, where it is there."""
        self._path(upload_id).unlink(missing_ok=True)

    def names(self) -> list[uuid.UUID]:
        """Return the files that are there."""
        found = self._folder.glob(f"*{_SUFFIX}") if self._folder.is_dir() else ()
        return [uuid.UUID(path.name.removesuffix(_SUFFIX)) for path in found if _is_id(path.name)]

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

    def _path(self, upload_id: uuid.UUID) -> Path:
        return self._folder / f"{upload_id}{_SUFFIX}"

    def _key(self, upload_id: uuid.UUID) -> bytes:
        return self._keyring.secret(f"upload/{upload_id}")

    def _note_key(self, upload_id: uuid.UUID) -> bytes:
        return self._keyring.secret(f"upload-note/{upload_id}")


def _is_id(name: str) -> bool:
    try:
        uuid.UUID(name.removesuffix(_SUFFIX))
    except ValueError:
        return False
    return True
