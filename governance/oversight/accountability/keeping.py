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


def locked_record(session: Session, model: type[_Row], record_id: uuid.UUID) -> _Row:
    """Return a row of the file that is to be corrected whole, and so may have been altered outside Égide.

    Raises:
        RecordNotFoundError: If there is none.
    """
    found = session.get(model, record_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise RecordNotFoundError
    return found


def write_whole(desk: Desk, row: Attested, terms: dict[str, Any]) -> bool:
    """Write all columns of a row but its identifier; say whether it was written anew, having been altered.

    What was altered outside Égide is written anew by a person who gives every value of it (docs/adr/0089).
    """
    anew = not desk.attestor.is_whole(row)
    for name, value in terms.items():
        setattr(row, name, value)
    if anew:
        desk.attestor.sign_anew(row)
    return anew


def record_kept(
    session: Session, actor: Actor, target: tuple[str, uuid.UUID], *, new: bool, anew: bool = False, **details: Any
) -> None:
    """Record that a row was added or corrected.

    Args:
        session: The transaction of the change.
        actor: Who.
        target: What kind of thing, and which one.
        new: Whether it was not there before.
        anew: Whether it had been altered outside Égide.
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
            details={"verb": f"{'add' if new else 'change'}-{kind}", **({"anew": True} if anew else {}), **details},
        ),
    )
