"""A real PostgreSQL for the tests: Debian's server in a folder of its own, gone with the session.

The server refuses root, so as root it runs as the user `postgres`.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, text

from tests.memory import folder_in_memory

# One connection to each running server, kept and looked at before use: thousands of databases are made and dropped,
# and there are tests that cut every connection.
_ADMINISTRATORS: Final[dict[str, Engine]] = {}


def programs() -> Path:
    """Return the folder of PostgreSQL's programs (15 or newer), which Debian keeps outside PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("PostgreSQL is missing: install the package postgresql (version 15 or newer)")


@contextmanager
def running_postgres(*, in_memory: bool = True) -> Iterator[str]:
    """Start a server on a socket of its own and give its URL without a database name.

    Args:
        in_memory: Lay its data in memory where there is some; a benchmark of commits wants a disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="egide-pg-", dir=folder_in_memory() if in_memory else None))
    as_server: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        # Debian leaves /usr/sbin out of the PATH of those who are not root, and `su` keeps it so.
        as_server = [shutil.which("runuser") or "/usr/sbin/runuser", "-u", "postgres", "--"]
    where = programs()
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_server, *command], check=False, capture_output=True, text=True, cwd=folder, timeout=60
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")

    try:
        run(
            str(where / "initdb"), "-D", str(data), "-U", "egide", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=200"
        run(str(where / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "server.log"), "start")
        server = f"postgresql+psycopg://egide@/{{database}}?host={folder}"
        try:
            yield server
        finally:
            if server in _ADMINISTRATORS:
                _ADMINISTRATORS.pop(server).dispose()
            run(str(where / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_database(server: str, template: str, name: str) -> None:
    """Make a database that is a copy of another one, file by file: page by page through the WAL takes twice as long."""
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def drop_database(server: str, name: str) -> None:
    """Drop a database, whoever is still connected."""
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def administer(server: str, statement: str) -> None:
    """Run a statement that speaks of whole databases, outside any transaction."""
    if server not in _ADMINISTRATORS:
        url = server.format(database="postgres")
        _ADMINISTRATORS[server] = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True)
    with _ADMINISTRATORS[server].connect() as connection:
        connection.execute(text(statement))
