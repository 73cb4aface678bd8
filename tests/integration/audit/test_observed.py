"""The mirror: what the log saw being read for some purposes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from audit.entries import Action, Fact, Outcome, Retention
from audit.log import Log
from audit.observed import observe
from governance.actor import Role
from governance.database import Database
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock, an_actor

NOW = StandingClock().now()


@pytest.fixture
def log(database: Database, clock: StandingClock, ids: CountingIds) -> Iterator[Log]:
    opened = a_log(database, clock, ids)
    yield opened
    opened.close()


def a_read(
    purpose: str, *roles: Role, subjects: tuple[int, ...] = (), at: datetime = NOW, action: Action = Action.READ
) -> Fact:
    return Fact(
        retention=Retention.ACCESS,
        action=action,
        actor=an_actor(*roles),
        object_type="customers",
        purpose=purpose,
        subjects=subjects,
        outcome=Outcome.REFUSED if action is Action.REFUSAL else Outcome.DONE,
        at=at,
    )


def test_reads_are_counted_by_purpose_and_role_and_people_once(database: Database, log: Log) -> None:
    log.append(a_read("orders", Role.SUPPORT, subjects=(1, 2)))
    log.append(a_read("orders", Role.SALES, Role.SUPPORT, subjects=(2, 3), at=NOW + timedelta(minutes=1)))
    log.append(a_read("orders", Role.SUPPORT, subjects=(3,), action=Action.EXPORT))
    log.append(a_read("others", Role.SUPPORT, subjects=(9,)))

    with database.read() as session:
        found = observe(session, ["orders", "quiet"], NOW - timedelta(days=30))

    seen = found.by_purpose["orders"]
    assert (seen.reads, seen.people, seen.refusals) == (3, 3, 0)
    assert seen.by_role == {"sales": 1, "support": 3}
    assert (found.by_purpose["quiet"].reads, found.by_purpose["quiet"].last) == (0, None)
    assert found.whole
    assert "others" not in found.by_purpose


def test_refusals_are_counted_apart_and_changes_are_not_reads(database: Database, log: Log) -> None:
    log.append(a_read("orders", Role.SALES, action=Action.REFUSAL))
    log.append(a_read("orders", Role.SALES, subjects=(1,), action=Action.CHANGE))

    with database.read() as session:
        seen = observe(session, ["orders"], NOW - timedelta(days=30)).by_purpose["orders"]

    assert (seen.reads, seen.refusals, seen.people) == (0, 1, 0)


def test_what_lies_further_back_is_not_counted(database: Database, log: Log) -> None:
    log.append(a_read("orders", Role.SUPPORT, subjects=(1,), at=NOW - timedelta(days=40)))
    log.append(a_read("orders", Role.SUPPORT, subjects=(2,)))

    with database.read() as session:
        found = observe(session, ["orders"], NOW - timedelta(days=30))

    assert (found.by_purpose["orders"].reads, found.since) == (1, NOW - timedelta(days=30))


def test_of_a_log_too_long_the_newest_entries_are_looked_at_and_it_says_since_when(
    database: Database, log: Log
) -> None:
    for minute in range(6):
        log.append(a_read("orders", Role.SUPPORT, subjects=(minute,), at=NOW + timedelta(minutes=minute)))

    with database.read() as session:
        found = observe(session, ["orders"], NOW - timedelta(days=30), newest=4)

    assert (found.by_purpose["orders"].reads, found.whole) == (4, False)
    assert found.since == NOW + timedelta(minutes=2)


def test_an_empty_log_saw_nothing(database: Database) -> None:
    with database.read() as session:
        found = observe(session, ["orders"], NOW)

    assert (found.by_purpose["orders"].reads, found.whole) == (0, True)
