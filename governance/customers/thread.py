"""The thread of a customer: what the log says happened to their data, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Outcome, Retention
from audit.search import Filters, FoundEntry, search
from governance.customers.labels import TABLE_LABELS
from governance.errors import mark

# Facts that people who work with a customer may see; who read the record is not among them.
_TOLD: Final = {
    Action.CREATE.value: mark("Record created"),
    Action.IMPORT.value: mark("Imported"),
    Action.CHANGE.value: mark("Record changed"),
    Action.DELETE.value: mark("A row deleted"),
    Action.CONSENT.value: mark("Consent"),
}
# Reads are kept as `access`: asked for too, they would soon push everything else out of what is looked at.
_KEPT_AS: Final = (Retention.WRITE, Retention.EVIDENCE)
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFact:
    """A dated fact from the log.

    Attributes:
        at: When it last happened that day.
        text: What happened, in English.
        times: How often that day; an import counts once, for its batches say nothing about the person.
        tables: What it happened to, in English, each once.
        purpose: For which purpose, as a slug.
        index: The place of its newest entry in the log, of which there is a proof.
    """

    at: datetime
    text: str
    times: int = 1
    tables: tuple[str, ...] = ()
    purpose: str | None = None
    index: int = 0


@dataclass(slots=True)
class _Day:
    """What was done in one way, on one day, for one purpose."""

    at: datetime
    index: int
    times: int = 0
    tables: set[str] = field(default_factory=set)


def entries_about(session: Session, subject: int) -> list[FoundEntry]:
    """Return the log's newest entries that may tell a fact about a person, newest first."""
    found = [
        entry
        for retention in _KEPT_AS
        for entry in search(session, Filters(subject=subject, retention=retention), limit=_MOST)
    ]
    return sorted(found, key=lambda entry: entry.index, reverse=True)


def is_told(entry: FoundEntry, subjects: Iterable[int]) -> bool:
    """Say whether an entry is a fact of the thread of one of these people."""
    said = entry.said
    done = said["outcome"] == Outcome.DONE.value
    kept = said["retention"] in {retention.value for retention in _KEPT_AS}
    return done and kept and said["action"] in _TOLD and any(each in entry.subjects for each in subjects)


def thread_of(entries: Iterable[FoundEntry]) -> list[ThreadFact]:
    """Return the facts of the log about a person that concern the person, not who looked at them.

    What happened many times on one day, as an import does, is one fact.

    Args:
        entries: The log's entries about the person, newest first.
    """
    days: dict[tuple[str, str, str | None], _Day] = {}
    for entry in entries:
        said = entry.said
        action = said["action"]
        if action not in _TOLD or said["outcome"] != Outcome.DONE.value:
            continue
        at = datetime.fromisoformat(said["at"])
        day = days.setdefault((action, at.date().isoformat(), said["purpose"]), _Day(at, entry.index))
        day.times += 1
        table = TABLE_LABELS.get(said["object"]["type"])
        if table is not None:
            day.tables.add(table)
    return [
        ThreadFact(
            at=day.at,
            text=_TOLD[action],
            times=1 if action == Action.IMPORT.value else day.times,
            tables=tuple(label for label in TABLE_LABELS.values() if label in day.tables),
            purpose=purpose,
            index=day.index,
        )
        for (action, _, purpose), day in days.items()
    ]
