"""`egide audit`, `egide keys` and `egide status`."""

from pathlib import Path

import pytest
from sqlalchemy import text

from governance.database import Database
from tests.builders.terminal import Terminal


def execute(terminal: Terminal, statement: str) -> None:
    database = Database(terminal.home.url)
    try:
        with database.write_connection() as connection:
            connection.execute(text(statement))
    finally:
        database.close()


def test_the_log_of_a_demonstration_is_intact(terminal: Terminal) -> None:
    told = terminal.done("audit", "verify", "--json").json
    assert told["intact"]
    assert told["entries"] == told["size"] > 0
    assert "Intact" in terminal.done("audit", "verify").out


def test_an_altered_entry_is_found_and_named(terminal: Terminal) -> None:
    execute(terminal, "UPDATE audit_entry SET object_type = 'nothing' WHERE leaf_index = 3")
    said = terminal.run("audit", "verify", "--json")
    assert said.status == 1
    assert not said.json["intact"]
    assert 3 in [finding["index"] for finding in said.json["findings"]]
    assert terminal.run("audit", "verify").status == 1


def test_a_bundle_is_checked_with_the_public_key_alone(terminal: Terminal, tmp_path: Path) -> None:
    bundle = tmp_path / "log.zip"
    terminal.done("audit", "export", "--out", str(bundle))
    told = terminal.done("audit", "verify", str(bundle), "--json", EGIDE_HOME="/nowhere", EGIDE_DATABASE_URL=None)
    assert told.json["intact"]
    terminal.refused("audit", "export", "--out", str(bundle))


def test_a_bundle_with_a_changed_byte_is_not_intact(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    bundle = tmp_path / "log.zip"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    said = sqlite_terminal.run("audit", "verify", str(bundle))
    assert said.status == 1
    assert said.err


def test_what_is_no_bundle_is_refused(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear auditor", encoding="utf-8")
    assert sqlite_terminal.run("audit", "verify", str(file)).status == 1
    assert sqlite_terminal.run("audit", "verify", str(tmp_path / "absent")).status == 2


def test_a_kept_checkpoint_is_compared_with(terminal: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "note"
    kept.write_text(terminal.done("audit", "checkpoint").out, encoding="utf-8")
    terminal.done("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--limit", "1")
    terminal.done("audit", "verify", "--against", str(kept))


def test_a_key_that_is_none_is_wrong_usage(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    bundle, key = tmp_path / "log.zip", tmp_path / "key"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    key.write_text("no key", encoding="utf-8")
    assert sqlite_terminal.run("audit", "verify", str(bundle), "--key", str(key)).status == 2


def test_an_entry_is_proved_by_index_and_by_id(terminal: Terminal, tmp_path: Path) -> None:
    (newest,) = terminal.done("audit", "entries", "--limit", "1", "--json").json
    by_index, by_id = tmp_path / "one", tmp_path / "other"
    terminal.done("audit", "prove", str(newest["index"]), "--out", str(by_index))
    terminal.done("audit", "prove", newest["id"], "--out", str(by_id))
    assert by_index.read_bytes() == by_id.read_bytes()
    assert by_index.read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1\n")


def test_an_entry_that_is_not_there_is_one_line(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "proof"
    sqlite_terminal.refused("audit", "prove", "99999999", "--out", str(out))
    assert not out.exists()


@pytest.mark.parametrize(
    ("filters", "least"),
    [
        (("--actor", "sales@demo.example"), 0),
        (("--action", "policy"), 1),
        (("--outcome", "done", "--object", "installation"), 1),
        (("--subject", "1"), 1),
        (("--from", "2020-01-01", "--to", "2020-01-02T10:00:00"), 0),
        (("--purpose", "after-sales"), 0),
    ],
)
def test_entries_are_filtered(sqlite_terminal: Terminal, filters: tuple[str, ...], least: int) -> None:
    found = sqlite_terminal.done("audit", "entries", *filters, "--json").json
    assert len(found) >= least
    assert sqlite_terminal.done("audit", "entries", *filters).out


def test_entries_of_somebody_unknown_are_one_line(sqlite_terminal: Terminal) -> None:
    sqlite_terminal.refused("audit", "entries", "--actor", "nobody@demo.example")


def test_keys_tell_their_epochs_and_where_they_lie(terminal: Terminal) -> None:
    told = terminal.done("keys", "status", "--json").json
    assert [epoch["state"] for epoch in told["epochs"]] == ["current"]
    assert told["epochs"][0]["subjects"] > 30
    assert "rotate by" in terminal.done("keys", "status").out


def test_a_rotation_moves_every_key_and_everything_is_still_read(terminal: Terminal) -> None:
    read = ("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--json")
    before = terminal.done(*read).json
    said = terminal.done("keys", "rotate")
    assert "Epoch 2 is current, epoch 1 is destroyed." in said.out
    told = terminal.done("keys", "status", "--json").json
    assert [epoch["state"] for epoch in told["epochs"]] == ["destroyed", "current"]
    assert terminal.done(*read).json == before


def test_a_rotation_that_meets_altered_rows_keeps_the_old_epoch_and_says_so(terminal: Terminal) -> None:
    execute(terminal, "UPDATE data_subject SET kind = kind + 1 WHERE id = 1")
    said = terminal.run("keys", "rotate")
    assert said.status == 1
    assert "1 rows were altered" in said.err.splitlines()[-1]
    assert terminal.done("keys", "rotate", "--abandon-altered").status == 0


def test_the_status_says_what_there_is(terminal: Terminal) -> None:
    told = terminal.done("status", "--json").json
    assert told["demonstration"]
    assert told["database"] == ("sqlite" if terminal.home.url.startswith("sqlite") else "postgresql")
    assert told["log_signed"] == told["log_entries"]
    assert "log entries" in terminal.done("status").out.replace("_", " ")
