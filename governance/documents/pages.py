"""How many pages a document has that this house made: of no other is anything known."""

import re
import zlib
from typing import Final

_STREAM: Final = re.compile(rb"<<([^<>]*/Type\s*/ObjStm[^<>]*)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAGE: Final = re.compile(rb"/Type\s*/Page\b(?!s)")


def count_pages(document: bytes) -> int:
    """Return how many page objects a document holds, in its compressed object streams or beside them."""
    found = len(_PAGE.findall(document))
    for stream in _STREAM.finditer(document):
        found += len(_PAGE.findall(zlib.decompressobj().decompress(stream.group(2))))
    return found
