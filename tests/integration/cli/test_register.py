"""The life of an activity from a terminal."""

from pathlib import Path

import orjson
import pytest

from register.exchange.json_file import write_json
from register.exchange.written import WrittenActivity
from register.values import Capacity, Register
from tests.builders.fides import DATASETS, SYSTEMS
from tests.builders.paper import read_paper
from tests.builders.tables import OURS, a_csv
from tests.builders.terminal import Terminal

CONTROLLER = ("--as", "controller@demo.example")
DPO = ("--as", "dpo@demo.example")


def test_an_activity_is_advised_on_and_put_in_force(terminal: Terminal) -> None:
    step = ("register", "step", "call-quality")
    advised = terminal.done(*step, "advise", "--opinion", "favourable", "--text", "Nothing beyond names.", *DPO)
    assert advised.out == "call-quality: advised\n"

    assert "controller" in terminal.refused(*step, "activate", *DPO)
    assert terminal.done(*step, "activate", *CONTROLLER).out == "call-quality: active\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("call-quality", "activate", *CONTROLLER), "advise"),
        (("call-quality", "advise", *DPO), "opinion"),
        (("no-such-activity", "activate", *CONTROLLER), "no-such-activity"),
    ],
)
def test_a_step_that_is_not_possible_is_one_line(
    sqlite_terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    assert said in sqlite_terminal.refused("register", "step", *arguments)


def test_the_register_goes_out_to_a_file_and_comes_back_as_drafts(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "register.json"
    terminal.done("register", "export", "--format", "json", "--out", str(file))
    assert file.stat().st_mode & 0o077 == 0

    assert "call-quality" in terminal.refused("register", "import", str(file), *DPO)
    rehearsed = terminal.done("register", "import", str(file), "--dry-run", "--json", *DPO).json
    done = terminal.done("register", "import", str(file), "--clashing", "draft", "--json", *DPO).json

    assert all(each["clashes_with"] for each in rehearsed)
    assert done["drafted"] == [each["otherwise"] for each in rehearsed]


def test_what_the_register_lacks_is_listed_and_the_command_fails(terminal: Terminal) -> None:
    found = terminal.run("register", "check", "--json")

    assert found.status == 1
    assert {"activity", "code", "missing", "article"} == found.json[0].keys()


def test_whoever_does_not_read_the_register_gets_no_file_of_it(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "register.json"
    sales = ("--as", "sales@demo.example")

    assert "dpo" in sqlite_terminal.refused("register", "export", "--format", "json", "--out", str(file), *sales)
    assert not file.exists()


def test_the_register_goes_out_as_linked_data_and_on_paper_and_both_are_recorded(
    terminal: Terminal, tmp_path: Path
) -> None:
    linked, paper, one = (tmp_path / name for name in ("register.jsonld", "register.pdf", "one.pdf"))
    terminal.done("register", "export", "--format", "jsonld", "--out", str(linked), *DPO)
    terminal.done("register", "export", "--format", "pdf", "--out", str(paper), *DPO)
    terminal.done("register", "export", "--format", "pdf", "--out", str(one), "--activity", "loyalty")

    told = orjson.loads(linked.read_bytes())
    whole, alone = read_paper(paper.read_bytes()), read_paper(one.read_bytes())
    listed = [line for line in whole.outlines if line[0].isdigit()]
    assert told["@type"] == "dpv:ROPA"
    assert len(told["dpv:hasProcess"]) == len(listed) == 9
    assert (alone.title, len(alone.alternatives)) == ("Loyalty programme", 2)
    assert paper.stat().st_mode & 0o077 == 0
    entries = terminal.done("audit", "entries", "--action", "export", "--json").json
    formats = [each["details"]["format"] for each in entries if each["object"]["type"] == "register"]
    assert formats == ["pdf", "pdf", "jsonld"]


def test_each_of_the_two_registers_goes_out_alone(terminal: Terminal, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.json"
    with theirs.open("wb") as file:
        printing = WrittenActivity(slug="printing", name_fr="Imprimer", name_en="Printing", capacity=Capacity.PROCESSOR)
        write_json(file, [printing])
    terminal.done("register", "import", str(theirs), *DPO)

    def exported(form: str, capacity: Register) -> bytes:
        file = tmp_path / f"{capacity}.{form}"
        terminal.done("register", "export", "--format", form, "--out", str(file), "--capacity", capacity.value)
        return file.read_bytes()

    def slugs(capacity: Register) -> set[str]:
        return {each["slug"] for each in orjson.loads(exported("json", capacity))["activities"]}

    assert slugs(Register.PROCESSOR) == {"printing"}
    ours = slugs(Register.CONTROLLER)
    assert {"loyalty", "customer-management"} < ours
    assert "printing" not in ours
    one, other = (read_paper(exported("pdf", each)) for each in (Register.PROCESSOR, Register.CONTROLLER))
    assert one.title == "Record of processing activities · Processor’s register"
    assert other.title == "Record of processing activities · Controller’s register"
    assert [line for line in one.outlines if line[0].isdigit()] == ["1. Printing"]
    assert "Printing" not in other.text
    entries = terminal.done("audit", "entries", "--action", "export", "--json").json
    assert [each["details"]["register"] for each in entries] == ["controller", "processor", "controller", "processor"]
    wrong = terminal.run("register", "export", "--format", "pdf", "--out", str(theirs), "--capacity", "author")
    assert "controller, processor" in wrong.err


def test_the_columns_of_a_table_are_told_corrected_and_given_back(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    table, said = tmp_path / "register.csv", tmp_path / "columns.json"
    table.write_bytes(a_csv(OURS))

    told = sqlite_terminal.done("register", "columns", str(table), "--json").json
    assert told == {"sheet": "", "row": 1, "numbers": {str(number + 1): "kept" for number in range(len(OURS))}}
    assert "secret" in sqlite_terminal.done("register", "columns", str(table)).out
    said.write_bytes(orjson.dumps({**told, "numbers": {**told["numbers"], "1": "name", "2": "purposes"}}))
    given = ("--columns", str(said))
    rehearsed = sqlite_terminal.done("register", "import", str(table), *given, "--dry-run", "--json", *DPO).json

    assert [each["activity"] for each in rehearsed] == ["paie-des-equipes"]
    done = sqlite_terminal.done("register", "import", str(table), *given, "--json", *DPO).json
    assert done["drafted"] == ["paie-des-equipes"]
    said.write_text("numbers: {1: nonsense}")
    assert "line 1" in sqlite_terminal.refused("register", "import", str(table), *given, *DPO)


def test_systems_of_fides_come_in_on_the_host(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "systems.yml"
    file.write_text(SYSTEMS + DATASETS, encoding="utf-8")

    assert "Build server" in sqlite_terminal.done("register", "import", str(file), "--dry-run", *DPO).out
    assert sqlite_terminal.done("register", "import", str(file), "--json", *DPO).json["drafted"] == [
        "newsletter-sender"
    ]
