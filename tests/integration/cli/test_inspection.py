"""The file for an inspection from a terminal: made, then checked by whoever has the log's public key."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from audit.anchor import VERIFIER_KEY
from governance.documents.printer import ChildPrinter
from tests.builders.terminal import Terminal

DPO = ("--as", "dpo@demo.example")


def test_a_file_is_made_and_checked_and_a_changed_one_is_refused_by_name(
    sqlite_terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChildPrinter, "print", lambda _, html: html.encode())
    out, key = tmp_path / "file.zip", sqlite_terminal.home.settings.anchor / VERIFIER_KEY
    make = ("inspection", "make", "--out", str(out), "--occasion", "Letter", "--language", "fr")

    assert "in" in sqlite_terminal.done(*make, *DPO).out
    assert out.stat().st_mode & 0o077 == 0
    assert "Intact" in sqlite_terminal.done("inspection", "check", str(out), "--key", str(key)).out

    pem = tmp_path / "036-public-key.pem"
    with ZipFile(out) as archive:
        [name] = [each for each in archive.namelist() if each.endswith("-public-key.pem")]
        pem.write_bytes(archive.read(name))
    other = sqlite_terminal.refused("inspection", "check", str(out), "--key", str(pem))
    assert other == (
        f"{pem} is no public key of a log that is read here. Give the file verifier-key (verifier-key.txt in the file "
        "for an inspection), not the one in PEM."
    )

    content = bytearray(out.read_bytes())
    content[content.index(b"00-index.pdf") + 300] ^= 1
    out.write_bytes(content)
    said = sqlite_terminal.run("inspection", "check", str(out), "--key", str(key))
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines()[0].startswith("00-index.pdf: ")
    assert "dpo" in sqlite_terminal.refused(*make, "--as", "sales@demo.example")
