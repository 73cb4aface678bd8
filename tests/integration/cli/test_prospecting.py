"""`egide rules`: the file in force is shown, another one tried and put in force, by the controller alone."""

from pathlib import Path

from governance.campaigns.reading import packaged_text
from tests.builders.terminal import Terminal, alter

DECIDES = ("--why", "Fewer calls.", "--as", "controller@demo.example")


def own_file(folder: Path) -> str:
    file = folder / "mine.yaml"
    file.write_text(packaged_text().replace("most: 4", "most: 3"), encoding="utf-8")
    return str(file)


def test_the_file_in_force_is_shown_as_it_is(terminal: Terminal) -> None:
    assert terminal.done("rules", "show").out == packaged_text()


def test_a_file_is_tried_put_in_force_and_taken_back(terminal: Terminal, tmp_path: Path) -> None:
    file = own_file(tmp_path)

    tried = terminal.done("rules", "check", file).out
    terminal.done("rules", "load", file, *DECIDES)
    own = terminal.done("rules", "show").out
    same = terminal.done("rules", "check", file).out
    terminal.done("rules", "default", *DECIDES)

    assert "telephone-frequency" in tried
    assert own == Path(file).read_text(encoding="utf-8")
    assert "telephone-frequency" not in same
    assert terminal.done("rules", "show").out == packaged_text()


def test_nobody_but_the_controller_puts_a_file_in_force(terminal: Terminal, tmp_path: Path) -> None:
    file = own_file(tmp_path)

    assert terminal.refused("rules", "load", file, "--why", "Fewer calls.", "--as", "dpo@demo.example")
    assert terminal.refused("rules", "default", "--why", "Fewer calls.", "--as", "marketing@demo.example")
    assert terminal.run("rules", "load", file, "--why", " ", "--as", "controller@demo.example").status == 2


def test_a_file_that_cannot_be_used_is_told_with_its_line(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    wrong, binary = tmp_path / "wrong.yaml", tmp_path / "binary.yaml"
    wrong.write_text("version: 1\nrules: none\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe")

    assert "wrong.yaml:2" in sqlite_terminal.refused("rules", "check", str(wrong))
    assert "UTF-8" in sqlite_terminal.refused("rules", "load", str(binary), *DECIDES)


def test_an_altered_file_closes_and_another_one_can_still_be_tried(terminal: Terminal, tmp_path: Path) -> None:
    file = own_file(tmp_path)
    terminal.done("rules", "load", file, *DECIDES)
    alter(terminal.home, "UPDATE prospecting_rules SET why = 'another reason'")

    refused = terminal.refused("rules", "show")
    tried = terminal.done("rules", "check", file).out

    assert refused
    assert "telephone-consent" in tried
