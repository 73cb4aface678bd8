"""Write the revision that takes the newest one to the models as they are.

revision.py MESSAGE    the next revision
revision.py --first    history anew, one revision for each room; only as long as nothing was released
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Table

from governance.database import Database
from governance.migrations.changing import FOLDER, configuration, upgrade
from governance.migrations.metadata import whole_metadata
from governance.orm import Base

# From the ground up, so that a table comes after what it refers to. What no module below names is the customers'.
_ROOMS = (
    ("the ground", ("governance.jobs", "governance.installation", "governance.web")),
    ("audit", ("audit",)),
    ("the vault", ("governance.vault",)),
    ("the data map", ("governance.datamap",)),
    ("identity", ("governance.identity",)),
    ("the register", ("register",)),
    ("consent", ("consent",)),
    ("policies and the gate", ("governance.policies", "governance.gate")),
    ("oversight", ("governance.oversight",)),
    ("imports", ("governance.customers.importing", "governance.customers.uploads")),
    ("campaigns", ("governance.campaigns",)),
    ("customers", ("governance.customers",)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("message", nargs="?")
    parser.add_argument("--first", action="store_true")
    arguments = parser.parse_args()
    if arguments.first:
        for version in _versions():
            version.unlink()
        for room, tables in _tables_by_room().items():
            if tables:
                _write(f"Make the tables of {room}", tables)
    elif arguments.message:
        _write(arguments.message, None)
    else:
        parser.error("a message is needed")


def _versions() -> list[Path]:
    return sorted((FOLDER / "versions").glob("[0-9]*.py"))


def _tables_by_room() -> dict[str, frozenset[str]]:
    left = set(whole_metadata().tables)
    rooms = {}
    for room, prefixes in _ROOMS[:-1]:
        mapped = {
            mapper.class_.__tablename__
            for mapper in Base.registry.mappers
            if mapper.class_.__module__.startswith(prefixes)
        }
        plain = {
            table.name
            for name, module in sys.modules.items()
            if name.startswith(prefixes)
            for table in vars(module).values()
            if isinstance(table, Table)
        }
        rooms[room] = frozenset(mapped | plain)
        left -= rooms[room]
    return rooms | {_ROOMS[-1][0]: frozenset(left)}


def _write(message: str, tables: frozenset[str] | None) -> None:
    versions = _versions()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        if versions:
            upgrade(database)
        with database.write_connection() as connection:
            configured = configuration(connection)
            configured.attributes["tables"] = tables
            script = command.revision(configured, message=message, autogenerate=True, rev_id=f"{len(versions) + 1:04}")
        database.close()
    if script is None or isinstance(script, list):
        sys.exit("Alembic wrote nothing")
    path = Path(script.path)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "# ###" not in line]
    path.write_text("\n".join(kept), encoding="utf-8")
    for tidy in (["check", "--fix", "--exit-zero"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", path], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
