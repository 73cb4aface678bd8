"""The retention rules as the log recorded them: what makes a row of `audit_retention_rule` one of ours.

The rules decide what a purge destroys, so their rows are worth what the log says of them. Each change of the rules is
an entry that lists all of them; entry and leaf carry salt, commitment and attestation, which nobody makes without the
key. A rule that was changed, added or deleted by SQL therefore stops the purge. Whoever deletes the newest such entry
too, to bring older rules back, is found by the check of the log like any other theft.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.errors import RetentionRulesAlteredError
from audit.leaves import LeafKey, commits
from audit.models import Leaf, LogEntry
from audit.purges import RULES, Rule, rules_of
from audit.transaction import record
from governance.actor import Actor
from governance.errors import phrase

_CLASSES = {retention.code: retention.value for retention in Retention}


def record_rules(session: Session, actor: Actor) -> None:
    """Record the rules as they stand in this transaction, all of them."""
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.SETTING,
            actor=actor,
            object_type=RULES,
            details={
                "rules": [
                    {"class": kind, "from": since, "days": days, "source": source}
                    for kind, since, days, source in standing_rules(session)
                ]
            },
        ),
    )


def standing_rules(session: Session) -> list[Rule]:
    """Return the rules as they stand in the table, read raw: a hand may have put anything there."""
    rows = session.execute(text("SELECT retention, valid_from, days, source FROM audit_retention_rule"))
    return sorted((_CLASSES.get(kind, str(kind)), str(since), days, source) for kind, since, days, source in rows)


def check_recorded(session: Session, key: LeafKey) -> None:
    """Check that the rules are those that the log recorded last.

    Raises:
        RetentionRulesAlteredError: If they are not.
    """
    newest = session.execute(
        select(LogEntry.leaf_index, LogEntry.salt, LogEntry.body, Leaf.entry_id, Leaf.data, Leaf.mac)
        .join_from(LogEntry, Leaf, Leaf.leaf_index == LogEntry.leaf_index)
        .where(LogEntry.object_type == RULES, LogEntry.action == Action.SETTING.code)
        .order_by(LogEntry.leaf_index.desc())
        .limit(1)
    ).first()
    if newest is None:
        raise RetentionRulesAlteredError(reason=phrase("the log recorded none"))
    index, salt, body, entry_id, data, mac = newest
    said = orjson.loads(body) if commits(key, index, (entry_id, data, mac), (salt, body)) else {}
    if said.get("action") != Action.SETTING.value or said["object"]["type"] != RULES:
        raise RetentionRulesAlteredError(reason=phrase("entry {index}, which recorded them, was altered", index=index))
    for difference in differences(rules_of(said), standing_rules(session)):
        raise RetentionRulesAlteredError(reason=difference)


def differences(recorded: Iterable[Rule], standing: Iterable[Rule]) -> list[str]:
    """Return what tells the rules that stand from those that the log recorded, in words."""
    left: dict[tuple[str, str], Any] = {rule[:2]: rule for rule in recorded}
    found = []
    for rule in standing:
        kind, since = rule[:2]
        expected = left.pop((kind, since), None)
        if expected is None:
            found.append(f"the rule of {since} for {kind} was never recorded")
        elif expected != rule:
            found.append(f"the rule of {since} for {kind} was altered")
    return found + [f"the rule of {since} for {kind} is gone" for kind, since in left]
