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

from audit.drafts import Draft, Head, Placed
from audit.entries import EntryRef
from audit.errors import LogTamperedError, LogUnavailableError
from audit.leaves import LeafKey, same
from audit.merkle import Frontier, leaf_hash
from audit.statements import Statements
from audit.summaries import complete_summaries
from audit.tiles import TILE_WIDTH, complete_tiles
from governance.errors import phrase


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction added: where each entry stands, and how far the log has come with it."""

    refs: list[EntryRef]
    head: Head


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
        self._seen = Head(0, b"", b"")

    def begin_and_add(self, cursor: Any, drafts: Sequence[Draft]) -> Batch:
        """Begin a transaction and write the entries as the next leaves.

        Args:
            cursor: A cursor of the driver, on a connection that begins nothing by itself.
            drafts: The entries, in their order.

        Raises:
            LogTamperedError: If the head or a row is not what the log wrote.
            LogUnavailableError: If a row that was written is not there.
        """
        return self._add(cursor, self._statements.begin(cursor), drafts)

    def add(self, cursor: Any, drafts: Sequence[Draft]) -> Batch:
        """Write the entries as the next leaves, in the cursor's transaction.

        Args:
            cursor: A cursor of the driver, in a transaction that may write.
            drafts: The entries, in their order.

        Raises:
            LogTamperedError: If the head or a row is not what the log wrote.
            LogUnavailableError: If a row that was written is not there.
        """
        return self._add(cursor, self._statements.lock_head(cursor), drafts)

    def _add(self, cursor: Any, found: Head | None, drafts: Sequence[Draft]) -> Batch:
        frontier = self._checked(cursor, found)
        start = frontier.size
        placed = []
        hashes = []
        for index, draft in enumerate(drafts, start):
            placed.append(Placed(index, draft, self._key.leaf_mac(index, draft.entry.id, draft.data)))
            hashed = leaf_hash(draft.data)
            hashes.append(hashed)
            frontier.append(hashed)
        if start // TILE_WIDTH != frontier.size // TILE_WIDTH:
            complete_tiles(self._statements, cursor, start, hashes)
            complete_summaries(self._statements, cursor, placed)
        peaks = frontier.peaks()
        head = Head(frontier.size, peaks, self._key.head_mac(frontier.size, peaks))
        self._statements.write(cursor, placed, head)
        return Batch([EntryRef(index=p.index, id=p.draft.entry.id) for p in placed], head)

    def committed(self, batch: Batch) -> None:
        """Remember how far the log has come, so that it cannot be set back unseen while this process lives."""
        with self._lock:
            if batch.head.size > self._seen.size:
                self._seen = batch.head

    def _checked(self, cursor: Any, found: Head | None) -> Frontier:
        seen = self._seen
        head = found or self._found(cursor, seen)
        if not self._key.attests_head(head.size, head.frontier, head.mac):
            raise LogTamperedError(index=head.size, reason=phrase("the head of the log is not attested"))
        if head.size < seen.size or (head.size == seen.size and seen.size and not same(head.mac, seen.mac)):
            raise LogTamperedError(
                index=head.size, reason=phrase("the log had come to {size} and has been set back", size=seen.size)
            )
        return Frontier(head.size, head.frontier)

    def _found(self, cursor: Any, seen: Head) -> Head:
        # Whoever founds the log at the same time is waited for here, and then its head is there.
        founded = self._statements.found(cursor, self._key.head_mac(0, b""))
        if founded and (seen.size or self._statements.has_leaves(cursor)):
            raise LogTamperedError(index=seen.size, reason=phrase("the head of the log is gone"))
        head = self._statements.lock_head(cursor)
        if head is None:
            raise LogUnavailableError(reason=phrase("the head of the log was not kept"))
        return head
