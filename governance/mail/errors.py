"""What may go wrong with a letter. No error names an address, a server's words or a secret."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class MailError(DomainError):
    """Base of the errors of mail. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class MailUnavailableError(MailError):
    """A server that cannot be reached, or cannot be trusted; `reason` is the kind of the failure."""

    message: ClassVar[str] = mark("The mail server cannot be used ({reason}).")
    reason: str


@dataclass(kw_only=True, eq=False)
class MailRefusedError(MailError):
    """A letter that the server did not take. RFC 5321, section 4.2, says what its code means."""

    message: ClassVar[str] = mark("The mail server refused the letter (code {code}).")
    code: int


@dataclass(kw_only=True, eq=False)
class MailInClearError(MailError):
    """A password, or a letter, that would have crossed the network in the clear."""

    message: ClassVar[str] = mark("The mail server offers no encryption, and nothing was sent.")


@dataclass(kw_only=True, eq=False)
class UnsafeLetterError(MailError):
    """A header that could have become two: somebody tried to smuggle one in."""

    message: ClassVar[str] = mark("The letter has a line break in its {header}, and was not sent.")
    header: str
