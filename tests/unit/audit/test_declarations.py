"""What the log's key signs beside checkpoints: neither kind can be taken for the other."""

import pytest

from audit.declarations import Declaration, open_declaration
from audit.notes import NoteError, SigningKey, TreeHead, open_checkpoint

KEY = SigningKey(name="example.org/log", seed=bytes(range(32)))
DECLARED = Declaration(kind="inspection", reference="2026-003", digest="ab" * 32)


def test_what_was_declared_is_read_back_with_the_logs_public_key_alone() -> None:
    assert open_declaration(DECLARED.sign(KEY), KEY.verifier, "inspection") == DECLARED


@pytest.mark.parametrize("reference", ["3", "2026", "", "2026 003", "2026-003\n5", "-", "2026-"])
def test_a_reference_that_could_be_the_size_of_a_tree_is_not_signed(reference: str) -> None:
    with pytest.raises(NoteError):
        Declaration(kind="inspection", reference=reference, digest="ab" * 32).sign(KEY)


def test_a_checkpoint_is_no_declaration_under_whatever_name() -> None:
    for name in (KEY.name, f"{KEY.name}/inspection"):
        key = SigningKey(name=name, seed=KEY.seed)
        note = key.sign(TreeHead(origin=name, size=7, root=bytes(32)).text())
        with pytest.raises(NoteError):
            open_declaration(note, KEY.verifier, "inspection")


def test_a_declaration_is_no_checkpoint_under_whatever_name() -> None:
    note = DECLARED.sign(KEY)
    for name in (KEY.name, f"{KEY.name}/inspection"):
        with pytest.raises(NoteError):
            open_checkpoint(note, SigningKey(name=name, seed=KEY.seed).verifier)


def test_a_declaration_of_another_kind_or_key_is_refused() -> None:
    with pytest.raises(NoteError):
        open_declaration(DECLARED.sign(KEY), KEY.verifier, "print")
    with pytest.raises(NoteError):
        open_declaration(DECLARED.sign(KEY), SigningKey(name=KEY.name, seed=bytes(32)).verifier, "inspection")
    with pytest.raises(NoteError):
        open_declaration(DECLARED.sign(KEY).replace("ab" * 32, "cd" * 32), KEY.verifier, "inspection")
