"""What is told of an import: how far it has come, and which rows it refused."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.customers.errors import ImportNotFoundError
from governance.customers.importing.models import ImportRefusal, ImportRun, ImportState
from governance.customers.importing.rows import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """How far an import has come: rows below the header dealt with, and rows below it in all, empty ones included.

    `id` is the import's; None in a dry run.
    """

    id: uuid.UUID | None
    row: int
    rows: int
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import came to.

    Attributes:
        id: The import; None for a dry run, which leaves nothing behind.
        state: How far it has come; None for a dry run.
        already: Whether the file was imported before, so that nothing was done now.
        rows: Rows of data in the file; while it has not been read whole, those below the first row, empty or not.
        accepted: Rows written; in a dry run, rows that would be.
        refused: Rows refused, duplicates included.
        duplicates: Rows refused for somebody or something on file.
        unsolicited: Rows accepted whose people are on the list of refusals: they are on file, and unsolicited.
        refusals: Why, row by row: the first ones, up to a bound.
        header: The file's header, where the file is at hand. Every cell of it is known or was mapped by a person.
    """

    id: uuid.UUID | None
    table: str
    state: ImportState | None
    already: bool
    rows: int
    accepted: int
    refused: int
    duplicates: int
    unsolicited: int
    refusals: tuple[Refusal, ...]
    header: tuple[str, ...] = ()


def import_report(session: Session, import_id: uuid.UUID) -> ImportReport:
    """Return what an import came to.

    Raises:
        ImportNotFoundError: If there is none.
    """
    run = session.get(ImportRun, import_id)
    if run is None:
        raise ImportNotFoundError(reference=str(import_id))
    return report_of(session, run)


def list_imports(session: Session, *, limit: int = 100) -> list[ImportReport]:
    """Return the last imports, the newest first, without their refusals."""
    runs = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit))
    return [_told(run, ()) for run in runs]


def report_of(session: Session, run: ImportRun, *, already: bool = False) -> ImportReport:
    """Return what an import on file came to."""
    refusals = session.scalars(
        select(ImportRefusal)
        .where(ImportRefusal.import_id == run.id)
        .order_by(ImportRefusal.row_number, ImportRefusal.column_number)
    )
    listed = tuple(
        Refusal(row=each.row_number, column=each.column_number, field=each.field, code=each.code) for each in refusals
    )
    return _told(run, listed, already=already)


def _told(run: ImportRun, refusals: tuple[Refusal, ...], *, already: bool = False) -> ImportReport:
    return ImportReport(
        id=run.id,
        table=run.table_name,
        state=run.state,
        already=already,
        rows=run.accepted + run.refused if run.state is ImportState.FINISHED else run.row_count - 1,
        accepted=run.accepted,
        refused=run.refused,
        duplicates=run.duplicates,
        unsolicited=run.unsolicited,
        refusals=refusals,
    )


def count_refusals(session: Session, import_id: uuid.UUID) -> int:
    """Return how many refusals are listed."""
    statement = select(func.count()).select_from(ImportRefusal).where(ImportRefusal.import_id == import_id)
    return session.scalar(statement) or 0
