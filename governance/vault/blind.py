"""Search without decryption: tokens of a sealed value that say nothing without the index key.

A token is HMAC-SHA256 (RFC 2104, FIPS 198-1) of the value's normal form under a key of its own for each field and way
of search (HKDF, secret "index/<field>/<search>"), cut to the bits of `BUCKETS`, with the field's number in the 15 bits
above: one number of 63 bits, so that one column and one index hold the tokens of every field. A search finds a bucket:
rows of other values may lie in it, so the boxes found are opened and compared (`matches`) before anything is answered.

What somebody learns who copies the database without the keys: which rows of one field share a token, hence how often
each unknown value occurs. A frequent family name can be guessed from that; an e-mail address cannot. Tokens of two
fields, or of two installations, cannot be compared. Who may also ask (a member of staff) learns what their answers say,
and every question is recorded.
"""

import hmac
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Self

from governance.errors import phrase
from governance.vault import french_sounds
from governance.vault.errors import LookupValueError
from governance.vault.keyring import Keyring
from governance.vault.normal_forms import normalise, words

# Two lengths are enough to find by any: who asks for four letters opens what three have found. A token more for each
# would cost storage, and say more to who has the database alone.
_PREFIX_LENGTHS: Final = (3, 5)
SHORTEST_PREFIX: Final = _PREFIX_LENGTHS[0]
_TOKEN_BITS: Final = 48


class IndexKind(StrEnum):
    """A way in which a kind of field can be searched: the field's kind and the search, as in the data map."""

    EMAIL = "email/exact"
    PHONE = "phone/exact"
    SIRET = "siret/exact"
    SIREN = "siren/exact"
    NAME_SOUND = "name/phonetic"
    NAME_PREFIX = "name/prefix"
    AREA = "postcode/area"


# The bits of each kind of token, and why so many. Nearly unique values get enough bits that a search opens next to no
# box in vain (48: with a million values, one search in 280 million). Fewer bits would hide little more, for equal
# values share a token at any length; the key is what hides which value it is.
BUCKETS: Final[Mapping[IndexKind, int]] = {
    IndexKind.EMAIL: 48,
    # Households share a number, and that shows.
    IndexKind.PHONE: 48,
    # The numbers are public; that their company is a customer is not, and the key hides it.
    IndexKind.SIRET: 48,
    # Establishments of one company share it, and that shows.
    IndexKind.SIREN: 48,
    # A million buckets: rare sounds share one now and then, frequent names stand out.
    IndexKind.NAME_SOUND: 20,
    # Up to two tokens for each word of a name: 16 million buckets.
    IndexKind.NAME_PREFIX: 24,
    # There are about 100 départements: only which is which is hidden.
    IndexKind.AREA: 12,
}


class BlindIndex:
    """One field's index for one way of search. Thread-safe."""

    def __init__(self, kind: IndexKind, field_id: int, key: bytes) -> None:
        """Take the key into a keyed hash.

        Args:
            kind: The way of search.
            field_id: The field's stable number, 15 bits.
            key: 32 bytes, of this field and way only.
        """
        self.kind: Final = kind
        self._field_kind: Final = kind.value.partition("/")[0]
        self._keyed: Final = hmac.new(key, digestmod="sha256")
        self._first: Final = field_id << _TOKEN_BITS
        self._cut: Final = 64 - BUCKETS[kind]

    @classmethod
    def of_field(cls, keyring: Keyring, field_id: int, field_kind: str, search: str) -> Self:
        """Return the index of a field.

        Args:
            keyring: Gives the key.
            field_id: The field's stable number.
            field_kind: As in the data map: `email`, `name`...
            search: As in the data map: `exact`, `phonetic`, `prefix`, `area`.

        Raises:
            ValueError: If such a field cannot be searched so.
        """
        kind = IndexKind(f"{field_kind}/{search}")
        return cls(kind, field_id, keyring.secret(f"index/{field_id}/{search}"))

    def tokens(self, value: str) -> list[int]:
        """Return the tokens under which a row with this value is found: none where the value has no normal form."""
        try:
            return sorted({self._token(form) for form in self._forms(value)})
        except LookupValueError:
            return []

    def probe(self, value: str) -> int:
        """Return the token to look for.

        Raises:
            LookupValueError: If the value is not of the field's kind, or too short; never shows it.
        """
        return self._token(self._asked(value))

    def matches(self, stored: str, asked: str) -> bool:
        """Say whether a stored value is what somebody asks for, which its bucket alone does not tell.

        Raises:
            LookupValueError: If what is asked is not of the field's kind.
        """
        if self.kind is IndexKind.NAME_PREFIX:
            wanted = normalise("name", asked)
            return any(spelling.startswith(wanted) for spelling in _spellings(stored))
        wanted = self._asked(asked)
        try:
            return wanted in self._forms(stored)
        except LookupValueError:
            return False

    def _forms(self, value: str) -> Iterable[str]:
        if self.kind is IndexKind.NAME_SOUND:
            return {french_sounds.code(spelling) for spelling in _spellings(value)} - {""}
        if self.kind is IndexKind.NAME_PREFIX:
            return {form for spelling in _spellings(value) for form in _prefixes(spelling)}
        return (normalise(self._field_kind, value),)

    def _asked(self, value: str) -> str:
        form = normalise(self._field_kind, value)
        if self.kind is IndexKind.NAME_PREFIX:
            if len(form) < SHORTEST_PREFIX:
                raise LookupValueError(kind="name", expected=phrase("{fewest} letters or more", fewest=SHORTEST_PREFIX))
            return form[: max(length for length in _PREFIX_LENGTHS if length <= len(form))]
        return french_sounds.code(form) if self.kind is IndexKind.NAME_SOUND else form

    def _token(self, form: str) -> int:
        keyed = self._keyed.copy()
        keyed.update(form.encode())
        return self._first | int.from_bytes(keyed.digest()[:8]) >> self._cut


def _spellings(name: str) -> set[str]:
    """Return a name as one word, and each of its parts: who looks for Durand finds Dupont-Durand."""
    parts = words(name)
    return {"".join(parts), *(part for part in parts if len(part) >= SHORTEST_PREFIX)} - {""}


def _prefixes(spelling: str) -> Iterable[str]:
    return (spelling[:length] for length in _PREFIX_LENGTHS if length <= len(spelling))
