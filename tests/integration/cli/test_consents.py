"""`egide consent`: recorded, withdrawn, looked up and proved by somebody; receipts checked by anybody."""

import json
from pathlib import Path

import pytest

from tests.builders.paper import read_paper
from tests.builders.terminal import Terminal

AS = ("--as", "support@demo.example")
EMAIL = ("--purpose", "email-marketing", "--channel", "email")
SOMEBODY = "1"


def status(terminal: Terminal, subject: str = SOMEBODY) -> dict[str, str]:
    rows = terminal.done("consent", "status", subject, "--json", *AS).json
    return {row["purpose"]: row["state"] for row in rows}


def test_what_somebody_said_is_recorded_and_withdrawn(terminal: Terminal) -> None:
    terminal.done("consent", "record", SOMEBODY, *EMAIL, "--method", "oral", "--source", "téléphone", *AS)
    assert status(terminal)["email-marketing"] == "given"

    terminal.done("consent", "withdraw", SOMEBODY, "--purpose", "email-marketing", *AS)
    assert status(terminal)["email-marketing"] == "withdrawn"


def test_a_person_is_named_by_number_or_by_what_they_are_reached_by(sqlite_terminal: Terminal) -> None:
    address = "customer-3@demo.example"
    by_address = sqlite_terminal.done("consent", "status", address, "--json", *AS).json
    piped = sqlite_terminal.run("consent", "status", "-", "--json", *AS, stdin=f"{address}\n").json

    assert by_address == piped
    for nobody in ("nobody@demo.example", "0", "-"):
        assert sqlite_terminal.run("consent", "status", nobody, *AS, stdin="x@demo.example\n").status != 0


def test_whoever_has_no_business_looking_is_refused(sqlite_terminal: Terminal) -> None:
    assert sqlite_terminal.refused("consent", "status", SOMEBODY, "--as", "security@demo.example")


@pytest.mark.parametrize("form", ["jsonld", "kantara"])
def test_a_receipt_is_checked_with_the_public_key_alone(sqlite_terminal: Terminal, tmp_path: Path, form: str) -> None:
    sqlite_terminal.done("consent", "record", SOMEBODY, *EMAIL, "--method", "oral", *AS)
    file, key = tmp_path / "r.jws", tmp_path / "key"
    key.write_text((sqlite_terminal.home.folder / "anchor" / "verifier-key").read_text("utf-8"), "utf-8")
    chosen = ("--format", form, "--purpose", "email-marketing", "--out", str(file))
    sqlite_terminal.done("consent", "receipt", SOMEBODY, *chosen, *AS)

    # As somebody who has no house of ours.
    nowhere = str(tmp_path / "nowhere")
    told = sqlite_terminal.run("consent", "check", str(file), "--key", str(key), EGIDE_HOME=nowhere)
    assert told.status == 0
    assert "email" in json.dumps(told.json)
    file.write_text(file.read_text("utf-8").replace(".", ".A", 1), "utf-8")
    assert sqlite_terminal.run("consent", "check", str(file), "--key", str(key), EGIDE_HOME=nowhere).status == 1


def test_each_consent_of_a_person_is_on_paper(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    sqlite_terminal.done("consent", "record", SOMEBODY, *EMAIL, "--method", "oral", *AS)
    sms = ("--purpose", "sms-marketing", "--channel", "sms")
    sqlite_terminal.done("consent", "record", SOMEBODY, *sms, "--method", "oral", "--kind", "refused", *AS)

    sqlite_terminal.done("consent", "receipt", SOMEBODY, "--format", "pdf", "--out", str(tmp_path / "p.pdf"), *AS)

    made = {each.name: read_paper(each.read_bytes()) for each in tmp_path.glob("*.pdf")}
    assert {"p-email-marketing-email.pdf", "p-sms-marketing-sms.pdf"} <= set(made)
    paper = made["p-email-marketing-email.pdf"]
    assert "c2sp.org/tlog-proof@v1" in paper.text
    assert (paper.marked, paper.fonts_embedded) == (True, True)
    assert all((tmp_path / name).stat().st_mode & 0o077 == 0 for name in made)
