"""What every part of the file is kept with: found under a lock, written whole, and recorded without a word of it."""

import uuid
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.oversight.errors import RecordNotFoundError
from governance.vault.attest import Attested
from register.service import Desk

_Row = TypeVar("_Row", bound=Attested)


def find_record(session: Session, model: type[_Row], record_id: uuid.UUID) -> _Row:
    """Return a row of the file.

    Raises:
        RecordNotFoundError: If there is none.
    """
    found = session.get(model, record_id)
    if found is None:
        raise RecordNotFoundError
    return found


def locked_record(session: Session, desk: Desk, model: type[_Row], record_id: uuid.UUID) -> _Row:
    """Return a row of the file that is to be corrected, as Égide wrote it.

    Raises:
        RecordNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    found = session.get(model, record_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise RecordNotFoundError
    desk.attestor.verify(found)
    return found


def write_whole(row: Attested, terms: dict[str, Any]) -> None:
    """Write the columns of a row."""
    for name, value in terms.items():
        setattr(row, name, value)


def record_kept(session: Session, actor: Actor, target: tuple[str, uuid.UUID], *, new: bool, **details: Any) -> None:
    """Record that a row was added or corrected.

    Args:
        session: The transaction of the change.
        actor: Who.
        target: What kind of thing, and which one.
        new: Whether it was not there before.
        details: Counts and names of fields; never a word of what was written.
    """
    kind, identifier = target
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CREATE if new else Action.CHANGE,
            actor=actor,
            object_type=kind,
            object_id=str(identifier),
            details={"verb": f"{'add' if new else 'change'}-{kind}", **details},
        ),
    )
