"""From clean values to the columns of a row: boxes sealed under the person's key, clear fields in their own columns.

A box always holds every field of its category, so that all boxes of one map have one shape and a read can splice them.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import MetaData, Table

from governance.datamap.catalogue import Catalogue
from governance.datamap.physical import governed_table
from governance.datamap.values import FieldKind, MappedField, MappedTable, Storage
from governance.gate.errors import BoxTamperedError
from governance.gate.values import CleanValue
from governance.vault.boxes import BoxBinding, shape_number
from governance.vault.errors import BoxError
from governance.vocabulary import DataCategory, SubjectKind

Place = tuple[str, DataCategory]
# By name, with the mapped table it was made from: a new policy epoch brings new ones.
_KNOWN: Final[dict[str, tuple[MappedTable, Table]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Owner:
    """The data subject under whose key a box is sealed."""

    id: int
    kind: SubjectKind
    key: AESGCM
    key_version: int


class RowBoxer:
    """Seals and opens the boxes of one table's rows. Prepared once per batch; holds no key."""

    def __init__(self, catalogue: Catalogue, table: MappedTable, installation: bytes) -> None:
        """Prepare what boxes of the table are bound to."""
        self.table: Final = table
        self._current: Final[dict[Place, BoxBinding]] = {}
        self._known: Final[dict[Place, dict[int, BoxBinding]]] = {}
        for place in table.boxes:
            self._known[place] = catalogue.bindings(installation, table, *place)
            self._current[place] = self._known[place][catalogue.shape(table, *place).id]

    def seal(
        self, place: Place, owner: Owner, row_id: uuid.UUID, revision: int, values: Mapping[str, CleanValue]
    ) -> bytes:
        """Return the envelope of one category of one person in one row; fields without a value are null."""
        binding = self._current[place]
        whole = {name: values.get(name) for name in binding.fields}
        return binding.seal(
            owner.key,
            row_id=row_id.bytes,
            subject_id=owner.id,
            key_version=owner.key_version,
            revision=revision,
            plaintext=binding.encode(whole),
        )

    def open(self, place: Place, owner: Owner, row_id: uuid.UUID, revision: int, box: bytes) -> dict[str, CleanValue]:
        """Return the values of a box, whatever map it was sealed under.

        Raises:
            BoxTamperedError: If it does not open where it stands.
        """
        binding = self._known[place].get(shape_number(box) or 0)
        try:
            if binding is None:
                raise self._current[place].error(row_id.bytes)
            plaintext = binding.open(
                owner.key,
                row_id=row_id.bytes,
                subject_id=owner.id,
                key_version=owner.key_version,
                revision=revision,
                box=box,
            )
        except BoxError:
            raise BoxTamperedError(table=self.table.name, row=str(row_id), category=place[1].value) from None
        opened: dict[str, CleanValue] = orjson.loads(plaintext)
        return opened


def physical_table(table: MappedTable) -> Table:
    """Return the physical table that Égide keeps for a table of the map, for statements."""
    known = _KNOWN.get(table.physical)
    if known is None or known[0] is not table:
        known = _KNOWN[table.physical] = (table, governed_table(table, MetaData()))
    return known[1]


def clear_fields(table: MappedTable) -> list[MappedField]:
    """Return the fields that lie in columns of their own."""
    return [field for field in table.fields.values() if field.storage is Storage.CLEAR]


def to_column(field: MappedField, value: CleanValue) -> Any:
    """Return a clean value as the column of a clear field takes it."""
    if value is None or not isinstance(value, str):
        return value
    match field.kind:
        case FieldKind.DATE | FieldKind.BIRTH_DATE:
            return date.fromisoformat(value)
        case FieldKind.MOMENT:
            return datetime.fromisoformat(value)
        case FieldKind.REFERENCE:
            return uuid.UUID(value)
        case _:
            return value
