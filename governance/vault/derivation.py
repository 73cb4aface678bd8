"""HKDF-SHA256, RFC 5869 (sections 2.2 and 2.3), with the extracted key kept inside the keyed hash object.

Keeping a keyed HMAC object instead of the pseudorandom key means that no Python value holds the key after start.
"""

import hashlib
import hmac
from typing import Final

HASH_LENGTH: Final = 32  # bytes of SHA-256


def extract(salt: bytes, secret: bytes) -> bytes:
    """Return the pseudorandom key of 32 bytes. RFC 5869, section 2.2.

    Args:
        salt: May be empty; then 32 zero bytes stand for it.
        secret: The input keying material.
    """
    return hmac.digest(salt or bytes(HASH_LENGTH), secret, "sha256")


class Expander:
    """Derives secrets from one pseudorandom key. RFC 5869, section 2.3."""

    __slots__ = ("_keyed",)

    def __init__(self, pseudorandom_key: bytes) -> None:
        """Take the key into a keyed hash; the bytes may then be forgotten."""
        self._keyed: Final = hmac.new(pseudorandom_key, digestmod=hashlib.sha256)

    def expand(self, info: bytes, length: int = HASH_LENGTH) -> bytes:
        """Return so many bytes for this use.

        Args:
            info: Says what the bytes are for; different infos give independent secrets.
            length: At most 255 * 32 bytes.

        Raises:
            ValueError: If more is asked for than one key can give.
        """
        blocks = -(-length // HASH_LENGTH)
        if blocks > 255:  # noqa: PLR2004 -- RFC 5869, section 2.3: L <= 255 * HashLen
            raise ValueError("HKDF gives at most 8160 bytes")
        output = block = b""
        for counter in range(1, blocks + 1):
            keyed = self._keyed.copy()
            keyed.update(block + info + bytes((counter,)))
            block = keyed.digest()
            output += block
        return output[:length]
