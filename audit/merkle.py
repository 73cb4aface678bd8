"""The Merkle tree of RFC 9162, section 2.1 (that of RFC 6962), with SHA-256.

A `Frontier` is a tree that only grows: the roots of its perfect subtrees, from the largest, at most 64 of them. Proofs
are made from any source of perfect subtrees' hashes, and checked with nothing but the hashes given. Standard library
only.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

# The hash of the perfect subtree of 2^level leaves, the index-th from the left.
Subtree = Callable[[int, int], bytes]


class ProofError(Exception):
    """A proof that does not show what it claims."""


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf. RFC 9162, section 2.1.1: domain separation by 0x00."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node. RFC 9162, section 2.1.1: domain separation by 0x01."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf and knows only its right edge."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        """Continue from a size and the concatenated roots of its perfect subtrees, from the largest.

        Raises:
            ValueError: If there is not one root for each bit of the size.
        """
        if len(peaks) != HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} has {size.bit_count()} peaks, got {len(peaks)} bytes")
        self.size = size
        self._peaks = [peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)]

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf, by its hash."""
        self.append_subtree(0, hashed_leaf)

    def append_subtree(self, level: int, root: bytes) -> None:
        """Add a perfect subtree of 2^level leaves.

        Raises:
            ValueError: If the size is no multiple of that.
        """
        size = self.size
        if size & ((1 << level) - 1):
            raise ValueError("a subtree can only follow a multiple of its size")
        full = size >> level
        while full & 1:
            root = node_hash(self._peaks.pop(), root)
            full >>= 1
        self._peaks.append(root)
        self.size = size + (1 << level)

    def root(self) -> bytes:
        """Return the tree head of RFC 9162."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def peaks(self) -> bytes:
        """Return the roots of the perfect subtrees, from the largest, side by side."""
        return b"".join(self._peaks)

    def copy(self) -> "Frontier":
        """Return a tree that grows apart from this one."""
        return Frontier(self.size, self.peaks())


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of hashes of one level."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def range_root(subtree: Subtree, start: int, end: int) -> bytes:
    """Return the hash over leaves start to end (exclusive); start is a multiple of the largest power of two within."""
    level = (end - start).bit_length() - 1
    whole = 1 << level
    if whole == end - start:
        return subtree(level, start >> level)
    return node_hash(subtree(level, start >> level), range_root(subtree, start + whole, end))


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """Prove that the leaf at an index is in the tree of a size. RFC 9162, section 2.1.3.1.

    Raises:
        ValueError: If there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            path.append(range_root(subtree, middle, end))
            end = middle
        else:
            path.append(range_root(subtree, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """Prove that the tree of the old size is the beginning of that of the new. RFC 9162, section 2.1.4.1.

    Raises:
        ValueError: If the sizes are not in order.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= middle:
            path.append(range_root(subtree, middle, end))
            end = middle
        else:
            path.append(range_root(subtree, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_root(subtree, start, end))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to. RFC 9162, section 2.1.3.2.

    Args:
        index: The place of the leaf.
        size: The size of the tree.
        leaf: The leaf's hash.
        path: The proof.

    Raises:
        ProofError: If the proof has the wrong length or place.
    """
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    root = leaf
    for left, sibling in _climb(index, size - 1, path):
        root = node_hash(sibling, root) if left else node_hash(root, sibling)
    return root


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check that the old tree is the beginning of the new. RFC 9162, section 2.1.4.2.

    Raises:
        ProofError: If it is not shown.
    """
    if not 0 < old <= new:
        raise ProofError(f"no proof from {old} to {new}")
    if old == new and not path:
        roots = old_root, old_root
    elif old == new:
        raise ProofError("the proof is too long")
    else:
        roots = _roots_from_consistency(old, new, old_root, path)
    if roots != (old_root, new_root):
        raise ProofError("the old tree is not the beginning of the new")


def _roots_from_consistency(old: int, new: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    # The root of a perfect old tree is left out of the path, since whoever checks it has it.
    given = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not given:
        raise ProofError("the proof is too short")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = given[0]
    for left, sibling in _climb(node, last, given[1:]):
        if left:
            first = node_hash(sibling, first)
        second = node_hash(sibling, second) if left else node_hash(second, sibling)
    return first, second


def _climb(node: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Say for each hash of a path whether it stands to the left, and check that the path ends at the root."""
    for sibling in path:
        if last == 0:
            raise ProofError("the proof is too long")
        left = bool(node & 1) or node == last
        yield left, sibling
        while left and node and not node & 1:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
