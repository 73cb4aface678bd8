"""The tree of RFC 9162: the vectors of Certificate Transparency, and a naive reference."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    check_consistency,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)

# The test data of certificate-transparency (RFC 6962), d0 to d7, and the roots of its first 1 to 8 leaves.
LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Its published paths: (leaf, size of the tree, hashes from the sibling up).
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# Its published consistency proofs: (old size, new size, hashes).
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


class Reference:
    """The definitions of RFC 9162, section 2.1, word for word."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves

    def root(self, start: int, end: int) -> bytes:
        if start == end:
            return hashlib.sha256(b"").digest()
        if end - start == 1:
            return leaf_hash(self.leaves[start])
        k = 1
        while k * 2 < end - start:
            k *= 2
        return node_hash(self.root(start, start + k), self.root(start + k, end))

    def subtree(self, level: int, index: int) -> bytes:
        return self.root(index << level, (index + 1) << level)


def grown(leaves: list[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf_hash(leaf))
    return frontier


def test_the_empty_tree_has_the_published_root() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_leaves_have_the_published_roots(size: int) -> None:
    assert grown(LEAVES[:size]).root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_an_inclusion_proof_is_the_published_one(index: int, size: int, path: list[str]) -> None:
    proof = inclusion_proof(Reference(LEAVES).subtree, index, size)

    assert [sibling.hex() for sibling in proof] == path
    assert root_from_inclusion(index, size, leaf_hash(LEAVES[index]), proof).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_a_consistency_proof_is_the_published_one(old: int, new: int, path: list[str]) -> None:
    proof = consistency_proof(Reference(LEAVES).subtree, old, new)

    assert [sibling.hex() for sibling in proof] == path
    check_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    reference = Reference(leaves)
    index = data.draw(st.integers(0, size - 1))
    root = reference.root(0, size)

    proof = inclusion_proof(reference.subtree, index, size)

    assert grown(leaves).root() == root
    assert root_from_inclusion(index, size, leaf_hash(leaves[index]), proof) == root
    for other in {0, size - 1, (index + 1) % size} - {index}:
        assert root_or_none(other, size, leaf_hash(leaves[index]), proof) != root
        assert root_or_none(index, size, leaf_hash(leaves[other]), proof) != root


@given(st.integers(1, 70), st.data())
def test_a_damaged_inclusion_proof_leads_elsewhere(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    reference = Reference(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(reference.subtree, index, size)
    root = reference.root(0, size)
    hashed = leaf_hash(leaves[index])

    assert root_or_none(index, size, hashed, [*proof, hashed]) is None
    for place in range(len(proof)):
        damaged = [*proof[:place], bytes(32), *proof[place + 1 :]]
        assert root_or_none(index, size, hashed, damaged) != root
        assert root_or_none(index, size, hashed, proof[:place]) != root


@given(st.integers(1, 70), st.data())
def test_consistency_is_shown_between_any_two_sizes(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    reference = Reference([number.to_bytes(2, "big") for number in range(new)])
    old_root, new_root = reference.root(0, old), reference.root(0, new)

    proof = consistency_proof(reference.subtree, old, new)

    check_consistency(old, new, old_root, new_root, proof)
    for damaged in ([*proof, old_root], *([*proof[:i], bytes(32), *proof[i + 1 :]] for i in range(len(proof)))):
        with pytest.raises(ProofError):
            check_consistency(old, new, old_root, new_root, damaged)
    with pytest.raises(ProofError):
        check_consistency(old, new, bytes(32), new_root, proof)
    with pytest.raises(ProofError):
        check_consistency(old, new, old_root, bytes(32), proof)


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_a_frontier_goes_on_from_what_was_kept_of_it(leaves: list[bytes], split: int) -> None:
    first = grown(leaves[:split])

    second = Frontier(first.size, first.peaks())
    for leaf in leaves[split:]:
        second.append(leaf_hash(leaf))

    assert second.root() == Reference(leaves).root(0, len(leaves))


def test_a_frontier_of_the_wrong_width_is_refused() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(3, bytes(32))


def test_a_subtree_follows_only_a_multiple_of_its_size() -> None:
    with pytest.raises(ValueError, match="multiple"):
        grown([b""]).append_subtree(1, bytes(32))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    reference = Reference(LEAVES)
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(reference.subtree, index, size)
    with pytest.raises(ProofError):
        root_from_inclusion(index, size, bytes(32), [])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_consistency_from_nothing_or_backwards(old: int, new: int) -> None:
    reference = Reference(LEAVES)
    with pytest.raises(ValueError, match="no proof"):
        consistency_proof(reference.subtree, old, new)
    with pytest.raises(ProofError):
        check_consistency(old, new, bytes(32), bytes(32), [])


def root_or_none(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    try:
        return root_from_inclusion(index, size, leaf, path)
    except ProofError:
        return None
