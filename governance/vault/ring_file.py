"""The file in which a keyring lies: private, written whole or not at all, one writer at a time.

Readers and writers lock the directory itself (flock), which also works where it is mounted read-only. A new content
goes to a file beside it, is flushed to the disk and takes the old one's name; then the old bytes are overwritten. That
last step is best effort: a journaling or copy-on-write file system, a flash disk or a snapshot may keep them. Where the
promise must not depend on it, keep the ring on an encrypted volume whose key is destroyed, or in memory.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from governance.vault.errors import KeyringMissingError, KeyringUnwritableError
from governance.vault.private_file import DIRECTORY_MODE, FILE_MODE, check_private, read_private

FILE_NAME: Final = "keyring.json"


class RingFile:
    """One keyring file and its directory."""

    def __init__(self, directory: Path) -> None:
        """Touch nothing yet."""
        self.directory: Final = directory
        self.path: Final = directory / FILE_NAME
        self._name: Final = str(self.path)

    def prepare(self) -> None:
        """Make the directory where it is missing.

        Raises:
            KeyringUnwritableError: If the host does not let us.
        """
        try:
            self.directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise KeyringUnwritableError(path=str(self.path), reason=_reason(error)) from None

    def version(self) -> tuple[int, int, int]:
        """Return a mark that changes whenever the file does; costs one system call.

        Raises:
            KeyringMissingError: If there is no file.
        """
        try:
            found = os.stat(self._name)  # noqa: PTH116 -- asked before every read; pathlib doubles its cost
        except OSError:
            raise KeyringMissingError(path=str(self.path)) from None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def lock(self, *, exclusive: bool) -> Iterator[None]:
        """Hold the directory, shared to read, exclusive to write.

        Raises:
            KeyringMissingError: If there is no directory.
        """
        try:
            handle = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            raise KeyringMissingError(path=str(self.path)) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)

    def exists(self) -> bool:
        """Say whether there is a file."""
        return self.path.exists()

    def read(self) -> bytes:
        """Return the content. Call it under the lock.

        Raises:
            KeyringMissingError: If there is no file.
            KeyringPermissionsError: If other users of the host may read the file or enter its directory.
            KeyringCorruptError: If the host cannot read it.
        """
        check_private(self.directory, DIRECTORY_MODE)
        return read_private(self.path)

    def write(self, content: bytes) -> None:
        """Replace the content, durably. Call it under the exclusive lock.

        Raises:
            KeyringUnwritableError: If the host does not let us; the old content then stands.
            KeyringPermissionsError: If other users of the host may enter the directory.
        """
        check_private(self.directory, DIRECTORY_MODE)
        fresh = self.path.with_suffix(".new")
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, FILE_MODE)
                file.write(content)
                file.flush()
                os.fsync(handle)
            old = os.open(self.path, os.O_WRONLY) if self.path.exists() else None
            fresh.rename(self.path)
            _sync_directory(self.directory)
        except OSError as error:
            raise KeyringUnwritableError(path=str(self.path), reason=_reason(error)) from None
        if old is not None:
            _overwrite(old)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _overwrite(handle: int) -> None:
    # The new content is already durable under the name, so a failure here must not look like a failed write.
    try:
        os.pwrite(handle, bytes(os.fstat(handle).st_size), 0)
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
