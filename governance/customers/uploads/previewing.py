"""Looking into a file: its columns, and what its first rows would become. Only for whoever brought it in."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final

from governance.actor import Actor
from governance.customers.importing.columns import propose_columns
from governance.customers.importing.job import ImportFile, Job, open_job
from governance.customers.importing.rehearsal import rehearse
from governance.customers.importing.report import ImportProgress
from governance.customers.importing.rows import CheckedRow, check_row
from governance.customers.uploads.service import UploadDesk, upload_to_look_into
from governance.customers.uploads.values import ColumnSeen, Preview, RowSeen, Settings, UnknownSpelling
from governance.datamap.values import FieldKind, MappedTable
from governance.days import day_of
from governance.gate.spellings import plain
from governance.gate.values import FieldInvalidError, FieldProblem, parse_text
from governance.spreadsheets.files import TableFile, open_table
from governance.spreadsheets.limits import DEFAULT_LIMITS

# So many rows are tried while the reader waits; the import itself tries each.
TRIED: Final = 2_000
_SHOWN: Final = 5
_SAMPLES: Final = 3
_LOOKED_AT: Final = 50
_MOST_UNKNOWN: Final = 12
_SPELT: Final = frozenset({FieldKind.CHOICE, FieldKind.BOOLEAN, FieldKind.COUNTRY})


def columns_seen(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID, settings: Settings | None) -> list[ColumnSeen]:
    """Return the columns of a file, each with what it seems to fill, or what was said.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        ReadRefusedError, WriteRefusedError: If the actor may create such rows no more.
        SpreadsheetError: If it is no table, or too large a one.
        SealedFileError: If it was altered where it lies, or is gone.
    """
    table_name = upload_to_look_into(desk, actor, upload_id).table_name
    table = desk.house.gate.snapshot().catalogue.table(table_name)
    with desk.store.open(upload_id) as copy, open_table(copy, DEFAULT_LIMITS) as file:
        proposed = propose_columns(table, file.header) if settings is None else settings.columns
        return list(_seen(file, proposed))


def preview(desk: UploadDesk, actor: Actor, upload_id: uuid.UUID, settings: Settings) -> Preview:
    """Return what importing a file would come to, by its first rows. Nothing is written but that it was asked.

    Raises:
        UploadNotFoundError: If it is not the actor's own.
        CustomersError, SpreadsheetError: If the file, or how it is said to be read, cannot be used.
        ReadRefusedError: If the actor may not create what it would fill.
    """
    upload = upload_to_look_into(desk, actor, upload_id)
    with desk.store.open(upload_id) as copy:
        command = ImportFile(
            path=copy,
            table=upload.table_name,
            purpose=upload.purpose,
            mapping=settings.mapping,
            source=settings.source,
            notice=settings.notice,
            point=settings.point,
            duplicates=settings.duplicates,
            dry_run=True,
        )
        with open_job(desk.house, actor, command) as job:
            return _tried(job)


def _tried(job: Job) -> Preview:
    report = rehearse(job, _silent, most=TRIED)
    problems = Counter((each.field, each.code) for each in report.refusals)
    return Preview(
        fields=job.columns.fields,
        rows=tuple(islice(_kept(job, {each.row for each in report.refusals}), _SHOWN)),
        left_out=tuple(_left_out(job)),
        tried=report.rows,
        whole=next(islice(job.file.rows(), TRIED, None), None) is None,
        accepted=report.accepted,
        refused=report.refused,
        duplicates=report.duplicates,
        unsolicited=report.unsolicited,
        problems=dict(problems.most_common()),
        unknown=tuple(_unknown(job)),
    )


def _seen(file: TableFile, targets: Mapping[int, str | None]) -> Iterator[ColumnSeen]:
    first = list(islice(file.rows(), _LOOKED_AT))
    for number, header in enumerate(file.header, start=1):
        cells = (row.cells[number - 1].strip() for row in first if len(row.cells) >= number)
        samples = tuple(islice(dict.fromkeys(cell for cell in cells if cell), _SAMPLES))
        yield ColumnSeen(number=number, header=header, samples=samples, target=targets.get(number))


def _kept(job: Job, refused: Collection[int]) -> Iterator[RowSeen]:
    """Yield the rows that would be written: a row in order may still be on file, or stand in the file twice."""
    today = day_of(job.house.clock.now())
    for row in islice(job.file.rows(), TRIED):
        found = None if row.number in refused else check_row(job.columns, row, today)
        if isinstance(found, CheckedRow):
            yield RowSeen(number=row.number, values={**found.values, **found.keys})


def _left_out(job: Job) -> Iterator[str]:
    plan = job.columns
    read = {each.number for each in plan.columns} | {each.number for each in plan.look_ups}
    read |= {number for number in (plan.collected, plan.verified) if number is not None}
    for number, header in enumerate(job.file.header, start=1):
        if number not in read:
            yield header.strip() or str(number)


def _unknown(job: Job) -> Iterator[UnknownSpelling]:
    """Yield the spellings that stand for none of a field's choices, the most frequent first."""
    spelt = [column for column in job.columns.columns if column.field.kind in _SPELT]
    counts: Counter[tuple[str, str]] = Counter()
    for row in islice(job.file.rows(), TRIED) if spelt else ():
        for column in spelt:
            cell = row.cells[column.number - 1].strip() if len(row.cells) >= column.number else ""
            if cell and _is_unknown(job.table, column.field.name, column.spellings, cell):
                counts[column.field.name, cell] += 1
    for (name, text), count in counts.most_common(_MOST_UNKNOWN):
        yield UnknownSpelling(name=name, text=text, count=count)


def _is_unknown(table: MappedTable, name: str, spellings: Mapping[str, str], cell: str) -> bool:
    try:
        parse_text(table.fields[name], spellings.get(plain(cell), cell))
    except FieldInvalidError as refused:
        return refused.code in {FieldProblem.CHOICE, FieldProblem.TYPE, FieldProblem.MALFORMED}
    return False


def _silent(_: ImportProgress) -> None:
    """Tell nobody."""
