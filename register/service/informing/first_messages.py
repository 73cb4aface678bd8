"""The first message to people whose data came from elsewhere: which words go with it, and that it was made.

GDPR Art. 14(3)(b): whoever writes to them tells them at the latest with the first message. So the message itself
carries the notice, one version of it, however often it is made anew.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.days import day_of
from governance.settings import LOCALES
from governance.vault.attest import Attestor
from register.notices.errors import MessageBrokenOffError, NoticeTextMissingError
from register.notices.models import InformationTask, NoticeText
from register.notices.values import NoticeBody
from register.service.desk import Desk
from register.service.informing.tasks import Information, hold_open_task, record_task, with_point
from register.service.notices.publishing import newest_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """What the first message says.

    Attributes:
        slug: The notice.
        version: The version that goes with it.
        newest: The newest that is published: another one where the notice has changed since.
        short: The first layer of the text, in paragraphs, by language.
    """

    slug: str
    version: int
    newest: int
    short: Mapping[str, tuple[str, ...]]


def first_words(session: Session, attestor: Attestor, found: Information) -> FirstWords | None:
    """Return the words of the first message: of the version it was first made with; None where nothing is published.

    Raises:
        NoticeTextMissingError: If the text that it was made with is not there any more.
        AttestationError, NoticeTextGoneError: If a text was altered, or taken away, outside Égide.
    """
    latest = newest_text(session, attestor, found.point.slug)
    if latest is None:
        return None
    said = found.task.message_version
    text = latest if said is None else session.get(NoticeText, (found.point.slug, said))
    if text is None:
        raise NoticeTextMissingError(slug=found.point.slug, version=said or 0)
    attestor.verify(text)
    wordings = NoticeBody.read(text.text).wordings
    return FirstWords(
        slug=text.slug,
        version=text.version,
        newest=latest.version,
        short={language: wordings[language].short for language in LOCALES},
    )


def make_first_message(session: Session, desk: Desk, actor: Actor, task_id: uuid.UUID, version: int) -> Information:
    """Keep that the first message is made, with which version of the notice: the first use of these data.

    Made anew, it stays the first of that day, with the version that it had. The caller has checked that the actor may.

    Raises:
        InformationTaskNotFoundError: If there is no such task.
        InformationSettledError: If these people were told already.
        AttestationError: If the task was altered outside Égide.
    """
    task = _of_unknown_reach(session, desk, task_id)
    today = day_of(desk.clock.now())
    if task.message_on is None:
        task.message_on, task.message_by, task.message_version = today, actor.id, version
        # GDPR Art. 14(3)(b): told at the latest when they are written to.
        task.used_on = today if task.used_on is None else min(task.used_on, today)
    session.flush()
    found = with_point(session, task)
    record_task(session, actor, task, "make-first-message", notice=f"{found.point.slug}/{task.message_version}")
    return found


def begin_first_message(session: Session, desk: Desk, task_id: uuid.UUID, *, all_again: bool) -> None:
    """Begin a file of the message, for whoever stands in none yet or for everybody once more.

    Raises:
        InformationTaskNotFoundError: If there is no such task.
        InformationSettledError: If these people were told already.
        MessageBrokenOffError: If it is for those in none, and an earlier file has not left whole: whoever stands only
            in that one would be taken for told.
        AttestationError: If the task was altered outside Égide.
    """
    task = hold_open_task(session, desk.attestor, task_id)
    if all_again:
        _of_unknown_reach(session, desk, task_id)
    elif task.message_on is not None and task.message_people is None:
        raise MessageBrokenOffError


def _of_unknown_reach(session: Session, desk: Desk, task_id: uuid.UUID) -> InformationTask:
    """Take back for how many people the message was made: until this file has left whole, too, nobody knows."""
    task = hold_open_task(session, desk.attestor, task_id)
    task.message_people = task.message_of = None
    session.flush()
    return task


def count_first_message(
    session: Session, desk: Desk, actor: Actor, task_id: uuid.UUID, counts: tuple[int, int]
) -> None:
    """Keep for how many people of how many the first message was made, all files of it together.

    Raises:
        InformationTaskNotFoundError: If there is no such task.
        InformationSettledError: If these people were told already.
        AttestationError: If the task was altered outside Égide.
    """
    task = hold_open_task(session, desk.attestor, task_id)
    task.message_people, task.message_of = counts
    session.flush()
    record_task(session, actor, task, "count-first-message", people=counts[0], of=counts[1])
