"""Files that only their owner may read."""

import stat
from pathlib import Path
from typing import Final

from governance.vault.errors import KeyringCorruptError, KeyringMissingError, KeyringPermissionsError

FILE_MODE: Final = 0o600
DIRECTORY_MODE: Final = 0o700
_OTHERS: Final = 0o077


def check_private(path: Path, expected: int = FILE_MODE) -> None:
    """Check that nobody but the owner has any right.

    Raises:
        KeyringPermissionsError: If somebody has.
        KeyringMissingError: If nothing is there.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        raise KeyringMissingError(path=str(path)) from None
    if mode & _OTHERS:
        raise KeyringPermissionsError(path=str(path), found=f"{mode:04o}", expected=f"{expected:04o}")


def read_private(path: Path) -> bytes:
    """Return the content of a file that only its owner may read.

    Raises:
        KeyringPermissionsError: If somebody else may.
        KeyringMissingError: If there is no file.
        KeyringCorruptError: If the host cannot read it.
    """
    check_private(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyringCorruptError(path=str(path), reason=error.strerror or type(error).__name__) from None
