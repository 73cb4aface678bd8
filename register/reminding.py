"""Reminders of reviews, by mail: a month before the day, on the day, and each month while it is late.

Work that comes back, one reader a step: whoever heads the business line, or the data protection officers where nobody
does. What was told is kept in the transaction after the sending, so that a worker that dies in between tells it once
more, and no worker tells it again. Without a mail server nothing is sent, and nothing is remembered as sent.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import SYSTEM, Role
from governance.days import day_of
from governance.identity.models import Account
from governance.identity.postman import PostOffice
from governance.identity.service.accounts import is_usable
from governance.identity.service.facts import ACCOUNT
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.mail.drawing import draw
from governance.mail.errors import MailRefusedError
from governance.mail.message import Message
from governance.spoken_days import spoken_day
from governance.vault.errors import AttestationError
from register.models import Activity
from register.reviews.models import ReviewReminder
from register.reviews.values import reminder_of
from register.service.life.reviews import pressing_reviews
from register.service.people import holders

_LOG: Final = logging.getLogger(__name__)
_EVERY: Final = timedelta(hours=6)
_AFTER: Final = "after"
_TEMPLATE: Final = "review_reminder"
# So many are named in a letter; the page that it leads to lists all.
_NAMED: Final = 30
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One record in a letter."""

    activity_id: uuid.UUID
    slug: str
    names: tuple[str, str]
    due_on: date
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who is reminded, and of what."""

    account_id: uuid.UUID
    email: str = field(repr=False)
    name: str = field(repr=False)
    locale: str
    told: Sequence[_Told]


class ReviewReminders:
    """Does the work of the kind `review-reminders`."""

    def __init__(self, office: PostOffice) -> None:
        """Send nothing yet."""
        self._office: Final = office

    def handler(self) -> Handler:
        """Return how reminders are sent, for the worker."""
        return Handler(kind="review-reminders", step=self.remind, every=_EVERY)

    def remind(self, lease: Lease) -> Progress:
        """Write to the next reader of whom something is to be said.

        Raises:
            MailError: If the server cannot be used; the work goes on from here later.
        """
        mailer = self._office.mailer
        if mailer is None:
            return Progress(finished=True)
        account_id = self._next(lease.payload.get(_AFTER, ""))
        if account_id is None:
            return Progress(finished=True, progress=lease.progress)
        onward = {_AFTER: account_id.hex}
        reader = self._reader(account_id)
        if reader is None:
            return Progress(finished=False, progress=lease.progress, payload=onward)
        try:
            mailer.send(self._message(reader))
        except MailRefusedError:
            # One mailbox that is gone keeps no letter from the others; it is tried again next time.
            _LOG.warning("a reminder of reviews was refused by the mail server")
            return Progress(finished=False, progress=lease.progress, payload=onward)
        with self._office.database.write() as session:
            _remember(session, reader)
            lease.advance(session, progress=lease.progress + 1, payload=onward)
        return Progress(finished=False, progress=lease.progress + 1, payload=onward)

    def _next(self, after: str) -> uuid.UUID | None:
        now = self._office.clock.now()
        with self._office.database.read() as session:
            readers = holders(session, Role.OWNER, now) | holders(session, Role.DPO, now)
        return min((each for each in readers if each.hex > after), key=lambda each: each.hex, default=None)

    def _reader(self, account_id: uuid.UUID) -> _Reader | None:
        now = self._office.clock.now()
        with self._office.database.read() as session:
            account = session.get(Account, account_id)
            if account is None or not self._is_sound(account) or not is_usable(account, now):
                return None
            where = self._whose(session, account_id)
            told = _outstanding(session, account_id, day_of(now), where)
            if not told:
                return None
            return _Reader(
                account_id=account_id,
                email=account.email,
                name=account.name or account.email,
                locale=account.locale,
                told=told,
            )

    def _whose(self, session: Session, account_id: uuid.UUID) -> ColumnElement[bool]:
        now = self._office.clock.now()
        owners = holders(session, Role.OWNER, now)
        nobodys = or_(Activity.owner_id.is_(None), Activity.owner_id.not_in(owners))
        mine = Activity.owner_id == account_id
        if account_id not in holders(session, Role.DPO, now):
            return mine
        return or_(mine, nobodys) if account_id in owners else nobodys

    def _is_sound(self, account: Account) -> bool:
        try:
            self._office.attestor.verify(account)
        except AttestationError:
            return False
        return True

    def _message(self, reader: _Reader) -> Message:
        house, today = self._office.base_url, day_of(self._office.clock.now())
        records = [
            {
                "name": each.names[reader.locale == "en"],
                "url": f"{house}/activities/{each.slug}",
                "day": spoken_day(each.due_on, reader.locale),
                "late": each.due_on <= today,
            }
            for each in reader.told[:_NAMED]
        ]
        facts = {
            "name": reader.name,
            "house": house,
            "records": records,
            "count": len(reader.told),
            "more": len(reader.told) - len(records),
            "url": f"{house}/activities/?to_review=y",
        }
        drawn = draw(_TEMPLATE, reader.locale, facts)
        return Message(to=reader.email, subject=drawn.subject, text=drawn.text, html=drawn.html)


def _outstanding(session: Session, account_id: uuid.UUID, today: date, where: ColumnElement[bool]) -> list[_Told]:
    """Return what somebody has not been told yet, of what is due within the month or late."""
    rows = session.execute(
        select(ReviewReminder.activity_id, ReviewReminder.due_on, ReviewReminder.number).where(
            ReviewReminder.account_id == account_id
        )
    )
    known = {row.activity_id: (row.due_on, row.number) for row in rows}
    found = []
    for activity, review in pressing_reviews(session, today, where, most=_MOST):
        number = None if review.due_on is None else reminder_of(review.due_on, today)
        if review.due_on is None or number is None or known.get(activity.id, (None, 0)) == (review.due_on, number):
            continue
        found.append(
            _Told(
                activity_id=activity.id,
                slug=activity.slug,
                names=(activity.name_fr, activity.name_en),
                due_on=review.due_on,
                number=number,
            )
        )
    return found


def _remember(session: Session, reader: _Reader) -> None:
    for each in reader.told:
        session.merge(
            ReviewReminder(
                activity_id=each.activity_id, account_id=reader.account_id, due_on=each.due_on, number=each.number
            )
        )
    record(
        session,
        Fact(
            retention=Retention.SECURITY,
            action=Action.NOTIFY,
            actor=SYSTEM,
            object_type=ACCOUNT,
            object_id=str(reader.account_id),
            details={"verb": "letter-sent", "letter": _TEMPLATE, "activities": len(reader.told)},
        ),
    )
