"""What a file is, as its content says: its name and what a browser says of it are never asked.

Signatures: PDF, ISO 32000-2, 7.5.2; PNG, W3C, 5.2; JPEG, ITU T.81, B.1.1.3; WebP, RFC 9649, 2.4. Workbooks and texts
are ZIP archives: Office Open XML names its main part (ECMA-376, part 1), OpenDocument says its kind in its first part
(OpenDocument 1.3, part 2, 3.3). One that holds macros is none of them; of an archive only the list of parts is read.

What broke off on its way proves nothing, and lacks its end: `%%EOF`, the chunk IEND, the marker EOI, the length that
RIFF says, the list of parts of an archive.
"""

import codecs
import zipfile
from io import SEEK_END
from typing import IO, Final

from governance.oversight.errors import FileBrokenError
from governance.oversight.values.evidence import FileKind
from governance.zip_lists import has_few_parts

_HEAD_BYTES: Final = 1024
# Some programs write a little behind the end of a file, which readers pass over.
_TAIL_BYTES: Final = 1024
_PIECE_BYTES: Final = 64 * 1024
_MIMETYPE_BYTES: Final = 100
# How a file begins, and what stands at its end.
_SIGNATURES: Final = (
    (b"%PDF-", b"%%EOF", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", b"IEND", FileKind.PNG),
    (b"\xff\xd8\xff", b"\xff\xd9", FileKind.JPEG),
)
_OFFICE: Final = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}
_OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.spreadsheet": FileKind.ODS,
    b"application/vnd.oasis.opendocument.text": FileKind.ODT,
}
_MACROS: Final = ("vbaproject.bin", "basic/", "scripts/", "activex/")
# What a text holds beside letters: tab, line feed, form feed, carriage return.
_BLANKS: Final = frozenset(b"\t\n\f\r")
_CONTROLS: Final = bytes(sorted(set(range(32)) - _BLANKS)) + b"\x7f"


def kind_of(file: IO[bytes]) -> FileKind | None:
    """Return what a file is, or None where it is nothing that is kept.

    Args:
        file: The whole of it, seekable.

    Raises:
        FileBrokenError: If it begins as something that is kept, and lacks its end.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    for signature, end, kind in _SIGNATURES:
        if head.startswith(signature):
            return _ended(kind, whole=end in _tail(file))
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        said = int.from_bytes(head[4:8], "little") + len(head[:8])
        return _ended(FileKind.WEBP, whole=file.seek(0, SEEK_END) >= said)
    if head.startswith(b"PK\x03\x04"):
        return _archive(file)
    return FileKind.TEXT if head and _is_text(file) else None


def _ended(kind: FileKind, *, whole: bool) -> FileKind:
    if not whole:
        raise FileBrokenError
    return kind


def _tail(file: IO[bytes]) -> bytes:
    file.seek(max(0, file.seek(0, SEEK_END) - _TAIL_BYTES))
    return file.read()


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE_BYTES):
            if piece.translate(None, _CONTROLS) != piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _archive(file: IO[bytes]) -> FileKind | None:
    if not zipfile.is_zipfile(file):
        raise FileBrokenError
    if not has_few_parts(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = [part.filename for part in archive.infolist()]
            kind = _by_parts(archive, names)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError):
        return None
    return None if any(mark in name.lower() for name in names for mark in _MACROS) else kind


def _by_parts(archive: zipfile.ZipFile, names: list[str]) -> FileKind | None:
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _OFFICE.items() if part in names), None)
    if names[:1] != ["mimetype"]:
        return None
    if archive.getinfo("mimetype").compress_type != zipfile.ZIP_STORED:
        # OpenDocument 1.3, part 2, 3.3: it is not packed.
        return None
    with archive.open("mimetype") as part:
        return _OPEN_DOCUMENT.get(part.read(_MIMETYPE_BYTES))
