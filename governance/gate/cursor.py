"""Cursors: where a page ended, sealed for the one who asked, the purpose and the question.

A cursor holds values of the last row, so it is encrypted, and bound by AEAD (AES-256-GCM, NIST SP 800-38D) to whom it
was given, for which purpose, on which table, with which filters and order: anybody else's, and any other question's,
does not open. base64url of version, nonce and ciphertext.
"""

import base64
import binascii
import os
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.datamap.errors import SourceKeyError
from governance.datamap.source_keys import key_values, source_key_of
from governance.gate.errors import CursorInvalidError
from governance.gate.query import Query

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_LONGEST: Final = 4_096
_IDS: Final = struct.Struct(">HH?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorBinding:
    """To what a cursor is bound.

    Attributes:
        actor_id: To whom it was given.
        purpose_id: For which purpose.
        table_id: On which table.
        opaque: Whether rows came in the purpose's own order.
        question: A digest of filters and order.
    """

    actor_id: uuid.UUID | None
    purpose_id: int
    table_id: int
    opaque: bool
    question: bytes = field(repr=False)

    def associated_data(self) -> bytes:
        """The binding as bytes of fixed width, the digest last."""
        actor = uuid.UUID(int=0) if self.actor_id is None else self.actor_id
        return b"egide/cursor/1" + actor.bytes + _IDS.pack(self.purpose_id, self.table_id, self.opaque) + self.question


def question_digest(query: Query) -> bytes:
    """Return a digest of what decides which rows come, in which order."""
    where = [[each.field, each.operator.value, each.value, each.of] for each in query.where]
    order = [[each.field, each.descending] for each in query.order]
    return blake2b(orjson.dumps([where, order]), digest_size=16, person=b"egide/question").digest()


class Cursors:
    """Seals and opens cursors."""

    def __init__(self, secret: bytes) -> None:
        """Take the key.

        Args:
            secret: 32 bytes, `Keyring.secret("cursor")`.
        """
        self._key: Final = AESGCM(secret)

    def seal(self, binding: CursorBinding, values: Sequence[Any]) -> str:
        """Return the cursor behind the row that has these values."""
        content = orjson.dumps([None if value is None else source_key_of([value]) for value in values])
        nonce = os.urandom(_NONCE_BYTES)
        sealed = _VERSION + nonce + self._key.encrypt(nonce, content, binding.associated_data())
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, binding: CursorBinding, cursor: str, *, length: int) -> tuple[Any, ...]:
        """Return the values of the row that the page ended with.

        Args:
            binding: Whose cursor it must be.
            cursor: As it came back.
            length: How many values the order has.

        Raises:
            CursorInvalidError: If it is malformed, or belongs to somebody or something else.
        """
        if len(cursor) > _LONGEST:
            raise CursorInvalidError
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
            opened = orjson.loads(self._key.decrypt(nonce, content, binding.associated_data()))
            values = tuple(None if item is None else key_values(item)[0] for item in opened)
        except (binascii.Error, ValueError, InvalidTag, SourceKeyError):
            # ValueError: not ASCII, or a nonce cut short.
            raise CursorInvalidError from None
        if sealed[:1] != _VERSION or len(values) != length:
            raise CursorInvalidError
        return values
