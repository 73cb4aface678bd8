"""Which rows a finished import wrote is forgotten: it can be undone no more, and nobody of it is to be told.

The import does so itself once it has finished; where it was stopped there, the worker goes on. Whose people are to be
told is kept until they were (`informing.following`).
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select

from audit.transaction import unrecorded
from governance.customers.house import House
from governance.customers.importing.imported import READABLE, ImportedRows
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.importing.whole import altered_imports
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress

JOB: Final = "imports-finished"
_EVERY: Final = timedelta(minutes=5)
_AT_ONCE: Final = 2000


def forget_some(house: House, import_id: uuid.UUID) -> int:
    """Forget some of the rows that were kept for an undo, and return how many."""
    with house.write() as session:
        unrecorded(session, "which rows an import wrote is kept while it can be undone")
        rows = ImportedRows(house.attestor, import_id)
        some = rows.some(session, _AT_ONCE)
        return rows.forget(session, [each.row_id for each in some]) if some else 0


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Forgets what was left by imports that were stopped after they had finished. A step may run twice."""

    house: House = field(repr=False)

    def handler(self) -> Handler:
        """Return what the worker does."""
        return Handler(kind=JOB, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Forget some rows of one import."""
        import_id = self._left()
        if import_id is None:
            return Progress(finished=True, progress=lease.progress)
        return Progress(finished=False, progress=lease.progress + forget_some(self.house, import_id))

    def _left(self) -> uuid.UUID | None:
        """Return an import of which rows are left; one that was altered forgets nothing, and drift tells of it."""
        with self.house.read() as session:
            return session.scalar(_LEFT.where(ImportRun.id.not_in(altered_imports(session, self.house.attestor))))


_LEFT: Final = (
    select(ImportRun.id)
    .where(
        ImportRun.state == ImportState.FINISHED,
        ImportRun.point == "",
        exists().where(ImportedRow.import_id == ImportRun.id, READABLE),
    )
    .order_by(ImportRun.id)
    .limit(1)
)
