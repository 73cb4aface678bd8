"""One encoding of values that no other values share, for what is attested.

Each value is a tag (one byte), a length (u32, big-endian) and its bytes; a list or a mapping holds encoded values, a
mapping in the order of its keys. So "ab", "c" and "a", "bc" differ, and so do 1, "1", True and None.
"""

import struct
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from governance.clock import to_microseconds

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
_LENGTH: Final = struct.Struct(">I")


def encode(*parts: Part) -> bytes:
    """Return the encoding of the values, in their order.

    Raises:
        TypeError: If a value is of a type that has no encoding; names the type only.
        ValueError: If a time is naive.
    """
    return b"".join(map(_encode_one, parts))


def _encode_one(part: Any) -> bytes:
    if part is None:
        return b"n\0\0\0\0"
    encoder = _ENCODERS.get(type(part))
    if encoder is None:
        # Enumerations of strings and other subclasses are encoded as what they extend.
        encoder = next((_ENCODERS[base] for base in type(part).__mro__ if base in _ENCODERS), None)
    if encoder is None:
        raise TypeError(f"a {type(part).__name__} cannot be attested")
    tag, content = encoder(part)
    return tag + _LENGTH.pack(len(content)) + content


def _mapping(part: dict[str, Part]) -> tuple[bytes, bytes]:
    return b"m", b"".join(_encode_one(key) + _encode_one(part[key]) for key in sorted(part))


_ENCODERS: Final[Mapping[type, Callable[[Any], tuple[bytes, bytes]]]] = {
    bytes: lambda part: (b"b", part),
    str: lambda part: (b"s", part.encode()),
    bool: lambda part: (b"?", b"\1" if part else b"\0"),
    int: lambda part: (b"i", b"%d" % part),
    datetime: lambda part: (b"t", b"%d" % to_microseconds(part)),
    date: lambda part: (b"d", part.isoformat().encode()),
    uuid.UUID: lambda part: (b"u", part.bytes),
    list: lambda part: (b"l", encode(*part)),
    tuple: lambda part: (b"l", encode(*part)),
    dict: _mapping,
}
