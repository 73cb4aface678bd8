"""XLSX and ODS, read by a process of their own (see `workbook_process.py`)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, cast

import orjson

from governance.customers.errors import FileTooLargeError, UnreadableFileError
from governance.customers.importing.archive import check_archive
from governance.customers.importing.limits import Limits
from governance.customers.importing.workbook_process import TOO_LARGE, UNREADABLE
from governance.errors import phrase

_PROGRAM: Final = Path(__file__).with_name("workbook_process.py")


class WorkbookRecords:
    """The rows of a workbook's first sheet as text, read as often as wanted and never held here at once."""

    def __init__(self, file: IO[bytes], size: int, limits: Limits) -> None:
        """Check the archive and ask for the sheet's height.

        Args:
            file: The workbook, open for reading bytes; stays the caller's to close.
            size: Its length in bytes.
            limits: Bounds on unpacked size, rows and columns.

        Raises:
            UnreadableFileError: If it is no workbook.
            FileTooLargeError: If it is one beyond its bounds.
        """
        check_archive(file, size, limits)
        self._file: Final = file
        self._limits: Final = limits
        with self._reader() as output:
            self.count: Final = int(output.readline())

    def __iter__(self) -> Iterator[list[str]]:
        """Yield every row, the header first."""
        with self._reader() as output:
            output.readline()
            for line in output:
                yield orjson.loads(line)

    @contextmanager
    def _reader(self) -> Iterator[IO[bytes]]:
        limits = self._limits
        bounds = (limits.rows, limits.columns, limits.reader_memory, limits.reader_seconds)
        self._file.seek(0)
        with subprocess.Popen(  # noqa: S603 -- our own program; the file comes in by descriptor, not by name
            [sys.executable, "-I", str(_PROGRAM), *map(str, bounds)],
            stdin=self._file.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Neither keys nor settings: whoever breaks the reader finds nothing.
            env={},
        ) as process:
            # What Popen types as IO is a buffered reader.
            output = cast(BufferedReader, process.stdout)
            try:
                if output.peek(1) == b"":
                    self._refuse(process.wait())
                yield output
                ended = output.peek(1) == b""
            except BaseException:
                process.kill()
                raise
            if not ended:
                # The caller has seen enough.
                process.kill()
            elif process.wait() != 0:
                self._refuse(process.returncode)

    def _refuse(self, code: int) -> None:
        if code == UNREADABLE:
            raise UnreadableFileError(reason=phrase("this is not a workbook"))
        if code == TOO_LARGE:
            raise FileTooLargeError(limit=self._limits.rows, what=phrase("rows, and as few columns"))
        # Anything else is the system's answer to a reader that asked for more than it may have.
        raise FileTooLargeError(limit=self._limits.reader_memory, what=phrase("bytes while it is read"))
