"""Where an event came from, no more exactly than a proof needs. GDPR Art. 5(1)(c).

A network address keeps what places it in time and with a provider: the first three bytes (IPv4), the first 48 bits
(IPv6). Of a device the kind of browser and of system are kept: by the whole of what a browser says of itself, people
are told apart.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

_KEPT_BITS: Final = {4: 24, 6: 48}
# The first that is found wins: browsers also say what they want to be taken for.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def short_address(address: str | None) -> str | None:
    """Return the network that an address lies in, as `203.0.113.0/24`; None for what is none."""
    if address is None:
        return None
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    found = found if mapped is None else mapped
    return str(ipaddress.ip_network((found, _KEPT_BITS[found.version]), strict=False))


def short_device(agent: str | None) -> str | None:
    """Return the kinds of browser and system, as `Firefox, Android`; None where neither is known."""
    if not agent:
        return None
    found = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(each for each in found if each) or None


def _first(known: Sequence[tuple[str, str]], agent: str) -> str | None:
    return next((name for token, name in known if token in agent), None)
