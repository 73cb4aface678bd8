"""Appending: durable, in order, without a gap, or not at all."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from audit.drafts import to_draft
from audit.entries import MAX_BODY_BYTES, to_entry
from audit.errors import EntryTooLargeError, InvalidFactError, LogTamperedError, LogUnavailableError
from audit.leaves import LeafKey
from audit.log import Log
from audit.models import Leaf, LogEntry
from audit.sequencer import Sequencer
from audit.statements import statements_for
from audit.transaction import record
from governance.database import Database
from tests.builders.audit import LEAF_KEY, AnchoredLog, a_fact, a_log
from tests.builders.ground import CountingIds, StandingClock

APPENDER = Path(__file__).with_name("appender.py")
ROOT = Path(__file__).parents[3]


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(LogEntry)).one()


def execute(database: Database, *statements: str) -> None:
    with database.write_connection() as connection:
        for statement in statements:
            connection.execute(text(statement))


def swallow(database: Database, table: str, what: str) -> None:
    """Install a trigger that a database administrator might: it undoes an insert or an update without a word."""
    if database.dialect == "sqlite":
        when, _, event = what.partition(" ")
        undo = {
            "BEFORE INSERT": "SELECT RAISE(IGNORE)",
            "AFTER INSERT": f"DELETE FROM {table} WHERE leaf_index = NEW.leaf_index",
            "BEFORE UPDATE": "SELECT RAISE(IGNORE)",
        }[what]
        execute(database, f"CREATE TRIGGER swallow {when} {event} ON {table} BEGIN {undo}; END")
        return
    body = (
        f"DELETE FROM {table} WHERE leaf_index = NEW.leaf_index; RETURN NULL;"
        if what == "AFTER INSERT"
        else "RETURN NULL;"
    )
    execute(
        database,
        f"CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER swallow {what} ON {table} FOR EACH ROW EXECUTE FUNCTION swallow()",
    )


def test_facts_stand_in_the_order_in_which_they_came(log: Log) -> None:
    assert [ref.index for ref in log.append_many([a_fact(n) for n in range(5)])] == [0, 1, 2, 3, 4]
    assert log.append(a_fact(5)).index == 5
    assert log.append_many([]) == []


def test_an_appended_fact_is_there_for_every_reader(database: Database, log: Log, clock: StandingClock) -> None:
    ref = log.append(a_fact(7))

    with database.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.id == ref.id)).one()
        assert (entry.leaf_index, entry.object_id, entry.at) == (ref.index, "row-7", clock.now())


def test_a_fact_without_a_canonical_form_is_refused(database: Database, log: Log) -> None:
    with pytest.raises(InvalidFactError):
        log.append(a_fact(1, price=1.5))  # type: ignore[arg-type]
    with pytest.raises(EntryTooLargeError):
        log.append(a_fact(1, text="x" * MAX_BODY_BYTES))

    assert count(database) == 0


def test_eight_threads_leave_no_gap(database: Database, log: Log) -> None:
    given: list[int] = []

    def work() -> None:
        given.extend(log.append(a_fact(number)).index for number in range(40))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == list(range(320))
    assert count(database) == 320


def test_two_processes_leave_no_gap(anchored: AnchoredLog, database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, str(APPENDER), database_url, "4", "40"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={"PYTHONPATH": str(ROOT)},
        )
        for _ in range(2)
    ]  # fmt: skip
    given = [int(index) for process in processes for index in process.communicate(timeout=60)[0].split()]

    assert sorted(given) == list(range(320))
    anchored.checkpoint()
    assert anchored.verify().intact


def test_changes_and_appends_share_one_sequence(database: Database, log: Log) -> None:
    def change() -> None:
        for number in range(20):
            with database.write() as session:
                record(session, a_fact(number))

    threads = [threading.Thread(target=change) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        log.append(a_fact(number))
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert session.scalars(select(Leaf.leaf_index).order_by(Leaf.leaf_index)).all() == list(range(80))


def test_two_who_begin_a_log_at_once_begin_one(postgres_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(postgres_url)
    log = a_log(database, clock, ids)
    indexes: list[int] = []
    with database.write_connection() as connection:
        # Another process has begun the log and has not committed yet.
        another = Sequencer(statements_for("postgresql"), LeafKey(LEAF_KEY))
        entry = to_entry(a_fact(1), ids.new(), clock.now())
        with closing(connection.connection.driver_connection.cursor()) as cursor:  # type: ignore[union-attr]
            another.add(cursor, [to_draft(entry)])
        thread = threading.Thread(target=lambda: indexes.append(log.append(a_fact(2)).index))
        thread.start()
        time.sleep(0.1)
    thread.join()

    assert indexes == [1]
    log.close()
    database.close()


@pytest.mark.parametrize("table", ["audit_leaf", "audit_entry"])
@pytest.mark.parametrize("what", ["BEFORE INSERT", "AFTER INSERT"])
def test_a_trigger_that_swallows_an_insert_is_noticed(database: Database, log: Log, table: str, what: str) -> None:
    log.append(a_fact(1))
    swallow(database, table, what)

    for _ in range(2):
        with pytest.raises(LogUnavailableError):
            log.append(a_fact(2))
    with pytest.raises(LogUnavailableError), database.write() as session:
        record(session, a_fact(3))

    assert count(database) == 1


def test_a_trigger_that_holds_the_head_is_noticed(database: Database, log: Log) -> None:
    log.append(a_fact(1))
    swallow(database, "audit_head", "BEFORE UPDATE")

    with pytest.raises(LogUnavailableError):
        log.append(a_fact(2))

    assert count(database) == 1


def test_a_trigger_that_changes_what_is_written_is_noticed(database: Database, log: Log) -> None:
    log.append(a_fact(1))
    if database.dialect == "sqlite":
        execute(
            database,
            "CREATE TRIGGER meddle AFTER INSERT ON audit_entry BEGIN "
            "UPDATE audit_entry SET purpose = 'scoring' WHERE leaf_index = NEW.leaf_index; END",
        )
    else:
        execute(
            database,
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.purpose := 'scoring'; RETURN NEW; END $$",
            "CREATE TRIGGER meddle BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION meddle()",
        )

    with pytest.raises(LogUnavailableError):
        log.append(a_fact(2))

    assert count(database) == 1


def test_a_failing_database_fails_every_waiter_and_the_log_recovers(database: Database, log: Log) -> None:
    log.append(a_fact(1))
    execute(database, "ALTER TABLE audit_entry RENAME TO hidden")
    failed: list[LogUnavailableError] = []

    def work() -> None:
        try:
            log.append(a_fact(2))
        except LogUnavailableError as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 4
    assert "row-2" not in str(failed[0])

    execute(database, "ALTER TABLE hidden RENAME TO audit_entry")
    assert log.append(a_fact(3)).index == 1


def test_a_full_disk_records_nothing(sqlite_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(sqlite_url)
    log = a_log(database, clock, ids)
    log.append(a_fact(1))
    cursor = log._connection.cursor()  # noqa: SLF001 -- the limit belongs to the connection
    cursor.execute(f"PRAGMA max_page_count = {cursor.execute('PRAGMA page_count').fetchone()[0]}")

    with pytest.raises(LogUnavailableError):
        for number in range(100):
            log.append(a_fact(number, text="x" * 4_000))

    recorded = count(database)
    assert log.append(a_fact(2)).index == recorded
    log.close()
    database.close()


def test_a_full_disk_stops_the_change_too(sqlite_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(sqlite_url)
    log = a_log(database, clock, ids)
    with pytest.raises(LogUnavailableError), database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE changed (n INTEGER)")
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(50):
            record(session, a_fact(number, text="x" * 4_000))

    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'changed'")).scalar_one() == 0
    log.close()
    database.close()


def test_a_locked_database_is_unavailable(sqlite_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(sqlite_url)
    log = a_log(database, clock, ids)
    log.append(a_fact(1))
    log._connection.execute("PRAGMA busy_timeout = 20")  # noqa: SLF001 -- a test does not wait for ten seconds
    with database.engine.connect() as other:
        other.exec_driver_sql("COMMIT")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailableError):
            log.append(a_fact(2))
        other.exec_driver_sql("ROLLBACK")

    assert log.append(a_fact(3)).index == 1
    log.close()
    database.close()


def test_a_lost_connection_is_made_again(postgres_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(postgres_url)
    log = a_log(database, clock, ids)
    log.append(a_fact(1))
    execute(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    with pytest.raises(LogUnavailableError):
        log.append(a_fact(2))

    assert log.append(a_fact(3)).index == 1
    log.close()
    database.close()


def test_a_head_that_was_set_back_stops_the_log(database: Database, log: Log) -> None:
    log.append(a_fact(1))
    with database.read() as session:
        before = session.execute(text("SELECT size, frontier, mac FROM audit_head")).one()
    log.append(a_fact(2))
    with database.write_connection() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE leaf_index = 1"))
        connection.execute(text("DELETE FROM audit_leaf WHERE leaf_index = 1"))
        connection.execute(
            text("UPDATE audit_head SET size = :size, frontier = :frontier, mac = :mac"), before._asdict()
        )

    with pytest.raises(LogTamperedError, match="set back"):
        log.append(a_fact(3))


def test_a_head_without_its_attestation_stops_the_log(database: Database, log: Log) -> None:
    log.append(a_fact(1))
    execute(database, "UPDATE audit_head SET size = 0, frontier = ''")

    with pytest.raises(LogTamperedError, match="not attested"):
        log.append(a_fact(2))


def test_a_head_that_was_deleted_stops_the_log(
    database: Database, log: Log, clock: StandingClock, ids: CountingIds
) -> None:
    log.append(a_fact(1))
    execute(database, "DELETE FROM audit_head")

    another = Log(database, clock, ids, bytes(range(32)))
    for writer in (log, another):
        with pytest.raises(LogTamperedError, match="gone"):
            writer.append(a_fact(2))
    another.close()


def test_a_log_opened_with_another_key_does_not_go_on(
    database: Database, log: Log, clock: StandingClock, ids: CountingIds
) -> None:
    log.append(a_fact(1))
    stranger = Log(database, clock, ids, bytes(32))

    with pytest.raises(LogTamperedError):
        stranger.append(a_fact(2))
    stranger.close()


def test_a_signal_while_waiting_leaves_the_line_whole(sqlite_url: str, clock: StandingClock, ids: CountingIds) -> None:
    database = Database(sqlite_url)
    log = a_log(database, clock, ids)
    log.append(a_fact(0))
    indexes: list[int] = []

    def interrupt(_number: int, _frame: object) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with database.write_connection():
            threads = [threading.Thread(target=lambda: indexes.append(log.append(a_fact(1)).index)) for _ in range(3)]
            threads[0].start()
            time.sleep(0.05)
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(InterruptedError):
                log.append(a_fact(2))
            for thread in threads[1:]:
                thread.start()
    finally:
        signal.signal(signal.SIGALRM, before)
    for thread in threads:
        thread.join()

    assert sorted(indexes) == [1, 2, 3]
    assert count(database) == 4
    log.close()
    database.close()


def test_a_log_that_is_attached_again_takes_the_place_of_the_first(
    database: Database, log: Log, clock: StandingClock, ids: CountingIds
) -> None:
    second = a_log(database, clock, ids)
    with database.write() as session:
        record(session, a_fact(1))

    assert count(database) == 1
    second.close()


def test_a_large_batch_completes_its_tiles(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    anchored.grow(1_000)
    anchored.checkpoint()

    assert anchored.verify().intact
