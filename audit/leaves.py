"""From an entry to its leaf: a salted commitment, and the attestation of its place.

The leaf's data is HMAC-SHA256 (RFC 2104) over the entry's body, keyed by 32 random bytes. Whoever has the salt can show
what the leaf says; once entry and salt are deleted, the leaf cannot be tested against a guess. This module needs the
standard library only, for the outside verifier uses it.
"""

import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from typing import Final

SALT_BYTES: Final = 32
COMMITMENT_BYTES: Final = 32
_VERSION: Final = b"\x01"
# BLAKE2b (RFC 7693) keyed, 128 bits; the personalisation keeps the two uses of one key apart.
_MAC_BYTES: Final = 16
_LEAF: Final = b"egide leaf"
_HEAD: Final = b"egide head"


def commitment(salt: bytes, body: bytes) -> bytes:
    """Return the leaf's data for an entry's body."""
    return hmac.digest(salt, body, "sha256")


@dataclass(frozen=True, slots=True)
class LeafKey:
    """The key that attests leaves and the head; a row that was put in place without it is noticed."""

    secret: bytes = field(repr=False)

    def leaf_mac(self, index: int, entry_id: uuid.UUID, data: bytes) -> bytes:
        """Attest that this leaf stands at this place for this entry."""
        mac = hashlib.blake2b(
            index.to_bytes(8, "big") + entry_id.bytes + data, key=self.secret, digest_size=_MAC_BYTES, person=_LEAF
        )
        return _VERSION + mac.digest()

    def head_mac(self, size: int, frontier: bytes) -> bytes:
        """Attest how far the log has come."""
        mac = hashlib.blake2b(size.to_bytes(8, "big") + frontier, key=self.secret, digest_size=_MAC_BYTES, person=_HEAD)
        return _VERSION + mac.digest()

    def attests_head(self, size: object, frontier: object, mac: object) -> bool:
        """Tell whether this head was written with the key; what has not even the right type was not."""
        if not (isinstance(size, int) and isinstance(frontier, bytes) and isinstance(mac, bytes)):
            return False
        return same(mac, self.head_mac(size, frontier))


def commits(key: LeafKey, index: int, leaf: tuple[uuid.UUID, bytes, bytes], entry: tuple[bytes, bytes]) -> bool:
    """Tell whether a leaf (entry's id, data, attestation) is attested in its place and commits to the entry.

    Args:
        key: The key that attests leaves.
        index: The place.
        leaf: Its entry's id, its data and its attestation.
        entry: Salt and body.
    """
    entry_id, data, mac = leaf
    return same(mac, key.leaf_mac(index, entry_id, data)) and same(commitment(*entry), data)


def same(left: bytes, right: bytes) -> bool:
    """Compare two authentication codes in constant time."""
    return hmac.compare_digest(left, right)
