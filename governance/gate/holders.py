"""Which values are on file already: for whoever must not enter a person twice.

Nothing is released but the ids of rows that hold a value the caller has in hand. A token names candidates; whether one
holds the value shows when its box is opened.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.datamap.catalogue import Catalogue
from governance.datamap.models import blind_tokens
from governance.datamap.values import (
    FieldKind,
    MappedField,
    MappedTable,
    Search,
    Storage,
    box_column,
    box_companion,
    subject_column,
)
from governance.gate.boxing import Owner, RowBoxer, physical_table
from governance.vault.blind import BlindIndex
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject
from governance.vault.subject_keys import marks_of, unwrap
from governance.vocabulary import SubjectKind

# Both databases take this many parameters in one statement, with room for more.
_ASKED_AT_ONCE: Final = 500
# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and from here on one for each table that people enter.
_LOCK: Final = (0x45474944, 0x1000)


def hold_table(session: Session, table: MappedTable) -> None:
    """Let nobody else look for duplicates in this table until the transaction ends; SQLite's lock does already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK[0], _LOCK[1] + table.id)))


def telling_fields(table: MappedTable) -> Iterator[MappedField]:
    """Yield the fields by which a person shows to be on file already: addresses that can be looked up exactly.

    Only where the row is the person: what is said of somebody on file may repeat an address.
    """
    for mapped in table.fields.values():
        person = mapped.link is not None and table.links[mapped.link].of is None
        if person and mapped.kind is FieldKind.EMAIL and Search.EXACT in mapped.search:
            yield mapped


def find_holders(
    session: Session,
    keyring: Keyring,
    catalogue: Catalogue,
    field: tuple[MappedTable, MappedField],
    values: Collection[str],
) -> dict[str, uuid.UUID]:
    """Return, for each of the values that a row holds, that row, or one of them.

    Args:
        session: A transaction, reading or writing.
        keyring: Opens the boxes and gives the index key.
        catalogue: The data map.
        field: A field that can be searched by its exact value, or one that lies in clear, with its table.
        values: Clean values.

    Raises:
        ValueError: If the field cannot be searched so.
        BoxTamperedError, SubjectKeyError: If a candidate was altered outside Égide.
    """
    table, mapped = field
    if mapped.storage is Storage.CLEAR:
        return dict(_in_clear(session, table, mapped, sorted(values)))
    found = find_all_holders(session, keyring, catalogue, field, values)
    return {value: row_ids[-1] for value, row_ids in found.items()}


def find_all_holders(
    session: Session,
    keyring: Keyring,
    catalogue: Catalogue,
    field: tuple[MappedTable, MappedField],
    values: Collection[str],
) -> dict[str, list[uuid.UUID]]:
    """Return, for each of the values that rows hold sealed, all of those rows; see `find_holders`."""
    table, mapped = field
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    if not values:
        return {}
    if Search.EXACT not in mapped.search or mapped.link is None:
        raise ValueError(f"{table.name}.{mapped.name} cannot be searched by its exact value")
    index = BlindIndex.of_field(keyring, mapped.id, mapped.kind.value, Search.EXACT.value)
    asked: dict[int, list[str]] = defaultdict(list)
    for value in values:
        for token in index.tokens(value):
            asked[token].append(value)
    candidates = _candidates(session, sorted(asked))
    stored = _stored(session, keyring, catalogue, (table, mapped), {row_id for _, row_id in candidates})
    for token, row_id in candidates:
        held = stored.get(row_id)
        for value in asked[token]:
            if held is not None and index.matches(held, value):
                found[value].append(row_id)
    return dict(found)


def _in_clear(
    session: Session, table: MappedTable, field: MappedField, values: list[str]
) -> Iterator[tuple[str, uuid.UUID]]:
    physical = physical_table(table)
    column = physical.c[field.column]
    for start in range(0, len(values), _ASKED_AT_ONCE):
        part = values[start : start + _ASKED_AT_ONCE]
        yield from session.execute(select(column, physical.c.id).where(column.in_(part)))


def _candidates(session: Session, tokens: list[int]) -> list[tuple[int, uuid.UUID]]:
    found: list[tuple[int, uuid.UUID]] = []
    for start in range(0, len(tokens), _ASKED_AT_ONCE):
        part = tokens[start : start + _ASKED_AT_ONCE]
        statement = select(blind_tokens).where(blind_tokens.c.token.in_(part))
        found += session.execute(statement)
    return found


def _stored(
    session: Session,
    keyring: Keyring,
    catalogue: Catalogue,
    field: tuple[MappedTable, MappedField],
    row_ids: Collection[uuid.UUID],
) -> Mapping[uuid.UUID, str | None]:
    """Return what the candidates hold. Restricted people count too: they are on file."""
    table, mapped = field
    if not row_ids:
        return {}
    link = mapped.link or ""
    place = (link, mapped.category)
    physical = physical_table(table)
    subject_id = physical.c[subject_column(link)]
    box, revision = physical.c[box_column(*place)], physical.c[box_companion(*place, "revision")]
    statement = (
        select(physical.c.id, revision, box, DataSubject)
        .join(DataSubject, DataSubject.id == subject_id)
        .where(physical.c.id.in_(row_ids), box.is_not(None), DataSubject.wrapped_key.is_not(None))
    )
    boxer = RowBoxer(catalogue, table, keyring.installation)
    found: dict[uuid.UUID, str | None] = {}
    for row_id, sealed_at, sealed, subject in session.execute(statement):
        value = boxer.open(place, _owner(keyring, subject), row_id, sealed_at, sealed).get(mapped.name)
        found[row_id] = value if isinstance(value, str) else None
    return found


def _owner(keyring: Keyring, subject: DataSubject) -> Owner:
    key = unwrap(keyring, marks_of(subject), subject.wrapped_key)
    return Owner(id=subject.id, kind=SubjectKind.from_code(subject.kind), key=key, key_version=subject.key_version)
