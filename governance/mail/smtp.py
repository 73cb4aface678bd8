"""Sending by SMTP (RFC 5321): encrypted where the server can, checked against its certificate, and never waiting long.

smtplib's own errors quote addresses and the server's words, which may quote the letter; none of them leaves this file.
"""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from governance.clock import Clock
from governance.ids import IdSource
from governance.mail.address import SmtpAddress
from governance.mail.errors import MailError, MailInClearError, MailRefusedError, MailUnavailableError
from governance.mail.message import Message

_TIMEOUT_SECONDS: Final = 20
# RFC 5322, section 2.1.1: no line is longer. Folded sooner, a long address would become an encoded word, which programs
# do not read as an address.
_POLICY: Final = SMTP.clone(max_line_length=998)
_SENDER_NAME: Final = "Égide"
# RFC 5321, section 4.2.3: "transaction failed", for a letter that smtplib itself could not put on the wire.
_NOT_SENT: Final = 554


class SmtpMailer:
    """Opens a connection for each letter: they are few."""

    def __init__(
        self, address: SmtpAddress, sender: str, clock: Clock, ids: IdSource, *, tls: ssl.SSLContext | None = None
    ) -> None:
        """Connect to nothing yet.

        Args:
            address: The server.
            sender: The address that letters come from.
            clock: Dates them.
            ids: Numbers them.
            tls: How certificates are checked; the host's authorities where None.
        """
        self._address: Final = address
        self._sender: Final = sender
        self._domain: Final = sender.rpartition("@")[2]
        self._clock: Final = clock
        self._ids: Final = ids
        self._tls: Final = tls or ssl.create_default_context()

    def send(self, message: Message) -> None:
        """Send a letter.

        Raises:
            MailUnavailableError: If the server does not answer, or its certificate is not right.
            MailInClearError: If it offers no encryption where that is asked for, or needed for the password.
            MailRefusedError: If it did not take the letter.
        """
        letter = self._letter(message)
        try:
            with self._connected() as server:
                server.send_message(letter, from_addr=self._sender, to_addrs=[message.to])
        except MailError:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), _NOT_SENT)
            raise MailRefusedError(code=code) from None
        except smtplib.SMTPResponseException as error:
            raise MailRefusedError(code=error.smtp_code) from None
        except OSError as error:
            # Every other error of smtplib's and of ssl's is one too.
            raise MailUnavailableError(reason=type(error).__name__) from None
        except ValueError:
            raise MailRefusedError(code=_NOT_SENT) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        address = self._address
        if address.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host, address.port, local_hostname=self._domain, timeout=_TIMEOUT_SECONDS, context=self._tls
            )
        else:
            server = smtplib.SMTP(address.host, address.port, local_hostname=self._domain, timeout=_TIMEOUT_SECONDS)
        with server:
            server.ehlo()
            if not address.encrypted:
                self._encrypt(server)
            if address.user is not None:
                server.login(address.user, address.password or "")
            yield server

    def _encrypt(self, server: smtplib.SMTP) -> None:
        if server.has_extn("starttls"):
            server.starttls(context=self._tls)
            server.ehlo()
        elif self._address.starttls_required or (self._address.user is not None and not self._stays_here()):
            raise MailInClearError

    def _stays_here(self) -> bool:
        host = self._address.host
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage(policy=_POLICY)
        letter["From"] = Address(message.sender_name or _SENDER_NAME, addr_spec=self._sender)
        letter["To"] = message.to
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{self._ids.new()}@{self._domain}>"
        # RFC 3834, section 5: nobody's absence answers it.
        letter["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe is not None:
            # RFC 8058, section 3.1: both headers, and an https address.
            letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter.set_content(message.text)
        letter.add_alternative(message.html, subtype="html")
        for attachment in message.attachments:
            kind, _, subtype = attachment.media_type.partition("/")
            letter.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
        return letter
