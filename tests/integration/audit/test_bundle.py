"""Exports: checkable by anybody with the public key, and a selection says nothing of what was left out."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.bundle import Export, ExportedBundle, export_bundle
from audit.entries import Action, Fact, Retention
from audit.errors import AnchorUnusableError, BundleExistsError, LogTamperedError, NotYetSignedError
from audit.leaves import LeafKey
from audit.merkle import Frontier, leaf_hash
from audit.notes import SigningKey, TreeHead, VerifierKey
from audit.packing import MEMBERS, NotABundleError
from audit.retention import install_rules, purge
from audit.search import Filters
from audit.verify import Report, verify_bundle
from governance.actor import SYSTEM
from tests.builders.audit import LEAF_KEY, AnchoredLog, a_fact, a_purge
from tests.builders.ground import StandingClock

ROOT = Path(__file__).parents[3]
SIZE = 300
Members = dict[str, bytes]


def export(log: AnchoredLog, out: Path, filters: Filters | None = None) -> ExportedBundle:
    with log.database.read() as session:
        return export_bundle(session, Export(anchor=log.folder, out=out, filters=filters))


@pytest.fixture
def grown(anchored: AnchoredLog) -> AnchoredLog:
    anchored.grow(SIZE)
    anchored.checkpoint()
    return anchored


@pytest.fixture
def bundle(grown: AnchoredLog, tmp_path: Path) -> Path:
    out = tmp_path / "bundle.zip"
    export(grown, out)
    return out


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rewritten(path: Path, change: Callable[[Members], None]) -> Path:
    """Return the bundle as somebody else packs it, with a change."""
    found = members(path)
    change(found)
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w") as made:
        for name, data in found.items():
            made.writestr(name, data)
    return out


def places(report: Report) -> set[tuple[int | None, str]]:
    return {(finding.index, finding.part) for finding in report.findings}


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_a_bundle_is_checked_with_the_public_key_alone(grown: AnchoredLog, bundle: Path) -> None:
    report = verify_bundle(bundle, grown.verifier)

    assert report.findings == []
    assert (report.size, report.entries, report.absent, report.signed) == (SIZE, SIZE, 0, SIZE)


def test_a_bundle_that_was_unpacked_is_checked_too(grown: AnchoredLog, bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        opened.extractall(tmp_path / "unpacked")

    assert verify_bundle(tmp_path / "unpacked", grown.verifier).intact


def test_a_bundle_is_read_by_its_owner_only(bundle: Path) -> None:
    assert bundle.stat().st_mode & 0o077 == 0


def test_a_bundle_of_another_key_is_refused(bundle: Path) -> None:
    stranger = SigningKey(name="demo.example/log", seed=bytes(32)).verifier

    assert places(verify_bundle(bundle, stranger)) == {(None, "bundle")}


def test_without_a_key_a_bundle_agrees_with_itself_and_no_more(grown: AnchoredLog, bundle: Path) -> None:
    report = verify_bundle(bundle)

    assert (report.consistent, report.intact, report.status) == (True, False, 3)
    assert report.untrusted_key == grown.verifier


def resigned(bundle: Path, log: AnchoredLog) -> tuple[Path, VerifierKey]:
    """Return the bundle with its first entry gone from the tree, signed anew with a key that is put inside."""
    forger = SigningKey(name=log.verifier.name, seed=bytes(range(32)))

    def change(found: Members) -> None:
        leaves, entries = found["leaves"], found["entries.tsv"].splitlines(keepends=True)
        found["leaves"] = leaves[:-32]
        found["entries.tsv"] = b"".join(entries[:-1])
        frontier = Frontier()
        for start in range(0, len(leaves) - 32, 32):
            frontier.append(leaf_hash(leaves[start : start + 32]))
        head = TreeHead(origin=forger.name, size=frontier.size, root=frontier.root())
        found["checkpoint"] = forger.sign(head.text()).encode()
        found["verifier-key"] = f"{forger.verifier}\n".encode()
        found["manifest.json"] = found["manifest.json"].replace(b"%d" % SIZE, b"%d" % (SIZE - 1))

    return rewritten(bundle, change), forger.verifier


def test_a_bundle_that_was_signed_anew_is_not_intact(grown: AnchoredLog, bundle: Path) -> None:
    forged, key = resigned(bundle, grown)

    assert (verify_bundle(forged).intact, verify_bundle(forged).untrusted_key) == (False, key)
    assert verify_bundle(forged, grown.verifier).status == 1


def test_a_bundle_with_another_key_inside_is_told(grown: AnchoredLog, bundle: Path) -> None:
    stranger = SigningKey(name="demo.example/log", seed=bytes(32)).verifier

    def change(found: Members) -> None:
        found["verifier-key"] = str(stranger).encode()

    report = verify_bundle(rewritten(bundle, change), grown.verifier)

    assert [str(finding) for finding in report.findings] == [
        "bundle: verifier-key is not the key that the bundle is checked with"
    ]


def test_each_byte_of_an_entry_in_a_bundle_is_located(grown: AnchoredLog, bundle: Path) -> None:
    entries = members(bundle)["entries.tsv"]
    lines = entries.splitlines(keepends=True)
    start = sum(len(line) for line in lines[:200])
    skipped = len(lines[200].split(b"\t")[0]) + 1
    for place in range(start + skipped, start + len(lines[200]) - 1, 9):

        def change(found: Members, place: int = place) -> None:
            found["entries.tsv"] = flip(entries, place)

        report = verify_bundle(rewritten(bundle, change), grown.verifier)
        assert any(f.index == 200 or f.what.startswith("line 201 ") for f in report.findings), place


@pytest.mark.parametrize("name", ["checkpoint", "leaves", "manifest.json", "entries.tsv"])
def test_a_bundle_with_a_changed_part_is_refused(grown: AnchoredLog, bundle: Path, name: str) -> None:
    def change(found: Members) -> None:
        found[name] = flip(found[name], 3)

    assert not verify_bundle(rewritten(bundle, change), grown.verifier).intact


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bundle_without_a_part_is_refused(grown: AnchoredLog, bundle: Path, name: str) -> None:
    def drop(found: Members) -> None:
        del found[name]

    report = verify_bundle(rewritten(bundle, drop), grown.verifier)

    assert [finding.what for finding in report.findings] == [f"{name} is missing"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", MEMBERS)
def test_a_bundle_with_a_part_twice_is_refused(grown: AnchoredLog, bundle: Path, name: str) -> None:
    with zipfile.ZipFile(bundle, "a") as opened:
        opened.writestr(name, opened.read(name))

    report = verify_bundle(bundle, grown.verifier)

    assert [finding.what for finding in report.findings] == [f"it holds {name} more than once"]


@pytest.mark.parametrize(
    ("manifest", "what"),
    [
        ({"format": 1}, "manifest.json does not say its origin"),
        ({"format": 2}, "its format is not known"),
        ([], "its format is not known"),
        ({"origin": "other.example/log"}, "manifest.json says origin 'other.example/log', the checkpoint has "),
        ({"size": SIZE + 1}, "manifest.json says size 301, the checkpoint has 300"),
        ({"size": True}, "manifest.json does not say its size"),
        ({"entries": 3}, "manifest.json says entries 3, the bundle has 300"),
        ({"complete": "yes"}, "manifest.json does not say its complete"),
    ],
)
def test_a_manifest_that_says_something_else_is_found(
    grown: AnchoredLog, bundle: Path, manifest: object, what: str
) -> None:
    def change(found: Members) -> None:
        whole = {**json.loads(found["manifest.json"]), **manifest} if isinstance(manifest, dict) else manifest
        found["manifest.json"] = json.dumps(manifest if manifest == {"format": 1} else whole).encode()

    report = verify_bundle(rewritten(bundle, change), grown.verifier)

    assert [finding.what.startswith(what) for finding in report.findings] == [True], report.findings


def test_what_is_no_bundle_is_told_from_a_damaged_one(bundle: Path, tmp_path: Path) -> None:
    letter, other, folder = tmp_path / "letter.yaml", tmp_path / "letter.docx", tmp_path / "letters"
    letter.write_text("Dear: auditor", encoding="utf-8")
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    folder.mkdir()
    for path in (letter, other, folder):
        with pytest.raises(NotABundleError):
            verify_bundle(path)

    raw = bundle.read_bytes()
    bundle.write_bytes(raw[: len(raw) // 2])
    assert [finding.what for finding in verify_bundle(bundle).findings] == ["its zip file is cut or damaged"]


def test_a_damaged_part_is_named(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        place = opened.getinfo("leaves").header_offset + 500
    bundle.write_bytes(flip(bundle.read_bytes(), place))

    assert verify_bundle(bundle).findings[-1].what == "leaves cannot be read on: it is damaged"


def test_an_unlawful_purge_is_found_in_a_bundle_too(anchored: AnchoredLog, tmp_path: Path) -> None:
    with anchored.database.write() as session:
        install_rules(session, SYSTEM)
    anchored.grow(1)
    with anchored.database.write_connection() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE leaf_index = 1")
    anchored.log.append(a_purge(before={"access": "2026-11-22T08:00:00Z"}, count=1, ranges=[[1, 1]]))
    anchored.checkpoint()
    export(anchored, tmp_path / "b.zip")

    assert places(verify_bundle(tmp_path / "b.zip", anchored.verifier)) == {(2, "purge")}


def test_a_changed_leaf_is_located(grown: AnchoredLog, bundle: Path) -> None:
    def change(found: Members) -> None:
        found["leaves"] = flip(found["leaves"], 32 * 77)

    assert places(verify_bundle(rewritten(bundle, change), grown.verifier)) == {(77, "entry"), (None, "leaf")}


def test_a_bundle_damaged_on_its_way_is_found(grown: AnchoredLog, bundle: Path) -> None:
    raw = bundle.read_bytes()
    for place in range(0, len(raw), len(raw) // 40):
        bundle.write_bytes(flip(raw, place))
        # A date or a comment of the zip file may change without a meaning; what it carries may not.
        if not verify_bundle(bundle, grown.verifier).intact:
            continue
        assert members(bundle)["entries.tsv"].count(b"\n") == SIZE
    bundle.write_bytes(raw[: len(raw) // 2])
    assert not verify_bundle(bundle, grown.verifier).intact


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda lines: lines[:5] + lines[6:], (5, "entry")),
        (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], (5, "entry")),
        (lambda lines: [*lines, lines[5]], (5, "entry")),
        (lambda lines: [*lines, b"999" + lines[5][1:]], (999, "entry")),
        (lambda lines: [*lines, b"x\n"], (None, "bundle")),
        (lambda lines: [*lines, b"999\t00\t{}\n"], (None, "bundle")),
    ],
)
def test_entries_left_out_moved_or_added_are_found(
    grown: AnchoredLog, bundle: Path, change: Callable[[list[bytes]], list[bytes]], place: tuple[int | None, str]
) -> None:
    def apply(found: Members) -> None:
        found["entries.tsv"] = b"".join(change(found["entries.tsv"].splitlines(keepends=True)))

    assert place in places(verify_bundle(rewritten(bundle, apply), grown.verifier))


def test_a_bundle_extends_a_checkpoint_that_was_kept(anchored: AnchoredLog, tmp_path: Path) -> None:
    anchored.grow(10)
    kept = anchored.checkpoint().note
    anchored.grow(10)
    later = anchored.checkpoint().note
    export(anchored, tmp_path / "b.zip")

    assert verify_bundle(tmp_path / "b.zip", anchored.verifier, against=kept).intact
    assert verify_bundle(tmp_path / "b.zip", anchored.verifier, against=later).intact
    forged = anchored.anchor.signing_key().sign(f"demo.example/log\n10\n{later.splitlines()[2]}\n")
    ahead = anchored.anchor.signing_key().sign(f"demo.example/log\n21\n{later.splitlines()[2]}\n")
    for note in (forged, ahead):
        report = verify_bundle(tmp_path / "b.zip", anchored.verifier, against=note)
        assert (None, "checkpoint") in places(report)
    assert not verify_bundle(tmp_path / "b.zip", anchored.verifier, against="nonsense").intact


def test_a_selection_holds_what_was_asked_for_and_nothing_else(anchored: AnchoredLog, tmp_path: Path) -> None:
    secret = Fact(
        retention=Retention.SECURITY,
        action=Action.REFUSAL,
        actor=SYSTEM,
        object_type="salaries",
        object_id="hidden-id",
        subjects=(77,),
        purpose="scoring",
    )
    anchored.log.append_many([a_fact(1), secret, a_fact(2), replace(secret, subjects=range(50)), a_fact(1)])
    anchored.checkpoint()
    out = tmp_path / "selection.zip"

    written = export(anchored, out, Filters(object_type="customers", subject=1))

    assert (written.size, written.entries, written.complete) == (5, 2, False)
    report = verify_bundle(out, anchored.verifier)
    assert report.intact
    assert (report.entries, report.absent) == (2, 3)
    unpacked = b"".join(members(out).values())
    for word in (b"salaries", b"hidden-id", b"scoring", b"refusal", b"row-2"):
        assert word not in unpacked
    with anchored.database.read() as session:
        for salt in session.connection().exec_driver_sql("SELECT salt FROM audit_entry WHERE object_type = 'salaries'"):
            assert bytes(salt[0]).hex().encode() not in unpacked


def test_a_purged_entry_is_no_finding_and_a_stolen_one_is(
    anchored: AnchoredLog, clock: StandingClock, tmp_path: Path
) -> None:
    anchored.grow(20)
    clock.advance(days=400)
    anchored.grow(5, start=20)
    with anchored.database.write() as session:
        install_rules(session, SYSTEM)
    with anchored.database.write() as session:
        purge(session, clock, SYSTEM, LeafKey(LEAF_KEY))
    anchored.checkpoint()
    export(anchored, tmp_path / "b.zip")

    report = verify_bundle(tmp_path / "b.zip", anchored.verifier)

    assert report.findings == []
    assert (report.entries, report.absent) == (7, 20)

    def steal(found: Members) -> None:
        found["entries.tsv"] = b"".join(found["entries.tsv"].splitlines(keepends=True)[1:])
        found["manifest.json"] = found["manifest.json"].replace(b'"entries": 7', b'"entries": 6')

    assert places(verify_bundle(rewritten(tmp_path / "b.zip", steal), anchored.verifier)) == {(20, "entry")}


def test_a_purge_since_the_checkpoint_asks_for_another(
    anchored: AnchoredLog, clock: StandingClock, tmp_path: Path
) -> None:
    anchored.grow(3)
    anchored.checkpoint()
    clock.advance(days=400)
    with anchored.database.write() as session:
        install_rules(session, SYSTEM)
    with anchored.database.write() as session:
        purge(session, clock, SYSTEM, LeafKey(LEAF_KEY))

    with pytest.raises(NotYetSignedError):
        export(anchored, tmp_path / "b.zip")
    anchored.checkpoint()
    export(anchored, tmp_path / "b.zip")

    assert verify_bundle(tmp_path / "b.zip", anchored.verifier).intact


def test_an_export_overwrites_nothing(grown: AnchoredLog, bundle: Path) -> None:
    before = bundle.read_bytes()

    with pytest.raises(BundleExistsError):
        export(grown, bundle)

    assert bundle.read_bytes() == before
    assert [path.name for path in bundle.parent.iterdir() if path.name.startswith(".bundle")] == []


def test_an_export_needs_a_checkpoint(anchored: AnchoredLog, tmp_path: Path) -> None:
    with pytest.raises(AnchorUnusableError, match="nothing was published"):
        export(anchored, tmp_path / "b.zip")


def test_a_log_with_a_hole_is_not_exported(grown: AnchoredLog, tmp_path: Path) -> None:
    with grown.database.write_connection() as connection:
        connection.exec_driver_sql("DELETE FROM audit_leaf WHERE leaf_index = 70")

    with pytest.raises(LogTamperedError) as raised:
        export(grown, tmp_path / "b.zip")

    assert raised.value.index == 70
    assert list(tmp_path.glob("*.zip")) == []


def test_the_same_log_is_the_same_bundle(grown: AnchoredLog, bundle: Path, tmp_path: Path) -> None:
    export(grown, tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_an_auditor_checks_from_a_terminal(grown: AnchoredLog, bundle: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(str(grown.verifier), encoding="utf-8")
    command = [sys.executable, "-m", "audit.verify", str(bundle), str(key)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "300 leaves, 300 entries checked, 0 differences\n")

    def change(found: Members) -> None:
        found["entries.tsv"] = found["entries.tsv"].replace(b'"row-9"', b'"row-8"')

    alone = subprocess.run(command[:-1], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (alone.returncode, str(grown.verifier) in alone.stdout) == (3, True)
    nothing = subprocess.run([*command[:-1], str(bundle)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (1, 1)

    rewritten(bundle, change).replace(bundle)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("entry 9: entry: body or salt")


def test_a_manifest_says_what_it_is(grown: AnchoredLog, bundle: Path) -> None:
    found = members(bundle)

    assert json.loads(found["manifest.json"]) == {
        "format": 1,
        "origin": "demo.example/log",
        "size": SIZE,
        "entries": SIZE,
        "complete": True,
    }
    assert VerifierKey.parse(found["verifier-key"].decode()) == grown.verifier
    assert len(io.BytesIO(found["leaves"]).read()) == 32 * SIZE
