"""XLSX and ODS, read by a process of their own (see `workbook_process.py`)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, cast

import orjson

from governance.errors import phrase
from governance.spreadsheets.archive import check_archive
from governance.spreadsheets.errors import FileTooLargeError, UnreadableFileError
from governance.spreadsheets.limits import Limits
from governance.spreadsheets.workbook_process import TOO_LARGE, UNREADABLE

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
        with _reader(file, limits, sheets=1) as output:
            self.count: Final[int] = orjson.loads(output.readline())[1]

    def __iter__(self) -> Iterator[list[str]]:
        """Yield every row, the header first."""
        with _reader(self._file, self._limits, sheets=1) as output:
            output.readline()
            for line in output:
                yield orjson.loads(line)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, its cells as text."""

    name: str
    rows: list[list[str]]
    hidden: bool = False


def read_sheets(file: IO[bytes], size: int, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a workbook in their order, one at a time.

    Args:
        file: The workbook, open for reading bytes; stays the caller's to close.
        size: Its length in bytes.
        limits: Bounds on unpacked size, sheets, columns, and rows of all sheets together.

    Raises:
        UnreadableFileError: If it is no workbook.
        FileTooLargeError: If it is one beyond its bounds.
    """
    check_archive(file, size, limits)
    with _reader(file, limits, sheets=limits.sheets + 1) as output:
        for place, line in enumerate(output):
            if place == limits.sheets:
                raise FileTooLargeError(limit=limits.sheets, what=phrase("sheets"))
            name, count, hidden = orjson.loads(line)
            yield Sheet(name, [orjson.loads(output.readline()) for _ in range(count)], hidden)


@contextmanager
def _reader(file: IO[bytes], limits: Limits, *, sheets: int) -> Iterator[IO[bytes]]:
    bounds = (limits.rows, limits.columns, limits.unpacked_bytes, limits.reader_memory, limits.reader_seconds, sheets)
    file.seek(0)
    with subprocess.Popen(  # noqa: S603 -- our own program; the file comes in by descriptor, not by name
        [sys.executable, "-I", str(_PROGRAM), *map(str, bounds)],
        stdin=file.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Neither keys nor settings: whoever breaks the reader finds nothing.
        env={},
    ) as process:
        # What Popen types as IO is a buffered reader.
        output = cast(BufferedReader, process.stdout)
        try:
            if output.peek(1) == b"":
                _refuse(process.wait(), limits)
            yield output
            ended = output.peek(1) == b""
        except BaseException:
            process.kill()
            raise
        if not ended:
            # The caller has seen enough.
            process.kill()
        elif process.wait() != 0:
            _refuse(process.returncode, limits)


def _refuse(code: int, limits: Limits) -> None:
    if code == UNREADABLE:
        raise UnreadableFileError(reason=phrase("this is not a workbook"))
    if code == TOO_LARGE:
        raise FileTooLargeError(limit=limits.rows, what=phrase("rows, and as few columns and letters"))
    # Anything else is the system's answer to a reader that asked for more than it may have.
    raise FileTooLargeError(limit=limits.reader_memory, what=phrase("bytes while it is read"))
