"""What can go wrong while a document is made."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


class DocumentError(DomainError):
    """Base of the errors of documents. Never raised itself."""


class DocumentsUnavailableError(DocumentError):
    """The host lacks a library that making PDF needs."""

    message: ClassVar[str] = mark(
        "This host cannot make PDF: a system library is missing. Install the package libpangoft2-1.0-0, then try again."
    )


class PrinterBusyError(DocumentError):
    """As many documents as may be are being made already."""

    message: ClassVar[str] = mark("Other documents are being made just now. Try again in a moment.")


class DocumentFailedError(DocumentError):
    """The process that made the document ended before its time."""

    message: ClassVar[str] = mark("The document could not be made. Nothing was kept of it; try again.")


@dataclass(kw_only=True, eq=False)
class DocumentTooLargeError(DocumentError):
    """The document asked for more time or memory than it may have.

    Attributes:
        seconds: The time it may take.
        megabytes: The memory it may take.
    """

    message: ClassVar[str] = mark(
        "The document is too large: it was given up after {seconds} seconds or {megabytes} MB of memory."
    )
    seconds: int
    megabytes: int
