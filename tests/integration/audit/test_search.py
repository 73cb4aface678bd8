"""Finding entries: every filter, newest first, by pages, and by person without an index row for each."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from audit.entries import Action, Fact, Outcome, Retention
from audit.errors import EntryNotFoundError
from audit.log import Log
from audit.search import Filters, entry_at, entry_by_id, search, search_newer
from governance.actor import Role
from governance.database import Database
from tests.builders.audit import a_fact
from tests.builders.ground import StandingClock, an_actor


def found(database: Database, filters: Filters, after: int | None = None, limit: int = 100) -> list[int]:
    with database.read() as session:
        return [entry.index for entry in search(session, filters, after, limit)]


def newer(database: Database, filters: Filters, before: int, limit: int = 100) -> list[int]:
    with database.read() as session:
        return [entry.index for entry in search_newer(session, filters, before, limit)]


def test_entries_come_newest_first_and_by_pages(database: Database, log: Log) -> None:
    log.append_many([a_fact(n) for n in range(7)])

    assert found(database, Filters(), limit=3) == [6, 5, 4]
    assert found(database, Filters(), after=4, limit=3) == [3, 2, 1]
    assert found(database, Filters(), after=1, limit=3) == [0]


def test_the_page_above_an_entry_is_the_nearest_and_newest_first_too(database: Database, log: Log) -> None:
    log.append_many([a_fact(n) for n in range(7)])

    assert newer(database, Filters(), before=1, limit=3) == [4, 3, 2]
    assert newer(database, Filters(), before=4, limit=3) == [6, 5]
    assert newer(database, Filters(), before=6, limit=3) == []


def test_each_filter_finds_its_entries(database: Database, log: Log, clock: StandingClock) -> None:
    other = an_actor(Role.DPO, number=2)
    start = clock.now()
    log.append(a_fact(0))
    log.append(replace(a_fact(0), actor=other))
    log.append(replace(a_fact(0), action=Action.EXPORT))
    log.append(replace(a_fact(0), outcome=Outcome.REFUSED))
    log.append(replace(a_fact(0), retention=Retention.EVIDENCE))
    log.append(replace(a_fact(0), object_type="companies"))
    log.append(a_fact(6))
    clock.advance(minutes=1)
    log.append(replace(a_fact(0), purpose="scoring"))

    for filters, expected in [
        (Filters(actor_id=other.id), [1]),
        (Filters(action=Action.EXPORT), [2]),
        (Filters(outcome=Outcome.REFUSED), [3]),
        (Filters(retention=Retention.EVIDENCE), [4]),
        (Filters(object_type="companies"), [5]),
        (Filters(object_type="customers", object_id="row-6"), [6]),
        (Filters(purpose="scoring"), [7]),
        (Filters(subject=6), [6]),
        (Filters(since=clock.now()), [7]),
        (Filters(until=clock.now(), action=Action.READ, outcome=Outcome.DONE), [6, 5, 4, 1, 0]),
        (Filters(since=start, until=start), []),
        (Filters(subject=0, action=Action.EXPORT), [2]),
        (Filters(subject=12), []),
    ]:
        assert found(database, filters) == expected, filters


def test_a_person_is_found_among_many(database: Database, log: Log) -> None:
    page = Fact(
        retention=Retention.ACCESS, action=Action.READ, actor=an_actor(), object_type="customers", subjects=range(1_000)
    )
    for start in range(0, 1_200, 400):
        log.append_many([a_fact(5_000 + start + n) for n in range(400)])
        log.append(page)

    assert found(database, Filters(subject=999)) == [1202, 801, 400]
    assert found(database, Filters(subject=999), after=801) == [400]
    assert found(database, Filters(subject=999), limit=2) == [1202, 801]
    assert found(database, Filters(subject=5_003)) == [3]
    assert found(database, Filters(subject=5_255), after=255) == []
    assert newer(database, Filters(subject=999), before=400) == [1202, 801]
    assert newer(database, Filters(subject=999), before=0, limit=2) == [801, 400]
    assert newer(database, Filters(subject=5_003), before=3) == []
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM audit_subjects")).scalar_one() == 1_203 // 256


def test_an_altered_summary_hides_nobody(database: Database, log: Log) -> None:
    log.append_many([a_fact(n) for n in range(300)])
    with database.write_connection() as connection:
        connection.execute(text("UPDATE audit_subjects SET subjects = :empty"), {"empty": b""})

    assert found(database, Filters(subject=3)) == [3]


def test_an_entry_says_what_was_recorded(database: Database, log: Log) -> None:
    ref = log.append(replace(a_fact(3), subjects=range(20)))

    with database.read() as session:
        entry = entry_by_id(session, ref.id)
        assert entry_at(session, ref.index) == entry

    assert (entry.index, entry.id) == (0, ref.id)
    assert entry.said["object"] == {"id": "row-3", "type": "customers"}
    assert list(entry.subjects) == list(range(20))


def test_an_entry_that_is_not_there_is_not_found(database: Database) -> None:
    with database.read() as session, pytest.raises(EntryNotFoundError):
        entry_by_id(session, uuid.UUID(int=5))


@pytest.mark.parametrize("index", [0, 2**63 - 1, 2**64])
def test_a_place_that_holds_no_entry_is_not_found(database: Database, index: int) -> None:
    with database.read() as session, pytest.raises(EntryNotFoundError):
        entry_at(session, index)
