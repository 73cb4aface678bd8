"""The tour of the README and the guides of docs/, their commands as printed, on the demonstration."""

import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson
import pytest
from werkzeug.serving import make_server

from governance.app import create_app
from tests.builders.chinook import fictional_chinook
from tests.builders.terminal import type_script
from tests.demonstration import Home, wire_cheaply

ROOT: Final = Path(__file__).parents[2]
BIN: Final = Path(sys.executable).parent


def tour() -> str:
    """Return the README's chapter of the tour."""
    return (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("## A quarter of an hour")[2].partition("\n## ")[0]
    )


def block(containing: str) -> str:
    """Return the printed block of commands that holds some words."""
    (found,) = [each for each in blocks(tour()) if containing in each]
    return found


def blocks(text: str) -> list[str]:
    """Return the printed blocks of commands."""
    return [re.sub(r"^ {3}", "", each, flags=re.MULTILINE) for each in re.findall(r"```\n(.*?)```", text, re.DOTALL)]


@pytest.fixture
def here(sqlite_home: Home, tmp_path: Path) -> Path:
    """A folder in which `make run` was said: the program under .venv, the data under var."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(BIN)
    shutil.move(sqlite_home.folder, folder / "var")
    return folder


@pytest.fixture
def address(here: Path) -> Iterator[str]:
    """The service, on a port of its own: a test may not take 8000."""
    wired = wire_cheaply(Home(here / "var", f"sqlite:///{here}/var/egide.db"))
    server = make_server("localhost", 0, create_app(wired), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()
    wired.close()


def say(here: Path, script: str) -> str:
    """Run a script as a reader would type it, in a wide window."""
    return type_script(script, here, COLUMNS="200")


def test_reading_from_a_terminal(here: Path) -> None:
    out = say(here, block("egide explain"))
    assert out.count("customer-12@demo.example") == 1
    assert all(f"customer-{number}@demo.example" in out for number in (1, 2, 3))


def test_reading_from_a_program(here: Path, address: str) -> None:
    told = orjson.loads(say(here, block("curl").replace("http://localhost:8000", address)))
    assert [set(row) for row in told["rows"]] == [{"id", "given_name", "family_name", "city"}] * 2
    assert isinstance(told["entry"], int)


def test_taking_a_grant_back_and_checking_the_log(here: Path) -> None:
    commands = re.findall(r"`(\.venv/bin/egide [^`]+)`", " ".join(tour().split()))
    listed, revoke, verify, export, check, unaltered = commands
    grants = orjson.loads(say(here, f"{listed} --json"))
    wanted = next(
        each["id"]
        for each in grants
        if (each["purpose"], each["category"], each["action"]) == ("after-sales", "contact", "read")
        and each["kind"] == "customer"
    )
    read = ".venv/bin/egide read customers --purpose after-sales --as support@demo.example --limit 1 --json"
    assert "email" in orjson.loads(say(here, read))[0]
    say(here, re.sub(r"\bID\b", wanted, revoke))
    assert "email" not in orjson.loads(say(here, read))[0]
    say(here, f"{verify}\n{export}\n{check}\n{unaltered}")


def test_adopting_a_database_and_declaring_a_purpose_for_its_staff(here: Path, address: str) -> None:
    guide = (ROOT / "docs" / "declaring.md").read_text(encoding="utf-8")
    example = (ROOT / "docs" / "examples" / "chinook.yaml").read_text(encoding="utf-8")
    ours = re.sub(r"sqlite:////\S+", f"sqlite:///{fictional_chinook(here)}", example)
    (here / "chinook.yaml").write_text(ours, encoding="utf-8")
    commands = "".join(blocks(guide)).replace("http://localhost:8000", address)

    out = say(here, f".venv/bin/egide map load chinook.yaml --as controller@demo.example\n{commands}")

    assert "Nadège" in out
    assert "Olivier" in out
    read = ".venv/bin/egide read chinook_customers --purpose after-sales --as support@demo.example --json"
    assert len(orjson.loads(say(here, read))) == 12
