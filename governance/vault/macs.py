"""Keyed MACs: one version byte and BLAKE2b-128 (RFC 7693, section 2.5: keyed) under the secret "attestation".

Two encodings, told apart by BLAKE2b's personalisation. The tagged one (`mac`, `check`) takes any values, see
`canonical`. The fixed one (`prekeyed`) is for hot loops: a hash object already fed with key and kind, copied for each
row and updated with one `struct.pack` of fixed width:

    keyed = attestor.prekeyed("consent")          # once per plan
    fresh = keyed.copy()                          # per row
    fresh.update(LAYOUT.pack(subject_id, purpose_id, ...))
    fits = stored[:1] == MAC_VERSION and hmac.compare_digest(fresh.digest(), stored[1:])
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final, NoReturn

from governance.vault.canonical import Part, encode
from governance.vault.errors import AttestationError
from governance.vault.keyring import Keyring

MAC_VERSION: Final = b"\x01"
DIGEST_BYTES: Final = 16
_TAGGED: Final = b"egide/tagged/1"
_FIXED: Final = b"egide/fixed/1"
_SET: Final = b"egide/set/1"


def fits(stored: object, computed: bytes) -> bool:
    """Compare in constant time. What SQL wrote may not even be bytes: SQLite keeps any type in any column."""
    return isinstance(stored, bytes) and hmac.compare_digest(stored, computed)


class Macs:
    """Makes and checks MACs. Holds the key inside hash objects only."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        key = keyring.secret("attestation")
        self._tagged: Final = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES, person=_TAGGED)
        self._fixed: Final = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES, person=_FIXED)
        self._kinds: Final[dict[str, hashlib.blake2b]] = {}
        self._set: Final = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES, person=_SET)

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def mac(self, kind: str, *parts: Part) -> bytes:
        """Return the MAC of the values, 17 bytes.

        Args:
            kind: What the values are, so that a grant's MAC is never a role's.
            parts: The values, in a fixed order.

        Raises:
            TypeError: If a value is of a type that cannot be attested.
            ValueError: If a time is naive.
        """
        return self.mac_of_content(kind, encode(*parts))

    def check(self, mac: bytes, kind: str, *parts: Part) -> None:
        """Check a MAC against the values it stands beside.

        Raises:
            AttestationError: If it does not fit; the first value is named as the reference.
        """
        if not self.matches(mac, kind, *parts):
            raise AttestationError(kind=kind, reference=str(parts[0]) if parts else "")

    def matches(self, mac: object, kind: str, *parts: Part) -> bool:
        """Say whether a MAC fits the values it stands beside, whatever SQL may have put in their place."""
        try:
            return fits(mac, self.mac(kind, *parts))
        except (TypeError, ValueError):
            return False

    def mac_of_content(self, kind: str, content: bytes) -> bytes:
        """Return the MAC of values that are encoded already; `mac` does both."""
        fresh = self.tagged(kind)
        fresh.update(content)
        return MAC_VERSION + fresh.digest()

    def tagged(self, kind: str) -> hashlib.blake2b:
        """Return the hash object behind `mac`, fed with the kind, for readers that check many rows of one kind."""
        keyed = self._kinds.get(kind)
        if keyed is None:
            keyed = self._tagged.copy()
            keyed.update(encode(kind))
            self._kinds[kind] = keyed
        return keyed.copy()

    def prekeyed(self, kind: str) -> hashlib.blake2b:
        """Return the hash object to copy for each row of fixed width; see the module."""
        fresh = self._fixed.copy()
        fresh.update(encode(kind))
        return fresh

    def set_digest(self, macs: Iterable[bytes]) -> bytes:
        """Return 16 bytes that stand for a set of MACs, in whatever order they come."""
        fresh = self._set.copy()
        fresh.update(encode(*sorted(macs)))
        return fresh.digest()
