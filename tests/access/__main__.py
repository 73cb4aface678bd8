"""Print the lines of `matrix.csv` that differ from what the routes declare: `python -m tests.access`."""

import sys
import tempfile

from governance.actor import SYSTEM
from governance.app import create_app
from governance.founding import found
from governance.settings import load_settings
from governance.wiring import wire
from tests.access.table import declared, differences, written


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"EGIDE_HOME": home})
        found(settings, SYSTEM)
        wired = wire(settings)
        try:
            lines = differences(written(), declared(create_app(wired)))
        finally:
            wired.close()
    print("\n".join(lines))  # noqa: T201 -- to be read, and pasted
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
