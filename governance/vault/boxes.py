"""Sealed boxes: the personal fields of one category, of one person, in one row, under that person's key.

    envelope        = 0x01 + shape number u16 + nonce (12) + ciphertext + tag (16)
    associated data = each length-prefixed (u16): "egide/box/1", installation, table number u16, link, category u8,
                      shape number u16, and every field name of the shape;
                      then row (16) + subject u64 + key version u32 + revision u32

all big-endian; AES-256-GCM, NIST SP 800-38D. The first part is the same for all boxes of one column and shape:
`BoxBinding.prefix`. The second has a fixed width. So a box moved to another installation, table, row, category, person,
key or revision, or read as another list of fields, does not open. The plaintext is a canonical JSON object: UTF-8, keys
in the order of the shape, no spaces.

A hot loop inlines `open`: `AESGCM.decrypt(box[3:15], box[15:], prefix + TAIL.pack(row_id, subject_id, key_version,
revision))` after finding the binding by `box[:3]`, which is `binding.header`.
"""

import os
import struct
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.errors import BoxError
from governance.vocabulary import DataCategory

FORMAT: Final = 1
HEADER: Final = struct.Struct(">BH")  # format, shape number
TAIL: Final = struct.Struct(">16sQII")  # row, subject, key version, revision
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
NONCE_START: Final = HEADER.size
NONCE_END: Final = NONCE_START + NONCE_BYTES
OVERHEAD_BYTES: Final = NONCE_END + TAG_BYTES
_LABEL: Final = b"egide/box/1"
_LENGTH: Final = struct.Struct(">H")
_U16: Final = struct.Struct(">H")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxColumn:
    """Where boxes of one kind stand: a column of a governed table, in one installation.

    Attributes:
        installation: 16 bytes.
        table: The table's stable number.
        link: Which of the row's data subjects.
        category: What the fields speak of.
    """

    installation: bytes
    table: int
    link: str
    category: DataCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxBinding:
    """A column together with a shape: all that a box is bound to and that does not change from row to row."""

    column: BoxColumn
    shape_id: int
    fields: tuple[str, ...]
    header: bytes = field(repr=False)
    prefix: bytes = field(repr=False)

    @classmethod
    def of(cls, column: BoxColumn, shape_id: int, fields: Sequence[str]) -> Self:
        """Prepare the constant parts once per column and shape.

        Args:
            column: Where the boxes stand.
            shape_id: The shape's stable number, 16 bits.
            fields: The shape: the names of the fields, in the order of the plaintext.
        """
        constant = (
            _LABEL,
            column.installation,
            _U16.pack(column.table),
            column.link.encode(),
            bytes((column.category.code,)),
            _U16.pack(shape_id),
            *(name.encode() for name in fields),
        )
        return cls(
            column=column,
            shape_id=shape_id,
            fields=tuple(fields),
            header=HEADER.pack(FORMAT, shape_id),
            prefix=b"".join(_LENGTH.pack(len(part)) + part for part in constant),
        )

    def tail(self, row_id: bytes, subject_id: int, key_version: int, revision: int) -> bytes:
        """Return the part of the associated data that changes from row to row."""
        return TAIL.pack(row_id, subject_id, key_version, revision)

    def seal(
        self, key: AESGCM, *, row_id: bytes, subject_id: int, key_version: int, revision: int, plaintext: bytes
    ) -> bytes:
        """Return the envelope.

        Args:
            key: The subject's.
            row_id: 16 bytes.
            subject_id: The person.
            key_version: Of the subject's key.
            revision: Of the box: the row's revision at sealing.
            plaintext: As `encode` gives it.
        """
        nonce = os.urandom(NONCE_BYTES)
        associated = self.prefix + TAIL.pack(row_id, subject_id, key_version, revision)
        return self.header + nonce + key.encrypt(nonce, plaintext, associated)

    def open(
        self, key: AESGCM, *, row_id: bytes, subject_id: int, key_version: int, revision: int, box: bytes
    ) -> bytes:
        """Return the plaintext.

        Raises:
            BoxError: If the box was not sealed for exactly this place, person, key, shape and revision.
        """
        if box[:NONCE_START] != self.header:
            raise self.error(row_id)
        associated = self.prefix + TAIL.pack(row_id, subject_id, key_version, revision)
        try:
            return key.decrypt(box[NONCE_START:NONCE_END], box[NONCE_END:], associated)
        except (InvalidTag, ValueError, TypeError, struct.error):
            # A nonce cut short, text in the place of bytes, a number out of its range: only SQL writes these.
            raise self.error(row_id) from None

    def error(self, row_id: bytes) -> BoxError:
        """Return the error for a box of this column, which names the place and nothing personal."""
        return BoxError(table=self.column.table, row=str(uuid.UUID(bytes=row_id)), category=self.column.category.value)

    def encode(self, values: Mapping[str, Any]) -> bytes:
        """Return the canonical plaintext of the shape's fields.

        Args:
            values: Exactly the shape's fields, validated before.

        Raises:
            ValueError: If the fields are not those of the shape, or a value is not JSON; quotes no value.
        """
        if values.keys() != set(self.fields):
            raise ValueError("the fields are not those of the shape")
        try:
            return orjson.dumps({name: values[name] for name in self.fields})
        except orjson.JSONEncodeError:
            raise ValueError("a value cannot be written as JSON") from None


def shape_number(box: bytes) -> int | None:
    """Return the shape that an envelope says it has, or None where it is no envelope of this format."""
    if len(box) < OVERHEAD_BYTES or box[0] != FORMAT:
        return None
    number: int = HEADER.unpack_from(box)[1]
    return number
