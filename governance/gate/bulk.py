"""Many new rows at once, for imports and for what fills a house: allocate, seal, index, insert, record.

One batch is part of one transaction and becomes one entry of the log, which holds the rows' ids and a short hash of
each box, so that a later check can tell whether a box is the one that was written.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import insert
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from consent.suppression.listing import hold_list
from governance.actor import Actor
from governance.clock import Clock
from governance.datamap.catalogue import Catalogue
from governance.datamap.given_notices import given_at_once
from governance.datamap.models import blind_tokens
from governance.datamap.values import MappedTable, box_column, box_companion, subject_column
from governance.gate.boxing import Owner, Place, RowBoxer, clear_fields, physical_table, to_column
from governance.gate.errors import BatchTooLargeError
from governance.gate.indexing import BlindIndexer
from governance.gate.listed import ListedPeople, Marks, record_listed
from governance.gate.owners import open_owners
from governance.gate.row_macs import RowSigner
from governance.gate.values import CleanValue
from governance.ids import IdSource
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import create_subjects, move_objections
from governance.vocabulary import SubjectKind

# With more rows the entry of the batch could pass the 64 KiB that the log takes.
MAX_ROWS: Final = 500
FIRST_REVISION: Final = 1
_HASH_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A row to be.

    Attributes:
        values: Clean values by field, as `governance.gate.values` gives them.
        subjects: By link, the person's number; None puts a new person on file.
        kinds: By link, in what capacity a new person is known, where it is not the one of the map.
        source_id: Where the data comes from.
        notice_id: Which notice the people were given; None where none is known.
        collected_on: When the data was collected.
        verified_on: When somebody last made sure of it.
        id: The row's id, where the caller needs it beforehand.
    """

    values: Mapping[str, CleanValue] = field(repr=False)
    subjects: Mapping[str, int | None] = field(default_factory=dict)
    kinds: Mapping[str, SubjectKind] = field(default_factory=dict)
    source_id: int | None = None
    notice_id: int | None = None
    collected_on: date | None = None
    verified_on: date | None = None
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkContext:
    """Who fills the house and with what. The caller has checked that the actor may."""

    keyring: Keyring = field(repr=False)
    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    actor: Actor
    purpose: str
    action: Action = Action.IMPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What was written, in the order of the rows given; and how many speak of somebody who is on the list."""

    row_ids: tuple[uuid.UUID, ...]
    subjects: tuple[Mapping[str, int], ...]
    unsolicited: int = 0


def load(session: Session, context: BulkContext, table: MappedTable, rows: Sequence[NewRow]) -> BulkResult:
    """Write new rows in the session's transaction, and record them as one entry.

    Args:
        session: A writing transaction.
        context: Who, why, and with which keys.
        table: One of Égide's own tables.
        rows: At most 500.

    Raises:
        BatchTooLargeError: If there are more.
        SubjectError: If a person named is unknown, erased or altered.
    """
    if len(rows) > MAX_ROWS:
        raise BatchTooLargeError(got=len(rows), limit=MAX_ROWS)
    if not rows:
        return BulkResult(row_ids=(), subjects=())
    hold_list(session, exclusive=False)
    marks = ListedPeople(table, context.keyring).marks(session, [row.values for row in rows])
    owners = _owners(session, context, table, rows, marks)
    boxer = RowBoxer(context.catalogue, table, context.keyring.installation)
    indexer = BlindIndexer(table, context.keyring)
    row_ids = tuple(row.id or context.ids.new() for row in rows)
    columns: list[dict[str, Any]] = []
    tokens: list[dict[str, Any]] = []
    signer = RowSigner(table, context.keyring)
    for row_id, row, owned in zip(row_ids, rows, owners, strict=True):
        written = _columns(boxer, row_id, row, owned)
        columns.append(written | {"row_mac": signer.mac(written, given_at_once(row.notice_id))})
        tokens.extend({"token": token, "row_id": row_id} for token in indexer.tokens(row.values))
    session.execute(insert(physical_table(table)), columns)
    if tokens:
        session.execute(insert(blind_tokens), tokens)
    _record(session, context, table, _Written(row_ids=row_ids, columns=columns, owners=owners), _notices(rows))
    if marks:
        record_listed(
            session, context.actor, {owners[at][link].id for at, by_link in marks.items() for link in by_link}
        )
    return BulkResult(
        row_ids=row_ids,
        subjects=tuple({link: owner.id for link, owner in owned.items()} for owned in owners),
        unsolicited=len(marks),
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Written:
    row_ids: Sequence[uuid.UUID]
    columns: Sequence[Mapping[str, Any]]
    owners: Sequence[Mapping[str, Owner]]


def _owners(
    session: Session, context: BulkContext, table: MappedTable, rows: Sequence[NewRow], marks: Marks
) -> list[dict[str, Owner]]:
    known = {number for row in rows for number in row.subjects.values() if number is not None}
    opened = open_owners(session, context.keyring, known)
    fresh = [
        (index, link, row.kinds.get(link, mapped.kind))
        for index, row in enumerate(rows)
        for link, mapped in table.links.items()
        if row.subjects.get(link) is None
    ]
    objections = {place: marks[at][link] for place, (at, link, _) in enumerate(fresh) if link in marks.get(at, ())}
    created = create_subjects(session, context.keyring, context.clock, [kind for _, _, kind in fresh], objections)
    for at, by_link in marks.items():
        for link in by_link.keys() & rows[at].subjects.keys():
            number = rows[at].subjects[link]
            if number is not None:
                move_objections(session, context.keyring, number, by_link[link], ())
    owners: list[dict[str, Owner]] = [
        {link: opened[number] for link, number in row.subjects.items() if number is not None} for row in rows
    ]
    for (index, link, _), subject in zip(fresh, created, strict=True):
        owners[index][link] = Owner(id=subject.id, kind=subject.kind, key=subject.key, key_version=subject.key_version)
    return owners


def _columns(boxer: RowBoxer, row_id: uuid.UUID, row: NewRow, owned: Mapping[str, Owner]) -> dict[str, Any]:
    table = boxer.table
    columns: dict[str, Any] = {"id": row_id, "revision": FIRST_REVISION}
    for link, owner in owned.items():
        columns[subject_column(link)] = owner.id
    for each in clear_fields(table):
        columns[each.column] = to_column(each, row.values.get(each.name))
    for place, names in table.boxes.items():
        columns |= _box(boxer, place, names, _Boxing(row_id=row_id, row=row, owner=owned[place[0]]))
    return columns


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Boxing:
    row_id: uuid.UUID
    row: NewRow
    owner: Owner


def _box(boxer: RowBoxer, place: Place, names: Iterable[str], boxing: _Boxing) -> dict[str, Any]:
    row = boxing.row
    column = box_column(*place)
    companions = ("revision", "source_id", "collected_on", "verified_on")
    if all(row.values.get(name) is None for name in names):
        # Nothing is known: no box, no provenance. The columns are there for the statement, which is one for all rows.
        return {column: None} | {box_companion(*place, what): None for what in companions}
    known = (FIRST_REVISION, row.source_id, row.collected_on, row.verified_on)
    return {
        column: boxer.seal(place, boxing.owner, boxing.row_id, FIRST_REVISION, row.values),
        **{box_companion(*place, what): value for what, value in zip(companions, known, strict=True)},
    }


def box_hash(box: bytes | None) -> bytes:
    """Return the short hash by which the log knows a box: BLAKE2b, 8 bytes; zeros where there is none."""
    return bytes(_HASH_BYTES) if box is None else hashlib.blake2b(box, digest_size=_HASH_BYTES).digest()


def _notices(rows: Iterable[NewRow]) -> list[JsonValue]:
    """Return the numbers of the notices that the people of a batch were given, 0 where some were given none."""
    given = {row.notice_id or 0 for row in rows}
    return [] if given == {0} else [*sorted(given)]


def _record(
    session: Session, context: BulkContext, table: MappedTable, written: _Written, notices: list[JsonValue]
) -> None:
    boxes: dict[str, JsonValue] = {
        f"{link}.{category.value}": base64.b64encode(
            b"".join(box_hash(columns[box_column(link, category)]) for columns in written.columns)
        ).decode()
        for link, category in table.boxes
    }
    record(
        session,
        Fact(
            retention=Retention.WRITE,
            action=context.action,
            actor=context.actor,
            object_type=table.name,
            purpose=context.purpose,
            subjects=BitMap(owner.id for owned in written.owners for owner in owned.values()),
            details={
                "count": len(written.row_ids),
                "rows": base64.b64encode(b"".join(row_id.bytes for row_id in written.row_ids)).decode(),
                "boxes": boxes,
                "revision": FIRST_REVISION,
                **({"notices": notices} if notices else {}),
            },
        ),
    )
