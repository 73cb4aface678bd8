"""The browser that the tests and the screenshots drive: Debian's, Google's, or one that Playwright installed.

`.ci/setup.sh` runs this file to know whether one has to be installed, so that both look in the same places.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# The first has no windows to draw: the same engine, for less than half the time.
_NAMES: Final = ("chromium-headless-shell", "chromium", "google-chrome")
# Where `playwright install chromium` puts it, one folder for each of its revisions.
_PLAYWRIGHT: Final = "chromium-*/chrome-linux*/chrome"


def chromium(environment: Mapping[str, str] = os.environ) -> str:
    """Return the path of a browser that a program can drive.

    Raises:
        RuntimeError: If there is none.
    """
    for name in _NAMES:
        found = shutil.which(name, path=environment.get("PATH"))
        if found is not None and not _is_a_snap(Path(found)):
            return found
    folder = environment.get("PLAYWRIGHT_BROWSERS_PATH") or Path(environment.get("HOME", "/"), ".cache/ms-playwright")
    installed = sorted(Path(folder).glob(_PLAYWRIGHT), key=_revision)
    if installed:
        return str(installed[-1])
    raise RuntimeError(
        "Chromium is missing: install the package chromium-headless-shell, or run 'playwright install chromium'"
    )


def _is_a_snap(program: Path) -> bool:
    # Neither containers nor Playwright can drive one. Ubuntu's package `chromium-browser` is a script that starts it.
    if "/snap/" in f"{program}{program.resolve()}":
        return True
    with program.open("rb") as file:
        start = file.read(4096)
    return start.startswith(b"#!") and b"/snap/" in start


def _revision(program: Path) -> int:
    return int(program.parts[-3].partition("-")[2])


if __name__ == "__main__":
    try:
        chromium()
    except RuntimeError as error:
        sys.exit(str(error))
