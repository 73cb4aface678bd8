"""The primary key of an adopted row, of any type, as one canonical text.

A JSON list with one item for each column. Text, whole numbers and truth values are themselves; any other type is an
object with its letter: `{"u": ...}` UUID, `{"d": ...}` date, `{"m": ...}` moment, `{"t": ...}` time of day,
`{"n": ...}` decimal, `{"f": ...}` float, `{"b": ...}` bytes in base64. A decimal or float that is a whole number is
written as one, so that a key and the column that refers to it agree although their types differ. ASCII only.
"""

import base64
import json
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from governance.datamap.errors import SourceKeyError
from governance.errors import phrase

# Beyond it a float no longer tells whole numbers apart.
_EXACT: Final = 2**53
# Digits at most.
_LONGEST: Final = 100
KeyValue = str | int | bool | float | Decimal | bytes | uuid.UUID | datetime | date | time


def source_key_of(values: Sequence[object]) -> str:
    """Return the canonical text of a key.

    Args:
        values: One for each column, as the database's driver gives them.

    Raises:
        SourceKeyError: If a value is missing or of a type that cannot name a row.
    """
    return json.dumps([_encode(value) for value in values], separators=(",", ":"))


def key_values(text: str) -> tuple[KeyValue, ...]:
    """Return the values of a key, to look the row up.

    Raises:
        SourceKeyError: If the text is none of `source_key_of`.
    """
    try:
        items = json.loads(text)
        if isinstance(items, list) and items:
            return tuple(_decode(item) for item in items)
    except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError):
        # The parser's error quotes the key, which may be personal.
        raise SourceKeyError(found=phrase("damaged text")) from None
    raise SourceKeyError(found=phrase("damaged text"))


def _encode(value: object) -> str | int | dict[str, str]:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal | float):
        return _number(value)
    for kind, letter, write in _WRITERS:
        if isinstance(value, kind):
            return {letter: write(value)}
    raise SourceKeyError(found=type(value).__name__)


def _number(value: Decimal | float) -> int | dict[str, str]:
    if isinstance(value, Decimal):
        return _decimal(value)
    if not math.isfinite(value):
        raise SourceKeyError(found=phrase("infinite number"))
    if value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return {"f": repr(value)}


def _decimal(value: Decimal) -> int | dict[str, str]:
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST:
        raise SourceKeyError(found=phrase("number that is infinite or too long"))
    # Nothing is computed with it: arithmetic rounds to 28 digits, and two keys would become one.
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    return {"n": text} if "." in text else int(text)


# A moment is a date too, so it comes first.
_WRITERS: Final[tuple[tuple[type, str, Callable[[Any], str]], ...]] = (
    (bytes, "b", lambda value: base64.b64encode(value).decode("ascii")),
    (bytearray, "b", lambda value: base64.b64encode(value).decode("ascii")),
    (memoryview, "b", lambda value: base64.b64encode(value).decode("ascii")),
    (uuid.UUID, "u", str),
    (datetime, "m", lambda value: (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()),
    (date, "d", date.isoformat),
    (time, "t", time.isoformat),
)
_READERS: Final[Mapping[str, Callable[[str], KeyValue]]] = {
    "b": lambda text: base64.b64decode(text, validate=True),
    "u": uuid.UUID,
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "n": Decimal,
    "f": float,
}


def _decode(item: Any) -> KeyValue:
    if isinstance(item, str | int):
        return item
    if not isinstance(item, dict):
        raise TypeError("neither a value nor an object with a letter")
    ((letter, text),) = item.items()
    return _READERS[letter](text)
