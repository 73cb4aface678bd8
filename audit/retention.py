"""The end of entries: rules by class and date, and the purge, which is an entry itself.

Periods are data. CNIL recommendation 2021-122 on logging: traces of access are kept from six months to a year; what is
evidence is kept as long as the proof is owed (French civil code, art. 2224: five years). A purge deletes entry and
salt, never the leaf; it names what it deleted, so that the check of the log can tell a purge from a theft. Entries of
purges themselves are never purged, for they hold no personal data and the check needs them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.errors import NoRetentionRuleError
from audit.models import LogEntry, LogHead, RetentionRule, SubjectSummary
from audit.ranges import Ranges
from audit.summaries import summary_of
from audit.tiles import TILE_WIDTH
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock, to_rfc3339

# A purge's entry lists the ranges of at most so many entries, and its transaction stays short.
ENTRIES_AT_ONCE: Final = 1_000
_SINCE: Final = date(2021, 10, 14)
_CNIL: Final = "CNIL, délibération 2021-122 du 14 octobre 2021 : entre six mois et un an"
DEFAULT_RULES: Final[Mapping[Retention, tuple[int | None, str]]] = {
    Retention.ACCESS: (365, _CNIL),
    Retention.SECURITY: (365, _CNIL),
    Retention.EVIDENCE: (1827, "Code civil, art. 2224 : cinq ans"),
    # The record of a write is deleted with the row it speaks of (`purge_objects`).
    Retention.WRITE: (None, "RGPD, art. 5(1)(e) : aussi longtemps que la ligne existe"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What one step of a purge deleted."""

    entries: int
    ranges: Sequence[tuple[int, int]]
    more: bool


def install_rules(session: Session) -> None:
    """Put the default rules in an empty table."""
    if session.scalars(select(RetentionRule).limit(1)).first() is not None:
        return
    session.add_all(
        RetentionRule(retention=retention.code, valid_from=_SINCE, days=days, source=source)
        for retention, (days, source) in DEFAULT_RULES.items()
    )


def rules_in_force(session: Session, on: date) -> dict[Retention, int | None]:
    """Return for each class how many days its entries are kept, by the rules of a day; None for no end by time."""
    rules = session.scalars(
        select(RetentionRule).where(RetentionRule.valid_from <= on).order_by(RetentionRule.valid_from)
    )
    return {Retention.from_code(rule.retention): rule.days for rule in rules}


def purge(session: Session, clock: Clock, actor: Actor, limit: int = ENTRIES_AT_ONCE) -> Purged:
    """Delete the oldest entries whose time has come, at most so many, and record that.

    Call it again, each time in a transaction of its own, until there is no more.

    Raises:
        NoRetentionRuleError: If a class has no rule.
    """
    now = clock.now()
    rules = rules_in_force(session, now.date())
    for retention in Retention:
        if retention not in rules:
            raise NoRetentionRuleError(retention=retention.value)
    before = {retention: now - timedelta(days=days) for retention, days in rules.items() if days is not None}
    due = [and_(LogEntry.retention == kind.code, LogEntry.at < moment) for kind, moment in before.items()]
    details: dict[str, JsonValue] = {"before": {kind.value: to_rfc3339(moment) for kind, moment in before.items()}}
    return _purge(session, actor, or_(False, *due), details, limit)


def purge_objects(
    session: Session, actor: Actor, object_type: str, object_ids: Collection[str], limit: int = ENTRIES_AT_ONCE
) -> Purged:
    """Delete the entries of writes to rows that are gone, at most so many, and record that.

    Args:
        session: The transaction in which the rows are deleted, or a later one.
        actor: Who deletes.
        object_type: The table.
        object_ids: The rows.
        limit: How many entries at most.
    """
    gone = and_(
        LogEntry.retention == Retention.WRITE.code,
        LogEntry.object_type == object_type,
        LogEntry.object_id.in_(object_ids),
    )
    return _purge(session, actor, gone, {"objects": object_type}, limit)


def _purge(
    session: Session, actor: Actor, due: ColumnElement[bool], details: dict[str, JsonValue], limit: int
) -> Purged:
    # Nobody adds entries meanwhile, so no summary is made of what is being deleted.
    session.execute(select(LogHead.size).with_for_update())
    indexes = session.scalars(
        select(LogEntry.leaf_index)
        .where(due, LogEntry.action != Action.PURGE.code)
        .order_by(LogEntry.leaf_index)
        .limit(limit)
    ).all()
    if not indexes:
        return Purged(entries=0, ranges=(), more=False)
    ranges = Ranges()
    for index in indexes:
        ranges.add(index, index)
    session.execute(delete(LogEntry).where(LogEntry.leaf_index.in_(indexes)))
    _summarise_again(session, {index // TILE_WIDTH for index in indexes})
    listed: list[JsonValue] = [[first, last] for first, last in ranges]
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.PURGE,
            actor=actor,
            object_type="audit-entries",
            details={**details, "count": len(indexes), "ranges": listed},
        ),
    )
    return Purged(entries=len(indexes), ranges=tuple(ranges), more=len(indexes) == limit)


def _summarise_again(session: Session, tiles: set[int]) -> None:
    """Let the summaries name only the data subjects of entries that still stand."""
    for number in sorted(tiles):
        start = number * TILE_WIDTH
        bodies = session.scalars(
            select(LogEntry.body).where(LogEntry.leaf_index >= start, LogEntry.leaf_index < start + TILE_WIDTH)
        )
        session.execute(
            update(SubjectSummary).where(SubjectSummary.number == number).values(subjects=summary_of(bodies))
        )
