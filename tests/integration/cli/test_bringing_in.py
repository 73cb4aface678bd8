"""`egide import`, `egide adopt` and `egide map`."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from governance.customers.importing import run
from governance.customers.importing.codes import MEANINGS
from governance.customers.importing.rows import PROVENANCE_PROBLEM, RowProblem
from governance.gate.values import FieldProblem
from tests.builders.customers import HEADER, a_csv, a_person
from tests.builders.terminal import Terminal

CONTROLLER = ("--as", "controller@demo.example")
ADMIN = ("--as", "admin@demo.example")
SALES = ("--as", "sales@demo.example")
READ = ("read", "customers", "--purpose", "customer-relationship", *SALES, "--limit", "1000", "--json")


def new_people(folder: Path, count: int = 3) -> str:
    return str(a_csv(folder / "new.csv", [a_person(900_000 + number) for number in range(count)]))


def test_a_file_is_imported_once_and_a_finished_import_is_not_taken_back(terminal: Terminal, tmp_path: Path) -> None:
    before = len(terminal.done(*READ).json)
    told = terminal.done("import", new_people(tmp_path), *SALES, "--source", "fair", "--json").json
    assert (told["accepted"], told["refused"]) == (3, 0)
    assert len(terminal.done(*READ).json) == before + 3
    again = terminal.done("import", new_people(tmp_path), *SALES, "--source", "fair", "--json").json
    assert again["already"]
    assert "finished" in terminal.refused("import", "--undo", told["id"], *SALES)
    assert len(terminal.done(*READ).json) == before + 3


def test_a_dry_run_writes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    before = terminal.done(*READ).json
    said = terminal.done("import", new_people(tmp_path), *SALES, "--dry-run")
    assert "nothing was written: 3 of 3 rows would be accepted" in said.out
    assert terminal.done(*READ).json == before


def test_refused_rows_are_told_by_column_and_code_and_without_their_values(
    sqlite_terminal: Terminal, tmp_path: Path
) -> None:
    wrong = [*a_person(900_001)]
    wrong[4] = "no address at all"
    file = a_csv(tmp_path / "new.csv", [a_person(900_000), wrong])
    said = sqlite_terminal.done("import", str(file), *SALES)
    assert "1 of 2 rows accepted" in said.out
    assert "no address at all" not in said.out + said.err
    assert "This is not an e-mail address: check what stands around the @." in said.out
    (listed,) = sqlite_terminal.done("import", "--list", *SALES, "--json").json
    assert listed["id"] in said.out
    assert (listed["rows"], listed["accepted"], listed["refused"]) == (2, 1, 1)
    (refusal,) = sqlite_terminal.done("import", str(file), *SALES, "--json").json["refusals"]
    assert (refusal["column"], refusal["header"], refusal["code"]) == (5, HEADER[4], "malformed")


def test_the_documentation_lists_the_codes_of_refusals_with_what_they_mean() -> None:
    page = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page, re.MULTILINE)) == MEANINGS


def test_every_code_of_a_refusal_has_a_meaning() -> None:
    assert set(MEANINGS) == {*FieldProblem, *RowProblem, PROVENANCE_PROBLEM}


def test_an_import_that_is_stopped_says_how_to_go_on_and_how_to_take_it_back(
    sqlite_terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr(run, "write", stopped)
        said = sqlite_terminal.run("import", new_people(tmp_path), *SALES)
    assert said.status == 1
    (listed,) = sqlite_terminal.done("import", "--list", *SALES, "--json").json
    assert f"egide import --undo {listed['id']}" in said.err.splitlines()[-1]
    assert (listed["state"], listed["rows"]) == ("running", 3)
    assert "3 of 3 rows accepted" in sqlite_terminal.done("import", new_people(tmp_path), *SALES).out


def test_a_broken_workbook_is_told_as_one(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "new.xlsx"
    file.write_bytes(b"\x81\x8d no workbook")
    assert "named a workbook" in sqlite_terminal.refused("import", str(file), *SALES)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it has no row"),
        (b"\x00\xff\x00", "it holds binary data"),
        (b"nothing;that;anybody;knows\n1;2;3;4\n", "Column 1: its header names no field"),
    ],
)
def test_a_file_that_is_none_is_one_line(sqlite_terminal: Terminal, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "new.csv"
    file.write_bytes(content)
    assert said in sqlite_terminal.refused("import", str(file), *SALES)


def test_whoever_may_not_create_imports_nothing(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    line = sqlite_terminal.refused("import", new_people(tmp_path), "--as", "auditor@demo.example")
    assert line.startswith("Refused. None of the roles held ever obtains personal data.")


def test_an_import_that_is_not_there_cannot_be_undone(sqlite_terminal: Terminal) -> None:
    absent = "00000000-0000-7000-8000-000000000000"
    assert sqlite_terminal.refused("import", "--undo", absent, *SALES) == f"There is no import {absent}."


MAP = """\
version: 1
source: club
address: sqlite:///{path}
tables:
  members:
    table: Member
    key: [id]
    links:
      person: {{kind: customer}}
    fields:
      name: {{column: FamilyName, category: identity, link: person, kind: name, origin: provided}}
      mail: {{column: Email, category: contact, link: person, kind: email, origin: provided, search: [exact]}}
"""


@pytest.fixture
def club(tmp_path: Path) -> Path:
    path = tmp_path / "club.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Member (id INTEGER PRIMARY KEY, FamilyName TEXT, Email TEXT, Secret TEXT)")
        people = [(n, f"Martin-{n}", f"member-{n}@demo.example", f"secret {n}") for n in range(1, 21)]
        connection.executemany("INSERT INTO Member VALUES (?, ?, ?, ?)", people)
        connection.commit()
    return path


def test_a_database_is_adopted_mapped_and_read(terminal: Terminal, tmp_path: Path, club: Path) -> None:
    proposal = tmp_path / "proposal.yaml"
    told = terminal.done("adopt", f"sqlite:///{club}", "--out", str(proposal), "--json").json
    assert told["tables"] == 1
    assert "member-1@demo.example" not in proposal.read_text(encoding="utf-8")

    corrected = tmp_path / "club.yaml"
    corrected.write_text(MAP.format(path=club), encoding="utf-8")
    told_off = terminal.refused("map", "load", str(corrected))
    assert "sales, for customer-relationship, would read: members.name, members.mail of customers" in told_off
    said = terminal.done("map", "load", str(corrected), *CONTROLLER)
    assert "20 people put on file" in said.out
    assert "source: club" in terminal.done("map", "show", "club").out
    terminal.done("map", "check")

    read = ("read", "members", "--purpose", "after-sales", "--as", "support@demo.example")
    rows = terminal.done(*read, "--json").json
    assert {row["mail"] for row in rows} == {f"member-{n}@demo.example" for n in range(1, 21)}
    assert "secret" not in str(rows)
    terminal.refused(*read, "--field", "Secret")
    found = terminal.done(*read, "--json", "--where", "mail=member-3@demo.example").json
    assert [row["name"] for row in found] == ["Martin-3"]


def test_a_proposal_is_not_written_over_what_a_person_corrected(
    sqlite_terminal: Terminal, tmp_path: Path, club: Path
) -> None:
    corrected = tmp_path / "club.yaml"
    corrected.write_text("corrected", encoding="utf-8")
    adopt = ("adopt", f"sqlite:///{club}", "--out", str(corrected))
    assert "--force" in sqlite_terminal.refused(*adopt)
    assert corrected.read_text(encoding="utf-8") == "corrected"
    sqlite_terminal.done(*adopt, "--force")
    assert "tables:" in corrected.read_text(encoding="utf-8")


def test_rows_that_came_back_are_settled_and_altered_registrations_accepted(
    sqlite_terminal: Terminal, tmp_path: Path, club: Path
) -> None:
    file = tmp_path / "club.yaml"
    file.write_text(MAP.format(path=club), encoding="utf-8")
    sqlite_terminal.done("map", "load", str(file), *CONTROLLER)
    with closing(sqlite3.connect(club)) as connection:
        connection.execute("DELETE FROM Member WHERE id = 3")
        connection.commit()
    sqlite_terminal.done("map", "load", str(file), *CONTROLLER)
    assert sqlite_terminal.run("map", "settle", "members", *CONTROLLER).status == 2
    assert sqlite_terminal.run("map", "settle", "members", "--new").status == 2
    assert "the controller decides" in sqlite_terminal.refused("map", "settle", "members", "--new", *ADMIN)
    assert "the controller decides" in sqlite_terminal.refused("map", "accept", "members", *ADMIN)
    assert "1 row settled" in sqlite_terminal.done("map", "settle", "members", "--new", *CONTROLLER).out
    assert "0 rows settled" in sqlite_terminal.done("map", "settle", "members", "--same", *CONTROLLER).out
    assert "0 registrations removed" in sqlite_terminal.done("map", "accept", "members", *CONTROLLER).out
    for command in (("settle", "customers", "--same"), ("accept", "customers"), ("accept", "nothing")):
        sqlite_terminal.refused("map", *command, *CONTROLLER)


def test_a_map_that_protects_less_is_loaded_for_the_controller(
    sqlite_terminal: Terminal, tmp_path: Path, club: Path
) -> None:
    file = tmp_path / "club.yaml"
    file.write_text(MAP.format(path=club), encoding="utf-8")
    sqlite_terminal.done("map", "load", str(file), *CONTROLLER)
    file.write_text(MAP.format(path=club).replace("category: contact", "category: identity"), encoding="utf-8")

    for others in ((), ADMIN):
        told = sqlite_terminal.refused("map", "load", str(file), *others)
        assert "the controller has to put it in force" in told
        assert "members.mail: category was Contact, would be Identity" in told
    assert "version 2" in sqlite_terminal.done("map", "load", str(file), *CONTROLLER).out


def test_a_wrong_map_is_one_line_with_its_place(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("version: 1\nsource: club\ntables:\n  members: {nonsense: 1}\n", encoding="utf-8")
    assert "wrong.yaml:4" in sqlite_terminal.refused("map", "load", str(file))


def test_a_database_that_is_not_there_is_one_line(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    out = str(tmp_path / "proposal.yaml")
    assert "its file is not there" in sqlite_terminal.refused("adopt", f"sqlite:///{tmp_path}/absent.db", "--out", out)
    assert "its address is malformed" in sqlite_terminal.refused("adopt", "no address", "--out", out)


def test_the_reference_map_is_shown_and_an_unknown_one_refused(sqlite_terminal: Terminal) -> None:
    assert "crm_customers" in sqlite_terminal.done("map", "show").out
    assert sqlite_terminal.run("map", "show", "nothing").status == 1
