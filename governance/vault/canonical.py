"""One encoding of values that no other values share, for what is attested.

Each value is a tag (one byte), a length (u32, big-endian) and its bytes; a list or a mapping holds encoded values, a
mapping in the order of its keys. So "ab", "c" and "a", "bc" differ, and so do 1, "1", True and None.
"""

import struct
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from governance.clock import from_microseconds

Part = (
    bytes
    | str
    | int
    | bool
    | datetime
    | date
    | uuid.UUID
    | list["Part"]
    | tuple["Part", ...]
    | dict[str, "Part"]
    | None
)
_EPOCH: Final = from_microseconds(0)
_SECONDS_A_DAY: Final = 86_400
_UUID_BYTES: Final = 16
_head: Final = struct.Struct(">cI").pack


def encode(*parts: Part) -> bytes:
    """Return the encoding of the values, in their order.

    Raises:
        TypeError: If a value is of a type that has no encoding; names the type only.
        ValueError: If a time is naive.
    """
    return b"".join([_encoders[type(part)](part) for part in parts])


def encode_one(part: Any) -> bytes:
    """Return the encoding of one value, as `encode` does."""
    return _encoders[type(part)](part)


def _none(_part: None) -> bytes:
    return b"n\0\0\0\0"


def _bytes(part: bytes) -> bytes:
    return _head(b"b", len(part)) + part


def encode_text(part: str) -> bytes:
    """Return the encoding of a text."""
    content = part.encode()
    return _head(b"s", len(content)) + content


def _bool(part: bool) -> bytes:  # noqa: FBT001 -- it encodes one
    return b"?\0\0\0\1\1" if part else b"?\0\0\0\1\0"


def _int(part: int) -> bytes:
    content = b"%d" % part
    return _head(b"i", len(content)) + content


def _datetime(part: datetime) -> bytes:
    if part.tzinfo is None:
        raise ValueError("expected an aware time, got a naive one")
    # `clock.to_microseconds` without its division of time spans, which takes three times as long.
    since = part - _EPOCH
    return encode_moment((since.days * _SECONDS_A_DAY + since.seconds) * 1_000_000 + since.microseconds)


def encode_moment(microseconds: int) -> bytes:
    """Return the encoding of the time that lies so many microseconds after 1970-01-01T00:00Z."""
    content = b"%d" % microseconds
    return _head(b"t", len(content)) + content


def _date(part: date) -> bytes:
    return _head(b"d", 10) + part.isoformat().encode()


def _uuid(part: uuid.UUID) -> bytes:
    return encode_uuid_bytes(part.bytes)


def encode_uuid_bytes(part: bytes) -> bytes:
    """Return the encoding of the identifier that has these bytes.

    Raises:
        ValueError: If they are not 16.
    """
    if len(part) != _UUID_BYTES:
        raise ValueError("expected the 16 bytes of an identifier")
    return b"u\0\0\0\x10" + part


def _list(part: list[Part] | tuple[Part, ...]) -> bytes:
    content = encode(*part)
    return _head(b"l", len(content)) + content


def _dict(part: dict[str, Part]) -> bytes:
    content = b"".join(encode_text(key) + encode_one(part[key]) for key in sorted(part))
    return _head(b"m", len(content)) + content


class _Encoders(dict[type, Callable[[Any], bytes]]):
    """The encoder of each type; an enumeration or another subclass is encoded as what it extends, and remembered."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes]:
        for base in kind.__mro__:
            if base in self:
                self[kind] = self[base]
                return self[base]
        raise TypeError(f"a {kind.__name__} cannot be attested")


_encoders: Final = _Encoders(
    {
        type(None): _none,
        bytes: _bytes,
        str: encode_text,
        bool: _bool,
        int: _int,
        datetime: _datetime,
        date: _date,
        uuid.UUID: _uuid,
        list: _list,
        tuple: _list,
        dict: _dict,
    }
)
