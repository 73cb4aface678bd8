"""Values of attested columns as a database driver gives them: what the model has for each, and its bytes under the MAC.

Both are made by the kind of the column. Kinds with few different values remember what they made. Those that differ from
row to row are encoded from the driver's value itself, without making the model's first; whatever is not as the driver
gives what we write takes the long way, and is like no value of ours where it cannot be read.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, Dialect, Enum, Integer, String
from sqlalchemy.types import TypeEngine

from governance.database import UnreadableValueError
from governance.orm import CompactUuid, PeriodText, UTCDateTime
from governance.vault.attested import BoundColumn
from governance.vault.canonical import encode_moment, encode_one, encode_text, encode_uuid_bytes

Convert = Callable[[Any], Any]
Encode = Callable[[Any], bytes]
# What SQL wrote and nothing of ours reads: no value of a model, and under a MAC like no value's bytes.
UNREADABLE: Final = object()
UNREADABLE_BYTES: Final = b"?"
# Of these a table holds few different values.
_FEW: Final = (Enum, Boolean, PeriodText, Date)


class _Remembered(dict[Any, Any]):
    """A mapping that makes what it does not hold yet."""

    def __init__(self, make: Convert) -> None:
        super().__init__()
        self._make: Final = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._make(key)
        return made


def conversion(column: Column[Any], dialect: Dialect) -> Convert:
    """Return what makes of a driver's value the one that the model has; `UNREADABLE` where there is none."""
    convert = _conversion(column.type, dialect)
    if convert is _same:
        return _same

    def read(raw: Any) -> Any:
        try:
            return convert(raw)
        except (LookupError, TypeError, ValueError, UnreadableValueError):
            return UNREADABLE

    return read if column.primary_key else _Remembered(read).__getitem__


def encoding(bound: BoundColumn, convert: Convert, dialect: Dialect) -> Encode:
    """Return what makes of a driver's value its bytes under the MAC, with its name: nothing where it is NULL.

    Args:
        bound: The column.
        convert: Its `conversion`.
        dialect: Of the driver.
    """
    name, direct = bound.encoded, _direct(bound.column.type, dialect)

    def encode(raw: Any) -> bytes:
        if raw is None:
            return b""
        try:
            return name + direct[type(raw)](raw)
        except (LookupError, ValueError):
            return slowly(raw)

    def slowly(raw: Any) -> bytes:
        try:
            return name + encode_one(convert(raw))
        except (LookupError, TypeError, ValueError):
            return UNREADABLE_BYTES

    return _Remembered(encode).__getitem__ if isinstance(bound.column.type, _FEW) else encode


def _direct(kind: TypeEngine[Any], dialect: Dialect) -> Mapping[type, Encode]:
    """Return how values that need no conversion are encoded, by what the driver gives for the kind."""
    if isinstance(kind, _FEW):
        return {}
    if isinstance(kind, CompactUuid):
        return {bytes: encode_uuid_bytes, uuid.UUID: encode_one}
    if isinstance(kind, UTCDateTime):
        return {int: encode_moment} if dialect.name == "sqlite" else {datetime: encode_one}
    if isinstance(kind, String):
        return {str: encode_text}
    return {int: encode_one} if isinstance(kind, Integer) else {}


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    if isinstance(kind, Enum) and kind.enum_class is not None:
        enum_class = kind.enum_class
        return lambda raw: None if raw is None else enum_class(raw)
    if isinstance(kind, Boolean):
        return lambda raw: None if raw is None else bool(raw)
    if isinstance(kind, UTCDateTime | CompactUuid | PeriodText):
        return lambda raw: kind.process_result_value(raw, dialect)
    if isinstance(kind, Date):
        return lambda raw: date.fromisoformat(raw) if isinstance(raw, str) else raw
    return _same


def _same(raw: Any) -> Any:
    return raw
