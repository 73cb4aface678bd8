"""The end of entries: rules by class and date, and the purge, which is an entry itself.

Periods are data. CNIL recommendation 2021-122 on logging: traces of access are kept from six months to a year; what is
evidence is kept as long as the proof is owed (French civil code, art. 2224: five years). A purge deletes entry and
salt, never the leaf; it names what it deleted, so that the check of the log can tell a purge from a theft. Entries of
purges and of rules are never purged, for they hold no personal data and the check needs them.

A purge destroys, so it believes nothing that the database says by itself: the rules have to be those that the log
recorded (`audit.rules`), and whether an entry is due is read from its body, which its attested leaf commits to.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.errors import LogTamperedError, NoRetentionRuleError
from audit.leaves import LeafKey, commits
from audit.models import Leaf, LogEntry, LogHead, RetentionRule, SubjectSummary
from audit.purges import RULES
from audit.ranges import Ranges
from audit.rules import check_recorded, record_rules
from audit.summaries import summary_of
from audit.tiles import TILE_WIDTH
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock, to_rfc3339
from governance.errors import phrase

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """Which entries are to go: as the database finds them, and as their bodies prove it."""

    condition: ColumnElement[bool]
    proves: Callable[[Mapping[str, Any]], bool]
    details: Mapping[str, JsonValue]


def install_rules(session: Session, actor: Actor) -> None:
    """Put the default rules in an empty table, and record them."""
    if session.scalars(select(RetentionRule).limit(1)).first() is not None:
        return
    session.add_all(
        RetentionRule(retention=retention.code, valid_from=_SINCE, days=days, source=source)
        for retention, (days, source) in DEFAULT_RULES.items()
    )
    record_rules(session, actor)


def add_rule(session: Session, actor: Actor, key: LeafKey, rule: RetentionRule) -> None:
    """Add a rule, and record what the rules now are.

    Raises:
        RetentionRulesAlteredError: If those that stand are not those that the log recorded.
    """
    check_recorded(session, key)
    session.add(rule)
    record_rules(session, actor)


def rules_in_force(session: Session, on: date) -> dict[Retention, int | None]:
    """Return for each class how many days its entries are kept, by the rules of a day; None for no end by time."""
    rules = session.scalars(
        select(RetentionRule).where(RetentionRule.valid_from <= on).order_by(RetentionRule.valid_from)
    )
    return {Retention.from_code(rule.retention): rule.days for rule in rules}


def purge(session: Session, clock: Clock, actor: Actor, key: LeafKey, limit: int = ENTRIES_AT_ONCE) -> Purged:
    """Delete the oldest entries whose time has come, at most so many, and record that.

    Call it again, each time in a transaction of its own, until there is no more.

    Raises:
        RetentionRulesAlteredError: If the rules are not those that the log recorded.
        NoRetentionRuleError: If a class has no rule.
        LogTamperedError: If an entry that the database calls due is not.
    """
    now = clock.now()
    check_recorded(session, key)
    rules = rules_in_force(session, now.date())
    for retention in Retention:
        if retention not in rules:
            raise NoRetentionRuleError(retention=retention.value)
    before = {retention: now - timedelta(days=days) for retention, days in rules.items() if days is not None}
    ended = {kind.value: moment for kind, moment in before.items()}
    due = _Due(
        condition=or_(
            False, *(and_(LogEntry.retention == kind.code, LogEntry.at < moment) for kind, moment in before.items())
        ),
        proves=lambda said: datetime.fromisoformat(said["at"]) < ended[said["retention"]],
        details={"before": {kind: to_rfc3339(moment) for kind, moment in ended.items()}},
    )
    return _purge(session, actor, key, due, limit)


def purge_objects(
    session: Session, actor: Actor, key: LeafKey, gone: tuple[str, Collection[str]], limit: int = ENTRIES_AT_ONCE
) -> Purged:
    """Delete the entries of writes to rows that are gone, at most so many, and record that.

    Args:
        session: The transaction in which the rows are deleted, or a later one.
        actor: Who deletes.
        key: The key that attests leaves.
        gone: The table, and its rows.
        limit: How many entries at most.

    Raises:
        LogTamperedError: If an entry that the database calls one of them is not.
    """
    table, rows = gone
    due = _Due(
        condition=and_(
            LogEntry.retention == Retention.WRITE.code,
            LogEntry.object_type == table,
            LogEntry.object_id.in_(rows),
        ),
        proves=lambda said: (
            said["retention"] == Retention.WRITE.value
            and said["object"]["type"] == table
            and said["object"]["id"] in rows
        ),
        details={"objects": table},
    )
    return _purge(session, actor, key, due, limit)


def _purge(session: Session, actor: Actor, key: LeafKey, due: _Due, limit: int) -> Purged:
    # Nobody adds entries meanwhile, so no summary is made of what is being deleted.
    session.execute(select(LogHead.size).with_for_update())
    indexes = _proven(session, key, due, limit)
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
            details={**due.details, "count": len(indexes), "ranges": listed},
        ),
    )
    return Purged(entries=len(indexes), ranges=tuple(ranges), more=len(indexes) == limit)


def _proven(session: Session, key: LeafKey, due: _Due, limit: int) -> list[int]:
    """Return the places of the entries that are due, by what their attested leaves commit to.

    The columns only find them: by SQL anybody could give evidence an older date, or another class, and leave it to the
    next purge to delete it.
    """
    rows = session.execute(
        select(LogEntry.leaf_index, LogEntry.body, LogEntry.salt, Leaf.entry_id, Leaf.data, Leaf.mac)
        .join_from(LogEntry, Leaf, Leaf.leaf_index == LogEntry.leaf_index)
        .where(due.condition, LogEntry.action != Action.PURGE.code, LogEntry.object_type != RULES)
        .order_by(LogEntry.leaf_index)
        .limit(limit)
    ).all()
    for index, body, salt, entry_id, data, mac in rows:
        if not commits(key, index, (entry_id, data, mac), (salt, body)):
            raise LogTamperedError(index=index, reason=phrase("the entry to purge is not what was written"))
        said = orjson.loads(body)
        kept = said["action"] == Action.PURGE.value or said["object"]["type"] == RULES
        if kept or not due.proves(said):
            raise LogTamperedError(index=index, reason=phrase("its columns call it due for a purge, and it is not"))
    return [row[0] for row in rows]


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
