"""A letter, and whoever can send one."""

from dataclasses import dataclass, field
from typing import Protocol

from governance.mail.errors import UnsafeLetterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter to one person, as plain text and as HTML. Its repr says nothing of either."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what could end a header and begin another.

        Raises:
            UnsafeLetterError: If the address or the subject holds anything that is not printed.
        """
        for header, value in (("To", self.to), ("Subject", self.subject)):
            if not value.isprintable():
                raise UnsafeLetterError(header=header)


class Mailer(Protocol):
    """Sends letters, one at a time."""

    def send(self, message: Message) -> None:
        """Send it, or say that it was not sent.

        Raises:
            MailError: If no server took it.
        """
        ...
