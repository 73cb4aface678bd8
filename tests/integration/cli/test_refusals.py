"""What cannot be done is one line on stderr and status 1; what was typed wrongly is status 2. Never a traceback."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from governance.database import Database
from tests.builders.terminal import PROGRAM, Terminal, ended, start, type_script

READ = ("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example")


def test_a_wrong_purpose_is_refused_with_every_rule_that_failed(terminal: Terminal) -> None:
    line = terminal.refused("read", "customers", "--purpose", "scoring", "--as", "support@demo.example")
    assert "None of the roles held is a recipient of this purpose." in line
    assert "The purpose declares no data of the category Preferences." in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--purpose", "nobody-declared-this"), "The register declares no such purpose."),
        (("--field", "nothing_of_the_kind"), "does not know"),
        (("--where", "birth_date=1970-01-01"), "birth_date cannot be filtered"),
        (("--where", "iban=FR7630006000011234567890189"), "iban"),
        (("--as", "nobody@demo.example"), ""),
    ],
)
def test_what_cannot_be_read_is_one_line(sqlite_terminal: Terminal, change: tuple[str, ...], said: str) -> None:
    assert said in sqlite_terminal.refused(*READ, *change)


def test_an_unknown_table_is_one_line(sqlite_terminal: Terminal) -> None:
    assert "no such table" in sqlite_terminal.refused("read", "data_subject", *READ[2:])


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "customers"),
        ("read",),
        ("nothing-of-the-kind",),
        (*READ, "--format", "xml"),
        (*READ, "--limit", "0"),
        (*READ, "--where", "no comparison"),
        ("grant", "approve", "not-a-uuid", "--as", "controller@demo.example"),
        ("import", "--as", "sales@demo.example"),
        ("audit", "prove", "neither", "--out", "proof"),
    ],
)
def test_wrong_usage_is_status_two(sqlite_terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert sqlite_terminal.run(*arguments).status == 2


def test_wrong_usage_does_not_repeat_what_may_identify_somebody(sqlite_terminal: Terminal) -> None:
    said = sqlite_terminal.run(*READ, "--where", "@-", stdin="customer-7@demo.example\n")
    assert said.status == 2
    assert "customer-7" not in said.out + said.err


def test_a_missing_file_of_filters_is_one_line(sqlite_terminal: Terminal) -> None:
    assert "No such file" in sqlite_terminal.refused(*READ, "--where", "@/nowhere/at/all")


def test_an_unknown_setting_stops_the_command(sqlite_terminal: Terminal) -> None:
    assert "EGIDE_DATABSE_URL" in sqlite_terminal.refused(*READ, EGIDE_DATABSE_URL="sqlite://")


def test_a_malformed_setting_stops_the_command_and_is_not_shown(sqlite_terminal: Terminal) -> None:
    line = sqlite_terminal.refused(*READ, EGIDE_DATABASE_URL="a secret in the wrong place")
    assert "EGIDE_DATABASE_URL is malformed" in line
    assert "secret" not in line


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"EGIDE_LOCALE=en\nEGIDE_PROXIES=a secret\n", "EGIDE_PROXIES is malformed"),
        (b"EGIDE_LOCALE=en\nEGIDE_PROXY=1\n", "EGIDE_PROXY"),
        (b"\xff a secret\n", "egide.env is malformed"),
        (b"no equals sign, a secret\n", "egide.env:1 is malformed"),
        (None, "egide.env: Is a directory."),
    ],
)
def test_a_file_of_settings_that_cannot_be_used_is_one_line_in_the_reader_s_language(
    tmp_path: Path, written: bytes | None, told: str
) -> None:
    file = tmp_path / "egide.env"
    if written is None:
        file.mkdir()
    else:
        file.write_bytes(written)
    # The environment says the language too where the file cannot.
    language = {} if written is not None and b"LOCALE" in written else {"EGIDE_LOCALE": "en"}

    said = type_script(f"{PROGRAM} status 2>&1 || true", tmp_path, EGIDE_HOME=str(tmp_path), **language)

    assert told in said
    assert len(said.splitlines()) == 1
    assert "secret" not in said


def test_a_database_that_sqlalchemy_does_not_know_is_one_line(sqlite_terminal: Terminal) -> None:
    line = sqlite_terminal.refused(*READ, EGIDE_DATABASE_URL="oracle://host/name")
    assert line == "oracle is not supported: give a sqlite or postgresql address."


def test_a_database_that_does_not_answer_is_one_line(sqlite_terminal: Terminal) -> None:
    line = sqlite_terminal.refused(*READ, EGIDE_DATABASE_URL="postgresql+psycopg://nobody@/none?host=/nowhere")
    assert line.startswith("The database cannot be used: ")


def test_a_missing_home_says_what_to_do(sqlite_terminal: Terminal) -> None:
    nowhere = str(sqlite_terminal.home.folder / "elsewhere")
    line = sqlite_terminal.refused(*READ, EGIDE_HOME=nowhere, EGIDE_DATABASE_URL=None)
    assert "egide init" in line


def test_a_missing_keyring_is_one_line(sqlite_terminal: Terminal) -> None:
    shutil.rmtree(sqlite_terminal.home.folder / "keys")
    assert "restore the keyring's backup" in sqlite_terminal.refused(*READ)


def test_somebody_else_s_keyring_is_refused(sqlite_terminal: Terminal) -> None:
    other = sqlite_terminal.home.folder.parent / "other"
    sqlite_terminal.done("init", EGIDE_HOME=str(other), EGIDE_DATABASE_URL=None)
    line = sqlite_terminal.refused(*READ, EGIDE_KEYS=str(other / "keys"))
    assert line == "The keyring belongs to another installation than the database. Check EGIDE_KEYS."


def test_a_locked_database_is_one_line(sqlite_terminal: Terminal) -> None:
    with closing(sqlite3.connect(sqlite_terminal.home.folder / "egide.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = ended(start(sqlite_terminal.home, *READ))
    assert said.status == 1
    assert said.out == ""
    assert said.err == "The log cannot record: another program keeps the database locked. Nothing was released.\n"


def test_a_tampered_box_closes_the_read_and_says_where(terminal: Terminal) -> None:
    database = Database(terminal.home.url)
    with database.write_connection() as connection:
        box = connection.execute(text("SELECT person_contact_box FROM crm_customers ORDER BY id LIMIT 1")).scalar_one()
        turned = bytes(box[:-1]) + bytes([box[-1] ^ 1])
        connection.execute(
            text("UPDATE crm_customers SET person_contact_box = :turned WHERE person_contact_box = :box"),
            {"turned": turned, "box": bytes(box)},
        )
    database.close()
    said = terminal.run(*READ, "--json")
    assert "customer-1@demo.example" not in said.out
    assert "Traceback" not in said.err
    others = terminal.done(*READ, "--where", "email=customer-12@demo.example", "--json")
    assert len(others.json) == 1


def test_a_process_of_its_own_refuses_in_one_line_too(sqlite_terminal: Terminal) -> None:
    said = ended(start(sqlite_terminal.home, *READ, "--field", "nothing_of_the_kind"))
    assert said.status == 1
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
