"""A letter, and whoever can send one."""

from dataclasses import dataclass, field
from typing import Protocol

from governance.mail.errors import UnsafeLetterError
from governance.text import fits_a_header


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter to one person, as plain text and as HTML. Its repr says nothing of either.

    Attributes:
        unsubscribe: Where one POST unsubscribes (RFC 8058); None for a letter that solicits nobody.
        sender_name: In whose name it is sent; the house's own where empty.
        attachments: Files that go with it.
    """

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    unsubscribe: str | None = field(repr=False, default=None)
    sender_name: str = ""
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could end a header and begin another.

        Raises:
            UnsafeLetterError: If the address holds anything that is not printed, or another header a line's end.
        """
        if not fits_a_header(self.sender_name):
            raise UnsafeLetterError(header="From")
        if self.unsubscribe is not None and not self.unsubscribe.isprintable():
            raise UnsafeLetterError(header="List-Unsubscribe")
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
