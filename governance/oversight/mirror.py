"""The mirror: what the register declares, beside what the system observes. What differs is told, with where to mend it.

GDPR Art. 39(1)(b): the data protection officer monitors compliance, which takes more than reading what was declared.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.counts import last_reads
from audit.entries import Action, Outcome
from audit.models import LogEntry
from governance.datamap.models import RegisteredRow
from governance.datamap.registry import NO_LINK
from governance.gate.snapshot import PolicySnapshot
from governance.jobs.models import Job, JobState
from governance.oversight.reads import Reads
from governance.oversight.values import Item, Label, Matter
from register.models import Activity, Purpose
from register.values import DeclaredPurpose

# A purpose that is in force and for which nothing is read for so long may not be needed.
UNREAD_AFTER: Final = timedelta(days=90)
# Rows that wait are counted up to here: beyond, the number says nothing more.
COUNTED: Final = 10_000
_ALTERED_WITHIN: Final = timedelta(days=30)
_SHOWN: Final = 12


def drift(session: Session, snapshot: PolicySnapshot, reads: Reads, now: datetime) -> list[Item]:
    """Return what differs, the gravest first, in a fixed number of queries.

    Args:
        session: A transaction that reads.
        snapshot: The policies in force.
        reads: The latest reads.
        now: When.
    """
    found = [
        *left_out(snapshot),
        *alterations(session, now),
        *_given_up(session),
        *_observed(snapshot, reads, now),
        *_unenrolled(session, snapshot),
        *unread_purposes(session, snapshot, now),
    ]
    return sorted(found, key=lambda item: not item.grave)


def left_out(snapshot: PolicySnapshot) -> list[Item]:
    """Return the rows that decide and do not count, because they are not as Égide wrote them, by table."""
    tables: dict[str, int] = {}
    for row in snapshot.left_out:
        tables[row.table] = tables.get(row.table, 0) + 1
    return [Item(matter=Matter.LEFT_OUT, name=table, count=count, grave=True) for table, count in tables.items()]


def alterations(session: Session, now: datetime) -> list[Item]:
    """Return what was found altered within thirty days, by table."""
    rows = session.execute(
        select(LogEntry.object_type, func.count(), func.max(LogEntry.at))
        .where(
            LogEntry.at >= now - _ALTERED_WITHIN,
            LogEntry.action == Action.CHECK.code,
            LogEntry.outcome == Outcome.FAILED.code,
        )
        .group_by(LogEntry.object_type)
        .order_by(func.max(LogEntry.at).desc())
        .limit(_SHOWN)
    )
    return [Item(matter=Matter.ALTERED, name=name, count=count, at=at, grave=True) for name, count, at in rows]


def unread_purposes(session: Session, snapshot: PolicySnapshot, now: datetime) -> list[Item]:
    """Return the purposes in force for at least ninety days for which nothing was read in that time."""
    since = now - UNREAD_AFTER
    seen = last_reads(session, since)
    declared = dict(_since_when(session))
    unread = [
        purpose
        for slug, purpose in sorted(snapshot.purposes.items())
        if purpose.open and slug not in seen and declared.get(slug, now) <= since
    ]
    return [
        Item(matter=Matter.UNREAD, label=_label(purpose), reference=purpose.slug, at=declared[purpose.slug])
        for purpose in unread[:_SHOWN]
    ]


def _since_when(session: Session) -> Iterator[tuple[str, datetime]]:
    rows = session.execute(select(Purpose.slug, Activity.created_at).join(Activity, Activity.id == Purpose.activity_id))
    return ((row[0], row[1]) for row in rows)


def _observed(snapshot: PolicySnapshot, reads: Reads, now: datetime) -> Iterator[Item]:
    """Tell what enforcing would refuse, of the activities that only observe."""
    for slug, count in reads.observed.most_common(_SHOWN):
        purpose = snapshot.purposes.get(slug)
        if purpose is not None and purpose.observes(now):
            yield Item(matter=Matter.OBSERVED, label=_label(purpose), reference=purpose.activity_slug, count=count)


def _unenrolled(session: Session, snapshot: PolicySnapshot) -> Iterator[Item]:
    adopted: Mapping[int, str] = {table.id: table.name for table in snapshot.catalogue.tables.values() if table.adopted}
    if not adopted:
        return
    waiting = (
        select(RegisteredRow.table_id)
        .where(RegisteredRow.subject_id.is_(None), RegisteredRow.link != NO_LINK, RegisteredRow.gone_at.is_(None))
        .limit(COUNTED)
        .subquery()
    )
    rows = session.execute(select(waiting.c.table_id, func.count()).group_by(waiting.c.table_id))
    for table, count in rows:
        if table in adopted:
            yield Item(matter=Matter.UNENROLLED, name=adopted[table], count=count)


def _given_up(session: Session) -> list[Item]:
    rows = session.execute(
        select(Job.kind, func.count(), func.max(Job.due_at))
        .where(Job.state == JobState.DEAD)
        .group_by(Job.kind)
        .order_by(Job.kind)
        .limit(_SHOWN)
    )
    return [Item(matter=Matter.GIVEN_UP, name=kind, count=count, at=at) for kind, count, at in rows]


def _label(purpose: DeclaredPurpose) -> Label:
    return Label(fr=purpose.label_fr, en=purpose.label_en)
