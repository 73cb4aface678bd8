"""Facts recorded in the transaction of the change itself."""

import gc
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from audit.drafts import Head
from audit.entries import Fact
from audit.errors import AppendInsideWriteError, LogNotAttachedError, UnrecordedWriteError
from audit.log import Log
from audit.models import Leaf, LogEntry, Tile
from audit.sequencer import Batch
from audit.transaction import listen, record, recorded, unrecorded
from governance.database import Database
from tests.builders.audit import a_fact


def leaves(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Leaf)).one()


@pytest.mark.usefixtures("log")
def test_a_recorded_fact_is_written_with_the_commit(database: Database) -> None:
    with database.write() as session:
        record(session, a_fact(1))
        record(session, a_fact(2))
        assert leaves(database) == 0

    assert [ref.index for ref in recorded(session)] == [0, 1]
    with database.read() as reading:
        assert reading.scalars(select(LogEntry.object_id).order_by(LogEntry.leaf_index)).all() == ["row-1", "row-2"]


@pytest.mark.usefixtures("log")
def test_a_rolled_back_transaction_forgets_its_facts(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        record(session, a_fact())
        raise RuntimeError("stop")

    with database.write() as session:
        record(session, a_fact(7))

    assert [ref.index for ref in recorded(session)] == [0]


@pytest.mark.usefixtures("log")
def test_a_rolled_back_savepoint_forgets_only_its_own_facts(database: Database) -> None:
    with database.write() as session:
        record(session, a_fact(1))
        with pytest.raises(RuntimeError), session.begin_nested():
            record(session, a_fact(2))
            with session.begin_nested():
                record(session, a_fact(3))
            raise RuntimeError("stop")
        with session.begin_nested():
            record(session, a_fact(4))

    with database.read() as reading:
        assert reading.scalars(select(LogEntry.object_id).order_by(LogEntry.leaf_index)).all() == ["row-1", "row-4"]


@pytest.mark.usefixtures("log")
def test_a_change_without_a_fact_does_not_commit(database: Database) -> None:
    with pytest.raises(UnrecordedWriteError, match="Tile"), database.write() as session:
        session.add(Tile(level=0, number=9, hashes=b"", root=b""))

    with database.read() as session:
        assert session.get(Tile, (0, 9)) is None


@pytest.mark.usefixtures("log")
def test_a_statement_that_changes_rows_counts_as_a_change(database: Database) -> None:
    with pytest.raises(UnrecordedWriteError, match="audit_tile"), database.write() as session:
        session.execute(delete(Tile))


@pytest.mark.usefixtures("log")
def test_a_change_that_needs_no_fact_says_so(database: Database) -> None:
    with database.write() as session:
        unrecorded(session, because="a test")
        session.add(Tile(level=0, number=9, hashes=b"", root=b""))

    with database.read() as session:
        assert session.get(Tile, (0, 9)) is not None


@pytest.mark.usefixtures("log")
def test_a_change_undone_with_its_savepoint_needs_no_fact(database: Database) -> None:
    with database.write() as session, pytest.raises(RuntimeError), session.begin_nested():
        session.add(Tile(level=0, number=9, hashes=b"", root=b""))
        session.flush()
        raise RuntimeError("stop")


def test_a_thread_that_holds_a_write_may_not_wait_for_the_log(database: Database, log: Log) -> None:
    with pytest.raises(AppendInsideWriteError), database.write():
        log.append(a_fact())

    assert log.append(a_fact()).index == 0


def test_a_session_without_a_log_refuses_a_fact(database: Database) -> None:
    with pytest.raises(LogNotAttachedError), database.write() as session:
        record(session, a_fact())


class Slip:
    """Writes facts on a slip of paper."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def write_with(self, session: Session, facts: Sequence[Fact]) -> Batch:
        self.facts.extend(facts)
        return Batch([], Head(0, b"", b""))

    def written(self, batch: Batch) -> None:
        pass


def test_sessions_made_where_others_were_before_are_listened_to(disabled_collection: None) -> None:
    addresses = set()
    for _ in range(100):
        sessions, slip = sessionmaker[Session](), Slip()
        addresses.add(id(sessions))
        listen(sessions, slip)
        listen(sessions, slip)
        with sessions() as session, session.begin():
            record(session, a_fact())
        assert len(slip.facts) == 1
    assert len(addresses) < 100


@pytest.fixture
def disabled_collection() -> Iterator[None]:
    """Let what refers to itself stay, so that SQLAlchemy goes on knowing the makers that are gone."""
    gc.disable()
    yield
    gc.enable()
