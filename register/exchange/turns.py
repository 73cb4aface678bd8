"""How many files are taken apart at one moment: each takes a process of its own, and memory beside it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from register.exchange.errors import ReadingBusyError


class Turns:
    """Lets so many in at once; others wait for a while."""

    def __init__(self, at_once: int, seconds: float) -> None:
        """Let so many in.

        Args:
            at_once: How many.
            seconds: How long another waits.
        """
        self._places: Final = threading.BoundedSemaphore(at_once)
        self._seconds: Final = seconds

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take a turn, for as long as the block lasts.

        Raises:
            ReadingBusyError: If none came free in time.
        """
        if not self._places.acquire(timeout=self._seconds):
            raise ReadingBusyError
        try:
            yield
        finally:
            self._places.release()
