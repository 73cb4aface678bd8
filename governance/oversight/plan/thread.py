"""The thread of an action, or of anything of the file: each thing that was done, dated, from the log."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Outcome
from audit.search import Filters, FoundEntry, search
from governance.identity.service import called
from governance.oversight.models import ActionStep, PlanAction
from governance.oversight.plan.service import OBJECT
from governance.vault.attest import attestor_of

_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that was done.

    Attributes:
        index: Where the log has it.
        verb: What, as the log calls it.
        who: What the person who did it is called; None where no account is known.
        revision: The revision or version that it made.
        note: What the person wrote.
        altered: Whether what they wrote was altered outside Égide: then it is not given.
    """

    index: int
    at: datetime
    verb: str
    who: str | None
    revision: int | None = None
    note: str = ""
    altered: bool = False


def deeds_of(session: Session, kind: str, identifier: uuid.UUID) -> list[Deed]:
    """Return the newest facts of a thing, newest first, in two statements."""
    found = search(session, Filters(object_type=kind, object_id=str(identifier)), limit=_MOST)
    entries = [entry for entry in found if entry.said["outcome"] == Outcome.DONE.value]
    names = called(session, {who for entry in entries if (who := _actor_of(entry)) is not None})
    return [
        Deed(
            index=entry.index,
            at=datetime.fromisoformat(entry.said["at"]),
            verb=str(entry.said["details"].get("verb", "")),
            who=names.get(_actor_of(entry) or uuid.UUID(int=0)),
            revision=entry.said["details"].get("revision"),
        )
        for entry in entries
    ]


def thread_of_action(session: Session, action: PlanAction) -> list[Deed]:
    """Return what was done with an action, with the words that came with each step, in three statements."""
    attestor = attestor_of(session)
    steps = session.scalars(select(ActionStep).where(ActionStep.action_id == action.id))
    # What came with a step, or None where nobody can tell any more.
    notes = {step.revision: step.note if attestor.is_whole(step) else None for step in steps}
    deeds = deeds_of(session, OBJECT, action.id)
    words = ((deed, notes.get(deed.revision or 0, "")) for deed in deeds)
    return [replace(deed, note=note or "", altered=note is None) for deed, note in words]


def _actor_of(entry: FoundEntry) -> uuid.UUID | None:
    actor = entry.said["actor"].get("id")
    return None if actor is None else uuid.UUID(actor)
