"""Lists of parts that are too long are refused before they are read, whatever the archive says of them."""

import io
import struct
import zipfile

import pytest

from governance.zip_lists import MOST_PARTS, has_few_parts


def packed(parts: int = 3, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(parts):
            archive.writestr(f"{number}.xml", b"<x/>")
        archive.comment = comment
    return file.getvalue()


def claiming(parts: int, length: int) -> bytes:
    """Return an archive whose end says that its list has so many parts and bytes: APPNOTE 4.3.16."""
    content = bytearray(packed())
    struct.pack_into("<HL", content, content.rindex(b"PK\x05\x06") + 10, parts, length)
    return bytes(content)


def with_locator() -> bytes:
    content = packed()
    end = content.rindex(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


@pytest.mark.parametrize("content", [packed(), packed(MOST_PARTS), packed(comment=b"made by hand")])
def test_a_short_list_is_read(content: bytes) -> None:
    file = io.BytesIO(content)

    assert has_few_parts(file)
    assert file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x05\x06",
        packed(MOST_PARTS + 1),
        claiming(0, 0),
        # Few by the number, many by the length, which is what readers go by.
        claiming(1, 19_000_000),
        with_locator(),
    ],
)
def test_a_long_list_or_none_is_not(content: bytes) -> None:
    assert not has_few_parts(io.BytesIO(content))
