"""The end of entries: by class, by rule, leaf by leaf, and told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from audit.entries import Action, Retention
from audit.errors import LogTamperedError, NoRetentionRuleError, RetentionRulesAlteredError
from audit.leaves import LeafKey
from audit.models import Leaf, LogEntry, RetentionRule
from audit.retention import Purged, add_rule, install_rules, purge, purge_objects, rules_in_force
from audit.rules import record_rules
from audit.search import Filters, search
from governance.actor import SYSTEM
from governance.database import Database
from tests.builders.audit import LEAF_KEY, AnchoredLog, a_fact, a_purge
from tests.builders.ground import StandingClock

KEY = LeafKey(LEAF_KEY)
HALF_A_YEAR: dict[str, Any] = {
    "retention": 1, "valid_from": date(2027, 1, 1), "days": 180, "source": "six months",
}  # fmt: skip


@pytest.fixture
def ruled(anchored: AnchoredLog) -> AnchoredLog:
    with anchored.database.write() as session:
        install_rules(session, SYSTEM)
    return anchored


def step(log: AnchoredLog, clock: StandingClock, limit: int = 1_000) -> Purged:
    with log.database.write() as session:
        return purge(session, clock, SYSTEM, KEY, limit)


def add(log: AnchoredLog, rule: dict[str, Any]) -> None:
    with log.database.write() as session:
        add_rule(session, SYSTEM, KEY, RetentionRule(**rule))


def by_sql(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        assert connection.execute(text(statement)).rowcount


def standing(database: Database) -> Sequence[int]:
    with database.read() as session:
        return session.scalars(select(LogEntry.leaf_index).order_by(LogEntry.leaf_index)).all()


def test_entries_end_by_class(ruled: AnchoredLog, clock: StandingClock) -> None:
    for retention in Retention:
        ruled.log.append(replace(a_fact(1), retention=retention))
    clock.advance(days=366)
    ruled.log.append(a_fact(2))

    assert step(ruled, clock).ranges == ((1, 1), (4, 4))

    assert standing(ruled.database) == [0, 2, 3, 5, 6]
    clock.advance(days=5 * 366)
    step(ruled, clock)
    # The record of a write has no end by time, and the purges stay to be told from thefts, like the rules.
    assert standing(ruled.database) == [0, 3, 6, 7]
    assert ruled.verify().findings == []


def test_nothing_due_purges_and_records_nothing(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(3)
    with ruled.database.write() as session:
        assert purge(session, clock, SYSTEM, KEY) == Purged(entries=0, ranges=(), more=False)

    assert standing(ruled.database) == [0, 1, 2, 3]


def test_the_leaf_stays_and_the_log_verifies(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(600)
    ruled.checkpoint()
    clock.advance(days=366)
    ruled.grow(10, start=600)

    done = step(ruled, clock)

    assert (done.entries, done.ranges, done.more) == (600, ((1, 600),), False)
    with ruled.database.read() as session:
        assert session.scalars(select(func.count()).select_from(Leaf)).one() == 612
    ruled.checkpoint()
    report = ruled.verify()
    assert report.findings == []
    assert (report.entries, report.absent) == (12, 600)


def test_a_purge_goes_by_small_steps(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(25)
    clock.advance(days=366)

    steps = [step(ruled, clock, limit=10) for _ in range(4)]

    assert [(done.entries, done.more) for done in steps] == [(10, True), (10, True), (5, False), (0, False)]
    assert ruled.verify().findings == []


def test_a_purge_says_what_it_deleted(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(2)
    clock.advance(days=366)
    step(ruled, clock)

    with ruled.database.read() as session:
        (entry,) = search(session, Filters(action=Action.PURGE))
    assert entry.said["details"]["ranges"] == [[1, 2]]
    assert entry.said["details"]["count"] == 2
    assert entry.said["retention"] == "evidence"


def test_a_purged_person_is_gone_from_the_summaries(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(256)
    clock.advance(days=366)
    step(ruled, clock, limit=100)

    with ruled.database.read() as session:
        assert search(session, Filters(subject=5)) == []
        assert [entry.index for entry in search(session, Filters(subject=105))] == [106]
    assert ruled.verify().findings == []


def test_the_record_of_a_write_ends_with_its_row(ruled: AnchoredLog) -> None:
    for number in (1, 2, 1):
        ruled.log.append(replace(a_fact(number), retention=Retention.WRITE))
    ruled.log.append(a_fact(1))

    with ruled.database.write() as session:
        done = purge_objects(session, SYSTEM, KEY, ("customers", ["row-1"]))

    assert done.ranges == ((1, 1), (3, 3))
    assert standing(ruled.database) == [0, 2, 4, 5]
    assert ruled.verify().findings == []


def test_a_restored_entry_is_found(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(2)
    with ruled.database.read() as session:
        kept = session.execute(select(LogEntry.__table__).where(LogEntry.leaf_index == 1)).mappings().one()
    clock.advance(days=366)
    step(ruled, clock)
    with ruled.database.write_connection() as connection:
        connection.execute(LogEntry.__table__.insert(), dict(kept))  # type: ignore[attr-defined]

    assert {(finding.index, finding.part) for finding in ruled.verify().findings} == {(1, "purge")}


def test_the_latest_rule_of_a_day_is_in_force(ruled: AnchoredLog) -> None:
    add(ruled, HALF_A_YEAR)

    with ruled.database.read() as session:
        assert rules_in_force(session, date(2026, 12, 31))[Retention.ACCESS] == 365
        assert rules_in_force(session, date(2027, 1, 1))[Retention.ACCESS] == 180
        assert rules_in_force(session, date(2020, 1, 1)) == {}


def test_the_rules_are_installed_once(ruled: AnchoredLog) -> None:
    with ruled.database.write() as session:
        install_rules(session, SYSTEM)

    with ruled.database.read() as session:
        assert session.scalars(select(func.count()).select_from(RetentionRule)).one() == len(Retention)


def test_a_class_without_a_rule_is_not_purged(anchored: AnchoredLog, clock: StandingClock) -> None:
    with anchored.database.write() as session:
        session.add(RetentionRule(**HALF_A_YEAR))
        record_rules(session, SYSTEM)
    clock.advance(days=366)

    with pytest.raises(NoRetentionRuleError):
        step(anchored, clock)


def test_a_log_without_rules_is_not_purged(anchored: AnchoredLog, clock: StandingClock) -> None:
    with pytest.raises(RetentionRulesAlteredError):
        step(anchored, clock)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_retention_rule SET days = 1",
        "UPDATE audit_retention_rule SET days = NULL WHERE retention = 1",
        "UPDATE audit_retention_rule SET source = 'because' WHERE retention = 1",
        "UPDATE audit_retention_rule SET valid_from = '2021-10-15' WHERE retention = 1",
        "DELETE FROM audit_retention_rule WHERE retention = 2",
        "DELETE FROM audit_retention_rule",
        "INSERT INTO audit_retention_rule VALUES (2, '2026-01-01', 1, 'sooner')",
    ],
)
def test_a_rule_altered_by_sql_stops_the_purge_and_is_found(
    ruled: AnchoredLog, clock: StandingClock, statement: str
) -> None:
    ruled.grow(3)
    clock.advance(days=366)
    by_sql(ruled.database, statement)

    with pytest.raises(RetentionRulesAlteredError):
        step(ruled, clock)

    assert standing(ruled.database) == [0, 1, 2, 3]
    assert {(finding.index, finding.part) for finding in ruled.verify().findings} == {(0, "retention")}


def test_a_rule_that_was_added_is_recorded_and_obeyed(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(1)
    add(ruled, HALF_A_YEAR)
    clock.advance(days=200)

    assert step(ruled, clock).ranges == ((1, 1),)

    assert ruled.verify().findings == []


def test_no_rule_is_added_to_altered_ones(ruled: AnchoredLog) -> None:
    by_sql(ruled.database, "UPDATE audit_retention_rule SET days = 1")

    with pytest.raises(RetentionRulesAlteredError):
        add(ruled, HALF_A_YEAR)


def test_older_rules_brought_back_with_their_entry_are_found(ruled: AnchoredLog) -> None:
    add(ruled, HALF_A_YEAR)
    by_sql(ruled.database, "DELETE FROM audit_retention_rule WHERE days = 180")
    by_sql(ruled.database, "DELETE FROM audit_entry WHERE leaf_index = 1")

    assert {(finding.index, finding.part) for finding in ruled.verify().findings} == {(1, "entry")}


def test_an_altered_record_of_the_rules_stops_the_purge(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(1)
    clock.advance(days=366)
    by_sql(ruled.database, "UPDATE audit_retention_rule SET days = 1 WHERE retention = 2")
    with ruled.database.write_connection() as connection:
        body = connection.execute(select(LogEntry.body).where(LogEntry.leaf_index == 0)).scalar_one()
        forged = body.replace(b'"days":1827', b'"days":1')
        connection.execute(update(LogEntry).where(LogEntry.leaf_index == 0).values(body=forged))

    with pytest.raises(RetentionRulesAlteredError, match="altered"):
        step(ruled, clock)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET at = (SELECT at FROM audit_entry WHERE leaf_index = 1) WHERE leaf_index = 3",
        "UPDATE audit_entry SET retention = 1 WHERE leaf_index = 2",
        "UPDATE audit_entry SET retention = 1, object_type = 'customers' WHERE leaf_index = 0",
    ],
)
def test_an_entry_that_sql_calls_due_is_not_purged(ruled: AnchoredLog, clock: StandingClock, statement: str) -> None:
    ruled.grow(1)
    ruled.log.append(replace(a_fact(2), retention=Retention.EVIDENCE))
    clock.advance(days=366)
    ruled.grow(1)
    add(ruled, HALF_A_YEAR)
    by_sql(ruled.database, statement)

    with pytest.raises(LogTamperedError):
        step(ruled, clock)

    assert standing(ruled.database) == [0, 1, 2, 3, 4]


def test_a_purge_that_the_recorded_rules_do_not_allow_is_found(ruled: AnchoredLog) -> None:
    """What somebody with the application's own means, or an older Égide, may have done."""
    ruled.grow(2)
    by_sql(ruled.database, "DELETE FROM audit_entry WHERE leaf_index IN (1, 2)")
    early = a_purge(before={"access": "2026-11-21T09:00:00Z"}, count=1, ranges=[[1, 1]])
    unending = a_purge(before={"write": "2020-01-01T09:00:00Z"}, count=1, ranges=[[2, 2]])
    unsaid = a_purge(count=1, ranges=[[2, 2]])
    malformed = a_purge(ranges=3)
    ruled.log.append_many([early, unending, unsaid, malformed])

    found = {(finding.index, finding.part) for finding in ruled.verify().findings}

    assert found == {(3, "purge"), (4, "purge"), (5, "purge"), (6, "purge")}
