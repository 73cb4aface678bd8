"""Where a webhook may post: over TLS, or to this host itself."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from consent.propagation.errors import WebhookAddressError

_LOCALHOST: Final = "localhost"


def check_address(address: str) -> None:
    """Refuse an address that people's choices must not be sent to.

    Raises:
        WebhookAddressError: If it is no https address (http for this host alone), or holds a password or a fragment.
    """
    try:
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and _is_this_host(parts.hostname or ""))
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise WebhookAddressError from None
    plain = address.isascii() and address.isprintable() and " " not in address
    if not (safe and whole and plain) or "@" in parts.netloc or parts.fragment:
        raise WebhookAddressError


def _is_this_host(name: str) -> bool:
    if name == _LOCALHOST:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
