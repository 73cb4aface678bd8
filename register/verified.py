"""Reading many attested rows: columns as the driver gives them, one MAC a row, each value converted once.

`Attestor.verify` checks a row that is an object; a plan needs thousands of rows and no objects. This reads the same
columns with Core, encodes them as `governance.vault.attested` does, and hashes. Such tables hold few different values
in most columns, so that a value's encoding and its conversion are made once and remembered while reading
(`register/driver_values.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from governance.vault.attest import Attested, Attestor
from governance.vault.attested import MAC, bound_columns, table_of
from governance.vault.macs import MAC_VERSION
from register.driver_values import conversion, encoding

# Rows worked on at once: few enough to be gone again before Python looks among them for garbage.
_PART: Final = 250


@dataclass(frozen=True, slots=True)
class Altered:
    """A row whose attestation does not hold: its table, and its primary key."""

    table: str
    reference: str


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
    converted = [conversion(each.column, connection.dialect) for each in bound]
    encoded = [encoding(each, convert, connection.dialect) for each, convert in zip(bound, converted, strict=True)]
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
