"""A batch of checked rows becomes rows to write: those it refers to are found, those already on file refused."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.customers.importing.columns import ColumnPlan, LookUp
from governance.customers.importing.models import ImportedRow
from governance.customers.importing.rows import CheckedRow, Refusal, RowProblem
from governance.customers.tables import FILE_KEYS
from governance.datamap.catalogue import Catalogue
from governance.datamap.values import MappedField, subject_column
from governance.gate.boxing import physical_table
from governance.gate.bulk import NewRow
from governance.gate.holders import find_holders, telling_fields
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject, SubjectState


class Duplicates(StrEnum):
    """What becomes of a row whose e-mail address is on file. A number that is on file is always refused."""

    REFUSE = "refuse"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What sorting a batch takes.

    Attributes:
        import_id: Whose rows count as those of the same file; None in a dry run.
        source_id: Where the data come from, by number.
        notice_id: Which notice the people were given, by number.
        seen: Values met before this batch, by field; in a dry run, where no row before is on file.
    """

    keyring: Keyring = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    plan: ColumnPlan
    duplicates: Duplicates
    import_id: uuid.UUID | None = None
    source_id: int | None = None
    notice_id: int | None = None
    seen: Mapping[str, set[str]] | None = field(default=None, repr=False)


class Met(NamedTuple):
    """A row that another row refers to, and its person where it has one."""

    row_id: uuid.UUID
    subject_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What becomes of a batch: rows to write, and why others are not."""

    rows: tuple[NewRow, ...]
    refusals: tuple[Refusal, ...]


def sort_batch(session: Session, desk: Desk, batch: Sequence[CheckedRow]) -> Sorted:
    """Decide which rows of a batch are written.

    Args:
        session: A transaction; a writing one holds the table first.
        desk: What it takes.
        batch: Rows whose values are each in order.
    """
    met = {each.name: _look_up(session, desk, each, batch) for each in desk.plan.look_ups}
    telling = [
        _Telling(mapped.name, _on_file(session, desk, mapped, batch), (desk.seen or {}).get(mapped.name, set()))
        for mapped in _telling(desk)
    ]
    rows: list[NewRow] = []
    refusals: list[Refusal] = []
    for row in batch:
        why = [*_unmet(desk, row, met), *_twice(desk, row, telling)]
        refusals += why
        if not why:
            rows.append(_new_row(desk, row, met))
            for each in telling:
                each.meet(row)
    return Sorted(rows=tuple(rows), refusals=tuple(refusals))


@dataclass(frozen=True, slots=True)
class _Telling:
    """A field by which a row shows to be on file already.

    Attributes:
        name: The field.
        on_file: What is wrong with each value that is on file.
        seen: The values of the rows before, in this batch or since a dry run began.
    """

    name: str
    on_file: Mapping[str, RowProblem]
    seen: set[str]

    def problem(self, row: CheckedRow) -> RowProblem | None:
        """Return what is wrong with the row's value, if anything."""
        if self.name not in row.values:
            return None
        value = str(row.values[self.name])
        return self.on_file.get(value) or (RowProblem.TWICE_IN_FILE if value in self.seen else None)

    def meet(self, row: CheckedRow) -> None:
        """Let the next row with the same value meet this one."""
        if self.name in row.values:
            self.seen.add(str(row.values[self.name]))


def _look_up(session: Session, desk: Desk, look_up: LookUp, batch: Sequence[CheckedRow]) -> dict[str, Met]:
    """Return the rows that a column refers to, by what it says."""
    keys = sorted({row.keys[look_up.name] for row in batch if look_up.name in row.keys})
    if not keys:
        return {}
    table = desk.catalogue.table(look_up.table)
    physical = physical_table(table)
    key = physical.c[look_up.key.column]
    person = next((name for name, link in table.links.items() if link.of is None), None)
    if person is None:
        found = session.execute(select(key, physical.c.id).where(key.in_(keys)))
        return {value: Met(row_id, None) for value, row_id in found}
    subject_id = physical.c[subject_column(person)]
    # Nothing is added to what is held of somebody who was erased, or whose data are restricted (GDPR Art. 18(2)).
    statement = (
        select(key, physical.c.id, subject_id)
        .join(DataSubject, DataSubject.id == subject_id)
        .where(
            key.in_(keys),
            DataSubject.state == SubjectState.ACTIVE.code,
            # The grant was asked for the kind that the link names, and for no other.
            DataSubject.kind == table.links[person].kind.code,
        )
    )
    return {value: Met(row_id, number) for value, row_id, number in session.execute(statement)}


def _telling(desk: Desk) -> Iterator[MappedField]:
    """Yield the fields by which a row shows to be on file already."""
    table = desk.plan.table
    filled = desk.plan.fields
    number = FILE_KEYS.get(table.name)
    if number in filled:
        yield table.fields[number]
    if desk.duplicates is Duplicates.REFUSE:
        yield from (mapped for mapped in telling_fields(table) if mapped.name in filled)


def _on_file(session: Session, desk: Desk, mapped: MappedField, batch: Sequence[CheckedRow]) -> dict[str, RowProblem]:
    """Return what is wrong with each value that is on file."""
    values = {str(row.values[mapped.name]) for row in batch if mapped.name in row.values}
    table = desk.plan.table
    found = find_holders(session, desk.keyring, desk.catalogue, (table, mapped), values)
    from_here = _from_this_file(session, desk, found.values())
    return {
        value: RowProblem.TWICE_IN_FILE if row_id in from_here else RowProblem.ALREADY_ON_FILE
        for value, row_id in found.items()
    }


def _from_this_file(session: Session, desk: Desk, row_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    if desk.import_id is None or not row_ids:
        return set()
    statement = select(ImportedRow.row_id).where(
        ImportedRow.import_id == desk.import_id, ImportedRow.row_id.in_(row_ids)
    )
    return set(session.scalars(statement))


def _unmet(desk: Desk, row: CheckedRow, met: Mapping[str, Mapping[str, Met]]) -> Iterator[Refusal]:
    for each in desk.plan.look_ups:
        key = row.keys.get(each.name)
        if key is not None and key not in met[each.name]:
            yield Refusal(row=row.number, column=each.number, field=each.name, code=RowProblem.UNKNOWN_REFERENCE)


def _twice(desk: Desk, row: CheckedRow, telling: Sequence[_Telling]) -> Iterator[Refusal]:
    for each in telling:
        problem = each.problem(row)
        if problem is not None:
            yield Refusal(row=row.number, column=desk.plan.column_of(each.name), field=each.name, code=problem)


def _new_row(desk: Desk, row: CheckedRow, met: Mapping[str, Mapping[str, Met]]) -> NewRow:
    meant = {name: met[name][key] for name, key in row.keys.items()}
    subjects = {name: each.subject_id for name, each in meant.items() if name in desk.plan.table.links}
    references = {name: str(each.row_id) for name, each in meant.items() if name in desk.plan.table.fields}
    new = NewRow(
        values=dict(row.values),
        subjects=subjects,
        source_id=desk.source_id,
        notice_id=desk.notice_id,
        collected_on=row.collected_on,
        verified_on=row.verified_on,
    )
    return replace(new, values={**row.values, **references}) if references else new
