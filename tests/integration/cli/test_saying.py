"""How the command line speaks: whole identifiers, the reader's language, one line, silence where nobody reads on."""

import subprocess
from dataclasses import replace

import pytest

from tests.builders.terminal import PROGRAM, Terminal, ended, start

CONTROLLER = ("--as", "controller@demo.example")
SUPPORT = ("--purpose", "after-sales", "--as", "support@demo.example")


@pytest.mark.parametrize("columns", ["40", "80", "100", "120", "140", "160", "220"])
def test_an_identifier_is_never_broken_over_two_lines(sqlite_terminal: Terminal, columns: str) -> None:
    listed = sqlite_terminal.done("grant", "list", "--role", "support", "--json").json
    out = sqlite_terminal.done("grant", "list", "--role", "support", COLUMNS=columns).out
    assert listed
    assert all(each["id"] in out for each in listed)


def test_what_was_done_is_confirmed(sqlite_terminal: Terminal) -> None:
    (asked,) = sqlite_terminal.done(
        "grant", "request", "support", "after-sales", "--category", "contact", "--kind", "customer", "--json",
        "--as", "owner@demo.example",
    ).json  # fmt: skip
    for verb in ("approve", "revoke"):
        assert asked["id"] in sqlite_terminal.done("grant", verb, asked["id"], *CONTROLLER).out


def test_wrong_usage_is_one_line_in_the_reader_s_language(sqlite_terminal: Terminal) -> None:
    for arguments, told in (
        (("read", "customers"), "--purpose is missing."),
        (("read", "customers", "--limit", "0", *SUPPORT), "--limit takes a whole number of 1 or more."),
        (("read", "customers", "--format", "xml", *SUPPORT), "--format takes one of: table, json, ndjson, csv."),
        (("read", "customers", "--color", *SUPPORT), "There is no option --color."),
        (("read", "customers", "--purpose"), "--purpose takes a value."),
        (("reed",), "There is no command reed."),
        (("grant", "approve", "it", *CONTROLLER), "GRANT_ID takes an identifier (UUID)."),
        (("import", "/nowhere/at/all", *CONTROLLER), "FILE: no such file"),
    ):
        said = sqlite_terminal.run(*arguments)
        assert said.status == 2
        assert said.err.startswith(told)
        assert "--help" in said.err
        assert said.err.count("\n") == 1


def test_plans_states_and_keys_are_told_in_french_where_that_is_the_language(sqlite_terminal: Terminal) -> None:
    def french(*arguments: str) -> str:
        said = ended(start(replace(sqlite_terminal.home, locale="fr"), *arguments))
        assert said.status == 0, said.err
        return said.out

    assert "iban (client)\u00a0: masqué, par une habilitation de support" in french("explain", "customers", *SUPPORT)
    assert "entrées du journal" in french("status")
    assert "personnes" in french("keys", "status")
    suspended = french("register", "step", "customer-management", "suspend", "--as", "controller@demo.example")
    assert suspended == "customer-management\u00a0: suspendue\n"


def test_a_reader_who_leaves_is_told_nothing(sqlite_terminal: Terminal) -> None:
    with subprocess.Popen(
        [PROGRAM, "map", "show"],
        env=sqlite_terminal.home.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 1
