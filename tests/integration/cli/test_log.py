"""`egide audit`, `egide keys` and `egide status`."""

import getpass
import zipfile
from pathlib import Path

import pytest

from audit.notes import SigningKey, split_note
from tests.builders.terminal import Said, Terminal, alter


def elsewhere(terminal: Terminal, *arguments: str) -> Said:
    """Run a command where there is no home."""
    return terminal.run(*arguments, EGIDE_HOME="/nowhere", EGIDE_DATABASE_URL=None)


def signed_anew(bundle: Path) -> Path:
    """Return the bundle as a forger signs it with a key of their own, which they put inside."""
    out = bundle.with_name("forged.zip")
    with zipfile.ZipFile(bundle) as opened, zipfile.ZipFile(out, "w") as made:
        text_, _ = split_note(opened.read("checkpoint").decode())
        forger = SigningKey(name=text_.splitlines()[0], seed=bytes(range(32)))
        forged = {"checkpoint": forger.sign(text_).encode(), "verifier-key": f"{forger.verifier}\n".encode()}
        for name in opened.namelist():
            made.writestr(name, forged.get(name, opened.read(name)))
    return out


def test_the_log_of_a_demonstration_is_intact(terminal: Terminal) -> None:
    told = terminal.done("audit", "verify", "--json").json
    assert told["intact"]
    assert told["entries"] == told["size"] > 0
    assert "Intact" in terminal.done("audit", "verify").out


def test_an_altered_entry_is_found_and_named(terminal: Terminal) -> None:
    alter(terminal.home, "UPDATE audit_entry SET object_type = 'nothing' WHERE leaf_index = 3")
    said = terminal.run("audit", "verify", "--json")
    assert said.status == 1
    assert not said.json["intact"]
    assert 3 in [finding["index"] for finding in said.json["findings"]]
    assert terminal.run("audit", "verify").status == 1


def test_a_bundle_is_checked_with_the_public_key_alone(terminal: Terminal, tmp_path: Path) -> None:
    bundle, key = tmp_path / "log.zip", tmp_path / "key"
    terminal.done("audit", "export", "--out", str(bundle))
    key.write_bytes((terminal.home.folder / "anchor" / "verifier-key").read_bytes())
    told = elsewhere(terminal, "audit", "verify", str(bundle), "--key", str(key), "--json")
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


def test_a_bundle_is_checked_with_the_key_of_the_home(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    bundle = tmp_path / "log.zip"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    key = (sqlite_terminal.home.folder / "anchor" / "verifier-key").read_text(encoding="utf-8").strip()
    told = sqlite_terminal.done("audit", "verify", str(bundle))
    assert told.out.splitlines()[-1] == f"The key was that of this home: {key}"

    said = sqlite_terminal.run("audit", "verify", str(signed_anew(bundle)))
    assert (said.status, said.out) == (1, "")
    assert "verifier-key is not the key that the bundle is checked with" in said.err


def test_a_bundle_that_nobody_vouches_for_is_not_called_intact(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    bundle = tmp_path / "log.zip"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    for file in (bundle, signed_anew(bundle)):
        with zipfile.ZipFile(file) as opened:
            key = opened.read("verifier-key").decode().strip()
        said = elsewhere(sqlite_terminal, "audit", "verify", str(file))
        assert (said.status, said.out) == (3, "")
        assert said.err.splitlines()[-1].endswith(f"--key: {key}")
        told = elsewhere(sqlite_terminal, "audit", "verify", str(file), "--json")
        assert told.status == 3
        assert (told.json["intact"], told.json["consistent"], told.json["untrusted_key"]) == (False, True, key)


def test_a_forged_bundle_is_not_intact_under_the_key_that_was_given(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    bundle, key = tmp_path / "log.zip", sqlite_terminal.home.folder / "anchor" / "verifier-key"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    said = elsewhere(sqlite_terminal, "audit", "verify", str(signed_anew(bundle)), "--key", str(key))
    assert said.status == 1
    assert said.err.splitlines()[-1] == "NOT intact. Differences: 2."


def test_what_is_no_bundle_is_refused_and_no_alarm(sqlite_terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "letter.yaml"
    file.write_text("Dear: auditor", encoding="utf-8")
    said = sqlite_terminal.refused("audit", "verify", str(file))
    assert said == f"{file} is no bundle. Nothing was checked."
    assert sqlite_terminal.run("audit", "verify", str(tmp_path / "absent")).status == 2


@pytest.mark.parametrize("option", ["--key", "--against"])
@pytest.mark.parametrize("content", [b"PK\x03\x04\xff\xfe", b"# Read me\n", b""])
def test_what_is_no_key_and_no_checkpoint_is_refused_and_no_alarm(
    sqlite_terminal: Terminal, tmp_path: Path, option: str, content: bytes
) -> None:
    bundle, file = tmp_path / "log.zip", tmp_path / "other"
    sqlite_terminal.done("audit", "export", "--out", str(bundle))
    file.write_bytes(content)
    said = sqlite_terminal.refused("audit", "verify", str(bundle), option, str(file))
    assert said.startswith(f"{file} is no ")
    if option == "--against":
        assert sqlite_terminal.refused("audit", "verify", option, str(file)) == said


def test_a_kept_checkpoint_is_compared_with(terminal: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "note"
    kept.write_text(terminal.done("audit", "checkpoint").out, encoding="utf-8")
    terminal.done("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--limit", "1")
    assert terminal.done("audit", "verify", "--against", str(kept), "--json").json["intact"]
    alter(terminal.home, "DELETE FROM audit_leaf WHERE leaf_index > 2")
    assert terminal.run("audit", "verify", "--against", str(kept)).status == 1


def test_a_key_without_a_bundle_is_wrong_usage(sqlite_terminal: Terminal) -> None:
    key = sqlite_terminal.home.folder / "anchor" / "verifier-key"
    assert sqlite_terminal.run("audit", "verify", "--key", str(key)).status == 2


def test_an_entry_is_proved_by_index_and_by_id(terminal: Terminal, tmp_path: Path) -> None:
    (newest,) = terminal.done("audit", "entries", "--limit", "1", "--json").json
    by_index, by_id = tmp_path / "one", tmp_path / "other"
    terminal.done("audit", "prove", str(newest["index"]), "--out", str(by_index))
    terminal.done("audit", "prove", newest["id"], "--out", str(by_id))
    # Each look is an entry of its own, so that the second proof stands in a longer log.
    told = [file.read_text(encoding="utf-8").splitlines()[:3] for file in (by_index, by_id)]
    assert told[0] == told[1]
    assert told[0][0] == "c2sp.org/tlog-proof@v1"


def looks(terminal: Terminal) -> list[tuple[str, str, int]]:
    """Return who on the host looked at the log, newest first: the action, the user and how many entries."""
    found = terminal.done("audit", "entries", "--object", "log", "--limit", "10", "--json").json
    return [
        (each["action"], each["actor"]["host_user"], each["details"]["count"])
        for each in found
        if each["actor"]["kind"] == "host" and "count" in each["details"]
    ]


def test_who_looks_at_entries_on_the_host_stands_in_the_log(terminal: Terminal, tmp_path: Path) -> None:
    me = getpass.getuser()
    terminal.done("audit", "entries", "--limit", "3")
    terminal.done("audit", "prove", "1", "--out", str(tmp_path / "proof"))
    before = terminal.done("audit", "verify", "--json").json["entries"]
    terminal.done("audit", "export", "--out", str(tmp_path / "log.zip"))

    assert looks(terminal) == [("export", me, before), ("read", me, 1), ("read", me, 3)]


def test_a_look_at_somebody_is_found_among_what_was_done_with_them(sqlite_terminal: Terminal) -> None:
    told = sqlite_terminal.done("audit", "entries", "--subject", "1", "--json").json

    (newest, *_) = sqlite_terminal.done("audit", "entries", "--subject", "1", "--json").json

    assert (newest["object"]["type"], newest["details"]) == ("log", {"count": len(told)})
    assert newest["retention"] == "security"


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
    line = sqlite_terminal.refused("audit", "entries", "--actor", "nobody@demo.example")
    assert line == "There is no such account."


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
    alter(terminal.home, "UPDATE data_subject SET kind = kind + 1 WHERE id = 1")
    said = terminal.run("keys", "rotate")
    assert said.status == 1
    assert "1 rows were altered" in said.err.splitlines()[-1]
    assert terminal.done("keys", "rotate", "--abandon-altered").status == 0


def test_the_status_says_what_there_is(terminal: Terminal) -> None:
    told = terminal.done("status", "--json").json
    assert told["demonstration"]
    assert told["database"] == ("sqlite" if terminal.home.url.startswith("sqlite") else "postgresql")
    assert told["log_signed"] == told["log_entries"]
    # What a demonstration holds differs here and there, and some of it is due.
    assert told["drift_serious"] + told["drift_to_settle"] > 0
    assert told["drift_to_know"] >= 0
    assert told["due"] > 0
    assert "log entries" in terminal.done("status").out.replace("_", " ")
