"""`egide read` and `egide explain` on a small demonstration."""

import csv
import io
from pathlib import Path

import orjson

from tests.builders.terminal import Terminal

SUPPORT = ("--purpose", "after-sales", "--as", "support@demo.example")
READ = ("read", "customers", *SUPPORT)


def test_read_gives_rows_in_their_forms_and_says_what_is_withheld(terminal: Terminal) -> None:
    said = terminal.done(*READ, "--limit", "3", "--format", "json")
    assert [row["email"] for row in said.json] == [f"customer-{n}@demo.example" for n in (1, 2, 3)]
    assert all("•" in row["iban"] for row in said.json if row["iban"])
    assert "Withheld: segment." in said.err


def test_json_is_the_same_as_format_json(terminal: Terminal) -> None:
    assert terminal.done(*READ, "--json").json == terminal.done(*READ, "--format", "json").json


def test_ndjson_is_one_row_a_line(terminal: Terminal) -> None:
    lines = terminal.done(*READ, "--format", "ndjson", "--limit", "4").out.splitlines()
    assert [orjson.loads(line)["number"] for line in lines] == [f"C-00000{n}" for n in (1, 2, 3, 4)]


def test_a_table_shows_columns_or_records(terminal: Terminal) -> None:
    few = terminal.done(*READ, "--field", "email", "--field", "city", "--limit", "2").out
    assert "customer-1@demo.example" in few
    assert "│" in few


def test_csv_has_a_head_and_every_row(terminal: Terminal) -> None:
    said = terminal.done(*READ, "--format", "csv", "--field", "email", "--field", "city")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == 30
    assert set(rows[0]) == {"id", "email", "city"}


def test_a_filter_may_come_from_standard_input_and_from_a_file(terminal: Terminal, tmp_path: Path) -> None:
    wanted = "email=customer-12@demo.example"
    file = tmp_path / "wanted"
    file.write_text(f"{wanted}\n\n", encoding="utf-8")
    expected = terminal.done(*READ, "--where", wanted, "--json").json
    assert [row["email"] for row in expected] == ["customer-12@demo.example"]
    assert terminal.done(*READ, "--where", "@-", "--json", stdin=wanted).json == expected
    assert terminal.done(*READ, "--where", f"@{file}", "--json").json == expected


def test_a_limit_beyond_a_page_is_read_page_after_page(terminal: Terminal) -> None:
    assert len(terminal.done(*READ, "--limit", "5000", "--json").json) == 30


def test_a_cell_of_csv_never_begins_a_formula(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(
        "family_name;given_name;email;city\n@SUM(1);=cmd|' /C calc'!A0;formula@demo.example;+33\n", encoding="utf-8"
    )
    terminal.done("import", str(file), "--as", "sales@demo.example")
    wanted = ("--where", "email=formula@demo.example")
    (row,) = csv.DictReader(io.StringIO(terminal.done(*READ, *wanted, "--format", "csv").out))
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_an_injected_filter_finds_nobody(terminal: Terminal) -> None:
    said = terminal.run(*READ, "--where", "city=Paris' OR '1'='1", "--json")
    assert (said.status, said.out) in {(0, "[]\n"), (1, "")}
    assert len(terminal.done(*READ, "--json").json) == 30


def test_explain_says_what_is_given_and_what_is_not_and_why(terminal: Terminal) -> None:
    out = terminal.done("explain", "customers", *SUPPORT).out
    assert "iban of a customer: masked" in out
    assert "segment: withheld." in out
    told = terminal.done("explain", "customers", *SUPPORT, "--json").json
    assert told


def test_explaining_reads_nothing(terminal: Terminal) -> None:
    terminal.done("explain", "customers", *SUPPORT)
    (newest,) = terminal.done("audit", "entries", "--limit", "1", "--json").json
    assert newest["action"] != "read"


def test_a_read_is_recorded_as_the_host_on_behalf_of_the_account(terminal: Terminal) -> None:
    terminal.done(*READ, "--limit", "2")
    (newest,) = terminal.done("audit", "entries", "--limit", "1", "--json").json
    assert (newest["action"], newest["purpose"], newest["actor"]["kind"]) == ("read", "after-sales", "host")
    assert newest["actor"]["host_user"]
    assert newest["actor"]["id"]


def test_fields_and_values_of_a_refusal_stay_out_of_the_log(terminal: Terminal) -> None:
    terminal.done(*READ, "--where", "@-", stdin="email=customer-7@demo.example")
    entries = terminal.done("audit", "entries", "--limit", "5", "--json").out
    assert "customer-7@demo.example" not in entries
