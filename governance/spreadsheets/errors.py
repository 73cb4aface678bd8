"""What can go wrong with a table that somebody brings. Facts hold places and limits, never a value."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class SpreadsheetError(DomainError):
    """Base of this room's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class UnreadableFileError(SpreadsheetError):
    """A file that is not what it claims to be."""

    message: ClassVar[str] = mark("The file cannot be read: {reason}.")
    reason: str


@dataclass(kw_only=True, eq=False)
class FileTooLargeError(SpreadsheetError):
    """A file beyond the bounds, on its face or once unpacked."""

    message: ClassVar[str] = mark("The file is too large: at most {limit} {what}.")
    limit: int
    what: str
