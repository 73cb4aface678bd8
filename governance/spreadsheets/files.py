"""A file to import: what it is, the digest by which it is known again, its header and its rows."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import IO, Final, Protocol

from governance.errors import phrase
from governance.spreadsheets.csv_files import CsvRecords
from governance.spreadsheets.errors import FileTooLargeError, UnreadableFileError
from governance.spreadsheets.limits import Limits
from governance.spreadsheets.workbooks import WorkbookRecords

_ARCHIVE_MARK: Final = b"PK\x03\x04"
# The old binary workbooks (OLE compound files), which are refused with a word on what to do.
_OLD_WORKBOOK_MARK: Final = b"\xd0\xcf\x11\xe0"

_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".ods"})


class Records(Protocol):
    """The records of a file, the header first."""

    @property
    def count(self) -> int:
        """Records in all."""
        ...

    def __iter__(self) -> Iterator[list[str]]:
        """Yield every record, the header first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of data.

    Attributes:
        number: Its place in the file, counted from 1, the header included: what a spreadsheet shows beside it.
        cells: Its cells as text.
    """

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """An opened file.

    Attributes:
        digest: SHA-256 of its bytes.
        header: The cells of its first row that is not empty.
        header_row: The number of that row.
        count: Rows in all, the header and empty ones included.
    """

    digest: bytes
    header: tuple[str, ...]
    header_row: int
    count: int
    records: Records

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows of data that follow row number `after`; rows without any text are left out."""
        first = max(after, self.header_row)
        for number, cells in enumerate(self.records, start=1):
            if number > first and any(not cell.isspace() for cell in cells if cell):
                yield Row(number=number, cells=cells)


@contextmanager
def open_table(path: Path | BufferedRandom, limits: Limits) -> Iterator[TableFile]:
    """Open a CSV, XLSX or ODS file; what it is shows in its first bytes, not in its name.

    Args:
        path: Where it lies; or the file itself, which stays the caller's to close.
        limits: The bounds it must keep.

    Raises:
        UnreadableFileError: If it is none of these, is broken, or has no row.
        FileTooLargeError: If it exceeds a bound.
    """
    with _opened(path) as file:
        size = _size(file)
        if size > limits.file_bytes:
            raise FileTooLargeError(limit=limits.file_bytes, what=phrase("bytes"))
        digest = hashlib.file_digest(file, "sha256").digest()
        records = _records(file, size, limits, named=path.suffix.lower() if isinstance(path, Path) else "")
        header_row, header = _header(records)
        yield TableFile(digest=digest, header=header, header_row=header_row, count=records.count, records=records)


def _opened(path: Path | BufferedRandom) -> AbstractContextManager[BufferedReader | BufferedRandom]:
    if not isinstance(path, Path):
        path.seek(0)
        return nullcontext(path)
    try:
        return path.open("rb")
    except OSError:
        raise UnreadableFileError(reason=phrase("there is no such file, or it may not be read")) from None


def _size(file: IO[bytes]) -> int:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError(reason=phrase("it must be an ordinary file"))
    return status.st_size


def _records(file: IO[bytes], size: int, limits: Limits, *, named: str) -> Records:
    file.seek(0)
    beginning = file.read(4)
    if beginning == _ARCHIVE_MARK:
        return WorkbookRecords(file, size, limits)
    if beginning == _OLD_WORKBOOK_MARK:
        raise UnreadableFileError(reason=phrase("this is an old binary workbook; save it as XLSX, ODS or CSV"))
    try:
        return CsvRecords(file, limits)
    except UnreadableFileError:
        # A broken workbook shows no mark of one; that it is no text either would send its owner the wrong way.
        if named in _WORKBOOKS:
            raise UnreadableFileError(reason=phrase("it is named a workbook, and cannot be opened as one")) from None
        raise


def _header(records: Iterable[list[str]]) -> tuple[int, tuple[str, ...]]:
    for number, cells in enumerate(records, start=1):
        if any(not cell.isspace() for cell in cells if cell):
            return number, tuple(cells)
    raise UnreadableFileError(reason=phrase("it has no row"))
