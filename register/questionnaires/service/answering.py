"""Answering, by whoever holds the link: opened, saved topic by topic, sent once. Nobody signs in here."""

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.identity.bearer import hash_secret, is_same
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.lifecycle import ActivityState
from register.models import Activity
from register.on_file import party_on_file
from register.questionnaires.errors import NothingAnsweredError, QuestionnaireLinkError
from register.questionnaires.models import Questionnaire
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service.asking import tell
from register.questionnaires.values import Answers, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What stands behind a link: all that whoever holds it may know.

    Attributes:
        organisation: In whose name it is asked.
        names: What the activity is called, in French and in English.
    """

    questionnaire: Questionnaire
    organisation: str
    names: tuple[str, str]
    answers: Answers = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDesk:
    """What answering takes."""

    clock: Clock
    attestor: Attestor
    seal: AnswerSeal


def open_link(session: Session, desk: AnswerDesk, unverified_secret: str, *, holding: bool = False) -> Opened:
    """Return what a link asks. Changes nothing.

    Args:
        session: The session.
        desk: What answering takes.
        unverified_secret: The secret in the link.
        holding: Keep others from answering until the transaction ends.

    Raises:
        QuestionnaireLinkError: If it is unknown, has ended, was taken back, was answered, or was altered.
    """
    wanted = hash_secret(unverified_secret)
    query = select(Questionnaire).where(or_(Questionnaire.link_hash == wanted, Questionnaire.reminder_hash == wanted))
    if holding:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None or not _is_of(found, unverified_secret):
        raise QuestionnaireLinkError
    activity = session.get_one(Activity, found.activity_id)
    try:
        desk.attestor.verify(found)
        desk.attestor.verify(activity)
        organisation = party_on_file(session, activity.controller_id)
        answers = desk.seal.answers_of(found)
    except AttestationError:
        raise QuestionnaireLinkError from None
    closed = found.status_at(desk.clock.now()) is not Status.OPEN or activity.state is ActivityState.RETIRED
    if closed or organisation is None:
        raise QuestionnaireLinkError
    names = (activity.name_fr, activity.name_en)
    return Opened(questionnaire=found, organisation=organisation.name, names=names, answers=answers)


def save_answers(session: Session, desk: AnswerDesk, unverified_secret: str, answers: Answers) -> None:
    """Keep the answers to some questions; the others stay.

    Raises:
        QuestionnaireLinkError: As `open_link`.
        AnswersTooLongError: If they are more than a questionnaire holds.
    """
    opened = open_link(session, desk, unverified_secret, holding=True)
    asked = opened.questionnaire
    asked.answers = desk.seal.seal_answers({**opened.answers, **answers}, asked.id)
    unrecorded(session, "nobody has sent these answers yet: they are recorded then")
    session.flush()


def send_answers(session: Session, desk: AnswerDesk, unverified_secret: str) -> Opened:
    """Send the answers: from now on the links open nothing, and the address they were sent to is deleted.

    Raises:
        QuestionnaireLinkError: As `open_link`.
        NothingAnsweredError: If no question is answered.
    """
    opened = open_link(session, desk, unverified_secret, holding=True)
    asked = opened.questionnaire
    if not any(opened.answers.values()):
        raise NothingAnsweredError
    asked.answered_at, asked.email = desk.clock.now(), None
    session.flush()
    tell(session, SYSTEM, session.get_one(Activity, asked.activity_id), asked, "answer-questionnaire")
    return opened


def _is_of(asked: Questionnaire, unverified_secret: str) -> bool:
    hashes = [each for each in (asked.link_hash, asked.reminder_hash) if each is not None]
    return any(is_same(each, unverified_secret) for each in hashes)
