"""The physical tables of the map's own (sealed) tables, made from the map so that the two cannot differ.

A row holds its id, its revision, its data subjects' numbers, one envelope for each link and category with sealed
fields, each clear field in a column of its own, and a MAC that holds people and boxes together (`gate.row_macs`),
with the notices that the people were given behind it. Beside every box stand, in clear, the row's revision when it was
sealed, where its data came from, and when they were collected and verified. Fixed-width columns come first and
envelopes last: PostgreSQL pads less, and SQLite reads the clear ones without following overflow pages.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    Date,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    TableClause,
    column,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from governance.datamap.values import (
    FieldKind,
    MappedField,
    MappedTable,
    Storage,
    box_column,
    box_companion,
    subject_column,
)
from governance.orm import CompactUuid, UTCDateTime

_EPOCH: Final = date(1970, 1, 1)


class CompactDate(TypeDecorator[date]):
    """A day: `date` on PostgreSQL, days since 1970-01-01 (two bytes) on SQLite."""

    impl = Date()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the storage of the dialect."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | int | None:
        """Count days on SQLite."""
        return (value - _EPOCH).days if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Give a day on both."""
        return _EPOCH + timedelta(days=value) if isinstance(value, int) else value


# Kinds without a line here are text.
_CLEAR_TYPES: Final[Mapping[FieldKind, type[TypeEngine[Any]]]] = {
    FieldKind.INTEGER: BigInteger,
    FieldKind.BOOLEAN: Boolean,
    FieldKind.DATE: Date,
    FieldKind.BIRTH_DATE: Date,
    FieldKind.MOMENT: UTCDateTime,
    FieldKind.REFERENCE: CompactUuid,
}
_FIXED_WIDTH: Final = frozenset(_CLEAR_TYPES)


def governed_table(mapped: MappedTable, metadata: MetaData) -> Table:
    """Return the physical table of one of the map's own tables, registered in the metadata.

    Args:
        mapped: A table without a key, that is, one that Égide keeps itself.
        metadata: Where it is registered; also holds, or will hold, `data_subject` and the tables it refers to.

    Raises:
        ValueError: If the table is adopted.
    """
    if mapped.adopted:
        raise ValueError(f"{mapped.name} is adopted: another program makes its table")
    clear = [field for field in mapped.fields.values() if field.storage is Storage.CLEAR]
    fixed = [field for field in clear if field.kind in _FIXED_WIDTH]
    others = [field for field in clear if field.kind not in _FIXED_WIDTH]
    return Table(
        mapped.physical,
        metadata,
        Column("id", CompactUuid(), primary_key=True),
        *_subjects(mapped),
        Column("revision", Integer(), nullable=False),
        *(_clear_column(field) for field in fixed),
        *_companions(mapped),
        Column("row_mac", LargeBinary(), nullable=False),
        *(_clear_column(field) for field in others),
        *(Column(box_column(link, category), LargeBinary(), nullable=True) for link, category in mapped.boxes),
    )


def _subjects(mapped: MappedTable) -> Iterator[Column[Any]]:
    for link in mapped.links:
        yield Column(subject_column(link), BigInteger(), ForeignKey("data_subject.id"), nullable=False, index=True)


def _companions(mapped: MappedTable) -> Iterator[Column[Any]]:
    kinds: Mapping[str, TypeEngine[Any]] = {
        "revision": Integer(),
        "collected_on": CompactDate(),
        "verified_on": CompactDate(),
        "source_id": SmallInteger(),
    }
    for what, kind in kinds.items():
        for link, category in mapped.boxes:
            yield Column(box_companion(link, category, what), kind, nullable=True)


def _clear_column(field: MappedField) -> Column[Any]:
    kind = _CLEAR_TYPES.get(field.kind, String)()
    if field.refers_to is None:
        return Column(field.column, kind, nullable=not field.required)
    referred = ForeignKey(f"{field.refers_to}.id")
    return Column(field.column, kind, referred, nullable=not field.required, index=True)


def adopted_table(mapped: MappedTable) -> TableClause:
    """Return an adopted table for statements: its key, the columns of its links and of its fields, and no others.

    The columns have no type: values come as the database's driver gives them.
    """
    names = (*mapped.key, *(column for link in mapped.links.values() for column in link.columns))
    names = (*names, *(field.column for field in mapped.fields.values()))
    columns: list[ColumnClause[Any]] = [column(name) for name in dict.fromkeys(names)]
    return table(mapped.physical, *columns, schema=mapped.schema)
