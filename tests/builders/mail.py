"""A real SMTP server on this host, and a postman who puts letters on a pile instead of sending them."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from governance.mail.errors import MailUnavailableError
from governance.mail.message import Message

USER, PASSWORD = "egide", "a fictional secret: with/signs@"


@dataclass
class Pile:
    """A mailer that keeps what it is given, and fails as often as it is told to."""

    letters: list[Message] = field(default_factory=list)
    failures: int = 0

    def send(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise MailUnavailableError(reason="ConnectionRefusedError")
        self.letters.append(message)


@dataclass
class Received:
    """What an SMTP server took, and who it refuses."""

    letters: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 -- the name that the library calls
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 no mailbox of {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 -- the same
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, letter))
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


@contextmanager
def smtp_server(
    *, tls: ssl.SSLContext | None = None, from_the_first_byte: bool = False, wants_password: bool = False
) -> Iterator[tuple[int, Received]]:
    """Run a server on a free port, and give the port with what it receives."""
    received = Received()
    more: dict[str, Any] = {"ssl_context": tls} if from_the_first_byte else {"tls_context": tls}
    if wants_password:
        more |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": tls is not None}
    controller = Controller(received, hostname="127.0.0.1", port=_free_port(), ready_timeout=10, **more)
    controller.start()
    try:
        yield controller.port, received
    finally:
        controller.stop()


def certified(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server shows and what a client trusts, for a host of this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 -- certificates are checked against the host's clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(path)
    trusting = ssl.create_default_context()
    trusting.load_verify_locations(path)
    return shown, trusting


def _authenticate(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD), handled=False)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
