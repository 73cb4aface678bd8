"""Our notes, proofs and tiles, checked by a program that we did not write: Go's `sumdb/note` and `sumdb/tlog`.

Debian's packages `golang-go` and `golang-golang-x-mod-dev` bring it; nothing is fetched.
"""

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from audit.proving import prove, prove_consistency
from audit.tiles import TILE_WIDTH
from audit.tree import entry_bundle, hash_tile
from tests.builders.audit import AnchoredLog

SOURCE = Path(__file__).parent / "outside" / "main.go"
DEBIAN_GO_PATH = "/usr/share/gocode"


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built once."""
    go = shutil.which("go")
    assert go, "install golang-go and golang-golang-x-mod-dev"
    program = tmp_path_factory.mktemp("outside") / "check"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": DEBIAN_GO_PATH, "GOFLAGS": ""}
    if "HOME" not in os.environ:
        environment["GOCACHE"] = str(tmp_path_factory.mktemp("go-cache"))
    built = subprocess.run(
        [go, "build", "-o", str(program), str(SOURCE)], env=environment, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return program


def publish(log: AnchoredLog, folder: Path, old: int, new: int) -> None:
    """Grow the log to two sizes, and write down what its interface serves."""
    log.grow(old)
    older = log.checkpoint()
    log.grow(new - old, start=old)
    newer = log.checkpoint()
    folder.mkdir()
    (folder / "verifier-key").write_text(f"{log.verifier}\n", encoding="utf-8")
    (folder / "old").write_text(older.note, encoding="utf-8")
    (folder / "new").write_text(newer.note, encoding="utf-8")
    with log.database.read() as session:
        (folder / "proof").write_text(prove(session, newer.note, old // 2), encoding="utf-8")
        hashes = prove_consistency(session, old, new)
        (folder / "consistency").write_text(
            "".join(f"{base64.b64encode(sibling).decode()}\n" for sibling in hashes), encoding="utf-8"
        )
        level, width = 0, new
        while width:
            for number in range(-(-width // TILE_WIDTH)):
                here = min(TILE_WIDTH, width - number * TILE_WIDTH)
                path = (
                    folder / "tile" / str(level) / (f"{number:03}" if here == TILE_WIDTH else f"{number:03}.p/{here}")
                )
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(hash_tile(session, level, number, here))
            level, width = level + 1, width // TILE_WIDTH
        (folder / "tile" / "entries").mkdir()
        (folder / "tile" / "entries" / "000").write_bytes(entry_bundle(session, 0, TILE_WIDTH))


def run(outside: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(outside), str(folder)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("old", "new"), [(1, 300), (256, 700)])
def test_go_accepts_what_we_publish(anchored: AnchoredLog, outside: Path, tmp_path: Path, old: int, new: int) -> None:
    publish(anchored, tmp_path / "out", old, new)

    done = run(outside, tmp_path / "out")

    assert done.stdout == f"ok demo.example/log {old} {new}\n", done.stderr


@pytest.mark.parametrize(
    "name",
    ["old", "new", "proof", "consistency", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"],
)
def test_go_refuses_what_was_changed(anchored: AnchoredLog, outside: Path, tmp_path: Path, name: str) -> None:
    publish(anchored, tmp_path / "out", 200, 300)
    path = tmp_path / "out" / name
    raw = path.read_bytes()
    place = raw.index(b"extra ") + 20 if name == "proof" else 5
    path.write_bytes(raw[:place] + bytes([raw[place] ^ 2]) + raw[place + 1 :])

    assert run(outside, tmp_path / "out").returncode == 1
