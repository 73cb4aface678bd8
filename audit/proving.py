"""Makes the proofs that others check: an entry in the log of a checkpoint, one checkpoint in a later one."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.errors import EntryNotFoundError, LogTamperedError, NotYetSignedError
from audit.merkle import leaf_hash, root_from_inclusion
from audit.models import Leaf, LogEntry
from audit.notes import TreeHead, split_note
from audit.proofs import EntryProof
from audit.tree import StoredTree
from governance.errors import phrase


def prove(session: Session, note: str, entry: uuid.UUID | int) -> str:
    """Return the proof that an entry stands in the log of a checkpoint, as tlog-proof text.

    Args:
        session: Where to read.
        note: The checkpoint, as published.
        entry: The entry's id, or its index.

    Raises:
        EntryNotFoundError: If the log has no such entry.
        NotYetSignedError: If it is newer than the checkpoint.
        LogTamperedError: If what the database holds does not lead to the checkpoint's root.
    """
    head = TreeHead.parse(split_note(note)[0])
    by = Leaf.leaf_index == entry if isinstance(entry, int) else Leaf.leaf_index == _index_of(session, entry)
    row = session.execute(
        select(Leaf.leaf_index, Leaf.data, LogEntry.salt, LogEntry.body)
        .join_from(Leaf, LogEntry, Leaf.leaf_index == LogEntry.leaf_index, isouter=True)
        .where(by)
    ).first()
    if row is None:
        raise EntryNotFoundError(entry=str(entry))
    index, data, salt, body = row
    if index >= head.size:
        raise NotYetSignedError(index=index, size=head.size)
    path = StoredTree(session).inclusion(index, head.size)
    if root_from_inclusion(index, head.size, leaf_hash(data), path) != head.root:
        raise LogTamperedError(index=index, reason=phrase("the database does not lead to the root that was signed"))
    return EntryProof(index=index, path=tuple(path), checkpoint=note, salt=salt, body=body).text()


def prove_consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the hashes that show that the log of one size is the beginning of that of a later size.

    Raises:
        LogTamperedError: If leaves or tiles are missing.
        ValueError: If the sizes are not in order.
    """
    return StoredTree(session).consistency(old, new)


def _index_of(session: Session, entry_id: uuid.UUID) -> int:
    index = session.scalars(select(LogEntry.leaf_index).where(LogEntry.id == entry_id)).first()
    if index is None:
        raise EntryNotFoundError(entry=str(entry_id))
    return index
