"""The storage of counts, on both databases."""

import threading

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from governance.database import Database
from governance.web.limits import SCHEME, SqlStorage
from governance.web.tables import RateCount
from tests.builders.ground import StandingClock


@pytest.fixture
def storage(database: Database, clock: StandingClock) -> SqlStorage:
    made = storage_from_string(f"{SCHEME}://", database=database, clock=clock, key=b"k" * 32)  # type: ignore[arg-type]
    assert isinstance(made, SqlStorage)
    return made


def test_hits_count_until_the_window_ends(storage: SqlStorage, clock: StandingClock) -> None:
    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.incr("b", 60, 5) == 5
    assert storage.get("a") == 3
    assert storage.get_expiry("a") == clock.now().timestamp() + 60

    clock.advance(seconds=59)
    assert storage.incr("a", 60) == 4
    clock.advance(seconds=1)
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1


def test_what_ended_is_deleted(storage: SqlStorage, clock: StandingClock, database: Database) -> None:
    for number in range(10):
        storage.incr(f"address {number}", 60)
    clock.advance(seconds=60)
    storage.incr("another", 60)

    with database.read() as session:
        assert len(session.scalars(select(RateCount)).all()) == 1


def test_no_address_is_kept(storage: SqlStorage, database: Database) -> None:
    storage.incr("LIMITER/192.0.2.1/identity.sign_in", 60)

    with database.read() as session:
        assert b"192" not in session.scalars(select(RateCount.key_hash)).one()


def test_counts_are_forgotten_when_asked(storage: SqlStorage) -> None:
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)

    assert storage.reset() == 1
    assert storage.get("b") == 0
    assert storage.check()


def test_hits_at_once_all_count(storage: SqlStorage) -> None:
    threads = [threading.Thread(target=storage.incr, args=("a", 60)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert storage.get("a") == 8


def test_the_library_takes_it_for_a_storage(storage: SqlStorage) -> None:
    limiter = FixedWindowRateLimiter(storage)
    rate = parse("2 per minute")

    assert [limiter.hit(rate, "192.0.2.1") for _ in range(3)] == [True, True, False]
    assert limiter.hit(rate, "192.0.2.2")
