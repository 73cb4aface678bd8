"""The command line as its user meets it: what it prints where, and its exit status."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from click.testing import CliRunner
from sqlalchemy import text

from governance.cli.main import main
from governance.database import Database
from tests.demonstration import Home

PROGRAM: Final = Path(sys.executable).parent / "egide"
_ROOT: Final = Path(__file__).parents[2]
_TIMEOUT: Final = 120


def type_script(script: str, here: Path, **settings: str) -> str:
    """Run printed lines as a reader would type them in a folder, and return what they print.

    Args:
        script: The lines.
        here: The folder.
        settings: Of the environment, beside those that are not Égide's own.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith("EGIDE_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=here,
        env={**outside, "PYTHONPATH": str(_ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-600:] + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """A terminal whose settings are those of a home."""

    home: Home

    def run(self, *arguments: str, stdin: str = "", **settings: str | None) -> Said:
        """Run a command in this process, and fail on a traceback."""
        environment = {"COLUMNS": "220", **self.home.environment, **settings}
        result = CliRunner().invoke(main, arguments, input=stdin, env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def done(self, *arguments: str, stdin: str = "", **settings: str | None) -> Said:
        """Run a command that succeeds."""
        said = self.run(*arguments, stdin=stdin, **settings)
        assert said.status == 0, said.err
        return said

    def refused(self, *arguments: str, stdin: str = "", **settings: str | None) -> str:
        """Run a command that is refused, and return the one line it says on stderr."""
        said = self.run(*arguments, stdin=stdin, **settings)
        lines = said.err.splitlines()
        assert said.status == 1, said
        assert said.out == "", said.out
        assert len(lines) == 1, said.err
        return lines[0]


def alter(home: Home, statement: str) -> None:
    """Change the database of a home behind Égide's back."""
    database = Database(home.url)
    try:
        with database.write_connection() as connection:
            connection.execute(text(statement))
    finally:
        database.close()


def start(home: Home, *arguments: str, program: tuple[str, ...] = (str(PROGRAM),)) -> subprocess.Popen[str]:
    """Start a process of its own."""
    return subprocess.Popen(
        [*program, *arguments],
        env={**_outside(), **home.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> Said:
    """Wait for a process and return what it said."""
    out, err = process.communicate(timeout=_TIMEOUT)
    return Said(process.returncode, out, err)


def _outside() -> dict[str, str]:
    """Return this process's environment without its settings of Égide."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EGIDE_")}
