"""What the rows of an import know of the notice that their people were given, once it is settled that they were told.

It follows a settled task row by row: whoever stands in the first message knows the notice that stood beside them, and
where people were told by another way, all know the version that was in force that day. Where nobody was told the rows
go on knowing nothing, and stay closed to later purposes (docs/adr/0049). Whoever was left out of the first message, or
came after it was settled, is another part of the task, and waits. What was altered outside Égide opens nothing, and
keeps nobody else waiting.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from audit.entries import Action
from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.customers.house import House
from governance.customers.importing.imported import READABLE, Imported, ImportedRows
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.importing.whole import altered_imports
from governance.customers.notices import notice_number
from governance.customers.reference import reference_map
from governance.datamap.catalogue import load_catalogue
from governance.gate.bulk import BulkContext
from governance.gate.telling import tell
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from register.notices.models import InformationTask
from register.notices.values import ToldBy
from register.service import Information, altered_tasks, find_information
from register.values import NoticeRef

JOB: Final = "people-told"
_EVERY: Final = timedelta(minutes=1)
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Following:
    """Lets the rows of settled imports know, a batch at a time. A step may run twice: what was done is forgotten."""

    house: House = field(repr=False)

    def handler(self) -> Handler:
        """Return what the worker does."""
        return Handler(kind=JOB, step=self.step, every=_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Deal with some rows of one import whose task is settled."""
        with self.house.read() as session:
            task_id = self._settled(session)
        if task_id is None:
            return Progress(finished=True, progress=lease.progress)
        return Progress(finished=False, progress=lease.progress + self._follow(task_id))

    def _settled(self, session: Session) -> uuid.UUID | None:
        """Return a settled task of which rows are left. Drift tells of a task, or an import, that was altered."""
        attestor = self.house.attestor
        statement = _SETTLED.where(
            InformationTask.id.not_in(altered_tasks(session, attestor)),
            ImportRun.id.not_in(altered_imports(session, attestor)),
        )
        return session.scalar(statement)

    def _follow(self, task_id: uuid.UUID) -> int:
        house = self.house
        with house.write() as session:
            asked = find_information(session, house.attestor, task_id)
            run = session.get_one(ImportRun, asked.task.import_id)
            house.attestor.verify(run)
            rows = ImportedRows(house.attestor, run.id)
            some = rows.some(session, _BATCH, exists().where(InformationTask.id == task_id, _MINE))
            altered = [row for row in some if not rows.is_whole(row)]
            told = self._told(asked, [row for row in some if row not in altered])
            if altered:
                rows.tell_altered(session, altered)
            if not self._tell(session, run, told):
                unrecorded(session, "nobody of these was told, or nothing of them is left")
            rows.forget(session, [row.row_id for row in some])
        return len(some)

    def _told(self, asked: Information, rows: Sequence[Imported]) -> Mapping[uuid.UUID, int]:
        """Return who was told, and by which notice."""
        task = asked.task
        if task.version is None:
            return {}
        if task.told_by is ToldBy.FIRST_MESSAGE and task.message_on is not None:
            return {row.row_id: row.notice_id for row in rows if row.notice_id is not None}
        notice = NoticeRef(slug=asked.point.slug, version=task.version, language=self.house.settings.locale)
        number = notice_number(self.house.gate.snapshot(), notice)
        return {} if number is None else {row.row_id: number for row in rows}

    def _tell(self, session: Session, run: ImportRun, told: Mapping[uuid.UUID, int]) -> int:
        house = self.house
        catalogue = load_catalogue(session, house.attestor, reference_map())
        table = catalogue.tables.get(run.table_name)
        if table is None or not told:
            return 0
        context = BulkContext(
            keyring=house.keyring,
            clock=house.clock,
            ids=house.ids,
            catalogue=catalogue,
            actor=SYSTEM,
            purpose=run.purpose,
            action=Action.CHANGE,
        )
        return tell(session, context, table, told)


_LATER: Final = aliased(InformationTask)
# Rows that no first message reached are those of the last part.
_MINE: Final[ColumnElement[bool]] = or_(
    ImportedRow.task_id == InformationTask.id,
    and_(
        ImportedRow.task_id.is_(None),
        ~exists()
        .where(_LATER.import_id == InformationTask.import_id, _LATER.part > InformationTask.part)
        .correlate(InformationTask),
    ),
)
_SETTLED: Final = (
    select(InformationTask.id)
    .join(ImportRun, ImportRun.id == InformationTask.import_id)
    .where(
        ImportRun.state == ImportState.FINISHED,
        InformationTask.told_on.is_not(None),
        exists().where(ImportedRow.import_id == ImportRun.id, READABLE, _MINE).correlate(ImportRun, InformationTask),
    )
    .order_by(InformationTask.id)
    .limit(1)
)
