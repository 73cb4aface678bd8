"""Telling people whose data came from elsewhere: who is to be told, until when, and how they were. GDPR Art. 14."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.days import day_of, last_moment_of, plus_months
from governance.vault.attest import Attestor
from governance.vault.attested import table_of
from governance.vault.errors import AttestationError
from register.errors import ReasonRequiredError
from register.notices.errors import (
    InformationDateError,
    InformationSettledError,
    InformationTaskNotFoundError,
    MessageBrokenOffError,
    PointNotIndirectError,
)
from register.notices.models import CollectionPoint, InformationTask
from register.notices.values import ToldBy
from register.service.desk import Desk
from register.service.notices.points import check_keeps_notices, find_point
from register.service.notices.publishing import text_on
from register.values import Page
from register.verified import Altered, verified_rows

TASK: Final = "information-task"


class Sooner(StrEnum):
    """What puts the day forward on which people are to be told. GDPR Art. 14(3)."""

    OBTAINED = "obtained"
    FIRST_USE = "first-use"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInformationTask:
    """Data that came from elsewhere.

    Attributes:
        point: The slug of the collection point through which they came.
        import_id: The import that brought them.
    """

    point: str
    import_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward:
    """That people are to be told sooner.

    Attributes:
        sooner: The data came before they were imported; or the people are written to, or the data disclosed.
        on: On which day.
    """

    task: uuid.UUID
    sooner: Sooner
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleInformation:
    """That people were told, or need not be.

    Attributes:
        told_by: How; or by which exception nobody is told.
        told_on: When.
        note: Where the proof lies, or why the exception holds. It names nobody.
    """

    task: uuid.UUID
    told_by: ToldBy
    told_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """A task with its deadline.

    Attributes:
        due: When it ends: one month after the data came, or the first use of them where that is sooner.
    """

    task: InformationTask
    point: CollectionPoint
    due: datetime

    @property
    def settled(self) -> bool:
        """Whether it is recorded how these people were told."""
        return self.task.told_on is not None


def ask_to_inform(session: Session, desk: Desk, actor: Actor, command: NewInformationTask) -> InformationTask:
    """Keep that the people of an import are to be told within a month.

    Raises:
        PointNotFoundError: If there is no such point.
        PointNotIndirectError: If people give their data themselves there.
    """
    point = indirect_point(session, desk.attestor, command.point)
    now = desk.clock.now()
    task = InformationTask(
        id=desk.ids.new(),
        point_id=point.id,
        import_id=command.import_id,
        obtained_on=day_of(now),
        made_at=now,
    )
    session.add(task)
    session.flush()
    record_task(session, actor, task, "ask", point=point.slug, obtained_on=task.obtained_on.isoformat())
    return task


def indirect_point(session: Session, attestor: Attestor, slug: str) -> CollectionPoint:
    """Return the collection point through which data come that the people do not give themselves.

    Raises:
        PointNotFoundError: If there is no such point.
        PointNotIndirectError: If people give their data themselves there.
        AttestationError: If it was altered outside Égide.
    """
    point = find_point(session, slug)
    attestor.verify(point)
    if point.way.direct:
        raise PointNotIndirectError(slug=point.slug)
    return point


def forget_information(session: Session, attestor: Attestor, actor: Actor, import_id: uuid.UUID) -> None:
    """Drop the task of an import of which nothing is left, as it is: an altered one, too."""
    table = table_of(InformationTask)
    altered = altered_tasks(session, attestor, InformationTask.import_id == import_id)
    session.connection().execute(delete(table).where(table.c.id.in_(altered)))
    task = session.scalar(_last_part(import_id))
    if task is not None and task.told_on is None:
        record_task(session, actor, task, "drop")
        session.delete(task)
        session.flush()


def count_people(session: Session, desk: Desk, actor: Actor, import_id: uuid.UUID, people: int) -> None:
    """Keep how many people an import brought, now that it has finished; nothing where nobody of it is to be told.

    Where it was settled before how they were told, more came since, and nothing tells who: all are asked for anew. An
    exception holds for whoever came later, too.

    Raises:
        AttestationError: If the task was altered outside Égide.
    """
    _check_whole(session, desk.attestor, InformationTask.import_id == import_id)
    task = session.scalar(_last_part(import_id).with_for_update().execution_options(populate_existing=True))
    if task is None:
        return
    desk.attestor.verify(task)
    if task.told_by is None:
        task.people = people
        session.flush()
        record_task(session, actor, task, "count", people=people)
    elif people and not task.told_by.exempt:
        _ask_again(session, desk, actor, task, people)


def put_forward(session: Session, desk: Desk, actor: Actor, command: PutForward) -> Information:
    """Say that people are to be told sooner than a month from the import.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        InformationTaskNotFoundError: If there is no such task.
        InformationSettledError: If they were told already.
        InformationDateError: If the data would come after they were imported, be used before they came, or be used
            later than they already were.
        AttestationError: If the task was altered outside Égide.
    """
    check_keeps_notices(actor)
    task = hold_open_task(session, desk.attestor, command.task)
    if command.sooner is Sooner.OBTAINED:
        if command.on > task.obtained_on:
            raise InformationDateError
        task.obtained_on = command.on
    else:
        # What was planned may be put off; what has come, or was made as a first message, has been.
        used = task.used_on
        put_off = used is not None and used <= day_of(desk.clock.now()) and command.on > used
        if put_off or command.on < task.obtained_on:
            raise InformationDateError
        task.used_on = command.on
    session.flush()
    record_task(session, actor, task, "put-forward", sooner=command.sooner.value, on=command.on.isoformat())
    return with_point(session, task)


def settle_information(session: Session, desk: Desk, actor: Actor, command: SettleInformation) -> Information:
    """Record how and when people were told, or by which exception they need not be.

    Whoever is left out of the first message was told nothing by it: they are asked for anew, in a task of their own.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        InformationTaskNotFoundError: If there is no such task.
        InformationSettledError: If it is recorded already.
        InformationDateError: If the day lies ahead, or before the data came, or before the first message was made.
        MessageBrokenOffError: If they were told in the first message, and no file of it left whole.
        ReasonRequiredError: If an exception is claimed without saying why it holds.
        AttestationError: If the task was altered outside Égide.
    """
    account = check_keeps_notices(actor)
    task = hold_open_task(session, desk.attestor, command.task)
    now = desk.clock.now()
    in_message = command.told_by is ToldBy.FIRST_MESSAGE and task.message_on is not None
    earliest = task.message_on if in_message and task.message_on is not None else task.obtained_on
    if not earliest <= command.told_on <= day_of(now):
        raise InformationDateError
    if command.told_by.exempt and not command.note.strip():
        raise ReasonRequiredError(verb="settle", article="GDPR Art. 14(5)")
    if in_message and task.message_people is None:
        raise MessageBrokenOffError
    found = with_point(session, task)
    task.told_on, task.told_by, task.note = command.told_on, command.told_by, command.note
    if not command.told_by.exempt:
        text = text_on(session, found.point.slug, command.told_on)
        task.version = task.message_version if in_message else None if text is None else text.version
    task.settled_at, task.settled_by = now, account
    session.flush()
    late = command.told_on > last_day(task.obtained_on, task.used_on)
    details: dict[str, JsonValue] = {"how": command.told_by.value, "on": command.told_on.isoformat(), "late": late}
    if task.version is not None:
        details["notice"] = f"{found.point.slug}/{task.version}"
    record_task(session, actor, task, "settle", **details)
    if in_message and (left_out := (task.message_of or 0) - (task.message_people or 0)):
        _ask_again(session, desk, actor, task, left_out)
    return found


def find_information(session: Session, attestor: Attestor, task_id: uuid.UUID) -> Information:
    """Return a task.

    Raises:
        InformationTaskNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    _check_whole(session, attestor, InformationTask.id == task_id)
    task = session.get(InformationTask, task_id)
    if task is None:
        raise InformationTaskNotFoundError
    return with_point(session, task)


def altered_tasks(session: Session, attestor: Attestor, *where: ColumnElement[bool]) -> Sequence[uuid.UUID]:
    """Return which tasks are not as Égide wrote them, in one statement; they may hold what cannot be read."""
    rows = verified_rows(session, attestor, InformationTask, ("id",), *where)
    return [uuid.UUID(row.reference) for row in rows if isinstance(row, Altered)]


def list_information(session: Session, attestor: Attestor, *, after: uuid.UUID | None, limit: int) -> Page[Information]:
    """Return every task in the order in which they came, settled ones among them, without those that were altered."""
    statement = select(InformationTask, CollectionPoint).join(
        CollectionPoint, CollectionPoint.id == InformationTask.point_id
    )
    statement = statement.where(InformationTask.id.not_in(altered_tasks(session, attestor)))
    if after is not None:
        statement = statement.where(InformationTask.id > after)
    rows = session.execute(statement.order_by(InformationTask.id).limit(limit + 1)).all()
    return Page.cut([_told(*row) for row in rows], limit, lambda each: str(each.task.id))


def open_information(session: Session, attestor: Attestor, limit: int) -> Sequence[Information]:
    """Return the tasks that are not settled, those that came first first; drift tells of those that were altered."""
    rows = session.execute(
        select(InformationTask, CollectionPoint)
        .join(CollectionPoint, CollectionPoint.id == InformationTask.point_id)
        .where(
            InformationTask.told_on.is_(None),
            InformationTask.id.not_in(altered_tasks(session, attestor, InformationTask.told_on.is_(None))),
        )
        .order_by(InformationTask.obtained_on, InformationTask.id)
        .limit(limit)
    )
    return [_told(*row) for row in rows]


def information_of(session: Session, attestor: Attestor, import_id: uuid.UUID) -> Information | None:
    """Return the task that an import left, the last part of it; None where it left none.

    Raises:
        AttestationError: If one of its parts was altered outside Égide.
    """
    _check_whole(session, attestor, InformationTask.import_id == import_id)
    task = session.scalar(_last_part(import_id))
    return None if task is None else with_point(session, task)


def last_day(obtained_on: date, used_on: date | None) -> date:
    """Return the last day on which people can be told: one month after the data came, at the latest. GDPR Art. 14(3).

    The month ends on the day of the same number, or on the last of a month that has none (Regulation (EEC, Euratom)
    No 1182/71, Art. 3(2)(c)). A Sunday or a holiday makes it no longer, for the law says at the latest. The first
    message to the people, or the first disclosure to somebody else, comes with it where that is sooner.
    """
    month = plus_months(obtained_on, 1)
    return month if used_on is None else min(month, used_on)


def _last_part(import_id: uuid.UUID) -> Select[InformationTask]:
    mine = select(InformationTask).where(InformationTask.import_id == import_id)
    return mine.order_by(InformationTask.part.desc()).limit(1)


def _check_whole(session: Session, attestor: Attestor, where: ColumnElement[bool]) -> None:
    """Check tasks before they are loaded: what SQL wrote may not even be read as the type of its column."""
    for task_id in altered_tasks(session, attestor, where):
        raise AttestationError(kind=InformationTask.__tablename__, reference=str(task_id))


def _ask_again(session: Session, desk: Desk, actor: Actor, before: InformationTask, people: int) -> None:
    """Ask to inform whoever was not told with the others. GDPR Art. 14(3)(a): their month began on the same day."""
    task = InformationTask(
        id=desk.ids.new(),
        point_id=before.point_id,
        import_id=before.import_id,
        part=before.part + 1,
        people=people,
        obtained_on=before.obtained_on,
        made_at=desk.clock.now(),
    )
    session.add(task)
    session.flush()
    point = session.get_one(CollectionPoint, task.point_id)
    details: dict[str, JsonValue] = {"point": point.slug, "obtained_on": task.obtained_on.isoformat()}
    record_task(session, actor, task, "ask-again", people=people, **details)


def _told(task: InformationTask, point: CollectionPoint) -> Information:
    # Until the day is over.
    return Information(task=task, point=point, due=last_moment_of(last_day(task.obtained_on, task.used_on)))


def with_point(session: Session, task: InformationTask) -> Information:
    """Return a task with its point and its deadline."""
    return _told(task, session.get_one(CollectionPoint, task.point_id))


def hold_open_task(session: Session, attestor: Attestor, task_id: uuid.UUID) -> InformationTask:
    """Return a task that is not settled, held until the transaction ends.

    Raises:
        InformationTaskNotFoundError: If there is none.
        InformationSettledError: If these people were told already.
        AttestationError: If it was altered outside Égide.
    """
    _check_whole(session, attestor, InformationTask.id == task_id)
    task = session.get(InformationTask, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise InformationTaskNotFoundError
    attestor.verify(task)
    if task.told_on is not None:
        raise InformationSettledError
    return task


def record_task(session: Session, actor: Actor, task: InformationTask, verb: str, **details: JsonValue) -> None:
    """Record what became of a task."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=TASK,
            object_id=str(task.id),
            details={"verb": verb, "import": str(task.import_id), **details},
        ),
    )
