"""`egide import`, `egide adopt` and `egide map`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.customers import a_csv, a_person
from tests.builders.terminal import Terminal

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
    assert "3 of 4 rows accepted" in said.out
    assert terminal.done(*READ).json == before


def test_refused_rows_are_told_by_column_and_code_and_without_their_values(
    sqlite_terminal: Terminal, tmp_path: Path
) -> None:
    wrong = [*a_person(900_001)]
    wrong[4] = "no address at all"
    file = a_csv(tmp_path / "new.csv", [a_person(900_000), wrong])
    said = sqlite_terminal.done("import", str(file), *SALES)
    assert "1 of 3 rows accepted" in said.out
    assert "no address at all" not in said.out + said.err


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00", b"nothing;that;anybody;knows\n1;2;3;4\n"])
def test_a_file_that_is_none_is_one_line(sqlite_terminal: Terminal, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "new.csv"
    file.write_bytes(content)
    sqlite_terminal.refused("import", str(file), *SALES)


def test_whoever_may_not_create_imports_nothing(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    sqlite_terminal.refused("import", new_people(tmp_path), "--as", "auditor@demo.example")


def test_an_import_that_is_not_there_cannot_be_undone(sqlite_terminal: Terminal) -> None:
    sqlite_terminal.refused("import", "--undo", "00000000-0000-7000-8000-000000000000", *SALES)


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
    said = terminal.done("map", "load", str(corrected))
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


def test_a_wrong_map_is_one_line_with_its_place(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("version: 1\nsource: club\ntables:\n  members: {nonsense: 1}\n", encoding="utf-8")
    assert "wrong.yaml:4" in sqlite_terminal.refused("map", "load", str(file))


def test_a_database_that_is_not_there_is_one_line(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    out = str(tmp_path / "proposal.yaml")
    sqlite_terminal.refused("adopt", f"sqlite:///{tmp_path}/absent.db", "--out", out)
    sqlite_terminal.refused("adopt", "no address", "--out", out)


def test_the_reference_map_is_shown_and_an_unknown_one_refused(sqlite_terminal: Terminal) -> None:
    assert "crm_customers" in sqlite_terminal.done("map", "show").out
    assert sqlite_terminal.run("map", "show", "nothing").status == 1
