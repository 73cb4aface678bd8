"""The file for an inspection: whole, signed, minimised, made once at a time, and destroyed when its day is over."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import uuid
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import update

from audit.anchor import Anchor
from audit.notes import VerifierKey, open_checkpoint
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.documents.errors import DocumentTooLargeError
from governance.jobs.models import Job, JobState
from governance.jobs.queue import Lease
from governance.oversight.errors import NotYoursError
from governance.oversight.inspection.checking import check_archive
from governance.oversight.inspection.errors import (
    ArchiveGoneError,
    InspectionScopeError,
    OccasionMissingError,
)
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.service import discard_inspection, pieces_of
from governance.oversight.inspection.sheets import Table, write_table
from governance.oversight.inspection.values import InspectionState
from governance.oversight.values import About, Thing
from governance.vault.errors import AttestationError
from governance.wiring import Wired
from governance.work import inspection_work
from register.service import Desk, NewParty, add_contract, add_party
from tests.builders.inspection import (
    OCCASION,
    an_inspection,
    archive_of,
    make_all,
    ordered,
    packed,
    told,
    unpacked,
    worker_of_files,
)
from tests.builders.lines import contract_terms
from tests.builders.oversight import acting
from tests.builders.paper import PaperlessPrinter
from tests.builders.plan import A_PDF, given_action, put_on_shelf, whole_file
from tests.builders.service import Service

BINDING = {"manifest.json", "manifest.note"}


@pytest.fixture
def wired(both_sites: Service) -> Wired:
    return both_sites.wired


@dataclass(frozen=True)
class Made:
    """A file that was made, and its archive."""

    file_id: uuid.UUID
    whole: bytes

    @property
    def files(self) -> dict[str, bytes]:
        return dict(unpacked(self.whole))


@pytest.fixture(scope="module")
def made(both_sites: Service) -> Made:
    """One file of a house that has something to show in every part: for tests that read it."""
    wired = both_sites.wired
    whole_file(wired)
    put_on_shelf(wired, title="Procès-verbal")
    file_id = an_inspection(wired, languages=("fr", "en"))
    return Made(file_id, archive_of(wired, file_id))


@pytest.fixture
def key(wired: Wired) -> VerifierKey:
    return Anchor(wired.settings.anchor).verifier


def a_lease(wired: Wired) -> Lease:
    return Lease(
        id=wired.ids.new(), kind="", payload={}, attempts=1, claims=1, progress=0, total=None, until=wired.clock.now()
    )


def a_processor(wired: Wired, name: str) -> None:
    """Put a contract on file with whom no record names."""
    with wired.write() as session:
        dpo = acting(wired, Role.DPO)
        party = add_party(session, wired.ids, dpo, NewParty(name=name))
        add_contract(session, Desk(wired.clock, wired.ids, wired.attestor), dpo, contract_terms(party))


def said(wired: Wired, file_id: object) -> list[dict[str, object]]:
    with wired.read() as session:
        entries = search(session, Filters(object_type="inspection", object_id=str(file_id)))
        return [dict(entry.said["details"]) for entry in entries]


def test_every_file_of_the_archive_stands_in_manifest_index_and_sums_and_nothing_else(wired: Wired, made: Made) -> None:
    files = made.files

    listed = {each["path"]: each for each in json.loads(files["manifest.json"])["files"]}
    assert set(files) == set(listed) | BINDING
    for path, each in listed.items():
        assert (each["size"], each["sha256"]) == (len(files[path]), hashlib.sha256(files[path]).hexdigest())
    sums = {line[66:]: line[:64] for line in files["SHA256SUMS"].decode().splitlines()}
    assert set(sums) == set(listed) - {"SHA256SUMS"}
    for index in ("00-index.pdf", "00-index-en.pdf"):
        assert all(path in files[index].decode() for path in listed)
    assert all(path.isascii() and not path.startswith("/") and ".." not in path for path in files)
    with wired.read() as session:
        kept = {piece.path: piece.digest for piece in pieces_of(session, wired.inspections, made.file_id)}
    assert kept == {path: sums[path] for path in kept}
    assert A_PDF in files.values()


def test_its_parts_say_what_the_house_cannot_give_yet(made: Made) -> None:
    index = made.files["00-index.pdf"].decode()

    assert "Les demandes des personnes ne sont pas encore tenues" in index
    assert "Les violations ne sont pas encore tenues" in index
    assert OCCASION in index
    assert "Dossier " in index


def test_every_document_bears_the_number_of_the_file_and_of_its_piece(wired: Wired, made: Made) -> None:
    for path, content in made.files.items():
        if path.endswith("-fr.pdf"):
            number = int(path.rpartition("/")[2].partition("-")[0])
            assert f"Dossier {told(wired, made.file_id).reference} · pièce {number} ·" in content.decode()


def test_the_note_signs_the_manifest_by_itself_and_is_no_checkpoint(wired: Wired, made: Made, key: VerifierKey) -> None:
    files = made.files

    note = files["manifest.note"].decode()
    text, _, signature = note.partition("\n\n")
    origin, reference, digest = text.split("\n")
    pem = next(content for path, content in files.items() if path.endswith("public-key.pem"))
    public = load_pem_public_key(pem)
    signed = base64.b64decode(signature.split(" ")[2])

    public.verify(signed[4:], f"{text}\n".encode())  # type: ignore[call-arg,union-attr] # an Ed25519 key
    assert (origin, reference) == (f"{key.name}/inspection", told(wired, made.file_id).reference)
    assert digest == f"sha256:{hashlib.sha256(files['manifest.json']).hexdigest()}"
    with pytest.raises(Exception, match="no known key signed"):
        open_checkpoint(note, key)
    with pytest.raises(Exception, match="number"):
        open_checkpoint(note, VerifierKey(name=origin, public=key.public))


@pytest.mark.parametrize("given", ["theirs", "another"] if shutil.which("openssl") else [])
def test_the_commands_of_the_index_check_the_file_with_the_key_that_was_given_by_another_way(
    made: Made, key: VerifierKey, tmp_path: Path, given: str
) -> None:
    for path, content in made.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    (tmp_path / "received-key").write_text(str(key if given == "theirs" else VerifierKey(name=key.name, public=other)))
    told = [
        html.unescape(each) for each in re.findall(r"<pre>(.*?)</pre>", made.files["00-index.pdf"].decode(), re.DOTALL)
    ]
    shown, *commands = told

    assert shown == str(key)
    for command in commands[:3]:
        ran = subprocess.run(["sh", "-ec", command], cwd=tmp_path, capture_output=True, check=False, text=True)
        signs = "pkeyutl" in command
        assert (ran.returncode == 0) is (given == "theirs" or not signs), ran.stderr
    assert all("received-key" in command for command in commands[2:4]), "the copies in the archive prove nothing"


def test_a_checkpoint_is_never_taken_for_a_signed_manifest(wired: Wired, made: Made, key: VerifierKey) -> None:
    files = made.files
    files["manifest.note"] = wired.signer.checkpoint().note.encode()

    [wrong] = check_archive(io.BytesIO(packed(files)), key).wrongs

    assert wrong.path == "manifest.note"


def test_whatever_is_changed_added_taken_away_or_swapped_is_found_and_named(
    wired: Wired, made: Made, key: VerifierKey
) -> None:
    whole, files = made.whole, made.files
    a_file = next(path for path in files if path.endswith("register.json"))
    other = unpacked(archive_of(wired, an_inspection(wired)))

    def found(changed: dict[str, bytes], *twice: str) -> list[str]:
        return [wrong.path for wrong in check_archive(io.BytesIO(packed(changed, *twice)), key).wrongs]

    assert check_archive(io.BytesIO(whole), key).intact
    assert found({**files, a_file: files[a_file][:-1] + b"!"}) == [a_file]
    assert found({**files, a_file: files[a_file] + b" "}) == [a_file]
    assert found({path: content for path, content in files.items() if path != a_file}) == [a_file]
    assert found({**files, "extra.txt": b"x"}) == ["extra.txt"]
    assert found({**files, "manifest.json": other["manifest.json"]}) == ["manifest.json"]
    assert found({**files, "manifest.note": b"x"}) == ["manifest.note"]
    assert found({path: content for path, content in files.items() if path != "manifest.note"}) == ["manifest.note"]
    stranger = VerifierKey(name=key.name, public=bytes(32))
    assert [wrong.path for wrong in check_archive(io.BytesIO(whole), stranger).wrongs] == ["manifest.note"]
    assert [wrong.path for wrong in check_archive(io.BytesIO(whole[:-40]), key).wrongs] == [""]
    with pytest.warns(UserWarning, match="Duplicate"):
        assert found(dict(files), a_file) == [a_file]


def test_a_changed_byte_in_the_archive_itself_is_found(made: Made, key: VerifierKey) -> None:
    whole = bytearray(made.whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        info = archive.getinfo("00-index.pdf")
    whole[info.header_offset + 200] ^= 1

    assert [wrong.path for wrong in check_archive(io.BytesIO(bytes(whole)), key).wrongs] == ["00-index.pdf"]


def test_the_log_attests_the_manifest_and_says_who_asked_and_who_took_it_and_not_why(wired: Wired) -> None:
    file_id = an_inspection(wired, role=Role.CONTROLLER)
    files = unpacked(archive_of(wired, file_id))

    taken, finished, asked = said(wired, file_id)
    assert (asked["verb"], finished["verb"], taken["verb"]) == ("order", "finish", "download")
    assert finished["manifest"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert finished["archive"] == taken["digest"] == told(wired, file_id).digest
    assert OCCASION not in str([taken, finished, asked])


def test_the_same_archive_is_given_each_time_until_its_day_is_over_and_what_it_held_stays(wired: Wired) -> None:
    file_id = an_inspection(wired)
    whole = archive_of(wired, file_id, Role.CONTROLLER)
    assert hashlib.sha256(whole).hexdigest() == told(wired, file_id).digest
    archive = told(wired, file_id).archive_id
    assert archive in wired.inspections.store.names()

    with wired.write() as session:
        file = session.get_one(InspectionFile, file_id)
        file.made_at -= timedelta(days=3)
        file.expires_at -= timedelta(days=2)
        unrecorded(session, "time passes in a test")
    with pytest.raises(ArchiveGoneError):
        archive_of(wired, file_id)
    inspection_work(wired).sweep(a_lease(wired))

    assert archive not in wired.inspections.store.names()
    assert told(wired, file_id).state is InspectionState.EXPIRED
    with wired.read() as session:
        assert pieces_of(session, wired.inspections, file_id)


def test_one_is_made_at_a_time_and_numbers_go_up(wired: Wired) -> None:
    first = ordered(wired)
    assert ordered(wired, role=Role.CONTROLLER) == first

    make_all(worker_of_files(wired))
    second = ordered(wired)
    make_all(worker_of_files(wired))

    assert second != first
    assert told(wired, second).number == told(wired, first).number + 1


def test_a_killed_worker_leaves_no_trace_and_the_next_one_goes_on(
    wired: Wired, key: VerifierKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = ordered(wired)
    worker = worker_of_files(wired)
    for _ in range(3):
        worker.run_once()
    before = told(wired, file_id).done
    sealed = set(wired.inspections.store.names())

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Lease, "advance", killed)
        with pytest.raises(KeyboardInterrupt):
            worker.run_once()
    assert (told(wired, file_id).done, set(wired.inspections.store.names())) == (before, sealed)
    with wired.database.write_connection() as connection:
        connection.execute(
            update(Job)
            .where(Job.kind == "inspection", Job.state == JobState.RUNNING)
            .values(lease_until=wired.clock.now())
        )

    make_all(worker)
    assert told(wired, file_id).state is InspectionState.READY
    assert check_archive(io.BytesIO(archive_of(wired, file_id)), key).intact


def test_a_volume_that_is_too_large_is_made_again_with_half_as_many(wired: Wired) -> None:
    printer = PaperlessPrinter()
    printer.refusals = [DocumentTooLargeError(seconds=1, megabytes=1) for _ in range(5)]
    file_id = an_inspection(wired, work=inspection_work(replace(wired, printer=printer)))

    volumes = [path for path in unpacked(archive_of(wired, file_id)) if "volume" in path]

    assert len(volumes) > 1


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("altering", "mending"),
    [
        (
            "UPDATE plan_action SET title = 'Other' WHERE title = 'Sign the contract'",
            "UPDATE plan_action SET title = 'Sign the contract' WHERE title = 'Other'",
        ),
        (
            "UPDATE document_link SET reference = 'other' WHERE about = 'maturity' AND reference = 'training'",
            "UPDATE document_link SET reference = 'training' WHERE about = 'maturity' AND reference = 'other'",
        ),
        (
            "UPDATE party SET name = 'Other' WHERE name = 'Archiveur Exemple'",
            "UPDATE party SET name = 'Archiveur Exemple' WHERE name = 'Other'",
        ),
    ],
)
def test_what_was_altered_is_not_stated_and_the_file_says_why_it_broke_off(
    wired: Wired, altering: str, mending: str
) -> None:
    before = set(wired.inspections.store.names())
    given_action(wired, title="Sign the contract")
    put_on_shelf(wired, Thing(About.MATURITY, "training"))
    a_processor(wired, "Archiveur Exemple")
    with wired.database.write_connection() as connection:
        connection.exec_driver_sql(altering)
    file_id = an_inspection(wired)
    with wired.database.write_connection() as connection:
        connection.exec_driver_sql(mending)

    assert (told(wired, file_id).state, told(wired, file_id).failure) == (InspectionState.FAILED, "altered")
    assert set(wired.inspections.store.names()) == before


def test_a_file_may_be_about_some_activities_only(wired: Wired) -> None:
    files = unpacked(archive_of(wired, an_inspection(wired, only=("loyalty",))))

    register = next(content for path, content in files.items() if path.endswith("register.json"))
    assert [each["slug"] for each in json.loads(register)["activities"]] == ["loyalty"]
    assert json.loads(files["manifest.json"])["activities"] == ["loyalty"]
    assert "limités à ces activités" in files["00-index.pdf"].decode()


@pytest.mark.parametrize("more", [{"only": ("nothing-of-the-kind",)}, {"languages": ()}, {"languages": ("de",)}])
def test_what_is_not_there_is_refused(wired: Wired, more: dict[str, Any]) -> None:
    with pytest.raises(InspectionScopeError):
        ordered(wired, **more)


@pytest.mark.parametrize("occasion", ["", "  ", "x" * 201])
def test_nobody_makes_one_without_saying_why(wired: Wired, occasion: str) -> None:
    with pytest.raises(OccasionMissingError):
        ordered(wired, occasion=occasion)


def test_only_those_who_keep_the_file_make_and_take_one(wired: Wired, made: Made) -> None:
    for role in (Role.AUDITOR, Role.OWNER, Role.ADMIN, Role.SECURITY):
        with pytest.raises(NotYoursError):
            ordered(wired, role=role)
        with pytest.raises(NotYoursError):
            archive_of(wired, made.file_id, role)


def test_one_that_is_discarded_while_it_is_made_goes_no_further(wired: Wired) -> None:
    before = set(wired.inspections.store.names())
    file_id = ordered(wired)
    worker = worker_of_files(wired)
    worker.run_once()
    with wired.write() as session:
        discard_inspection(session, wired.inspections, acting(wired, Role.DPO), file_id)
    while worker.run_once():
        pass

    assert told(wired, file_id).state is InspectionState.EXPIRED
    assert set(wired.inspections.store.names()) == before


def test_a_file_altered_outside_is_not_given(wired: Wired, made: Made) -> None:
    with wired.database.write_connection() as connection:
        connection.execute(update(InspectionFile).values(occasion="Other"))

    with pytest.raises(AttestationError):
        archive_of(wired, made.file_id)

    with wired.database.write_connection() as connection:
        connection.execute(update(InspectionFile).values(occasion=OCCASION))


def test_a_cell_that_begins_like_a_formula_leaves_as_text() -> None:
    out = io.BytesIO()
    write_table(out, Table(columns=[("A", 50), ("B", 50)], rows=[("=1+1", "@SUM(A1)")]))

    assert out.getvalue().decode("utf-8-sig").splitlines() == ["A;B", "'=1+1;'@SUM(A1)"]
