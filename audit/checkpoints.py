"""What was published: checkpoints as values, and the copies that the database holds for those who serve them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.models import PublishedCheckpoint
from audit.notes import TreeHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A published checkpoint.

    Attributes:
        origin: Whose log.
        size: How many leaves.
        root: The root of the tree.
        note: The signed note, as published.
        new: Whether it was signed just now, or says what was said before.
    """

    origin: str
    size: int
    root: bytes
    note: str
    new: bool = False


def to_checkpoint(note: str, head: TreeHead, *, new: bool = False) -> Checkpoint:
    """Return a note with what it says."""
    return Checkpoint(origin=head.origin, size=head.size, root=head.root, note=note, new=new)


def latest_note(session: Session) -> str | None:
    """Return the newest checkpoint that the database knows, as a note: what `GET /audit/checkpoint` serves."""
    newest = select(PublishedCheckpoint.note).order_by(PublishedCheckpoint.size.desc()).limit(1)
    return session.scalars(newest).first()
