"""The guide of docs/installation.md: its commands as printed, in a folder that stands for the machine's root."""

import configparser
import os
import re
import sys
from pathlib import Path
from typing import Final

import pytest

from governance.database import Database
from governance.settings import load_settings
from governance.spreadsheets.limits import DEFAULT_LIMITS
from tests.builders.terminal import type_script
from tests.postgres import administer, programs

ROOT: Final = Path(__file__).parents[2]
BIN: Final = Path(sys.executable).parent
# Only the account is missing: everything here belongs to whoever runs the tests.
SUDO: Final = """#!/usr/bin/env bash
while [[ $1 == -* ]]; do [[ $1 == -u ]] && shift; shift; done
exec env "$@"
"""


def printed(containing: str) -> str:
    """Return the printed block that holds some words."""
    guide = (ROOT / "docs" / "installation.md").read_text(encoding="utf-8")
    (found,) = [each for each in re.findall(r"```\n(.*?)```", guide, re.DOTALL) if containing in each]
    return str(found)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the program under /opt/egide."""
    (tmp_path / "opt" / "egide").mkdir(parents=True)
    (tmp_path / "opt" / "egide" / ".venv").symlink_to(BIN.parent)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sudo").write_text(SUDO, encoding="ascii")
    (tmp_path / "bin" / "sudo").chmod(0o755)
    return tmp_path


def say(machine: Path, script: str, **more: str) -> str:
    """Run a script as somebody types it who has that folder for a root."""
    there = re.sub(r"(?<![\w.$])/(opt|var|etc|srv)/", rf"{machine}/\1/", script).replace(
        "install -d -o egide", "install -d"
    )
    path = f"{machine / 'bin'}:{programs()}:{os.environ['PATH']}"
    return type_script(there.replace("/srv/anchor ", f"{machine}/srv/anchor "), machine, **more, PATH=path)


def test_founding_keeping_and_updating_a_house(machine: Path) -> None:
    out = say(
        machine,
        printed("EGIDE_ANCHOR=")
        + printed("egide init --controller")
        + printed(".backup(")
        + "egide init --migrate\negide audit verify\n",
    )

    assert out.count("https://egide.example.eu/link/") == 2
    home = machine / "var/lib/egide/home"
    kept = (home, home / "egide.env", machine / "etc/egide", machine / "srv/anchor", machine / "srv/backup")
    assert [oct(path.stat().st_mode & 0o077) for path in kept] == ["0o0"] * len(kept)
    assert (machine / "srv/backup/egide.db").stat().st_size > 0
    assert {path.name for path in (machine / "srv/anchor/egide").iterdir()} >= {"signing-key"}


def test_a_database_of_postgresql_made_as_the_guide_says_is_taken(machine: Path, postgres_server: str) -> None:
    folder = postgres_server.partition("host=")[2]
    block = printed("sudo -u postgres createdb").replace("-u postgres createuser egide", "createuser egide_guide")
    block = block.replace("createdb --owner egide", "createdb --owner egide_guide").replace(
        "template0 egide", "template0 guide"
    )
    (machine / "var/lib/egide/home").mkdir(parents=True)
    try:
        say(machine, block, PGHOST=folder, PGUSER="egide")
        written = (machine / "var/lib/egide/home/egide.env").read_text(encoding="ascii")
        address = written.partition("=")[2].strip().replace("///egide", "//egide_guide@/guide")
        settings = load_settings({"EGIDE_DATABASE_URL": re.sub(r"host=\S+", f"host={folder}", address)})
        database = Database(settings.database_url)
        database.check_server()
        with database.write_connection() as connection:
            connection.exec_driver_sql("CREATE TABLE probe (n INTEGER)")
            may = connection.exec_driver_sql(
                "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            )
            assert tuple(may.one()) == (False, False, False)
        database.close()
    finally:
        administer(postgres_server, "DROP DATABASE IF EXISTS guide")
        administer(postgres_server, "DROP ROLE IF EXISTS egide_guide")


def test_the_service_may_write_where_the_settings_say() -> None:
    unit = configparser.RawConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(printed("[Unit]"))
    writable = [each.lstrip("-") for each in unit["Service"]["ReadWritePaths"].split()]

    settings = dict(re.findall(r"^(EGIDE_\w+)=(.+)$", printed("EGIDE_ANCHOR="), re.MULTILINE))
    home = unit["Service"]["Environment"].removeprefix("EGIDE_HOME=")
    for path in (home, settings["EGIDE_KEYS"], settings["EGIDE_ANCHOR"]):
        assert any(path.startswith(f"{each}/") for each in writable), path


def test_the_proxy_says_where_requests_come_from_and_leaves_bounds_to_the_program() -> None:
    proxy = printed("proxy_pass")

    assert {"Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} <= set(
        re.findall(r"proxy_set_header (\S+) \$", proxy)
    )
    (most,) = re.findall(r"client_max_body_size (\d+)m;", proxy)
    assert int(most) * 1024 * 1024 > DEFAULT_LIMITS.file_bytes
    # Without these two an answer that comes before the whole body is lost; links stand in paths.
    assert "proxy_http_version 1.1;" in proxy
    assert 'proxy_set_header Connection "";' in proxy
    assert "access_log off;" in proxy
