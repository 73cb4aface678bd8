"""The end of entries: by class, by rule, leaf by leaf, and told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from audit.entries import Action, Retention
from audit.errors import NoRetentionRuleError
from audit.models import Leaf, LogEntry, RetentionRule
from audit.retention import Purged, install_rules, purge, purge_objects, rules_in_force
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.database import Database
from tests.builders.audit import AnchoredLog, a_fact
from tests.builders.ground import StandingClock


@pytest.fixture
def ruled(anchored: AnchoredLog) -> AnchoredLog:
    with anchored.database.write() as session:
        unrecorded(session, because="set-up")
        install_rules(session)
    return anchored


def step(log: AnchoredLog, clock: StandingClock, limit: int = 1_000) -> Purged:
    with log.database.write() as session:
        return purge(session, clock, SYSTEM, limit)


def standing(database: Database) -> Sequence[int]:
    with database.read() as session:
        return session.scalars(select(LogEntry.leaf_index).order_by(LogEntry.leaf_index)).all()


def test_entries_end_by_class(ruled: AnchoredLog, clock: StandingClock) -> None:
    for retention in Retention:
        ruled.log.append(replace(a_fact(1), retention=retention))
    clock.advance(days=366)
    ruled.log.append(a_fact(2))

    assert step(ruled, clock).ranges == ((0, 0), (3, 3))

    assert standing(ruled.database) == [1, 2, 4, 5]
    clock.advance(days=5 * 366)
    step(ruled, clock)
    # The record of a write has no end by time, and the purges stay to be told from thefts.
    assert standing(ruled.database) == [2, 5, 6]
    assert ruled.verify().findings == []


def test_nothing_due_purges_and_records_nothing(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(3)
    with ruled.database.write() as session:
        assert purge(session, clock, SYSTEM) == Purged(entries=0, ranges=(), more=False)

    assert standing(ruled.database) == [0, 1, 2]


def test_the_leaf_stays_and_the_log_verifies(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(600)
    ruled.checkpoint()
    clock.advance(days=366)
    ruled.grow(10, start=600)

    done = step(ruled, clock)

    assert (done.entries, done.ranges, done.more) == (600, ((0, 599),), False)
    with ruled.database.read() as session:
        assert session.scalars(select(func.count()).select_from(Leaf)).one() == 611
    ruled.checkpoint()
    report = ruled.verify()
    assert report.findings == []
    assert (report.entries, report.absent) == (11, 600)


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
    assert entry.said["details"]["ranges"] == [[0, 1]]
    assert entry.said["details"]["count"] == 2
    assert entry.said["retention"] == "evidence"


def test_a_purged_person_is_gone_from_the_summaries(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(256)
    clock.advance(days=366)
    step(ruled, clock, limit=100)

    with ruled.database.read() as session:
        assert search(session, Filters(subject=5)) == []
        assert [entry.index for entry in search(session, Filters(subject=105))] == [105]
    assert ruled.verify().findings == []


def test_the_record_of_a_write_ends_with_its_row(ruled: AnchoredLog) -> None:
    for number in (1, 2, 1):
        ruled.log.append(replace(a_fact(number), retention=Retention.WRITE))
    ruled.log.append(a_fact(1))

    with ruled.database.write() as session:
        done = purge_objects(session, SYSTEM, "customers", ["row-1"])

    assert done.ranges == ((0, 0), (2, 2))
    assert standing(ruled.database) == [1, 3, 4]
    assert ruled.verify().findings == []


def test_a_restored_entry_is_found(ruled: AnchoredLog, clock: StandingClock) -> None:
    ruled.grow(2)
    with ruled.database.read() as session:
        kept = session.execute(select(LogEntry.__table__).where(LogEntry.leaf_index == 0)).mappings().one()
    clock.advance(days=366)
    step(ruled, clock)
    with ruled.database.write_connection() as connection:
        connection.execute(LogEntry.__table__.insert(), dict(kept))  # type: ignore[attr-defined]

    assert {(finding.index, finding.part) for finding in ruled.verify().findings} == {(0, "purge")}


def test_the_latest_rule_of_a_day_is_in_force(ruled: AnchoredLog) -> None:
    with ruled.database.write() as session:
        unrecorded(session, because="a test")
        session.add(RetentionRule(retention=1, valid_from=date(2027, 1, 1), days=180, source="six months"))

    with ruled.database.read() as session:
        assert rules_in_force(session, date(2026, 12, 31))[Retention.ACCESS] == 365
        assert rules_in_force(session, date(2027, 1, 1))[Retention.ACCESS] == 180
        assert rules_in_force(session, date(2020, 1, 1)) == {}


def test_the_rules_are_installed_once(ruled: AnchoredLog) -> None:
    with ruled.database.write() as session:
        install_rules(session)

    with ruled.database.read() as session:
        assert session.scalars(select(func.count()).select_from(RetentionRule)).one() == len(Retention)


def test_a_class_without_a_rule_is_not_purged(anchored: AnchoredLog, clock: StandingClock) -> None:
    with pytest.raises(NoRetentionRuleError):
        step(anchored, clock)
