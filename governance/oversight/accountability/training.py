"""Training and awareness: what was held, who took part, who has had none for a year. GDPR Art. 39(1)(b)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.days import day_of
from governance.identity.models import Account
from governance.oversight.accountability.keeping import locked_record, record_kept, write_whole
from governance.oversight.errors import AccountsUnknownError, DayToComeError, NobodyTrainedError
from governance.oversight.models import TrainingPart, TrainingSession
from governance.oversight.permissions import KEEPERS, writer
from governance.oversight.values.accountability import TrainingTerms
from register.service import Desk
from register.values import Page

OBJECT: Final = "training"
# So long a training is remembered.
FRESH: Final = timedelta(days=365)
MOST_PEOPLE: Final = 1_000


def keep_training(
    session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID | None, TrainingTerms]
) -> TrainingSession:
    """Put a session on file, or correct one, whole.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file.
        RecordNotFoundError: If there is no such session.
        DayToComeError: If it was not held yet.
        NobodyTrainedError: If nobody took part, and no note says who else did.
        AccountsUnknownError: If somebody who took part has no account.
    """
    training_id, terms = target
    writer(actor, KEEPERS)
    if terms.held_on > day_of(desk.clock.now()):
        raise DayToComeError
    if not terms.accounts and not terms.note.strip():
        raise NobodyTrainedError
    known = session.scalar(select(func.count()).where(Account.id.in_(terms.accounts)))
    if known != len(terms.accounts):
        raise AccountsUnknownError
    columns = {name: getattr(terms, name) for name in ("subject", "held_on", "minutes", "held_by", "note")}
    anew = False
    if training_id is None:
        row = TrainingSession(id=desk.ids.new(), changed_at=desk.clock.now(), **columns)
        session.add(row)
    else:
        row = locked_record(session, TrainingSession, training_id)
        anew = write_whole(desk, row, {**columns, "changed_at": desk.clock.now()})
    session.flush()
    parts = session.scalars(select(TrainingPart).where(TrainingPart.session_id == row.id)).all()
    # What somebody else wrote goes, too: where it is said again, it is written anew.
    before = {each.account_id for each in parts if desk.attestor.is_whole(each)}
    gone = {each.account_id for each in parts} - (before & terms.accounts)
    for part in parts:
        if part.account_id in gone:
            session.delete(part)
    session.flush()
    session.add_all(TrainingPart(session_id=row.id, account_id=each) for each in sorted(terms.accounts - before))
    session.flush()
    record_kept(session, actor, (OBJECT, row.id), new=training_id is None, anew=anew, count=len(terms.accounts))
    return row


def list_trainings(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[TrainingSession]:
    """Return the sessions, the latest first."""
    statement = select(TrainingSession)
    last = None if after is None else session.get(TrainingSession, after)
    if last is not None:
        same_day = (TrainingSession.held_on == last.held_on) & (TrainingSession.id < last.id)
        statement = statement.where((TrainingSession.held_on < last.held_on) | same_day)
    ordered = statement.order_by(TrainingSession.held_on.desc(), TrainingSession.id.desc())
    return Page.cut(session.scalars(ordered.limit(limit + 1)).all(), limit, lambda row: str(row.id))


def takers(session: Session, sessions: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """Return the accounts that took part in each of several sessions, in one statement."""
    rows = session.execute(
        select(TrainingPart.session_id, TrainingPart.account_id)
        .where(TrainingPart.session_id.in_(sessions))
        .order_by(TrainingPart.session_id, TrainingPart.account_id)
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for session_id, account_id in rows:
        found[session_id].append(account_id)
    return found


def untrained(session: Session, today: date, limit: int = MOST_PEOPLE) -> Mapping[uuid.UUID, date | None]:
    """Return the accounts in use that have had no training for a year, with the day of the last one they had."""
    last = (
        select(TrainingPart.account_id, func.max(TrainingSession.held_on).label("held_on"))
        .join(TrainingSession, TrainingSession.id == TrainingPart.session_id)
        .where(TrainingSession.held_on <= today)
        .group_by(TrainingPart.account_id)
        .subquery()
    )
    rows = session.execute(
        select(Account.id, last.c.held_on)
        .outerjoin(last, last.c.account_id == Account.id)
        .where(Account.disabled_at.is_(None), last.c.held_on.is_(None) | (last.c.held_on < today - FRESH))
        .order_by(Account.name, Account.email)
        .limit(limit)
    )
    return {row.id: row.held_on for row in rows}
