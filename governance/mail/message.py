"""A letter, and whoever can send one."""

from dataclasses import dataclass, field
from typing import Protocol

from governance.mail.errors import UnsafeLetterError
from governance.text import fits_a_header


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
            UnsafeLetterError: If the address holds anything that is not printed, or the subject a line's end.
        """
        if not self.to.isprintable():
            raise UnsafeLetterError(header="To")
        if not fits_a_header(self.subject):
            raise UnsafeLetterError(header="Subject")


class Mailer(Protocol):
    """Sends letters, one at a time."""

    def send(self, message: Message) -> None:
        """Send it, or say that it was not sent.

        Raises:
            MailError: If no server took it.
        """
        ...
