"""Clear columns on their way out and in: from a driver to JSON, and from a filter to a driver.

Égide's own tables hold normal forms, so most columns leave as they lie. An adopted table holds what another program put
there: it is written as its kind where it can be read as such, and as text where it cannot.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from governance.clock import from_microseconds, to_microseconds, to_rfc3339
from governance.datamap.values import FieldKind, MappedField

Converter = Callable[[Any], Any]
_ISO_DATE: Final = 10
# What JSON readers hold exactly (RFC 8259, section 6).
_LARGEST: Final = 2**53
_ISO_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUE: Final = frozenset({"t", "true", "1", "y", "yes", "o", "oui"})


def own_converter(field: MappedField, dialect: str) -> Converter | None:
    """Return how a column of Égide's own tables leaves; None where it leaves as it lies."""
    return _OWN[dialect].get(field.kind)


def adopted_converter(field: MappedField) -> Converter:
    """Return how a column of an adopted table leaves, whatever its database's type is."""
    return _ADOPTED.get(field.kind, _as_text)


def to_driver(field: MappedField, value: str | float | bool | None, dialect: str, *, adopted: bool) -> Any:  # noqa: FBT001
    """Return a clean value as the driver compares it with the column.

    Args:
        field: The clear field.
        value: A clean value of its kind, see `governance.gate.values`.
        dialect: `sqlite` or `postgresql`.
        adopted: Whether another program's column is compared.
    """
    writer = _WRITERS[dialect].get(field.kind)
    if adopted and dialect == "sqlite" and field.kind is FieldKind.MOMENT:
        # Another program's moments are text there; Égide's own are numbers.
        return value
    return value if writer is None or value is None else writer(value)


def uuid_text(raw: bytes) -> str:
    """Return the canonical text of an identifier's 16 bytes."""
    return str(uuid.UUID(bytes=bytes(raw)))


def _optional(convert: Converter) -> Converter:
    return lambda raw: None if raw is None else convert(raw)


def _as_text(raw: Any) -> Any:
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, bytes | bytearray | memoryview):
        return bytes(raw).decode("utf-8", "replace")
    return str(raw)


def _as_date(raw: Any) -> Any:
    if isinstance(raw, date):
        return raw.isoformat()[:_ISO_DATE]
    written = _written_moment(raw)
    return _as_text(raw) if written is None else written.isoformat()[:_ISO_DATE]


def _as_moment(raw: Any) -> Any:
    moment = raw if isinstance(raw, datetime) else _written_moment(raw)
    if moment is None:
        return _as_text(raw)
    try:
        # A program that keeps no zone is taken to mean UTC.
        return to_rfc3339(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
    except OverflowError:
        # The first day of all, east of Greenwich.
        return _as_text(raw)


def _written_moment(raw: Any) -> datetime | None:
    # SQLite keeps days and moments as text, a day often with a midnight behind it.
    if not isinstance(raw, str) or not _ISO_MOMENT.match(raw):
        return None
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _as_integer(raw: Any) -> Any:
    if raw is None or isinstance(raw, int):
        return raw
    number = _decimal(raw)
    whole = number is not None and abs(number) < _LARGEST and number == number.to_integral_value()
    return int(number) if number is not None and whole else _as_text(raw)


def _as_number(raw: Any) -> Any:
    if raw is None:
        return None
    number = _decimal(raw)
    return _as_text(raw) if number is None else f"{number:f}"


def _decimal(raw: Any) -> Decimal | None:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _as_boolean(raw: Any) -> Any:
    if raw is None or isinstance(raw, bool):
        return raw
    return bool(raw) if isinstance(raw, int) else str(raw).strip().casefold() in _TRUE


_OWN: Final[Mapping[str, Mapping[FieldKind, Converter]]] = {
    "sqlite": {
        FieldKind.BOOLEAN: _optional(bool),
        FieldKind.MOMENT: _optional(lambda raw: to_rfc3339(from_microseconds(raw))),
        FieldKind.REFERENCE: _optional(uuid_text),
    },
    "postgresql": {
        FieldKind.DATE: _optional(lambda raw: raw.isoformat()),
        FieldKind.BIRTH_DATE: _optional(lambda raw: raw.isoformat()),
        FieldKind.MOMENT: _optional(to_rfc3339),
        FieldKind.REFERENCE: _optional(uuid_text),
    },
}
_ADOPTED: Final[Mapping[FieldKind, Converter]] = {
    FieldKind.INTEGER: _as_integer,
    FieldKind.NUMBER: _as_number,
    FieldKind.BOOLEAN: _as_boolean,
    FieldKind.DATE: _as_date,
    FieldKind.BIRTH_DATE: _as_date,
    FieldKind.MOMENT: _as_moment,
}
_WRITERS: Final[Mapping[str, Mapping[FieldKind, Converter]]] = {
    "sqlite": {
        FieldKind.BOOLEAN: int,
        FieldKind.MOMENT: lambda text: to_microseconds(datetime.fromisoformat(text)),
        FieldKind.REFERENCE: lambda text: uuid.UUID(text).bytes,
        FieldKind.NUMBER: float,
    },
    "postgresql": {
        FieldKind.DATE: date.fromisoformat,
        FieldKind.BIRTH_DATE: date.fromisoformat,
        FieldKind.MOMENT: datetime.fromisoformat,
        FieldKind.REFERENCE: uuid.UUID,
        FieldKind.NUMBER: Decimal,
    },
}
