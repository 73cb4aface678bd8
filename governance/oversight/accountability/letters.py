"""Letters from and to authorities, with the day by which one has to be answered. GDPR Art. 31, 58."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from governance.actor import Actor
from governance.days import day_of
from governance.oversight.accountability.keeping import find_record, locked_record, record_kept, write_whole
from governance.oversight.errors import (
    AnswerBeforeLetterError,
    DayToComeError,
    DueBeforeLetterError,
    RecordNotFoundError,
)
from governance.oversight.models import Letter
from governance.oversight.permissions import KEEPERS, writer
from governance.oversight.values import Item, Label, Matter
from governance.oversight.values.accountability import Direction, LetterTerms
from register.service import Desk
from register.values import Page

OBJECT: Final = "letter"
_SOON: Final = timedelta(days=30)
_MOST: Final = 50


def keep_letter(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID | None, LetterTerms]) -> Letter:
    """Put a letter on file, or correct what is said of one, whole.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file.
        RecordNotFoundError: If there is no such letter, or none that it answers.
        DayToComeError: If it was not written yet.
        DueBeforeLetterError: If its answer would be due before its day.
        AnswerBeforeLetterError: If it would answer a later one: that one would stand as answered.
    """
    letter_id, terms = target
    writer(actor, KEEPERS)
    if terms.dated_on > day_of(desk.clock.now()):
        raise DayToComeError
    if terms.due_on is not None and terms.due_on < terms.dated_on:
        raise DueBeforeLetterError
    if terms.answers_id is not None:
        answered = find_record(session, Letter, terms.answers_id)
        if terms.answers_id == letter_id:
            raise RecordNotFoundError
        if terms.dated_on < answered.dated_on:
            raise AnswerBeforeLetterError
    anew = False
    if letter_id is None:
        row = Letter(id=desk.ids.new(), changed_at=desk.clock.now(), **asdict(terms))
        session.add(row)
    else:
        row = locked_record(session, Letter, letter_id)
        anew = write_whole(desk, row, {**asdict(terms), "changed_at": desk.clock.now()})
    session.flush()
    record_kept(session, actor, (OBJECT, row.id), new=letter_id is None, anew=anew, direction=row.direction.value)
    return row


def list_letters(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[Letter]:
    """Return the letters, the latest first."""
    statement = select(Letter)
    last = None if after is None else session.get(Letter, after)
    if last is not None:
        same_day = (Letter.dated_on == last.dated_on) & (Letter.id < last.id)
        statement = statement.where((Letter.dated_on < last.dated_on) | same_day)
    ordered = statement.order_by(Letter.dated_on.desc(), Letter.id.desc())
    return Page.cut(session.scalars(ordered.limit(limit + 1)).all(), limit, lambda row: str(row.id))


def answers_to(session: Session, letters: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Letter]]:
    """Return the answers to each of several letters, in one statement."""
    rows = session.scalars(select(Letter).where(Letter.answers_id.in_(letters)).order_by(Letter.dated_on, Letter.id))
    found: dict[uuid.UUID, list[Letter]] = {}
    for row in rows:
        if row.answers_id is not None:
            found.setdefault(row.answers_id, []).append(row)
    return found


def unanswered(session: Session, limit: int = _MOST) -> Sequence[Letter]:
    """Return the letters received that ask for an answer and have none, the next due first."""
    answer = aliased(Letter)
    statement = select(Letter).where(
        Letter.direction == Direction.IN, Letter.due_on.is_not(None), ~exists().where(answer.answers_id == Letter.id)
    )
    return session.scalars(statement.order_by(Letter.due_on, Letter.id).limit(limit)).all()


def answers_due(session: Session, today: date) -> list[Item]:
    """Return the answers that are due within thirty days, or late, as matters."""
    return [
        Item(
            matter=Matter.ANSWER_DUE,
            label=Label(fr=each.subject, en=each.subject),
            name=each.authority,
            reference=str(each.id),
            last_day=each.due_on,
        )
        for each in unanswered(session)
        if each.due_on is not None and each.due_on <= today + _SOON
    ]
