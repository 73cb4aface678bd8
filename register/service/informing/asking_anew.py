"""A task of telling people that was altered outside Égide is asked anew: nothing that it says is believed.

A person gives through which collection point the data came, and on which day (docs/adr/0089); the log says whose task
it was, and of how many people. A task that was settled is open again, for whoever was not told has to be (GDPR Art.
14): where the log says that they were, it is recorded once more.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.search import Filters, search
from governance.actor import Actor
from governance.days import day_of
from governance.vault.attest import Attestor
from governance.vault.attested import table_of
from register.notices.errors import InformationDateError, InformationTaskNotFoundError, InformationWholeError
from register.notices.models import InformationTask
from register.service.desk import Desk
from register.service.informing.tasks import TASK, Information, altered_tasks, indirect_point, record_task, with_point
from register.service.notices.points import check_keeps_notices

_ENTRIES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAnew:
    """Data that came from elsewhere, as a person knows of it.

    Attributes:
        point: The slug of the collection point through which they came.
        obtained_on: On which day.
    """

    task: uuid.UUID
    point: str
    obtained_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTask:
    """What the log says of a task: whatever it does not say is None.

    Attributes:
        import_id: The import whose people are to be told.
        point: The slug of the collection point.
        obtained_on: The day on which the data came.
        people: How many they are.
    """

    import_id: uuid.UUID | None = None
    point: str | None = None
    obtained_on: date | None = None
    people: int | None = None


def logged_task(session: Session, attestor: Attestor, task_id: uuid.UUID) -> LoggedTask:
    """Return what the log says of a task that was altered outside Égide.

    Raises:
        InformationTaskNotFoundError: If there is no such task.
        InformationWholeError: If it was not altered.
    """
    if session.scalar(select(func.count()).where(InformationTask.id == task_id)) == 0:
        raise InformationTaskNotFoundError
    if not altered_tasks(session, attestor, InformationTask.id == task_id):
        raise InformationWholeError
    return _logged(session, task_id)


def ask_anew(session: Session, desk: Desk, actor: Actor, command: AskAnew) -> Information:
    """Ask once more to tell people whose task was altered: the day is given, and nothing is said to be done.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        InformationTaskNotFoundError: If there is no such task, or the log does not say whose it was.
        InformationWholeError: If it was not altered.
        PointNotFoundError, PointNotIndirectError: If the data come through no such collection point.
        InformationDateError: If the day lies ahead.
    """
    check_keeps_notices(actor)
    now = desk.clock.now()
    logged = logged_task(session, desk.attestor, command.task)
    if logged.import_id is None:
        raise InformationTaskNotFoundError
    if command.obtained_on > day_of(now):
        raise InformationDateError
    point = indirect_point(session, desk.attestor, command.point)
    table = table_of(InformationTask)
    session.connection().execute(delete(table).where(table.c.id == command.task))
    # Behind the parts that are as Égide wrote them: whoever stands in no message is the last part's.
    last = session.scalar(select(func.max(table.c.part)).where(table.c.import_id == logged.import_id))
    task = InformationTask(
        id=command.task,
        point_id=point.id,
        import_id=logged.import_id,
        part=1 if last is None else last + 1,
        people=logged.people,
        obtained_on=command.obtained_on,
        made_at=now,
    )
    session.add(task)
    session.flush()
    record_task(session, actor, task, "ask-anew", point=point.slug, obtained_on=task.obtained_on.isoformat())
    return with_point(session, task)


def _logged(session: Session, task_id: uuid.UUID) -> LoggedTask:
    said: dict[str, Any] = {}
    found = search(session, Filters(object_type=TASK, object_id=str(task_id)), limit=_ENTRIES)
    for entry in reversed(found):
        said |= _of(entry.said["details"])
    return LoggedTask(
        import_id=uuid.UUID(said["import"]) if "import" in said else None,
        point=said.get("point"),
        obtained_on=date.fromisoformat(said["obtained_on"]) if "obtained_on" in said else None,
        people=said.get("people"),
    )


def _of(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what one entry says of the task itself."""
    told = {name: details[name] for name in ("import", "point", "obtained_on") if name in details}
    if details.get("verb") in {"count", "ask-again"}:
        told["people"] = details["people"]
    if details.get("verb") == "put-forward" and details.get("sooner") == "obtained":
        told["obtained_on"] = details["on"]
    return told
