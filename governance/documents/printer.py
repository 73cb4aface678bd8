"""Who makes a document of HTML, and within which bounds."""

import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from governance.documents.errors import (
    DocumentFailedError,
    DocumentsUnavailableError,
    DocumentTooLargeError,
    PrinterBusyError,
)
from governance.documents.print_process import TOO_LARGE, UNAVAILABLE

_PROGRAM: Final = Path(__file__).with_name("print_process.py")
_MEGABYTE: Final = 1024 * 1024
# Out of time; or out of memory, where Python says so, GLib breaks off or the system does.
_GIVEN_UP: Final = frozenset({
    TOO_LARGE, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What making one document may take.

    Attributes:
        seconds: From the order to the document; less than the lease of a job.
        memory: Address space of the process, in bytes.
        at_once: How many documents are made at once.
        patience: For how many seconds the next one waits for its turn.
    """

    seconds: int = 50
    memory: int = 2048 * _MEGABYTE
    at_once: int = 2
    patience: float = 10.0


class Printer(Protocol):
    """Makes documents."""

    def print(self, html: str) -> bytes:
        """Return a tagged PDF of a page of HTML that needs nothing but itself.

        Raises:
            DocumentError: If there is none; says why.
        """


class ChildPrinter:
    """Makes each document in a process of its own (see `print_process.py`)."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        """Start nothing yet."""
        self._bounds: Final = bounds or Bounds()
        self._turns: Final = threading.BoundedSemaphore(self._bounds.at_once)

    def print(self, html: str) -> bytes:
        """Return a tagged PDF of a page of HTML that needs nothing but itself.

        Raises:
            PrinterBusyError: If too many are being made.
            DocumentsUnavailableError: If the host lacks a library.
            DocumentTooLargeError: If it takes more time or memory than it may.
            DocumentFailedError: If the process broke down.
        """
        if not self._turns.acquire(timeout=self._bounds.patience):
            raise PrinterBusyError
        try:
            return self._print(html)
        finally:
            self._turns.release()

    def _print(self, html: str) -> bytes:
        bounds = self._bounds
        too_large = DocumentTooLargeError(seconds=bounds.seconds, megabytes=bounds.memory // _MEGABYTE)
        try:
            done = subprocess.run(  # noqa: S603 -- our own program; nothing of the document stands in its arguments
                [sys.executable, "-I", str(_PROGRAM), str(bounds.memory), str(bounds.seconds)],
                input=html.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Neither keys nor settings: whoever breaks the printer finds nothing.
                env={},
                timeout=bounds.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise too_large from None
        if done.returncode == UNAVAILABLE:
            raise DocumentsUnavailableError
        if done.returncode in _GIVEN_UP:
            raise too_large
        if done.returncode != 0:
            raise DocumentFailedError
        return done.stdout
