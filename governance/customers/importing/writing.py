"""The transactions of an import: it begins, it advances batch by batch, it finishes.

A batch and the import's own advance are one transaction, so that whatever stops the import, every row of the file was
either dealt with or will be, and none twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.customers.errors import ImportBusyError, ImportChangedError
from governance.customers.importing.batches import Desk, sort_batch
from governance.customers.importing.forgetting import forget_some
from governance.customers.importing.imported import ImportedRows
from governance.customers.importing.job import Job
from governance.customers.importing.models import TRANSITIONS, ImportRefusal, ImportRun, ImportState, ImportVerb
from governance.customers.importing.report import ImportReport, count_refusals, report_of
from governance.customers.importing.rights import holds_still
from governance.customers.importing.rows import CheckedRow, Refusal, RowProblem
from governance.datamap.numbering import number_source
from governance.days import day_of
from governance.gate.bulk import load
from governance.gate.errors import PolicyUnsettledError
from governance.gate.holders import hold_table
from register.service import Desk as RegisterDesk
from register.service import NewInformationTask, ask_to_inform, count_people, indirect_point

# So many refusals are listed; beyond them they are counted.
LISTED_REFUSALS: Final = 10_000
DUPLICATE: Final = frozenset({RowProblem.ALREADY_ON_FILE, RowProblem.TWICE_IN_FILE})
_ATTEMPTS: Final = 5
SOURCE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of the file, checked: those in order, what is wrong with the others, and the last one's number."""

    checked: Sequence[CheckedRow]
    refused: Sequence[Refusal]
    last_row: int


def begin(job: Job) -> tuple[ImportRun, int]:
    """Return the import of this file, new or found, and the number of its source.

    Raises:
        ImportChangedError: If it was begun with other columns or another purpose.
        ImportBusyError: If it is being undone.
        AttestationError: If what is kept of it was altered outside Égide.
    """
    with job.house.write() as session:
        run = session.scalar(
            select(ImportRun).where(
                ImportRun.table_name == job.table.name,
                ImportRun.file_digest == job.file.digest,
                ImportRun.state != ImportState.UNDONE,
            )
        )
        if run is not None:
            job.house.attestor.verify(run)
        if run is None:
            run = _new(session, job)
        elif run.state is ImportState.UNDOING:
            raise ImportBusyError(reference=str(run.id))
        elif run.state is ImportState.RUNNING and run.plan_digest != job.digest:
            raise ImportChangedError(reference=str(run.id))
        else:
            unrecorded(session, "the import was recorded when it began")
        return run, number_source(session, run.source)


def write(job: Job, run: ImportRun, desk: Desk, batch: Batch) -> ImportRun:
    """Write one batch and return how far the import has come.

    Raises:
        ReadRefusedError: If the actor may not any more.
        ImportBusyError: If another process advanced the import.
        AttestationError: If what is kept of it was altered outside Égide.
        PolicyUnsettledError: If the policies changed during every attempt.
    """
    for _ in range(_ATTEMPTS):
        job.ask_again()
        try:
            with job.house.write() as session:
                if holds_still(session, job.plan):
                    return _write(session, job, run, (desk, batch))
            # The plan was of policies that are no longer in force: the next one is of those that are.
            job.house.gate.snapshot()
        except IntegrityError:
            # Somebody entered the same number by another way after we had looked: the next look shows it.
            continue
    raise PolicyUnsettledError


def finish(job: Job, run: ImportRun) -> ImportReport:
    """Let the import's rows be the company's own from now on.

    Raises:
        ImportBusyError: If another process finished or undid the import.
        AttestationError: If what is kept of it was altered outside Égide.
    """
    house = job.house
    with house.write() as session:
        found = session.get_one(ImportRun, run.id, with_for_update=True)
        house.attestor.verify(found)
        if (found.state, ImportVerb.FINISH) not in TRANSITIONS:
            raise ImportBusyError(reference=str(run.id))
        found.state = TRANSITIONS[found.state, ImportVerb.FINISH]
        found.changed_at = house.clock.now()
        _record(session, job, found, "finish")
        session.flush()
        count_people(session, RegisterDesk(house.clock, house.ids, house.attestor), job.actor, run.id, found.accepted)
        report = report_of(session, found)
    # Not before: who is asked to undo what did not finish still needs them. Where it stops here, the worker goes on.
    if not run.point:
        while forget_some(house, run.id):
            pass
    return report


def _new(session: Session, job: Job) -> ImportRun:
    house = job.house
    now = house.clock.now()
    run = ImportRun(
        id=house.ids.new(),
        table_name=job.table.name,
        file_digest=job.file.digest,
        plan_digest=job.digest,
        purpose=job.command.purpose,
        actor_id=job.actor.id,
        source=(job.command.source.strip() or _usual_source(session, job, now))[:SOURCE_LENGTH],
        last_row=job.file.header_row,
        point=job.command.point,
        row_count=job.file.count,
        begun_at=now,
        changed_at=now,
    )
    session.add(run)
    session.flush()
    _record(session, job, run, "begin")
    if job.command.point:
        # GDPR Art. 14(3): whoever did not give their data themselves is told within a month.
        desk = RegisterDesk(house.clock, house.ids, house.attestor)
        ask_to_inform(session, desk, job.actor, NewInformationTask(point=job.command.point, import_id=run.id))
    return run


def _usual_source(session: Session, job: Job, now: datetime) -> str:
    """Return where the data come from, where nobody says so: as their collection point has it, or by the import."""
    if job.command.point:
        point = indirect_point(session, job.house.attestor, job.command.point)
        return point.source_en if job.house.settings.locale == "en" else point.source_fr
    return f"Import {day_of(now).isoformat()}"


def _write(session: Session, job: Job, run: ImportRun, work: tuple[Desk, Batch]) -> ImportRun:
    desk, batch = work
    hold_table(session, job.table)
    sorted_ = sort_batch(session, desk, batch.checked)
    refusals = [*batch.refused, *sorted_.refusals]
    context = job.context()
    written = load(session, context, context.catalogue.table(job.table.name), sorted_.rows)
    if written.row_ids:
        ImportedRows(job.house.attestor, run.id).keep(session, written.row_ids)
    else:
        unrecorded(session, "no row of this batch was written")
    _list(session, run, refusals)
    found = session.get_one(ImportRun, run.id, with_for_update=True)
    job.house.attestor.verify(found)
    if (found.last_row, found.state) != (run.last_row, ImportState.RUNNING):
        raise ImportBusyError(reference=str(run.id))
    found.last_row = batch.last_row
    found.accepted += len(written.row_ids)
    found.unsolicited += written.unsolicited
    found.refused += len({refusal.row for refusal in refusals})
    found.duplicates += count_duplicates(refusals)
    found.changed_at = job.house.clock.now()
    session.flush()
    return found


def count_duplicates(refusals: Sequence[Refusal]) -> int:
    """Return how many rows are refused for somebody or something on file."""
    return len({refusal.row for refusal in refusals if refusal.code in DUPLICATE})


def _list(session: Session, run: ImportRun, refusals: Sequence[Refusal]) -> None:
    if not refusals:
        return
    room = LISTED_REFUSALS - count_refusals(session, run.id)
    listed = [
        {
            "import_id": run.id,
            "row_number": refusal.row,
            "column_number": refusal.column,
            "field": refusal.field,
            "code": refusal.code,
        }
        for refusal in refusals[: max(room, 0)]
    ]
    if listed:
        session.execute(insert(ImportRefusal), listed)


def _record(session: Session, job: Job, run: ImportRun, verb: str) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.IMPORT,
            actor=job.actor,
            object_type=run.table_name,
            object_id=str(run.id),
            purpose=run.purpose,
            details={
                "verb": verb,
                "fields": [*job.columns.fields],
                "digest": run.file_digest.hex(),
                "accepted": run.accepted,
                "refused": run.refused,
                "duplicates": run.duplicates,
                "unsolicited": run.unsolicited,
                "point": run.point,
            },
        ),
    )
