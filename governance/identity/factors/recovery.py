"""Recovery codes: ten, each good once, for whoever has lost the phone and the key.

A code is 49 random bits in letters and digits that nobody takes for one another. What is kept is a hash under the
installation's key, so that a stolen database cannot be tried against; guessing at the door costs a growing wait.
"""

import hmac
import secrets
import uuid
from typing import Final

from governance.vault.attest import Attestor

CODES: Final = 10
# Without those that look like others: 31 signs, so that ten of them hold 49 bits.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTERS: Final = 10
_HALF: Final = 5
_KIND: Final = "recovery-code"
_HASH_BYTES: Final = 17


def new_codes() -> tuple[str, ...]:
    """Return ten codes, in the form in which they are shown."""
    return tuple(_shown("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))) for _ in range(CODES))


def hash_codes(attestor: Attestor, account_id: uuid.UUID, codes: tuple[str, ...]) -> bytes:
    """Return what is kept of the codes of an account."""
    return b"".join(_hash(attestor, account_id, code) for code in codes)


def count(hashes: bytes) -> int:
    """Return how many are left."""
    return len(hashes) // _HASH_BYTES


def without(hashes: bytes, attestor: Attestor, account_id: uuid.UUID, code: str) -> bytes | None:
    """Return what is left when this code is used; None where it is none of them."""
    wanted = _hash(attestor, account_id, code)
    kept = [hashes[start : start + _HASH_BYTES] for start in range(0, len(hashes), _HASH_BYTES)]
    others = [each for each in kept if not hmac.compare_digest(each, wanted)]
    return None if len(others) == len(kept) else b"".join(others)


def _hash(attestor: Attestor, account_id: uuid.UUID, code: str) -> bytes:
    return attestor.mac(_KIND, account_id, _plain(code))


def _shown(code: str) -> str:
    return f"{code[:_HALF]}-{code[_HALF:]}"


def _plain(code: str) -> str:
    """Return a code as it is hashed, however it was typed."""
    # Halves of characters, which nobody types, have no bytes to hash.
    return "".join(sign for sign in code.lower() if sign.isascii() and sign.isalnum())
