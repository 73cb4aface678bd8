"""`egide init` and `egide demo`: from nothing, twice, and two at once."""

import stat
import sys
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import orjson

from governance.serving import bind, listen
from tests.builders.terminal import Terminal, ended, start
from tests.demonstration import Home

# The command itself with a small company: 2,000 customers are another test's business.
_SMALL_DEMO = """\
import functools, sys
import governance.cli.installation as installation
from governance.cli import main
from tests.demonstration import SMALL
installation.load_demo = functools.partial(installation.load_demo, size=SMALL)
sys.argv = ["egide", "demo", "--no-serve"]
main()
"""
_PYTHON = (sys.executable, "-c", _SMALL_DEMO)


def test_init_makes_a_home_and_prints_one_time_links(empty_home: Home) -> None:
    terminal = Terminal(empty_home)
    said = terminal.done("init", "--controller", "boss@demo.example")
    assert [line.partition(": ")[0] for line in said.out.splitlines()] == ["Controller", "First administrator"]
    assert "egide serve" in said.err
    assert "init --controller" not in said.err
    assert said.out.count("http://localhost:8000/link/") == 2
    assert "Links are made for http://localhost:8000" in said.err
    assert ".making" not in {each.name for each in empty_home.folder.iterdir()}
    (controller,) = terminal.done("user", "list", "--json").json
    assert controller["email"] == "boss@demo.example"
    assert controller["roles"] == ["controller"]
    assert stat.S_IMODE(empty_home.folder.stat().st_mode) == 0o700
    assert "already" in terminal.refused("init").lower()
    terminal.refused("init", "--controller", "other@demo.example")
    terminal.done("init", "--migrate")
    told = terminal.done("status", "--json").json
    assert not told["demonstration"]
    assert terminal.done("audit", "verify", "--json").json["intact"]
    terminal.refused("demo", "--no-serve")


def test_an_installation_without_anything_in_it_does_not_become_a_demonstration(empty_home: Home) -> None:
    terminal = Terminal(empty_home)
    terminal.done("init")
    assert "real data" in terminal.refused("demo", "--no-serve")
    assert not terminal.done("status", "--json").json["demonstration"]
    assert terminal.done("user", "list", "--json").json == []
    assert not (empty_home.folder / "demo-accounts.json").exists()


def test_an_init_without_a_controller_says_how_to_name_one(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    assert "egide init --controller EMAIL" in Terminal(Home(folder, f"sqlite:///{folder}/egide.db")).done("init").err


def test_a_port_that_is_taken_is_one_line_and_nothing_was_loaded(tmp_path: Path) -> None:
    terminal = Terminal(Home(tmp_path / "home", f"sqlite:///{tmp_path}/home/egide.db"))
    with closing(bind("localhost", 0)) as other:
        listen(other)
        port = str(other.getsockname()[1])
        for command in ("demo", "serve"):
            assert f"Port {port} is taken" in terminal.refused(command, "--port", port)
    assert not (tmp_path / "home").exists()


def test_links_lead_to_where_it_is_served(sqlite_home: Home) -> None:
    add = ("user", "add", "new@demo.example", "--role", "support", "--as", "controller@demo.example")
    with closing(bind("localhost", 0)) as unused:
        port = str(unused.getsockname()[1])
    process = start(sqlite_home, "serve", "--port", port)
    try:
        assert process.stdout is not None
        assert f"http://localhost:{port} " in process.stdout.readline()
        with urlopen(f"http://localhost:{port}/health/live", timeout=60) as answer:
            assert answer.status == HTTPStatus.OK
    finally:
        process.terminate()
        ended(process)
    terminal = Terminal(sqlite_home)
    assert terminal.done(*add).out.startswith(f"http://localhost:{port}/link/")
    add = (*add[:2], "other@demo.example", *add[3:])
    assert terminal.done(*add, EGIDE_BASE_URL="https://crm.example").out.startswith("https://crm.example/link/")


def test_a_real_home_asks_for_the_account_s_token(sqlite_home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "real"
    terminal = Terminal(Home(folder, f"sqlite:///{folder}/egide.db"))
    terminal.done("init", "--controller", "boss@demo.example")
    boss = ("--as", "boss@demo.example")
    line = terminal.refused("grant", "request", "support", "x", "--category", "contact", *boss)
    assert line == "Acting for this account needs its own token: set EGIDE_TOKEN."
    add = ("user", "add", "a@demo.example", "--role", "support", *boss)
    assert terminal.refused(*add, EGIDE_TOKEN="made-up") == "This token is not valid."


def test_two_inits_at_once_make_one_installation(empty_home: Home) -> None:
    said = [ended(process) for process in [start(empty_home, "init") for _ in range(2)]]
    assert sorted(each.status for each in said) == [0, 1]
    (refused,) = [each for each in said if each.status == 1]
    assert len(refused.err.splitlines()) == 1
    assert Terminal(empty_home).done("audit", "verify", "--json").json["intact"]


def test_two_demos_at_once_make_one_demonstration(empty_home: Home) -> None:
    said = [ended(process) for process in [start(empty_home, program=_PYTHON) for _ in range(2)]]
    assert 0 in {each.status for each in said}, said
    assert all("Traceback" not in each.err for each in said), said
    # Whoever came second waited, or was told in one line; the next start finds everything there.
    again = ended(start(empty_home, program=_PYTHON))
    assert again.status == 0, again.err
    accounts = orjson.loads((empty_home.folder / "demo-accounts.json").read_bytes())["accounts"]
    assert all(each["password"] in again.out for each in accounts)
    terminal = Terminal(empty_home)
    rows = terminal.done(
        "read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--limit", "1000", "--json"
    ).json
    assert len({row["email"] for row in rows}) == 30
    assert terminal.done("audit", "verify", "--json").json["intact"]
