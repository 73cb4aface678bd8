"""What a purpose that gives pseudonyms shows in place of identifiers, and the order in which it shows rows.

Opaque identifier: AES-256-SIV (RFC 5297) of the row's 16 bytes, under a key of the purpose, with the table's number as
associated data; base64url. Deterministic, so that one row has one identifier within a purpose; authenticated, so that
nobody makes one up; different for each purpose. The gate finds the row back without having stored anything.

Place: BLAKE2b-64 of table and row, keyed per purpose; `places` stores it. See docs/adr/0061.
"""

import base64
import binascii
import hashlib
import struct
from functools import lru_cache
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from governance.gate.forms import Pseudonymiser
from governance.vault.keyring import Keyring

OPAQUE_LENGTH: Final = 43  # base64url of 32 bytes, without padding
_TABLE: Final = struct.Struct(">H")
_PLACE: Final = struct.Struct(">q")
_SIV_KEY_BYTES: Final = 64  # two keys of 32 bytes
_KEPT: Final = 256  # purposes whose keys stay at hand


class Veil:
    """The pseudonyms, opaque identifiers and places of one purpose. Never printed or pickled."""

    def __init__(self, secret: bytes) -> None:
        """Derive the keys.

        Args:
            secret: 32 bytes, `Keyring.secret("pseudonym/<purpose>")`.
        """
        self.values: Final = Pseudonymiser(secret)
        self._siv: Final = AESSIV(
            hashlib.blake2b(key=secret, digest_size=_SIV_KEY_BYTES, person=b"egide/row-id").digest()
        )
        self._places: Final = hashlib.blake2b(key=secret, digest_size=_PLACE.size, person=b"egide/place")

    def __repr__(self) -> str:
        return "<Veil>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def hide(self, table_id: int, row_id: bytes) -> bytes:
        """Return the identifier under which this purpose knows a row, in ASCII."""
        sealed = self._siv.encrypt(row_id, [_TABLE.pack(table_id)])
        return base64.urlsafe_b64encode(sealed)[:OPAQUE_LENGTH]

    def find(self, table_id: int, opaque: str) -> bytes | None:
        """Return the row's 16 bytes, or None where this purpose and table never gave such an identifier."""
        if len(opaque) != OPAQUE_LENGTH or not opaque.isascii():
            return None
        try:
            sealed = base64.b64decode(f"{opaque}=", altchars=b"-_", validate=True)
            row_id = self._siv.decrypt(sealed, [_TABLE.pack(table_id)])
        except (binascii.Error, InvalidTag):
            return None
        # The last character carries two bits that say nothing: only one spelling is good.
        return row_id if self.hide(table_id, row_id).decode() == opaque else None

    def place(self, table_id: int, row_id: bytes) -> int:
        """Return the row's place in the purpose's own order, 64 bits with a sign."""
        keyed = self._places.copy()
        keyed.update(_TABLE.pack(table_id) + row_id)
        place: int = _PLACE.unpack(keyed.digest())[0]
        return place


@lru_cache(maxsize=_KEPT)
def veil_of(keyring: Keyring, purpose_id: int) -> Veil:
    """Return the veil of a purpose."""
    return Veil(keyring.secret(f"pseudonym/{purpose_id}"))
