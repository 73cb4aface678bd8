"""The signer: it publishes checkpoints, and never one that does not extend the last in its anchor.

It trusts the anchor and the keys, not the database. The tree that was signed last has to be found again in the
database, each leaf since has to be attested in its place and committed to its entry, and the head has to say exactly
what comes of it. A database that was set back or rewritten gets no signature, even from whoever holds the real key.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.checkpoints import Checkpoint, to_checkpoint
from audit.declarations import Declaration
from audit.envelopes import seal_envelope
from audit.errors import LogTamperedError, SignerRefusedError
from audit.leaves import LeafKey, commitment, same
from audit.merkle import Frontier, leaf_hash
from audit.models import Leaf, LogEntry, LogHead, PublishedCheckpoint
from audit.notes import NoteError, TreeHead, VerifierKey, open_checkpoint
from audit.tree import StoredTree
from governance.clock import Clock
from governance.database import Database
from governance.errors import phrase

_LEAVES_AT_ONCE: Final = 2_000


class Signer:
    """Publishes checkpoints of one log."""

    def __init__(self, database: Database, clock: Clock, anchor: Path, leaf_key: bytes) -> None:
        """Read nothing yet.

        Args:
            database: Where the log lies.
            clock: What dates the copies in the database.
            anchor: The anchor folder.
            leaf_key: The key that attests leaves and head.
        """
        self._database: Final = database
        self._clock: Final = clock
        self._anchor: Final = Anchor(anchor)
        self._key: Final = LeafKey(leaf_key)

    def checkpoint(self) -> Checkpoint:
        """Publish a checkpoint of the log as it is now, and return it; the last one where nothing was added.

        Raises:
            SignerRefusedError: If the database does not hold an extension of what was signed.
            AnchorUnusableError: If the anchor cannot be read, trusted or written.
        """
        with self._anchor.locked():
            signing_key = self._anchor.signing_key()
            last = self._anchor.last()
            signed = TreeHead(origin=signing_key.name, size=0, root=Frontier().root()) if last is None else last[1]
            with self._database.read() as session:
                head = self._extended(session, signed)
            if last is not None and head == signed:
                published = to_checkpoint(last[0], signed)
            else:
                note = signing_key.sign(head.text())
                self._anchor.publish(note)
                published = to_checkpoint(note, head, new=True)
        self._copy(published)
        return published

    def declare(self, declaration: Declaration) -> tuple[str, VerifierKey]:
        """Sign that a file which is to leave the house has such a digest; return the note, and the log's public key.

        Raises:
            AnchorUnusableError: If the key cannot be read.
        """
        key = self._anchor.signing_key()
        return declaration.sign(key), key.verifier

    def seal(self, content: bytes, kind: str) -> str:
        """Return content in an envelope that the log's key signed.

        Raises:
            AnchorUnusableError: If the key cannot be read.
        """
        return seal_envelope(self._anchor.signing_key(), content, kind)

    @property
    def verifier(self) -> VerifierKey:
        """The log's public key.

        Raises:
            AnchorUnusableError: If it cannot be read.
        """
        return self._anchor.verifier

    def _extended(self, session: Session, signed: TreeHead) -> TreeHead:
        head = session.get(LogHead, 1)
        size, peaks = (0, b"") if head is None else (head.size, head.frontier)
        if head is not None and not self._key.attests_head(size, peaks, head.mac):
            raise SignerRefusedError(index=size, reason=phrase("the head of the log is not attested"))
        if size < signed.size:
            raise SignerRefusedError(
                index=size,
                reason=phrase(
                    "the last checkpoint had {signed} entries, the database has {found}", signed=signed.size, found=size
                ),
            )
        self._check_copies(session, signed)
        try:
            frontier = StoredTree(session).frontier(signed.size)
        except LogTamperedError as error:
            raise SignerRefusedError(index=error.index, reason=error.reason) from None
        if frontier.root() != signed.root:
            raise SignerRefusedError(
                index=self._first_unattested(session, signed.size),
                reason=phrase("the first {size} entries are not those that were signed", size=signed.size),
            )
        self._grow(session, frontier, size)
        if frontier.peaks() != peaks:
            raise SignerRefusedError(index=signed.size, reason=phrase("the head of the log does not fit its leaves"))
        return TreeHead(origin=signed.origin, size=size, root=frontier.root())

    def _grow(self, session: Session, frontier: Frontier, size: int) -> None:
        """Add the leaves up to a size, each attested in its place and committed to its entry."""
        for place, entry_id, data, mac, salt, body in _leaves(session, frontier.size, size):
            if place != frontier.size:
                raise SignerRefusedError(index=frontier.size, reason=phrase("the leaf is missing"))
            if not same(mac, self._key.leaf_mac(place, entry_id, data)):
                raise SignerRefusedError(index=place, reason=phrase("the leaf is not attested"))
            # Between two checkpoints an entry may only vanish by a purge, which the full check covers.
            if salt is not None and body is not None and commitment(salt, body) != data:
                raise SignerRefusedError(index=place, reason=phrase("the entry is not what its leaf commits to"))
            frontier.append(leaf_hash(data))
        if frontier.size < size:
            raise SignerRefusedError(index=frontier.size, reason=phrase("the leaf is missing"))

    def _first_unattested(self, session: Session, size: int) -> int:
        """Return the first leaf that is missing or not attested, to say where to look; the size where there is none."""
        expected = 0
        for place, entry_id, data, mac, _, _ in _leaves(session, 0, size):
            if place != expected or not same(mac, self._key.leaf_mac(place, entry_id, data)):
                break
            expected += 1
        return expected

    def _check_copies(self, session: Session, signed: TreeHead) -> None:
        """Refuse an anchor that has lost what the database still shows was published. Anybody can write other rows."""
        copies = session.scalars(
            select(PublishedCheckpoint.note)
            .where(PublishedCheckpoint.size > signed.size)
            .order_by(PublishedCheckpoint.size)
        )
        for note in copies:
            with suppress(NoteError):
                lost = open_checkpoint(note, self._anchor.verifier).size
                raise SignerRefusedError(
                    index=lost,
                    reason=phrase("a checkpoint of {lost} entries was published and is not in the anchor", lost=lost),
                )

    def _copy(self, published: Checkpoint) -> None:
        """Leave a copy in the database, or the next time: the checkpoint itself is published already."""
        with suppress(DBAPIError), self._database.write_connection() as connection:
            there = select(PublishedCheckpoint.size).where(PublishedCheckpoint.size == published.size)
            if connection.execute(there).first() is None:
                copy = {"size": published.size, "note": published.note, "at": self._clock.now()}
                connection.execute(insert(PublishedCheckpoint), copy)


def _leaves(
    session: Session, start: int, end: int
) -> Iterator[Row[int, UUID, bytes, bytes, bytes | None, bytes | None]]:
    """Go through the leaves with salt and body of their entries, in order, however many there are."""
    while True:
        rows = session.execute(
            select(Leaf.leaf_index, Leaf.entry_id, Leaf.data, Leaf.mac, LogEntry.salt, LogEntry.body)
            .join_from(Leaf, LogEntry, Leaf.leaf_index == LogEntry.leaf_index, isouter=True)
            .where(Leaf.leaf_index >= start, Leaf.leaf_index < end)
            .order_by(Leaf.leaf_index)
            .limit(_LEAVES_AT_ONCE)
        ).all()
        if not rows:
            return
        yield from rows
        start = rows[-1].leaf_index + 1
