"""CSV as it is met: UTF-8 with or without its mark, UTF-16 with its mark, or Windows-1252; `;`, `,` or tabs.

The whole file is read once before a row is handed out, so that a broken one is refused before anything is written. RFC
4180 is the model; quotation marks must be closed.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterator
from typing import IO, Final, TextIO

from governance.errors import phrase
from governance.spreadsheets.cells import as_it_was
from governance.spreadsheets.errors import FileTooLargeError, UnreadableFileError
from governance.spreadsheets.limits import Limits

_PIECE: Final = 256 * 1024
_SNIFFED: Final = 64 * 1024
_DELIMITERS: Final = (";", ",", "\t")
# Every byte that Windows-1252 leaves undefined: a file that holds one is something else.
_UNDEFINED_IN_CP1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def detect_encoding(file: IO[bytes]) -> str:
    """Return the encoding that reads every byte of the file.

    Raises:
        UnreadableFileError: If none does, or the file is no text.
    """
    file.seek(0)
    beginning = file.read(4)
    if beginning.startswith(_UTF16_MARKS):
        return _whole(file, "utf-16")
    if beginning.startswith(codecs.BOM_UTF8):
        return _whole(file, "utf-8-sig")
    try:
        return _whole(file, "utf-8")
    except UnreadableFileError:
        return _whole(file, "cp1252")


def _whole(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            if "\0" in decoder.decode(piece):
                raise UnreadableFileError(reason=phrase("it holds binary data"))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise UnreadableFileError(reason=phrase("it is no text")) from None
    return encoding


def sniff_delimiter(sample: str) -> str:
    """Return the delimiter that splits the first record most often, quotation marks respected.

    Args:
        sample: The beginning of the text.
    """
    widths = {delimiter: _first_width(sample, delimiter) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: widths[delimiter])


def _first_width(sample: str, delimiter: str) -> int:
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(record):
                return len(record)
    except csv.Error:
        return 0
    return 0


class CsvRecords:
    """The records of one CSV file, read as often as wanted and never held at once."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        """Read the whole file once.

        Args:
            file: The file, open for reading bytes; stays the caller's to close.
            limits: Bounds on rows and columns.

        Raises:
            UnreadableFileError: If it is no text, or a quotation mark is never closed.
            FileTooLargeError: If it has too many rows or columns.
        """
        self._file: Final = file
        self._limits: Final = limits
        self._encoding: Final = detect_encoding(file)
        self._delimiter: Final = sniff_delimiter(self._beginning())
        self.count: Final = sum(1 for _ in self)

    def _beginning(self) -> str:
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder(self._encoding)()
        return decoder.decode(self._file.read(_SNIFFED))

    def __iter__(self) -> Iterator[list[str]]:
        """Yield every record, the header first."""
        # A descriptor of its own, for the reading may be given up, or end after the caller's file is closed.
        with os.fdopen(os.dup(self._file.fileno()), encoding=self._encoding, newline="") as text:
            text.seek(0)
            yield from self._records(text)

    def _records(self, text: TextIO) -> Iterator[list[str]]:
        number = 0
        try:
            for number, record in enumerate(csv.reader(text, delimiter=self._delimiter, strict=True), start=1):
                if number > self._limits.rows:
                    raise FileTooLargeError(limit=self._limits.rows, what=phrase("rows"))
                if len(record) > self._limits.columns:
                    raise FileTooLargeError(limit=self._limits.columns, what=phrase("columns"))
                # Our own files come back, too.
                yield [as_it_was(cell) for cell in record]
        except csv.Error:
            raise UnreadableFileError(
                reason=phrase("the record after number {number} is malformed", number=number)
            ) from None
