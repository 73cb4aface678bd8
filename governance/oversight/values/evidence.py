"""What a document of the library is made of."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from governance.oversight.values import Thing

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_THINGS: Final = 50


class FileKind(StrEnum):
    """What a file is, as its content says. Each is the ending of its name, too."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    TEXT = "txt"
    XLSX = "xlsx"
    ODS = "ods"
    DOCX = "docx"
    ODT = "odt"


MEDIA_TYPES: Final[dict[FileKind, str]] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.TEXT: "text/plain",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTerms:
    """What a document is, and what it proves.

    Attributes:
        dated_on: The day it bears, or of which it tells.
        valid_until: Its last day, where it has one.
        proves: The things of which it is evidence.
    """

    title: str = field(repr=False)
    dated_on: date
    valid_until: date | None = None
    proves: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents are asked for; None asks for nothing.

    Attributes:
        proving: Those that prove this thing.
        ending_by: Those whose last day is this one or before.
    """

    proving: Thing | None = None
    ending_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """A file that was just sealed: what it is, how long it is, and its SHA-256."""

    version_id: uuid.UUID
    kind: FileKind
    size: int
    digest: bytes
