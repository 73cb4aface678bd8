"""Writers of SQLite wait in line, within a process and among processes."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from governance.database import Database
from governance.turns import WriteTurns

ROOT = Path(__file__).parents[2]
# Holds the turn until its standard input ends.
HOLDER = """
import sys
from governance.turns import WriteTurns
turns = WriteTurns(sys.argv[1])
assert turns.take(5)
print("taken", flush=True)
sys.stdin.read()
turns.give()
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "egide.db")


def test_threads_come_in_the_order_in_which_they_waited(file: str) -> None:
    turns = WriteTurns(file)
    order: list[int] = []

    def write(number: int) -> None:
        assert turns.take(5)
        order.append(number)
        turns.give()

    assert turns.take(5)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for waiting, thread in enumerate(threads, start=1):
        thread.start()
        while len(turns._waiting) < waiting:  # noqa: SLF001 -- the test has to see that the thread stands in line
            time.sleep(0.001)
    turns.give()
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]
    turns.close()


def test_who_waits_too_long_leaves_the_line(file: str) -> None:
    turns = WriteTurns(file)
    assert turns.take(5)

    assert not turns.take(0.01)

    turns.give()
    assert turns.take(0.01)
    turns.give()
    turns.close()


def test_processes_wait_for_one_another(file: str) -> None:
    turns = WriteTurns(file)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        assert not turns.take(0.05)
        assert not turns.take(0.05)
        holder.communicate()

    assert turns.take(5)
    turns.give()
    turns.close()


def test_a_process_that_died_holds_nobody_up(file: str) -> None:
    turns = WriteTurns(file)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()

    assert turns.take(5)
    turns.give()
    turns.close()


def test_a_writer_that_never_rests_lets_others_in(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    stop = threading.Event()

    def import_without_rest() -> None:
        while not stop.is_set():
            with database.write_connection():
                time.sleep(0.03)

    importer = threading.Thread(target=import_without_rest)
    importer.start()
    waited = []
    for _ in range(10):
        began = time.perf_counter()
        with database.write_connection():
            waited.append(time.perf_counter() - began)
    stop.set()
    importer.join()
    database.close()

    assert max(waited) < 2


def test_a_failed_write_gives_its_turn_back(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    for _ in range(3):
        with pytest.raises(RuntimeError), database.write():
            raise RuntimeError("stop")
    with database.write(), database.read():
        pass

    began = time.perf_counter()
    with database.turn():
        pass
    assert time.perf_counter() - began < 2
    database.close()
