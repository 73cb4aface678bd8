"""What the words of the library are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.oversight.values.evidence import FileKind

KIND_LABELS: Final[Mapping[FileKind, str]] = {
    FileKind.PDF: mark("PDF document"),
    FileKind.PNG: mark("PNG image"),
    FileKind.JPEG: mark("JPEG image"),
    FileKind.WEBP: mark("WebP image"),
    FileKind.TEXT: mark("plain text"),
    FileKind.XLSX: mark("XLSX workbook"),
    FileKind.ODS: mark("ODS workbook"),
    FileKind.DOCX: mark("DOCX text"),
    FileKind.ODT: mark("ODT text"),
}
DONE_LABELS: Final[Mapping[str, str]] = {
    "add-document": mark("Was put on file"),
    "add-version": mark("A newer version was put on file"),
    "change-document": mark("What is said of it was corrected"),
    "remove-document": mark("Taken away"),
    "download": mark("Downloaded"),
}
