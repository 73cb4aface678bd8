"""Tiles, summaries and head: what the database derives from the leaves, derived again and compared."""

from typing import Final

from pyroaring import BitMap
from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.leaves import LeafKey
from audit.merkle import HASH_BYTES, Frontier, subtree_root
from audit.subjects import to_bitmap
from audit.summaries import subjects_of
from audit.tiles import TILE_WIDTH, split
from audit.verify import Report

_TILE: Final = text("SELECT hashes, root FROM audit_tile WHERE level = :level AND number = :number")
_TILES: Final = text("SELECT level, count(*) FROM audit_tile GROUP BY level ORDER BY level")
_SUMMARY: Final = text("SELECT subjects FROM audit_subjects WHERE number = :number")
_SUMMARIES: Final = text("SELECT count(*) FROM audit_subjects")
_HEADS: Final = text("SELECT id, size, frontier, mac FROM audit_head")


class Derived:
    """Derives tiles and summaries again while the leaves go by."""

    def __init__(self, session: Session, report: Report) -> None:
        """Read nothing yet."""
        self._session: Final = session
        self._report: Final = report
        self._levels: list[list[bytes]] = []
        self._subjects = BitMap()

    def add(self, index: int, hashed_leaf: bytes, body: bytes | None) -> None:
        """Take the next leaf, and its entry's body where it stands."""
        if index % TILE_WIDTH == 0:
            self._subjects = BitMap()
        if body is not None:
            self._subjects |= subjects_of(body)
        self._add_hash(0, index, hashed_leaf)
        if index % TILE_WIDTH == TILE_WIDTH - 1:
            self._check_summary(index // TILE_WIDTH)

    def check_counts(self, size: int) -> None:
        """Report tiles and summaries beyond those that a tree of this size has."""
        for level, count in self._session.execute(_TILES).all():
            expected = size // TILE_WIDTH ** (level + 1) if level >= 0 else 0
            if count > expected:
                self._report.find("tile", f"{count} tiles of level {level}, a log of {size} has {expected}")
        summaries = self._session.scalars(_SUMMARIES).one()
        if summaries > size // TILE_WIDTH:
            self._report.find("summary", f"{summaries} summaries, a log of {size} has {size // TILE_WIDTH}")

    def check_head(self, frontier: Frontier, key: LeafKey) -> None:
        """Report a head that does not say what the leaves say."""
        heads = self._session.execute(_HEADS).all()
        if not heads and frontier.size == 0:
            return
        if [head.id for head in heads] != [1]:
            self._report.find("head", "the log has not exactly one head")
            return
        (head,) = heads
        if head.size != frontier.size:
            self._report.find("head", f"it says {head.size}, the log has {frontier.size} leaves", frontier.size)
        if head.frontier != frontier.peaks():
            self._report.find("head", "its hashes are not those of the leaves")
        if head.mac != key.head_mac(frontier.size, frontier.peaks()):
            self._report.find("head", "it is not attested")

    def _add_hash(self, level: int, index: int, hashed: bytes) -> None:
        if len(self._levels) == level:
            self._levels.append([])
        if index % TILE_WIDTH == 0:
            self._levels[level].clear()
        self._levels[level].append(hashed)
        # After a gap in the leaves a tile cannot be derived, and is left to the finding of the gap.
        if index % TILE_WIDTH == TILE_WIDTH - 1 and len(self._levels[level]) == TILE_WIDTH:
            number = index // TILE_WIDTH
            root = self._check_tile(level, number, self._levels[level])
            self._add_hash(level + 1, number, root)

    def _check_tile(self, level: int, number: int, derived: list[bytes]) -> bytes:
        """Compare a tile; return the root of what stands there where it can be used, so one change is reported once."""
        place = number * TILE_WIDTH ** (level + 1)
        row = self._session.execute(_TILE, {"level": level, "number": number}).first()
        if row is None or not isinstance(row.hashes, bytes) or len(row.hashes) != TILE_WIDTH * HASH_BYTES:
            self._report.find("tile", f"tile {number} of level {level} is missing or not whole", place)
            return subtree_root(derived)
        stored = split(row.hashes)
        for i, (got, wanted) in enumerate(zip(stored, derived, strict=True)):
            if got != wanted:
                at = place + i * TILE_WIDTH**level
                self._report.find("tile", f"hash {i} of tile {number}, level {level}, is not that of the leaves", at)
        root = subtree_root(stored)
        if row.root != root:
            self._report.find("tile", f"the root of tile {number}, level {level}, is not that of its hashes", place)
        return root

    def _check_summary(self, number: int) -> None:
        stored = self._session.scalars(_SUMMARY, {"number": number}).first()
        try:
            same = isinstance(stored, bytes) and to_bitmap(stored) == self._subjects
        except ValueError:
            same = False
        if not same:
            self._report.find("summary", f"number {number} does not name the data subjects", number * TILE_WIDTH)
