"""Taking back rows that an unfinished import wrote, as if they had never come.

People who came with the rows lose their keys and leave the file; a row on which somebody has built since (an order of
the customer, a contact of the company) stays, for taking it away would lose work that is not the import's.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import Column, RowMapping, delete, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.datamap.models import blind_tokens
from governance.datamap.values import FieldKind, MappedTable, box_column, box_companion, subject_column
from governance.gate.boxing import Owner, RowBoxer, physical_table
from governance.gate.bulk import MAX_ROWS, BulkContext
from governance.gate.errors import BatchTooLargeError
from governance.gate.indexing import BlindIndexer
from governance.gate.row_macs import RowSigner
from governance.vault.models import DataSubject
from governance.vault.subject_keys import erase, marks_of, unwrap
from governance.vocabulary import SubjectKind

_ROWS_AT_ONCE: Final = 200


def unload(session: Session, context: BulkContext, table: MappedTable, row_ids: Collection[uuid.UUID]) -> int:
    """Delete rows, their blind tokens and the people who came with them, record one fact, and return how many went.

    Args:
        session: A writing transaction.
        context: Who takes back, and with which keys. The caller has checked that they may.
        table: One of Égide's own tables.
        row_ids: At most 500; those that are gone already are passed over.

    Raises:
        BatchTooLargeError: If there are more.
        BoxTamperedError, RowTamperedError, SubjectKeyError: If a row was altered outside Égide.
    """
    if len(row_ids) > MAX_ROWS:
        raise BatchTooLargeError(got=len(row_ids), limit=MAX_ROWS)
    physical = physical_table(table)
    rows = session.execute(select(physical).where(physical.c.id.in_(row_ids)).with_for_update()).mappings().all()
    signer = RowSigner(table, context.keyring)
    for row in rows:
        signer.check(row)
    subjects = _subjects(session, table, rows)
    built_upon = _built_upon(session, context, table, rows)
    going = [row for row in rows if row["id"] not in built_upon]
    if not going:
        return 0
    _delete_tokens(session, context, table, going, subjects)
    session.execute(delete(physical).where(physical.c.id.in_([row["id"] for row in going])))
    came_with_them = {row[column] for row in going for column in _own_people(table)}
    for subject_id in sorted(came_with_them):
        erase(session, subject_id)
    record(
        session,
        Fact(
            retention=Retention.WRITE,
            action=Action.DELETE,
            actor=context.actor,
            object_type=table.name,
            purpose=context.purpose,
            subjects=BitMap(row[subject_column(link)] for row in going for link in table.links),
            details={"verb": "undo-import", "count": len(going), "kept": len(built_upon)},
        ),
    )
    return len(going)


def _own_people(table: MappedTable) -> list[str]:
    """Return the columns of people who are known by this very row."""
    return [subject_column(name) for name, link in table.links.items() if link.of is None]


def _subjects(session: Session, table: MappedTable, rows: Sequence[RowMapping]) -> Mapping[int, DataSubject]:
    wanted = {row[subject_column(link)] for row in rows for link in table.links}
    if not wanted:
        return {}
    found = session.scalars(select(DataSubject).where(DataSubject.id.in_(wanted)).order_by(DataSubject.id))
    return {subject.id: subject for subject in found}


def _built_upon(
    session: Session, context: BulkContext, table: MappedTable, rows: Sequence[RowMapping]
) -> set[uuid.UUID]:
    """Return the rows that rows of other tables speak of, by person or by reference."""
    by_person = {row[column]: row["id"] for row in rows for column in _own_people(table)}
    kept: set[uuid.UUID] = set()
    for column, is_person in _referring(context, table):
        meant = sorted(by_person) if is_person else [row["id"] for row in rows]
        if not meant:
            continue
        found = session.scalars(select(column).where(column.in_(meant)).distinct())
        kept |= {by_person[each] if is_person else each for each in found}
    return kept


def _referring(context: BulkContext, table: MappedTable) -> Iterator[tuple[Column[Any], bool]]:
    """Yield the columns of other own tables that mean a row of this one, and whether they do so by its person."""
    for other in context.catalogue.tables.values():
        if other.adopted:
            continue
        physical = physical_table(other)
        for name, link in other.links.items():
            if link.of == table.name:
                yield physical.c[subject_column(name)], True
        for field in other.fields.values():
            if field.kind is FieldKind.REFERENCE and field.of == table.name:
                yield physical.c[field.column], False


def _delete_tokens(
    session: Session,
    context: BulkContext,
    table: MappedTable,
    rows: Sequence[RowMapping],
    subjects: Mapping[int, DataSubject],
) -> None:
    # Tokens are found by opening what they were made of: no index of the database leads from a row to its tokens.
    indexer = BlindIndexer(table, context.keyring)
    boxer = RowBoxer(context.catalogue, table, context.keyring.installation)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        tokens = {token for row in part for token in indexer.tokens(_opened(context, boxer, row, subjects))}
        gone = blind_tokens.c.token.in_(tokens) & blind_tokens.c.row_id.in_([row["id"] for row in part])
        session.execute(delete(blind_tokens).where(gone))


def _opened(
    context: BulkContext, boxer: RowBoxer, row: RowMapping, subjects: Mapping[int, DataSubject]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for link, category in boxer.table.boxes:
        box = row[box_column(link, category)]
        subject = subjects[row[subject_column(link)]]
        if box is not None:
            key = unwrap(context.keyring, marks_of(subject), subject.wrapped_key)
            kind = SubjectKind.from_code(subject.kind)
            owner = Owner(id=subject.id, kind=kind, key=key, key_version=subject.key_version)
            revision = row[box_companion(link, category, "revision")]
            values |= boxer.open((link, category), owner, row["id"], revision, box)
    return values
