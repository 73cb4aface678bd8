"""A command of the house in a process of its own: what it said, how long it took, and the peak of its memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.house import MeasuredHouse

# A process inherits the peak of the one that made it, so a small one stands between it and this one.
_LAUNCHER: Final = """
import os, sys
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a command: its peak is in MB."""

    said: str
    seconds: float
    peak: float


def run_command(house: MeasuredHouse, *command: str) -> Ran:
    """Run `egide` with these arguments in a house."""
    settings = house.wired.settings
    environment = {
        **os.environ,
        "EGIDE_HOME": str(settings.home),
        "EGIDE_DATABASE_URL": settings.database_url,
        "EGIDE_KEYS": settings.keys,
        "EGIDE_ANCHOR": str(settings.anchor),
    }
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, str(Path(sys.executable).parent / "egide"), *command],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - begin
    said, _, kibibytes = done.stdout.strip().rpartition("\n")
    return Ran(said=said, seconds=seconds, peak=int(kibibytes) / 1024)
