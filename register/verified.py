"""Reading many attested rows: columns as the driver gives them, one MAC a row, each value converted once.

`Attestor.verify` checks a row that is an object; a plan needs thousands of rows and no objects. This reads the same
columns with Core, encodes them as `governance.vault.attested` does, and hashes. Such tables hold few different values
in most columns, so that a value's encoding and its conversion are made once and remembered while reading.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Date, Dialect, Enum, Text, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from governance.database import UnreadableValueError
from governance.orm import CompactUuid, PeriodText, UTCDateTime
from governance.vault.attest import Attested, Attestor
from governance.vault.attested import MAC, BoundColumn, bound_columns, table_of
from governance.vault.canonical import encode_one
from governance.vault.macs import MAC_VERSION

_Convert = Callable[[Any], Any]
# Rows worked on at once.
_PART: Final = 2000
# Stands for what SQL wrote and nothing of ours reads; under a MAC it is like no value's bytes.
_UNREADABLE: Final = object()
_UNREADABLE_BYTES: Final = b"?"


@dataclass(frozen=True, slots=True)
class Altered:
    """A row whose attestation does not hold: its table, and its primary key."""

    table: str
    reference: str


class _Remembered(dict[Any, Any]):
    """A mapping that makes what it does not hold yet."""

    def __init__(self, make: _Convert) -> None:
        super().__init__()
        self._make: Final = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._make(key)
        return made


def verified_rows(
    session: Session,
    attestor: Attestor,
    model: type[Attested],
    wanted: tuple[str, ...],
    *where: ColumnElement[bool],
) -> Iterator[tuple[Any, ...] | Altered]:
    """Yield, for each row, the wanted attributes, or that the row was altered.

    Args:
        session: A transaction; nothing of it is flushed for this.
        attestor: Who vouches for the rows.
        model: Of which model.
        wanted: The names of the attributes to return, one at least.
        where: Which rows; the database alone decides that, so it must not be what opens something.
    """
    connection = session.connection()
    table, bound = table_of(model), bound_columns(model)
    # What the model has for a value, and the value's bytes under the MAC: nothing where it is NULL.
    converted = [_remembering(each, _readable(_conversion(each, connection.dialect))) for each in bound]
    encoded = [_remembering(each, _encoding(each, convert)) for each, convert in zip(bound, converted, strict=True)]
    places = {each.attribute: place for place, each in enumerate(bound)}
    chosen = [places[name] for name in wanted]
    keys = [places[column.key] for column in table.primary_key]
    tagged = attestor.tagged(table.name)
    raw = [type_coerce(each.column, NullType()) for each in bound]
    for part in connection.execute(select(table.c[MAC], *raw).where(*where)).partitions(_PART):
        # Column by column, for a loop inside `map` costs a tenth of one over the values of each row.
        macs, *columns = zip(*part, strict=True)
        pieces = [map(encode, column) for encode, column in zip(encoded, columns, strict=True)]
        contents = map(b"".join, zip(*pieces, strict=True))
        told = zip(*[map(converted[place], columns[place]) for place in chosen], strict=True)
        for place, (mac, content, values) in enumerate(zip(macs, contents, told, strict=True)):
            fresh = tagged.copy()
            fresh.update(content)
            if MAC_VERSION + fresh.digest() == mac:
                yield values
            else:
                yield Altered(table.name, "/".join(str(converted[key](columns[key][place])) for key in keys))


def _remembering(bound: BoundColumn, make: _Convert) -> _Convert:
    # Long texts differ from row to row: whoever remembered them would hold the whole table.
    return make if isinstance(bound.column.type, Text) else _Remembered(make).__getitem__


def _readable(convert: _Convert) -> _Convert:
    def read(raw: Any) -> Any:
        try:
            return convert(raw)
        except (LookupError, TypeError, ValueError, UnreadableValueError):
            return _UNREADABLE

    return read


def _encoding(bound: BoundColumn, convert: _Convert) -> _Convert:
    def encode(raw: Any) -> bytes:
        try:
            return b"" if raw is None else bound.encoded + encode_one(convert(raw))
        except (LookupError, TypeError, ValueError):
            return _UNREADABLE_BYTES

    return encode


def _conversion(bound: BoundColumn, dialect: Dialect) -> _Convert:
    """Return what makes of the driver's value the one that the model has."""
    kind = bound.column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        enum_class = kind.enum_class
        return lambda raw: None if raw is None else enum_class(raw)
    if isinstance(kind, Boolean):
        return lambda raw: None if raw is None else bool(raw)
    if isinstance(kind, UTCDateTime | CompactUuid | PeriodText):
        return lambda raw: kind.process_result_value(raw, dialect)
    if isinstance(kind, Date):
        return lambda raw: date.fromisoformat(raw) if isinstance(raw, str) else raw
    return lambda raw: raw
