"""The thread of a customer: what the log says happened to their data, day by day, as far as a purpose gives that data.

That a table holds something of a person is told only where the purpose gives rows of that table. Which other purposes
work with the person is told of none: a consent and an objection belong to the purpose that they were given or made for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from audit.entries import Action, Outcome, Retention
from audit.search import Filters, FoundEntry, search
from governance.customers.labels import TABLE_LABELS
from governance.days import day_of
from governance.errors import mark
from register.values import NoticeRef

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
# What is said of a purpose, and lies in no table.
_OF_PURPOSES: Final = frozenset({"consent", "objection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """Through which purpose a thread is read.

    Attributes:
        purpose: Its slug.
        tables: The tables of which it gives the reader anything.
        notices: The numbers of the notices that were published.
        named_by: The numbers of those that name the purpose.
    """

    purpose: str
    tables: Collection[str]
    notices: Mapping[NoticeRef, int] = field(default_factory=dict)
    named_by: Collection[int] = ()

    def shows(self, said: Mapping[str, Any]) -> bool:
        """Say whether what an entry says is a fact that whoever reads for this purpose may be told."""
        if said["outcome"] != Outcome.DONE.value or said["action"] not in _TOLD:
            return False
        kind = said["object"]["type"]
        return said["purpose"] == self.purpose if kind in _OF_PURPOSES else kind in self.tables

    def notices_of(self, said: Mapping[str, Any]) -> set[int]:
        """Return the numbers of the notices that the person was shown then, as far as this purpose may tell.

        A consent is the purpose's own. Under which notice data were collected is told where the notice names the
        purpose: another one would say for what else the person gave them.
        """
        details = said["details"]
        shown = NoticeRef.read(details["notice"]) if "notice" in details else None
        number = None if shown is None else self.notices.get(shown)
        if said["object"]["type"] in _OF_PURPOSES:
            return set() if number is None else {number}
        # A batch of rows that were given different notices does not say which one this person was given.
        given = details.get("notices", []) if number is None else [number]
        return set(given) & set(self.named_by) if len(given) == 1 else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFact:
    """A dated fact from the log.

    Attributes:
        at: When it last happened that day.
        text: What happened, in English.
        times: How often that day; an import counts once, for its batches say nothing about the person.
        tables: What it happened to, in English, each once.
        purpose: For which purpose, as a slug, where it is the one that is read for.
        index: The place of its newest entry in the log, of which there is a proof.
        notices: The numbers of the notices that the person was shown.
    """

    at: datetime
    text: str
    times: int = 1
    tables: tuple[str, ...] = ()
    purpose: str | None = None
    index: int = 0
    notices: tuple[int, ...] = ()


@dataclass(slots=True)
class _Day:
    """What was done in one way, on one day, for one purpose."""

    at: datetime
    index: int
    times: int = 0
    tables: set[str] = field(default_factory=set)
    notices: set[int] = field(default_factory=set)


def entries_about(session: Session, subject: int) -> list[FoundEntry]:
    """Return the log's newest entries that may tell a fact about a person, newest first."""
    found = [
        entry
        for retention in _KEPT_AS
        for entry in search(session, Filters(subject=subject, retention=retention), limit=_MOST)
    ]
    return sorted(found, key=lambda entry: entry.index, reverse=True)


def is_told(entry: FoundEntry, subjects: Iterable[int], view: ThreadView) -> bool:
    """Say whether an entry is a fact of the thread of one of these people."""
    said = entry.said
    kept = said["retention"] in {retention.value for retention in _KEPT_AS}
    return kept and view.shows(said) and any(each in entry.subjects for each in subjects)


def thread_of(entries: Iterable[FoundEntry], view: ThreadView) -> list[ThreadFact]:
    """Return the facts of the log about a person that concern the person, not who looked at them.

    What happened many times on one day, as an import does, is one fact.

    Args:
        entries: The log's entries about the person, newest first.
        view: Through which purpose they are looked at.
    """
    days: dict[tuple[str, str, str | None], _Day] = {}
    for entry in entries:
        said = entry.said
        if not view.shows(said):
            continue
        at = datetime.fromisoformat(said["at"])
        key = (said["action"], day_of(at).isoformat(), said["purpose"] if said["purpose"] == view.purpose else None)
        day = days.setdefault(key, _Day(at, entry.index))
        day.times += 1
        day.notices |= view.notices_of(said)
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
            notices=tuple(sorted(day.notices)),
        )
        for (action, _, purpose), day in days.items()
    ]
