"""The thread of an activity: each step and each correction, dated, from the log. GDPR Art. 5(2)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Outcome
from audit.search import Filters, FoundEntry, search
from governance.identity.service import called
from governance.vault.attest import attestor_of
from register.models import Activity, ActivityVersion, Party
from register.service.catalogue.parties import PARTY
from register.service.life.reviews import HOUSE_PERIOD
from register.service.life.versions import version_numbers
from register.service.recording import ACTIVITY
from register.verified import Altered, verified_rows

MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFact:
    """One thing that was done to an activity.

    Attributes:
        index: Where the log has it.
        at: When.
        verb: What, as the log calls it.
        who: What the person who did it is called; None where no account is known.
        purpose: The slug of the purpose concerned.
        mode: The mode that was set.
        note: What the person wrote.
        fields: Which fields of a party were corrected.
        revision: The version that it kept; None for a correction, which keeps none.
        number: What people call that version.
    """

    index: int
    at: datetime
    verb: str
    who: str | None
    purpose: str | None = None
    mode: str | None = None
    note: str = ""
    revision: int | None = None
    number: int | None = None
    fields: tuple[str, ...] = ()


def thread_of(session: Session, activity: Activity, limit: int = MOST) -> list[ThreadFact]:
    """Return the newest facts of an activity, newest first, in four statements.

    What somebody else wrote into a version is not told as the note of whoever took the step, and no version that is
    gone is led to.
    """
    entries = search(session, Filters(object_type=ACTIVITY, object_id=str(activity.id)), limit=limit)
    entries = [entry for entry in entries if entry.said["outcome"] == Outcome.DONE.value]
    names = called(session, {who for entry in entries if (who := _actor_of(entry)) is not None})
    mine = ActivityVersion.activity_id == activity.id
    versions = verified_rows(session, attestor_of(session), ActivityVersion, ("revision", "note"), mine)
    notes = dict(row for row in versions if not isinstance(row, Altered))
    numbers = version_numbers(session, activity.id)
    facts = (_fact(entry, names.get(_actor_of(entry) or uuid.UUID(int=0)), notes) for entry in entries)
    return [
        replace(fact, revision=fact.revision if number else None, number=number)
        for fact in facts
        for number in (numbers.get(fact.revision or 0),)
    ]


def party_thread_of(session: Session, party: Party, limit: int = MOST) -> list[ThreadFact]:
    """Return the newest facts of a party, newest first, in two statements: when it was put on file, and corrected."""
    return _facts_of(session, (PARTY, str(party.id)), limit)


def house_period_thread_of(session: Session, limit: int = MOST) -> list[ThreadFact]:
    """Return who set the house's own period of review, newest first, in two statements."""
    return _facts_of(session, HOUSE_PERIOD, limit)


def _facts_of(session: Session, target: tuple[str, str], limit: int) -> list[ThreadFact]:
    kind, identifier = target
    entries = search(session, Filters(object_type=kind, object_id=identifier), limit=limit)
    names = called(session, {who for entry in entries if (who := _actor_of(entry)) is not None})
    return [
        replace(
            _fact(entry, names.get(_actor_of(entry) or uuid.UUID(int=0)), {}),
            fields=tuple(entry.said["details"].get("fields", ())),
        )
        for entry in entries
        if entry.said["outcome"] == Outcome.DONE.value
    ]


def _fact(entry: FoundEntry, who: str | None, notes: dict[int, str]) -> ThreadFact:
    details = entry.said["details"]
    # A version stands at the revision of its step; corrections keep none.
    stepped = "snapshot" in details
    return ThreadFact(
        index=entry.index,
        at=datetime.fromisoformat(entry.said["at"]),
        verb=str(details.get("verb", "")),
        who=who,
        purpose=details.get("purpose"),
        mode=details.get("mode") if stepped else None,
        note=notes.get(details.get("revision", 0), "") if stepped else "",
        revision=details.get("revision") if stepped else None,
    )


def _actor_of(entry: FoundEntry) -> uuid.UUID | None:
    actor = entry.said["actor"].get("id")
    return None if actor is None else uuid.UUID(actor)
