"""The files of an SQLite database: made for their owner alone, and closed to others where they are found open."""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600
_OTHERS: Final = 0o077
# SQLite gives its own files the rights of the database; one that was open to others left them open too.
_FILES: Final = ("", "-wal", "-shm", "-journal")
_making: Final = threading.Lock()


def keep_private(database_file: str) -> None:
    """Make the file where there is none, and take from others what rights they have on those that are ours.

    Args:
        database_file: The path of the database; SQLite's other files stand beside it.
    """
    with suppress(OSError):
        # Whatever cannot be made or closed here, SQLite cannot open either, and says why.
        _make(database_file)
    for ending in _FILES:
        with suppress(OSError):
            _close_to_others(Path(database_file + ending))


def _make(path: str) -> None:
    # Only one thread at a time, and only a file that nobody has yet: to close a file that SQLite holds open would
    # drop its locks, which belong to the process (POSIX fcntl).
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))


def _close_to_others(path: Path) -> None:
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS and found.st_uid == os.geteuid() and stat.S_ISREG(found.st_mode):
        path.chmod(mode & ~_OTHERS)
