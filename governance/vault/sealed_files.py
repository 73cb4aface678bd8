"""Files at rest, sealed while they are written: AES-256-GCM in chunks, one key for each file.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015, section 7): the nonce of a chunk holds a random prefix, its number and whether it is
the last, so that chunks cannot be moved, dropped, repeated or cut off at the end. A key seals one file, and is derived
from the keyring and the file's own name, so that a file put in another's place does not open.
"""

import os
from collections.abc import Iterator
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.errors import SealedFileError

CHUNK_BYTES: Final = 64 * 1024
_VERSION: Final = b"\x01"
_PREFIX_BYTES: Final = 7
_TAG_BYTES: Final = 16
_LAST: Final = b"\x01"
_MORE: Final = b"\x00"


def seal_file(key: bytes, source: IO[bytes], target: IO[bytes]) -> int:
    """Seal everything that a source holds, and return how many bytes that was.

    Args:
        key: 32 bytes that seal nothing else.
        source: Where to read, from where it stands.
        target: Where to write.
    """
    cipher = AESGCM(key)
    prefix = os.urandom(_PREFIX_BYTES)
    target.write(_VERSION + prefix)
    size = 0
    for number, (chunk, last) in enumerate(_chunks(source, CHUNK_BYTES)):
        size += len(chunk)
        target.write(cipher.encrypt(_nonce(prefix, number, last=last), chunk, _VERSION))
    return size


def unseal_file(key: bytes, source: IO[bytes], target: IO[bytes]) -> None:
    """Write what was sealed; nothing of a chunk that was altered.

    Args:
        key: The key that it was sealed under.
        source: The sealed file, at its beginning.
        target: Where to write.

    Raises:
        SealedFileError: If it was altered, cut, or sealed under another key. What was written by then is worthless.
    """
    head = source.read(len(_VERSION) + _PREFIX_BYTES)
    if len(head) != len(_VERSION) + _PREFIX_BYTES or not head.startswith(_VERSION):
        raise SealedFileError
    cipher, prefix = AESGCM(key), head[len(_VERSION) :]
    for number, (chunk, last) in enumerate(_chunks(source, CHUNK_BYTES + _TAG_BYTES)):
        try:
            target.write(cipher.decrypt(_nonce(prefix, number, last=last), chunk, _VERSION))
        except InvalidTag:
            raise SealedFileError from None


def _chunks(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of a size, each with whether it is the last; an empty source is one empty piece."""
    piece = _whole(source, size)
    while True:
        following = _whole(source, size) if len(piece) == size else b""
        yield piece, not following
        if not following:
            return
        piece = following


def _whole(source: IO[bytes], size: int) -> bytes:
    """Read so many bytes, however little the source gives at once."""
    parts: list[bytes] = []
    left = size
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (_LAST if last else _MORE)
