"""Codes of an authenticator app: TOTP (RFC 6238) in the one form that every app knows. SHA-1, 6 digits, 30 seconds.

A code is good for its own time step and the one before and after it (RFC 6238, section 5.2: clocks differ, and people
type slowly), and only for steps later than the last one used.
"""

import hmac
from datetime import datetime
from typing import Final

import pyotp
import segno

from governance.clock import to_microseconds

DIGITS: Final = 6
STEP_SECONDS: Final = 30
_WINDOW: Final = (-1, 0, 1)
_ISSUER: Final = "Égide"
_GROUP: Final = 4
# The quiet zone that readers need: ISO/IEC 18004, section 6.3.8.
_QUIET_MODULES: Final = 4


def new_totp_secret() -> str:
    """Return 160 random bits in base 32 (RFC 4226, section 4: the recommended length)."""
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the time step that a code belongs to; None where it is wrong, of another time, or used already.

    Args:
        secret: In base 32.
        code: As typed, white space left out.
        now: The moment.
        after: The last step that was used.
    """
    current = to_microseconds(now) // (STEP_SECONDS * 1_000_000)
    codes = pyotp.TOTP(secret)
    found = None
    for step in (current + offset for offset in _WINDOW):
        # Every step is compared, so that the time taken does not tell which of them fits.
        fits = hmac.compare_digest(codes.generate_otp(step).encode(), code.encode("utf-8", "replace"))
        if fits and step > after:
            found = step
    return found


def provisioning_uri(secret: str, email: str) -> str:
    """Return the address by which an app takes the secret over."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def qr_image(uri: str) -> str:
    """Return the address as a picture: an SVG in a `data:` address, dark on light whatever the page's colours."""
    code = segno.make(uri, error="m", micro=False)
    return code.svg_data_uri(border=_QUIET_MODULES, dark="#000", light="#fff", omitsize=True)


def in_groups(secret: str) -> str:
    """Return the secret as somebody types it."""
    return " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))
