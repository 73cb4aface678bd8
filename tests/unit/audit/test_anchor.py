"""The anchor folder: made once, closed to others, only ever added to."""

import stat
from pathlib import Path

import pytest

from audit.anchor import Anchor, create
from audit.errors import AnchorExistsError, AnchorUnusableError
from audit.notes import SigningKey, TreeHead
from tests.builders.audit import ORIGIN


@pytest.fixture
def anchor(tmp_path: Path) -> Anchor:
    return create(tmp_path / "anchor", ORIGIN)


def publish(anchor: Anchor, *sizes: int) -> list[str]:
    notes = [anchor.signing_key().sign(TreeHead(origin=ORIGIN, size=n, root=bytes(32)).text()) for n in sizes]
    for note in notes:
        with anchor.locked():
            anchor.publish(note)
    return notes


def test_an_anchor_is_closed_to_others(anchor: Anchor, tmp_path: Path) -> None:
    folder = tmp_path / "anchor"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert anchor.verifier.name == ORIGIN


def test_an_anchor_is_made_once(anchor: Anchor, tmp_path: Path) -> None:
    key = anchor.verifier

    with pytest.raises(AnchorExistsError):
        create(tmp_path / "anchor", "other.example/log")

    assert anchor.verifier == key


def test_a_log_needs_a_name_that_a_note_can_carry(tmp_path: Path) -> None:
    with pytest.raises(AnchorUnusableError):
        create(tmp_path, "a log")


def test_what_was_published_is_read_again(anchor: Anchor) -> None:
    assert anchor.last() is None
    notes = publish(anchor, 1, 5, 9)

    last = anchor.last()
    assert last is not None
    assert (last[0], last[1].size) == (notes[-1], 9)
    assert [(note, head.size) for note, head in anchor.history()] == list(zip(notes, [1, 5, 9], strict=True))


def test_the_last_checkpoint_is_found_in_a_long_history(anchor: Anchor) -> None:
    notes = publish(anchor, *range(600))

    last = anchor.last()
    assert last is not None
    assert last[0] == notes[-1]


def test_a_half_written_checkpoint_was_never_published(anchor: Anchor, tmp_path: Path) -> None:
    notes = publish(anchor, 1, 5)
    path = tmp_path / "anchor" / "checkpoints"
    whole = path.read_bytes()
    lost = (anchor.signing_key().sign(TreeHead(origin=ORIGIN, size=7, root=bytes(32)).text()) + "\n").encode()

    for cut in range(len(lost)):
        path.write_bytes(whole + lost[:cut])
        last = anchor.last()
        assert last is not None
        assert last[0] == notes[-1], cut
        assert len(list(anchor.history())) == 2, cut

    path.write_bytes(whole + lost[:40])
    publish(anchor, 8)
    assert [head.size for _, head in anchor.history()] == [1, 5, 8]


def test_a_history_that_goes_backwards_is_refused(anchor: Anchor) -> None:
    publish(anchor, 5, 3)

    with pytest.raises(AnchorUnusableError, match="smaller"):
        list(anchor.history())


def test_a_checkpoint_of_another_key_is_refused(anchor: Anchor) -> None:
    stranger = SigningKey(name=ORIGIN, seed=bytes(32))
    with anchor.locked():
        anchor.publish(stranger.sign(TreeHead(origin=ORIGIN, size=1, root=bytes(32)).text()))

    with pytest.raises(AnchorUnusableError):
        anchor.last()


def test_a_signing_key_that_others_may_read_is_refused(anchor: Anchor, tmp_path: Path) -> None:
    (tmp_path / "anchor" / "signing-key").chmod(0o640)

    with pytest.raises(AnchorUnusableError, match="others"):
        anchor.signing_key()


def test_another_signing_key_is_refused(anchor: Anchor, tmp_path: Path) -> None:
    other = SigningKey(name=ORIGIN, seed=bytes(32))
    (tmp_path / "anchor" / "signing-key").write_text(other.encode(), encoding="utf-8")

    with pytest.raises(AnchorUnusableError, match="not the key"):
        anchor.signing_key()


@pytest.mark.parametrize("name", ["signing-key", "verifier-key", "checkpoints"])
def test_a_missing_file_makes_the_anchor_unusable(anchor: Anchor, tmp_path: Path, name: str) -> None:
    (tmp_path / "anchor" / name).unlink()

    with pytest.raises(AnchorUnusableError), anchor.locked():
        anchor.signing_key()


@pytest.mark.parametrize("name", ["signing-key", "verifier-key"])
def test_a_damaged_key_makes_the_anchor_unusable(anchor: Anchor, tmp_path: Path, name: str) -> None:
    (tmp_path / "anchor" / name).write_bytes(b"\xff")
    with pytest.raises(AnchorUnusableError):
        anchor.signing_key()
    (tmp_path / "anchor" / name).write_bytes(b"nonsense")
    with pytest.raises(AnchorUnusableError):
        anchor.signing_key()
