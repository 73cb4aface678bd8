"""Sealed files of a home: each 0600, under a key of its own, in a folder that nobody else may enter.

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

from governance.vault.errors import SealedFileError
from governance.vault.keyring import Keyring
from governance.vault.sealed_files import seal_file, unseal_file

_SUFFIX: Final = ".sealed"


class SealedStore:
    """The sealed files of one folder."""

    def __init__(self, folder: Path, keyring: Keyring, kind: str) -> None:
        """Know where they lie; the folder is made with the first.

        Args:
            folder: Where they lie.
            keyring: Whose keys seal them.
            kind: What they are, in a word: files of two kinds never share a key.
        """
        self._folder: Final = folder
        self._keyring: Final = keyring
        self._kind: Final = kind

    def keep(self, file_id: uuid.UUID, source: IO[bytes]) -> int:
        """Seal what a source holds under a new name, and return how many bytes that was.

        Raises:
            OSError: If the host cannot keep it; then nothing is kept.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(file_id)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                return seal_file(self._key(file_id), source, target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    @contextmanager
    def spool(self) -> Iterator[BufferedRandom]:
        """Open an empty file that has no name, in the same folder: to put together what is to be kept."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._folder) as spool:
            yield spool

    @contextmanager
    def open(self, file_id: uuid.UUID) -> Iterator[BufferedRandom]:
        """Open an unsealed copy that has no name.

        Raises:
            SealedFileError: If the file was altered, or is not there any more.
        """
        try:
            sealed = self._path(file_id).open("rb")
        except OSError:
            raise SealedFileError from None
        with sealed, tempfile.TemporaryFile(dir=self._folder) as copy:
            unseal_file(self._key(file_id), sealed, copy)
            copy.seek(0)
            yield copy

    def destroy(self, file_id: uuid.UUID) -> None:
        """Delete a file, where it is there."""
        self._path(file_id).unlink(missing_ok=True)

    def names(self) -> list[uuid.UUID]:
        """Return the files that are there."""
        found = self._folder.glob(f"*{_SUFFIX}") if self._folder.is_dir() else ()
        return [uuid.UUID(path.name.removesuffix(_SUFFIX)) for path in found if _is_id(path.name)]

    def _path(self, file_id: uuid.UUID) -> Path:
        return self._folder / f"{file_id}{_SUFFIX}"

    def _key(self, file_id: uuid.UUID) -> bytes:
        return self._keyring.secret(f"{self._kind}/{file_id}")


def _is_id(name: str) -> bool:
    try:
        uuid.UUID(name.removesuffix(_SUFFIX))
    except ValueError:
        return False
    return True
