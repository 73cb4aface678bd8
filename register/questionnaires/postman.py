"""Letters with links: the first, and one reminder before the link ends. Ended ones forget their address.

At least once: a link is made and committed before its letter is sent, and where sending fails the next attempt makes
another, so that the unsent one opens nothing. The reminder's link stands beside the first, which goes on opening.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.days import day_of
from governance.identity.bearer import Secret, hash_secret, new_secret
from governance.identity.postman import PostOffice
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.mail.drawing import draw
from governance.mail.errors import MailRefusedError
from governance.mail.message import Mailer, Message
from governance.spoken_days import spoken_day
from governance.vault.errors import AttestationError
from register.lifecycle import ActivityState
from register.models import Activity
from register.on_file import party_on_file
from register.questionnaires.models import Questionnaire
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service.asking import LETTER_JOB, QUESTIONNAIRE_OF, tell
from register.questionnaires.values import REMIND_BEFORE, Status

_LOG: Final = logging.getLogger(__name__)
_EVERY: Final = timedelta(hours=6)
_DONE: Final = Progress(finished=True)
_AFTER: Final = "after"
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A letter about to be sent."""

    template: str
    to: str = field(repr=False)
    secret: Secret = field(repr=False)
    locale: str
    organisation: str
    activity: str
    expires_at: datetime


class QuestionnairePostman:
    """Does the work of the kinds `questionnaire-letter` and `questionnaire-reminders`."""

    def __init__(self, office: PostOffice, seal: AnswerSeal) -> None:
        """Send nothing yet."""
        self._office: Final = office
        self._seal: Final = seal

    def handlers(self) -> tuple[Handler, Handler]:
        """Return how letters and reminders are sent, for the worker."""
        return (
            Handler(kind=LETTER_JOB, step=self.deliver),
            Handler(kind="questionnaire-reminders", step=self.remind, every=_EVERY),
        )

    def deliver(self, lease: Lease) -> Progress:
        """Send the letter of one questionnaire, or nothing where its link opens nothing any more.

        Raises:
            MailError: If no server took it; the job is tried again later.
            AttestationError: If the activity, or in whose name it asks, was altered outside Égide; the same.
        """
        mailer, questionnaire_id = self._office.mailer, uuid.UUID(lease.payload[QUESTIONNAIRE_OF])
        if mailer is None:
            return _DONE
        letter = self._make(questionnaire_id, reminding=False)
        if letter is not None:
            mailer.send(self._message(letter))
            self._told(questionnaire_id, "letter-questionnaire")
        return _DONE

    def remind(self, lease: Lease) -> Progress:
        """Forget the addresses of what has ended, or remind of the next questionnaire whose link ends soon.

        Raises:
            MailError: If the server cannot be used; the work goes on from here later.
        """
        self._forget()
        mailer = self._office.mailer
        due = [] if mailer is None else self._due()
        after = lease.payload.get(_AFTER, "")
        following = next((each for each in due if each.hex > after), None)
        if mailer is None or following is None:
            return Progress(finished=True, progress=lease.progress)
        self._remind_of(mailer, following)
        return Progress(finished=False, progress=lease.progress + 1, payload={_AFTER: following.hex})

    def _remind_of(self, mailer: Mailer, questionnaire_id: uuid.UUID) -> None:
        try:
            letter = self._make(questionnaire_id, reminding=True)
        except AttestationError:
            # The others are reminded all the same, and this one the next time, if it was written anew by then.
            return
        if letter is None:
            return
        try:
            mailer.send(self._message(letter))
        except MailRefusedError:
            # A mailbox that is gone is reminded no more; whoever asked sees that no answer came.
            _LOG.warning("a reminder of a questionnaire was refused by the mail server")
        self._told(questionnaire_id, "remind-questionnaire")

    def _make(self, questionnaire_id: uuid.UUID, *, reminding: bool) -> _Letter | None:
        """Make a link, and return the letter that is to bring it; None where nobody is to get one."""
        now = self._office.clock.now()
        with self._office.database.write() as session:
            unrecorded(session, "a letter is recorded once it was sent, and its link opens what is asked alone")
            asked = self._sound(session, questionnaire_id)
            if asked is None or asked.status_at(now) is not Status.OPEN or (reminding and asked.reminded_at):
                return None
            activity = session.get_one(Activity, asked.activity_id)
            self._office.attestor.verify(activity)
            organisation = party_on_file(session, activity.controller_id)
            to = self._seal.email_of(asked)
            if to is None or organisation is None or activity.state is ActivityState.RETIRED:
                return None
            secret = new_secret()
            if reminding:
                asked.reminder_hash = hash_secret(secret)
            else:
                asked.link_hash = hash_secret(secret)
            return _Letter(
                template="questionnaire_reminder" if reminding else "questionnaire",
                to=to,
                secret=secret,
                locale=asked.locale,
                organisation=organisation.name,
                activity=activity.name_en if asked.locale == "en" else activity.name_fr,
                expires_at=asked.expires_at,
            )

    def _told(self, questionnaire_id: uuid.UUID, verb: str) -> None:
        with self._office.database.write() as session:
            asked = self._sound(session, questionnaire_id)
            if asked is None:
                unrecorded(session, "it was altered meanwhile, which the log's own check tells")
                return
            if verb == "remind-questionnaire":
                asked.reminded_at = self._office.clock.now()
                session.flush()
            tell(session, SYSTEM, session.get_one(Activity, asked.activity_id), asked, verb)

    def _sound(self, session: Session, questionnaire_id: uuid.UUID) -> Questionnaire | None:
        asked = session.get(Questionnaire, questionnaire_id, with_for_update=True, populate_existing=True)
        if asked is None:
            return None
        try:
            self._office.attestor.verify(asked)
        except AttestationError:
            return None
        return asked

    def _due(self) -> Sequence[uuid.UUID]:
        now = self._office.clock.now()
        statement = select(Questionnaire).where(
            Questionnaire.email.is_not(None),
            Questionnaire.reminded_at.is_(None),
            Questionnaire.link_hash.is_not(None),
            Questionnaire.expires_at > now,
            Questionnaire.expires_at <= now + REMIND_BEFORE,
        )
        with self._office.database.read() as session:
            rows = session.scalars(statement.order_by(Questionnaire.id).limit(_MOST))
            return [row.id for row in rows if row.remind_at <= now]

    def _forget(self) -> None:
        """Delete the addresses of questionnaires that have ended unanswered."""
        now = self._office.clock.now()
        ended = select(Questionnaire.id).where(Questionnaire.email.is_not(None), Questionnaire.expires_at <= now)
        with self._office.database.read() as session:
            found = session.scalars(ended.limit(_MOST)).all()
        if not found:
            return
        with self._office.database.write() as session:
            unrecorded(session, "nothing is decided: an address that nobody writes to any more goes")
            for each in found:
                asked = self._sound(session, each)
                if asked is not None and asked.expires_at <= now:
                    asked.email = None
            session.flush()

    def _message(self, letter: _Letter) -> Message:
        house = self._office.base_url
        facts = {
            "organisation": letter.organisation,
            "activity": letter.activity,
            "day": spoken_day(day_of(letter.expires_at), letter.locale),
            "url": f"{house}/answer/{letter.secret}",
            "house": house,
        }
        drawn = draw(letter.template, letter.locale, facts)
        return Message(to=letter.to, subject=drawn.subject, text=drawn.text, html=drawn.html)
