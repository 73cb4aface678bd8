"""Where the files of the tests lie: in memory where there is room, so that `fsync` stays on and costs little."""

import shutil
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
# The largest suite seen took less than half of this. A container's own 64 MB are none of it.
_NEEDED: Final = 4 * 2**30


def folder_in_memory() -> Path | None:
    """Return the folder whose files lie in memory, or None where there is too little of it."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _NEEDED:
        return None
    return _MEMORY
