"""Who writes next on SQLite, which has one writer at a time and no queue.

SQLite lets a writer that finds another one sleep and try again, longer each time; whoever writes one transaction after
the other (an import) then keeps everybody else out, and a read that cannot record itself is refused. So writers wait in
line: the threads of a process in the order in which they came, and one of each process at a turnstile of two lock files
beside the database. Whoever holds the gate is next; nobody who comes later can pass it. On a lock that is held it looks
again each millisecond, and stops looking after some seconds.

The line is a courtesy, not a lock: SQLite's own lock still decides, so a tool that knows nothing of it does no harm.
"""

import fcntl
import os
import threading
import time
from collections import deque
from typing import Final

_POLL_SECONDS: Final = 0.001


class WriteTurns:
    """The line of writers of one SQLite file."""

    def __init__(self, database_file: str) -> None:
        """Open nothing yet.

        Args:
            database_file: The path of the database; the lock files stand beside it.
        """
        self._paths: Final = (f"{database_file}-gate", f"{database_file}-turn")
        self._mutex: Final = threading.Lock()
        self._waiting: Final[deque[threading.Lock]] = deque()
        self._taken = False
        self._files: tuple[int, int] | None = None
        self._process = os.getpid()

    def take(self, seconds: float) -> bool:
        """Wait for a turn, at most so long; tell whether it came. Every turn that came is given back with `give`."""
        until = time.monotonic() + seconds
        if not self._take_here(seconds):
            return False
        try:
            came = self._take_among_processes(until)
        except BaseException:
            self._give_here()
            raise
        if not came:
            self._give_here()
        return came

    def give(self) -> None:
        """Let the next one write."""
        if self._files is not None:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        self._give_here()

    def close(self) -> None:
        """Close the lock files."""
        files, self._files = self._files, None
        for descriptor in files or ():
            os.close(descriptor)

    def _take_here(self, seconds: float) -> bool:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._mutex:
            # It may have come between the two.
            if mine not in self._waiting:
                return True
            self._waiting.remove(mine)
            return False

    def _give_here(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _take_among_processes(self, until: float) -> bool:
        if self._process != os.getpid():
            # A forked child shares the parent's open files, and with them its locks: it needs its own.
            self.close()
        gate, turn = self._files or self._open()
        if not _lock(gate, until):
            return False
        try:
            return _lock(turn, until)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)

    def _open(self) -> tuple[int, int]:
        gate, turn = (os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for path in self._paths)
        self._files, self._process = (gate, turn), os.getpid()
        return self._files


def _lock(descriptor: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        else:
            return True
