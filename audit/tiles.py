"""Tiles of the tree: C2SP tlog-tiles, height 8.

A tile of level L holds 256 hashes of subtrees of 256^L leaves. Full tiles never change and are kept as rows, completed
in the transaction that adds their last leaf. Bundles of leaf data are cut from the leaves, which are the same bytes.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from audit.errors import LogTamperedError
from audit.merkle import HASH_BYTES, leaf_hash, subtree_root
from governance.errors import phrase

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT


class FullTile(NamedTuple):
    """A tile as it is kept."""

    level: int
    number: int
    hashes: bytes
    root: bytes


class TileRows(Protocol):
    """Where tiles and leaves are kept."""

    def leaf_data(self, cursor: Any, start: int, end: int) -> list[bytes]:
        """Return the data of the leaves from start to end (exclusive), in order."""
        ...

    def tile_roots(self, cursor: Any, level: int, start: int, end: int) -> list[bytes]:
        """Return the roots of the full tiles of a level from start to end (exclusive), in order."""
        ...

    def add_tile(self, cursor: Any, tile: FullTile) -> None:
        """Keep a full tile."""
        ...


def complete_tiles(rows: TileRows, cursor: Any, start: int, hashes: Sequence[bytes]) -> None:
    """Keep every tile that these new leaves fill.

    Args:
        rows: Where they are kept.
        cursor: A cursor in the transaction that adds the leaves.
        start: The place of the first new leaf.
        hashes: The hashes of the new leaves.

    Raises:
        LogTamperedError: If leaves or tiles that came before are missing.
    """
    end = start + len(hashes)
    first = start // TILE_WIDTH
    begin = first * TILE_WIDTH
    before = rows.leaf_data(cursor, begin, start) if begin < start else []
    if len(before) != start - begin:
        raise LogTamperedError(index=begin + len(before), reason=phrase("a leaf is missing"))
    level_hashes = [leaf_hash(data) for data in before] + list(hashes)
    for number in range(first, end // TILE_WIDTH):
        offset = (number - first) * TILE_WIDTH
        _keep(rows, cursor, 0, number, level_hashes[offset : offset + TILE_WIDTH])
        _complete_above(rows, cursor, number)


def _complete_above(rows: TileRows, cursor: Any, number: int) -> None:
    level = 0
    while (number + 1) % TILE_WIDTH == 0:
        level, end = level + 1, number + 1
        number //= TILE_WIDTH
        roots = rows.tile_roots(cursor, level - 1, end - TILE_WIDTH, end)
        if len(roots) != TILE_WIDTH:
            place = number * TILE_WIDTH ** (level + 1)
            raise LogTamperedError(index=place, reason=phrase("a tile of level {level} is missing", level=level - 1))
        _keep(rows, cursor, level, number, roots)


def _keep(rows: TileRows, cursor: Any, level: int, number: int, hashes: Sequence[bytes]) -> None:
    rows.add_tile(cursor, FullTile(level, number, b"".join(hashes), subtree_root(hashes)))


def split(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile, full or partial."""
    return [tile[i : i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES)]
