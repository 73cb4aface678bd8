"""Gives entries their places: the one algorithm by which the log grows.

Under the lock of the head row (SQLite: under the write lock of the transaction) it reads how far the log has come,
checks that this is what a holder of the key last wrote, numbers and attests the new leaves, writes them with their
entries, reads back what was written, completes the tiles that are full and moves the head. All of it belongs to one
transaction, the log's own or that of the change which is recorded.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from audit.drafts import Draft, Placed
from audit.entries import EntryRef
from audit.errors import LogTamperedError, LogUnavailableError
from audit.leaves import LeafKey, same
from audit.merkle import Frontier, leaf_hash
from audit.statements import Statements
from audit.tiles import TILE_WIDTH, complete_tiles


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction added: where each entry stands, and how far the log has come with it."""

    refs: list[EntryRef]
    size: int
    mac: bytes


class Sequencer:
    """Adds entries to the log of one database, in whichever transaction it is given."""

    def __init__(self, statements: Statements, key: LeafKey) -> None:
        """Keep what each addition needs.

        Args:
            statements: The statements of the database.
            key: The key that attests leaves and head.
        """
        self._statements: Final = statements
        self._key: Final = key
        self._lock = threading.Lock()
        self._seen = (0, b"")

    def add(self, cursor: Any, drafts: Sequence[Draft]) -> Batch:
        """Write the entries as the next leaves, in the cursor's transaction.

        Args:
            cursor: A cursor of the driver, in a transaction that may write.
            drafts: The entries, in their order.

        Raises:
            LogTamperedError: If the head or a row is not what the log wrote.
            LogUnavailableError: If a row that was written is not there.
        """
        frontier = self._locked_head(cursor)
        start = frontier.size
        placed = []
        hashes = []
        for index, draft in enumerate(drafts, start):
            placed.append(Placed(index, draft, self._key.leaf_mac(index, draft.entry.id, draft.data)))
            hashed = leaf_hash(draft.data)
            hashes.append(hashed)
            frontier.append(hashed)
        self._statements.insert(cursor, placed)
        if start // TILE_WIDTH != frontier.size // TILE_WIDTH:
            complete_tiles(self._statements, cursor, start, hashes)
        peaks = frontier.peaks()
        mac = self._key.head_mac(frontier.size, peaks)
        self._statements.move_head(cursor, frontier.size, peaks, mac)
        return Batch([EntryRef(index=p.index, id=p.draft.entry.id) for p in placed], frontier.size, mac)

    def committed(self, batch: Batch) -> None:
        """Remember how far the log has come, so that it cannot be set back unseen while this process lives."""
        with self._lock:
            if batch.size > self._seen[0]:
                self._seen = (batch.size, batch.mac)

    def _locked_head(self, cursor: Any) -> Frontier:
        seen_size, seen_mac = self._seen
        row = self._statements.lock_head(cursor)
        if row is None:
            if seen_size or self._statements.has_leaves(cursor):
                raise LogTamperedError(index=seen_size, reason="the head of the log is gone")
            self._statements.found(cursor, self._key.head_mac(0, b""))
            row = self._statements.lock_head(cursor)
            if row is None:
                raise LogUnavailableError(reason="the head of the log was not kept")
        size, peaks, mac = row
        if not same(mac, self._key.head_mac(size, peaks)):
            raise LogTamperedError(index=size, reason="the head of the log is not attested")
        if size < seen_size or (size == seen_size and not same(mac, seen_mac) and seen_size):
            raise LogTamperedError(index=size, reason=f"the log was at {seen_size} and has been set back")
        return Frontier(size, peaks)
