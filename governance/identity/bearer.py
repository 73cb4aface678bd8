"""Secrets that their holder shows: of sessions, tokens and links. 256 random bits, of which only the hash is kept.

A plain hash is enough: nobody guesses 256 bits, so there is nothing that a slow hash would slow down. The hash is
looked up by a unique index and compared once more in constant time; how far a look-up got says nothing about a hash
that an attacker cannot choose.
"""

import hashlib
import hmac
import secrets
from typing import Final, NewType

# What the holder shows. Unverified until its hash was found.
Secret = NewType("Secret", str)

_BYTES: Final = 32
# Scanners of leaked secrets find tokens by their prefix.
TOKEN_PREFIX: Final = "egide_"  # noqa: S105 -- the public part


def new_secret(prefix: str = "") -> Secret:
    """Return a fresh secret, in letters that need no escaping in a URL, a header or a cookie."""
    return Secret(prefix + secrets.token_urlsafe(_BYTES))


def hash_secret(secret: str) -> bytes:
    """Return the 32 bytes that are kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def is_same(stored_hash: bytes, secret: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(stored_hash, hash_secret(secret))
