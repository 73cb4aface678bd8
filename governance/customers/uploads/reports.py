"""Which rows an import refused, a page at a time; and how many for which reason."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from governance.customers.errors import ImportNotFoundError
from governance.customers.importing.models import ImportRefusal, ImportRun
from governance.customers.importing.rows import Refusal
from governance.customers.importing.whole import altered_imports, whole_import
from governance.customers.uploads.models import ImportUpload
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalsPage:
    """Refused rows, each whole with all of its reasons.

    Attributes:
        refusals: In the order of the file.
        next: The last row of the page, where another page follows.
    """

    refusals: tuple[Refusal, ...]
    next: int | None = None


def refusals_page(session: Session, import_id: uuid.UUID | None, *, after: int = 0, limit: int = 100) -> RefusalsPage:
    """Return refused rows behind a row of the file.

    Args:
        session: Where to read.
        import_id: The import; None where none has begun.
        after: The number of the last row of the page before.
        limit: How many rows at most.
    """
    if import_id is None:
        return RefusalsPage(refusals=())
    own = (ImportRefusal.import_id == import_id, ImportRefusal.row_number > after)
    rows = session.scalars(
        select(ImportRefusal.row_number).where(*own).distinct().order_by(ImportRefusal.row_number).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    found = session.scalars(
        select(ImportRefusal)
        .where(*own, ImportRefusal.row_number <= (shown[-1] if shown else after))
        .order_by(ImportRefusal.row_number, ImportRefusal.column_number)
    )
    refusals = tuple(
        Refusal(row=each.row_number, column=each.column_number, field=each.field, code=each.code) for each in found
    )
    return RefusalsPage(refusals=refusals, next=shown[-1] if len(rows) > limit else None)


def reasons(session: Session, import_id: uuid.UUID) -> Mapping[tuple[str, str], int]:
    """Return how many refusals are listed by field and code, the most frequent first."""
    counted = session.execute(
        select(ImportRefusal.field, ImportRefusal.code, func.count())
        .where(ImportRefusal.import_id == import_id)
        .group_by(ImportRefusal.field, ImportRefusal.code)
        .order_by(func.count().desc(), ImportRefusal.field, ImportRefusal.code)
    )
    return {(name, code): count for name, code, count in counted}


def typed_imports(
    session: Session, attestor: Attestor, known: Sequence[tuple[str, str]], limit: int
) -> list[ImportRun]:
    """Return the last imports that came by the command line, the newest first; drift tells of those altered since.

    Args:
        session: Where to read.
        attestor: What checks the imports.
        known: The purposes and tables whose imports may be told of.
        limit: How many at most.
    """
    if not known:
        return []
    brought = select(ImportUpload.import_id).where(ImportUpload.import_id == ImportRun.id)
    return list(
        session.scalars(
            select(ImportRun)
            .where(
                tuple_(ImportRun.purpose, ImportRun.table_name).in_(known),
                ~brought.exists(),
                ImportRun.id.not_in(altered_imports(session, attestor)),
            )
            .order_by(ImportRun.id.desc())
            .limit(limit)
        )
    )


def known_import(
    session: Session,
    attestor: Attestor,
    import_id: uuid.UUID,
    known: Sequence[tuple[str, str]],
    actor_id: uuid.UUID | None,
) -> ImportRun:
    """Return an import that may be told of.

    Args:
        session: Where to read.
        attestor: What checks the import.
        import_id: Which one.
        known: The purposes and tables whose imports may be told of.
        actor_id: Who asks: their own they may know of anyhow.

    Raises:
        ImportNotFoundError: If there is none, or none that may be told of.
        AttestationError: If it was altered outside Égide.
    """
    run = whole_import(session, attestor, import_id)
    own = run is not None and actor_id is not None and run.actor_id == actor_id
    if run is None or not (own or (run.purpose, run.table_name) in known):
        raise ImportNotFoundError(reference=str(import_id))
    return run
