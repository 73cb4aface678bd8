"""A process of its own that imports or loads, to be killed: `process.py import|demo URL HOME [FILE]`."""

import sys
from pathlib import Path

from governance.actor import Role
from governance.customers.demo.filling import Size
from governance.customers.demo.loading import load_demo
from governance.customers.importing.job import ImportFile
from governance.customers.importing.run import run_import
from tests.builders.customers import close_house, open_house
from tests.builders.ground import an_actor

SMALL = Size(companies=20, customers=150, orders=300, equipment=60, exchanges=60, behaviour=60, visitors=0)


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(what: str, url: str, home: str, *file: str) -> None:
    """Do it, and say on standard output how far it has come."""
    house = open_house(url, Path(home))
    if what == "demo":
        load_demo(house, lambda progress: say(progress.step), size=SMALL)
    else:
        command = ImportFile(path=Path(file[0]), table="customers")
        run_import(house, an_actor(Role.SALES), command, lambda progress: say(str(progress.row)))
    close_house(house)


if __name__ == "__main__":
    main(*sys.argv[1:])
