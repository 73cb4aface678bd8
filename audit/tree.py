"""The Merkle tree as the database holds it: full tiles, and leaves for the rest.

Every hash of the tree comes from at most a few rows: a stored tile, 256 leaves, or the tiles below one that is not full
yet. What is read here is not trusted; it is compared with a signed root by whoever asks.
"""

from collections import OrderedDict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.errors import LogTamperedError, NoSuchTileError
from audit.merkle import Frontier, consistency_proof, inclusion_proof, leaf_hash, subtree_root
from audit.models import Leaf, Tile
from audit.tiles import TILE_HEIGHT, TILE_WIDTH, split
from governance.errors import phrase

_KEPT_TILES: Final = 64


class StoredTree:
    """The hashes of the tree in one session."""

    def __init__(self, session: Session) -> None:
        """Read nothing yet; the session has to stay open."""
        self._session: Final = session
        self._tiles: OrderedDict[tuple[int, int], list[bytes] | None] = OrderedDict()

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of the perfect subtree of 2^level leaves, the index-th from the left.

        Raises:
            LogTamperedError: If leaves or tiles are missing.
        """
        tile_level, within = divmod(level, TILE_HEIGHT)
        start = index << within
        return subtree_root(self.hashes(tile_level, start, start + (1 << within)))

    def frontier(self, size: int) -> Frontier:
        """Return the tree of the first so many leaves, ready to grow.

        Raises:
            LogTamperedError: If leaves or tiles are missing.
        """
        peaks = []
        offset = 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                peaks.append(self.subtree(level, offset >> level))
                offset += 1 << level
        return Frontier(size, b"".join(peaks))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the inclusion proof of a leaf in the tree of a size."""
        return inclusion_proof(self.subtree, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of one size is the beginning of that of another."""
        return consistency_proof(self.subtree, old, new)

    def hashes(self, level: int, start: int, end: int) -> list[bytes]:
        """Return hashes of a tile's level from start to end (exclusive), all of one tile.

        Raises:
            LogTamperedError: If leaves or tiles are missing.
        """
        first = start // TILE_WIDTH * TILE_WIDTH
        kept = self._tile(level, start // TILE_WIDTH)
        if kept is not None:
            return kept[start - first : end - first]
        if level == 0:
            return self._leaf_hashes(start, end)
        return self._roots(level - 1, start, end)

    def _roots(self, level: int, start: int, end: int) -> list[bytes]:
        rows = self._session.execute(
            select(Tile.number, Tile.root)
            .where(Tile.level == level, Tile.number >= start, Tile.number < end)
            .order_by(Tile.number)
        ).all()
        found = {number for number, _ in rows}
        missing = next((number for number in range(start, end) if number not in found), None)
        if missing is not None:
            place = missing * TILE_WIDTH ** (level + 1)
            raise LogTamperedError(
                index=place, reason=phrase("tile {number} of level {level} is missing", number=missing, level=level)
            )
        return [root for _, root in rows]

    def _tile(self, level: int, number: int) -> list[bytes] | None:
        key = (level, number)
        if key in self._tiles:
            self._tiles.move_to_end(key)
            return self._tiles[key]
        stored = self._session.scalars(select(Tile.hashes).where(Tile.level == level, Tile.number == number)).first()
        found = None if stored is None else split(stored)
        if found is not None and len(found) != TILE_WIDTH:
            place = number * TILE_WIDTH ** (level + 1)
            raise LogTamperedError(
                index=place, reason=phrase("tile {number} of level {level} is not whole", number=number, level=level)
            )
        self._tiles[key] = found
        if len(self._tiles) > _KEPT_TILES:
            self._tiles.popitem(last=False)
        return found

    def _leaf_hashes(self, start: int, end: int) -> list[bytes]:
        rows = self._session.execute(
            select(Leaf.leaf_index, Leaf.data).where(Leaf.leaf_index >= start, Leaf.leaf_index < end)
            .order_by(Leaf.leaf_index)
        ).all()  # fmt: skip
        for expected, row in enumerate(rows, start):
            if row.leaf_index != expected:
                raise LogTamperedError(index=expected, reason=phrase("a leaf is missing"))
        if len(rows) != end - start:
            raise LogTamperedError(index=start + len(rows), reason=phrase("a leaf is missing"))
        return [leaf_hash(row.data) for row in rows]


def hash_tile(session: Session, level: int, number: int, width: int) -> bytes:
    """Return a tile as tlog-tiles serves it: its hashes side by side.

    Args:
        session: Where to read.
        level: The tile's level, 0 to 63.
        number: Its place in the level.
        width: Its width, 256 or less for a partial one.

    Raises:
        NoSuchTileError: If the log does not reach so far.
    """
    start = number * TILE_WIDTH
    try:
        return b"".join(StoredTree(session).hashes(level, start, start + width))
    except LogTamperedError:
        raise NoSuchTileError from None


def entry_bundle(session: Session, number: int, width: int) -> bytes:
    """Return the data of a tile's leaves, each after its length in two bytes: what tlog-tiles calls an entry bundle.

    Raises:
        NoSuchTileError: If the log does not reach so far.
    """
    start = number * TILE_WIDTH
    rows = session.scalars(
        select(Leaf.data).where(Leaf.leaf_index >= start, Leaf.leaf_index < start + width).order_by(Leaf.leaf_index)
    ).all()
    if len(rows) != width:
        raise NoSuchTileError
    return b"".join(len(data).to_bytes(2, "big") + data for data in rows)
