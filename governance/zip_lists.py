"""How long a ZIP archive's list of parts is, told before any of it is read: `zipfile` builds an object for each part.

PKWARE's APPNOTE: 4.3.16, the record at the end; 4.3.15, the locator of its 64-bit twin, which nothing this small needs.
"""

import io
import struct
from typing import IO, Final

MOST_PARTS: Final = 10_000
# An entry is 46 bytes with its name, extra field and comment: spreadsheets and texts of every office stay far below.
_BYTES_A_PART: Final = 300
# The number of all parts stands at byte 10 of the record, the length of their list at byte 12.
_END: Final = struct.Struct("<4s6xHL6x")
_END_MARK: Final = b"PK\x05\x06"
_LOCATOR_MARK: Final = b"PK\x06\x07"
_LOCATOR_BYTES: Final = 20
_LONGEST_COMMENT: Final = 65_535


def has_few_parts(file: IO[bytes]) -> bool:
    """Say whether the list of an archive's parts is short enough to be read; leaves the file at its beginning."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - _LONGEST_COMMENT - _END.size - _LOCATOR_BYTES, 0))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < _END.size:
        return False
    if tail[max(place - _LOCATOR_BYTES, 0) : place].startswith(_LOCATOR_MARK):
        return False
    _, parts, length = _END.unpack_from(tail, place)
    few: bool = 0 < parts <= MOST_PARTS and length <= MOST_PARTS * _BYTES_A_PART
    return few
