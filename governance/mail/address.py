"""EGIDE_SMTP_URL, read: `smtp://user:password@host:port/?starttls=required&from=egide@company.example`.

`smtp` encrypts where the server offers STARTTLS (RFC 3207), and always with `starttls=required`; `smtps` encrypts from
the first byte (RFC 8314, section 3.3).
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

# RFC 6409, section 3.1, and RFC 8314, section 7.3.
_PORTS: Final = {"smtp": 587, "smtps": 465}
_QUERY: Final = frozenset({"starttls", "from"})
_SENDER: Final = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAddress:
    """Where letters leave the house.

    Attributes:
        encrypted: From the first byte.
        starttls_required: Nothing is sent to a server that does not offer it.
        sender: The address that letters come from; None leaves it to the house.
    """

    host: str
    port: int
    encrypted: bool
    starttls_required: bool
    user: str | None = field(repr=False, default=None)
    password: str | None = field(repr=False, default=None)
    sender: str | None = field(repr=False, default=None)


def parse_smtp_url(url: str) -> SmtpAddress:
    """Read the setting.

    Raises:
        ValueError: If it is malformed; the sentence quotes nothing.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(query)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("expected smtp://host or smtps://host")
    if len(given) < len(query) or not given.keys() <= _QUERY or given.get("starttls", "required") != "required":
        raise ValueError("expected starttls=required or from=address, and nothing else")
    sender = given.get("from")
    if sender is not None and not _SENDER.fullmatch(sender):
        raise ValueError("expected an address after from=")
    return SmtpAddress(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        starttls_required="starttls" in given,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        sender=sender,
    )
