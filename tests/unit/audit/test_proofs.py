"""Proofs as text: what they carry, and what is not one."""

import pytest

from audit.leaves import commitment
from audit.merkle import Frontier, ProofError, inclusion_proof, leaf_hash, subtree_root
from audit.notes import NoteError, SigningKey, TreeHead
from audit.proofs import EntryProof, verify_proof

KEY = SigningKey(name="demo.example/log", seed=bytes(range(32)))
SALT = bytes(32)
BODIES = [f'{{"n":{n}}}'.encode() for n in range(8)]
LEAVES = [leaf_hash(commitment(SALT, body)) for body in BODIES]


def note(size: int = 8) -> str:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    return KEY.sign(TreeHead(origin=KEY.name, size=size, root=frontier.root()).text())


def proof(index: int = 5) -> EntryProof:
    path = inclusion_proof(lambda level, i: subtree_root(LEAVES[i << level : (i + 1) << level]), index, 8)
    return EntryProof(index=index, path=tuple(path), checkpoint=note(), salt=SALT, body=BODIES[index])


@pytest.mark.parametrize("index", range(8))
def test_a_proof_is_checked_with_the_public_key_alone(index: int) -> None:
    head, read = verify_proof(proof(index).text(), KEY.verifier)

    assert head.size == 8
    assert read == proof(index)


def test_a_proof_is_written_as_the_specification_says() -> None:
    lines = proof().text().split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 5"
    assert lines[6:9] == ["", "demo.example/log", "8"]


def test_a_proof_of_a_purged_entry_needs_the_leaf() -> None:
    bare = EntryProof(index=5, path=proof().path, checkpoint=note())

    assert "extra" not in bare.text()
    assert verify_proof(bare.text(), KEY.verifier, commitment(SALT, BODIES[5]))[1].index == 5
    with pytest.raises(ProofError, match="leaf has to be given"):
        verify_proof(bare.text(), KEY.verifier)
    with pytest.raises(ProofError, match="does not lead"):
        verify_proof(bare.text(), KEY.verifier, commitment(SALT, BODIES[4]))


def test_a_proof_of_another_leaf_is_refused() -> None:
    with pytest.raises(ProofError, match="another leaf"):
        verify_proof(proof().text(), KEY.verifier, commitment(SALT, BODIES[4]))


def test_each_changed_byte_refuses_the_proof() -> None:
    raw = proof().text().encode()
    for place in range(len(raw)):
        damaged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((ProofError, NoteError, UnicodeDecodeError)):
            verify_proof(damaged.decode(), KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\n\n" + note(),
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" + note(),
        "c2sp.org/tlog-proof@v1\nindex 00\n\n" + note(),
        "c2sp.org/tlog-proof@v1\nindex x\n\n" + note(),
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n" + note(),
        "c2sp.org/tlog-proof@v1\nindex 0\n????\n\n" + note(),
        "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\n" + note(),
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        EntryProof.parse(text)
