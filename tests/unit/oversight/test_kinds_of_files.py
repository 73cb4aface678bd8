"""What a file is, its content says."""

import io
import struct
import zipfile

import pytest

from governance.oversight.errors import FileBrokenError
from governance.oversight.evidence.kinds import kind_of
from governance.oversight.values.evidence import MEDIA_TYPES, FileKind


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(part: str, **more: bytes) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


def open_document(kind: str) -> bytes:
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"})


_PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
_PNG = b"\x89PNG\r\n\x1a\n....\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG = b"\xff\xd8\xff\xe0....\xff\xd9"
_WEBP = b"RIFF\x08\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (_PDF, FileKind.PDF),
        (_PNG, FileKind.PNG),
        (_JPEG, FileKind.JPEG),
        # As much as some programs write behind the end.
        (_JPEG + bytes(1000), FileKind.JPEG),
        (_WEBP, FileKind.WEBP),
        ("Décidé : trois ans.\r\n".encode(), FileKind.TEXT),
        ("\ufeffNom;Durée\n".encode(), FileKind.TEXT),
        # What a browser would run is a text here, and goes out as one.
        (b"<script>alert(1)</script>", FileKind.TEXT),
        (b"<svg onload='x()'/>", FileKind.TEXT),
        (office("xl/workbook.xml"), FileKind.XLSX),
        (office("word/document.xml"), FileKind.DOCX),
        (open_document("spreadsheet"), FileKind.ODS),
        (open_document("text"), FileKind.ODT),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: FileKind) -> None:
    assert kind_of(io.BytesIO(content)) is kind
    assert kind in MEDIA_TYPES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"caf\xe9",
        b"text with a \x00 in it",
        b"\x1b[31mred",
        packed({"anything.txt": b"x"}),
        packed({"content.xml": b"x", "mimetype": b"application/vnd.oasis.opendocument.text"}),
        packed({"mimetype": b"application/java-archive"}),
        office("xl/workbook.xml", **{"xl/vbaProject.bin": b"x"}),
        packed({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/Standard/Module.xml": b"x"}),
    ],
)
def test_anything_else_is_not_kept(content: bytes) -> None:
    assert kind_of(io.BytesIO(content)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\nand nothing of a PDF.",
        _PDF[:-7],
        _PDF + bytes(1100),
        _PNG[:-8],
        _JPEG[:-2],
        _WEBP[:-1],
        b"PK\x03\x04 and nothing else",
        office("xl/workbook.xml")[:-10],
    ],
)
def test_what_broke_off_on_its_way_is_told_so(content: bytes) -> None:
    with pytest.raises(FileBrokenError):
        kind_of(io.BytesIO(content))


def test_an_archive_that_claims_very_many_parts_is_not_even_read() -> None:
    whole = bytearray(office("xl/workbook.xml"))
    place = whole.rfind(b"PK\x05\x06")
    struct.pack_into("<H", whole, place + 10, 60_000)

    assert kind_of(io.BytesIO(bytes(whole))) is None


def test_the_first_part_of_an_open_document_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text")

    assert kind_of(file) is None
