"""Workbooks are ZIP archives (XLSX: ECMA-376, part 2; ODS: OpenDocument 1.3, part 2), unpacked here to see how large.

The sizes that an archive declares may lie, so every part is unpacked and counted, piece by piece, before a reader gets
to see it.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from governance.errors import phrase
from governance.spreadsheets.errors import FileTooLargeError, UnreadableFileError
from governance.spreadsheets.limits import Limits
from governance.zip_lists import has_few_parts

_PIECE: Final = 256 * 1024
# APPNOTE 4.3.7: a local header is 30 bytes, the lengths of its name and extra field stand at bytes 26 and 28.
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")


def check_archive(file: IO[bytes], size: int, limits: Limits) -> None:
    """Refuse an archive that unpacks to more than its bounds.

    Args:
        file: The archive, seekable; left at its beginning.
        size: Its length in bytes.
        limits: The bounds.

    Raises:
        FileTooLargeError: If its parts together unpack beyond a bound.
        UnreadableFileError: If it is no archive, is encrypted, or is packed in a way that no spreadsheet uses.
    """
    if not has_few_parts(file):
        raise UnreadableFileError(reason=phrase("this is not a workbook"))
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFileError(reason=phrase("this is not a workbook")) from None
    allowed = min(limits.unpacked_bytes, max(limits.free_bytes, size * limits.ratio))
    unpacked = 0
    for part in parts:
        for piece in _unpacked_pieces(file, part):
            unpacked += piece
            if unpacked > allowed:
                raise FileTooLargeError(limit=allowed, what=phrase("bytes unpacked"))
    file.seek(0)


def _unpacked_pieces(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of a part's pieces as they unpack, whatever its header says of them."""
    if part.flag_bits & 0x1:
        raise UnreadableFileError(reason=phrase("the workbook is encrypted"))
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableFileError(reason=phrase("the workbook is packed in an unknown way"))
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise UnreadableFileError(reason=phrase("the workbook is damaged"))
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    if signature != b"PK\x03\x04":
        raise UnreadableFileError(reason=phrase("the workbook is damaged"))
    file.seek(name_length + extra_length, 1)
    if part.compress_type == zipfile.ZIP_STORED:
        yield part.compress_size
        return
    yield from _inflate(file)


def _inflate(file: IO[bytes]) -> Iterator[int]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = b""
    # A part may hold more than its header says, so it is read until the stream ends by itself.
    while not inflater.eof:
        if not pending:
            pending = file.read(_PIECE)
            if not pending:
                raise UnreadableFileError(reason=phrase("the workbook is damaged"))
        try:
            yield len(inflater.decompress(pending, _PIECE))
        except zlib.error:
            raise UnreadableFileError(reason=phrase("the workbook is damaged")) from None
        pending = inflater.unconsumed_tail
