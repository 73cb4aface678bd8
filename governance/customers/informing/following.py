"""What the rows of an import know of the notice that their people were given, once it is settled that they were told.

It follows a settled task row by row: whoever stands in the first message knows the notice that stood beside them, and
where people were told by another way, all know the version that was in force that day. Where nobody was told, or the
import finished only afterwards, the rows go on knowing nothing, and stay closed to later purposes (docs/adr/0049).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.entries import Action
from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.customers.house import House
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.notices import notice_number
from governance.customers.reference import reference_map
from governance.datamap.catalogue import load_catalogue
from governance.gate.bulk import BulkContext
from governance.gate.telling import tell
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from register.notices.models import InformationTask
from register.notices.values import ToldBy
from register.service import Information, information_of
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
            import_id = session.scalar(_SETTLED)
        if import_id is None:
            return Progress(finished=True, progress=lease.progress)
        return Progress(finished=False, progress=lease.progress + self._follow(import_id))

    def _follow(self, import_id: uuid.UUID) -> int:
        house = self.house
        with house.write() as session:
            asked = information_of(session, house.attestor, import_id)
            run = session.get_one(ImportRun, import_id)
            statement = select(ImportedRow).where(ImportedRow.import_id == import_id).order_by(ImportedRow.row_id)
            rows = session.scalars(statement.limit(_BATCH)).all()
            told = {} if asked is None else self._told(asked, run, rows)
            if not self._tell(session, run, told):
                unrecorded(session, "nobody of these was told, or nothing of them is left")
            done = [row.row_id for row in rows]
            session.execute(delete(ImportedRow).where(ImportedRow.import_id == import_id, ImportedRow.row_id.in_(done)))
        return len(done)

    def _told(self, asked: Information, run: ImportRun, rows: Sequence[ImportedRow]) -> Mapping[uuid.UUID, int]:
        """Return who was told, and by which notice."""
        task = asked.task
        if task.version is None or task.settled_at is None or task.settled_at < run.changed_at:
            return {}
        if task.told_by is ToldBy.FIRST_MESSAGE and task.message_on is not None:
            # GDPR Art. 14: whoever was left out of the message has been told nothing by it.
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


_SETTLED: Final = (
    select(ImportRun.id)
    .join(InformationTask, InformationTask.import_id == ImportRun.id)
    .where(
        ImportRun.state == ImportState.FINISHED,
        InformationTask.told_on.is_not(None),
        select(ImportedRow.row_id).where(ImportedRow.import_id == ImportRun.id).exists(),
    )
    .order_by(ImportRun.id)
    .limit(1)
)
