"""Importing a file: from the first row, or from where it was stopped, or not again."""

import time
from dataclasses import replace
from itertools import islice
from typing import Final

from governance.actor import Actor
from governance.customers.house import House
from governance.customers.importing.batches import Desk
from governance.customers.importing.job import ImportFile, Job, Tell, open_job
from governance.customers.importing.models import ImportState
from governance.customers.importing.rehearsal import rehearse
from governance.customers.importing.report import ImportReport, report_of
from governance.customers.importing.writing import Batch, begin, finish, write
from governance.gate.bulk import MAX_ROWS

# A batch is as large as the time allows for which it may keep others from writing.
TARGET_SECONDS: Final = 0.04
_FIRST_BATCH: Final = 100
# With fewer rows the fixed cost of a transaction outweighs them, on however busy a machine.
_SMALLEST_BATCH: Final = 50


def run_import(house: House, actor: Actor, command: ImportFile, tell: Tell = lambda _: None) -> ImportReport:
    """Import a file, go on with an import that was stopped, or say that the file was imported already.

    Args:
        house: The house.
        actor: Who imports.
        command: What, and how.
        tell: Told of the beginning and of each batch.

    Raises:
        CustomersError, SpreadsheetError: If the file or its columns cannot be used, or another process imports it.
        UnknownTableError: If the data map has no such table.
        ReadRefusedError: If the actor may not create what the file holds; every rule that failed is named.
    """
    with open_job(house, actor, command) as job:
        report = rehearse(job, tell) if command.dry_run else _work(job, tell)
        return replace(report, header=job.file.header)


def _work(job: Job, tell: Tell) -> ImportReport:
    run, source_id = begin(job)
    if run.state is ImportState.FINISHED:
        with job.house.read() as session:
            return report_of(session, run, already=True)
    desk = Desk(
        keyring=job.house.keyring,
        catalogue=job.catalogue,
        plan=job.columns,
        duplicates=job.command.duplicates,
        import_id=run.id,
        source_id=source_id,
        notice_id=job.notice_id,
    )
    # Told before the first batch, so that whoever stops it then knows which import it was.
    tell(job.progress(run.id, run.last_row, run.accepted, run.refused))
    rows = job.file.rows(after=run.last_row)
    size = _FIRST_BATCH
    while batch := list(islice(rows, size)):
        checked, refused = job.check(batch)
        began = time.perf_counter()
        run = write(job, run, desk, Batch(checked=checked, refused=refused, last_row=batch[-1].number))
        size = _next_size(len(batch), time.perf_counter() - began)
        tell(job.progress(run.id, run.last_row, run.accepted, run.refused))
    return finish(job, run)


def _next_size(size: int, seconds: float) -> int:
    """Return how many rows fit the time, from how long the last batch took; it grows by half at most."""
    fitting = int(size * TARGET_SECONDS / max(seconds, TARGET_SECONDS / 10))
    return max(_SMALLEST_BATCH, min(MAX_ROWS, size + size // 2, fitting))
