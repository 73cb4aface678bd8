"""Reviewing: each answer beside what the record says; taken over into a proposal, or left. Who did is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from governance.actor import Actor
from register.marks import mark_of
from register.models import Activity
from register.permissions import check_drafts, check_keeps, check_reads_answers
from register.questionnaires.comparing import Beside, beside, read_now
from register.questionnaires.errors import AnswerNotFoundError, QuestionnaireClosedError, RecordMovedError
from register.questionnaires.items import Item, items_of
from register.questionnaires.models import AnswerVerdict, Questionnaire
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service.asking import find_questionnaire, locked
from register.questionnaires.taking import Taking, take_over
from register.questionnaires.values import ADDED, Verdict
from register.service import Desk
from register.service.recording import record_change


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """An answer, what the record says beside it, and what became of it."""

    item: Item
    beside: Beside
    verdict: AnswerVerdict | None

    @property
    def waits(self) -> bool:
        """Whether somebody has to take it or leave it."""
        return self.verdict is None and not self.beside.agrees

    @property
    def mark(self) -> str:
        """The mark of what the record says: another, and somebody wrote since."""
        return mark_of({"says": self.beside.says})

    @property
    def replaces(self) -> bool:
        """Whether taking it over puts it in the place of what the record says."""
        return self.waits and bool(self.beside.says) and self.item.part not in ADDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A questionnaire with its answers, once they were sent."""

    questionnaire: Questionnaire
    activity: Activity
    answers: Sequence[LookedAt]

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return sum(each.waits for each in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """What shall become of an answer.

    Attributes:
        answer: Its key.
        words: How it is written where the record has words for it.
        shown: The mark of what the record said of it where somebody looked; None where a program decides.
    """

    questionnaire_id: uuid.UUID
    answer: str
    words: str = ""
    shown: str | None = None


def look_at(session: Session, desk: Desk, seal: AnswerSeal, actor: Actor, questionnaire_id: uuid.UUID) -> Looked:
    """Return a questionnaire with its answers beside what the record says; none before they were sent.

    Raises:
        QuestionnaireNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
        NotYourActivityError: If it is another business line's.
    """
    asked = find_questionnaire(session, questionnaire_id)
    desk.attestor.verify(asked)
    activity = session.get_one(Activity, asked.activity_id)
    check_reads_answers(actor, activity)
    return _looked(session, seal, asked, activity)


def take(session: Session, desk: Desk, seal: AnswerSeal, actor: Actor, command: Decide) -> Looked:
    """Take an answer over: as a proposal in the record, or on file where it is about the processor.

    Raises:
        QuestionnaireNotFoundError, AnswerNotFoundError: If there is no such answer that waits.
        QuestionnaireClosedError: If nothing of it waits.
        RecordMovedError: If the record says something else of it than whoever acts was shown.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the record is neither a draft nor under review.
        RegisterError: If whoever acts could not write it there themselves.
        AttestationError: If something on the way was altered outside Égide.
    """
    asked, activity = locked(session, desk, command.questionnaire_id)
    check_drafts(actor, activity)
    item = _waiting_item(session, seal, (asked, activity), command.answer, command.shown)
    now = read_now(session, asked, activity)
    words = command.words or (item.said if isinstance(item.said, str) else item.words)
    take_over(Taking(session=session, desk=desk, actor=actor, now=now, item=item, words=words))
    return _decided(session, desk, seal, actor, (asked, activity, [item], Verdict.TAKEN))


def leave(session: Session, desk: Desk, seal: AnswerSeal, actor: Actor, command: Decide) -> Looked:
    """Leave an answer: the record stays as it is.

    Raises:
        QuestionnaireNotFoundError, AnswerNotFoundError: If there is no such answer that waits.
        QuestionnaireClosedError: If nothing of it waits.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        AttestationError: If something on the way was altered outside Égide.
    """
    asked, activity = locked(session, desk, command.questionnaire_id)
    check_keeps(actor, activity)
    item = _waiting_item(session, seal, (asked, activity), command.answer)
    return _decided(session, desk, seal, actor, (asked, activity, [item], Verdict.LEFT))


def settle(session: Session, desk: Desk, seal: AnswerSeal, actor: Actor, questionnaire_id: uuid.UUID) -> Looked:
    """Leave whatever still waits, and be done with the questionnaire.

    Raises:
        QuestionnaireNotFoundError: If there is none.
        QuestionnaireClosedError: If it was not answered, or is settled.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        AttestationError: If something on the way was altered outside Égide.
    """
    asked, activity = locked(session, desk, questionnaire_id)
    check_keeps(actor, activity)
    looked = _open_looked(session, seal, asked, activity)
    left = [each.item for each in looked.answers if each.waits]
    return _decided(session, desk, seal, actor, (asked, activity, left, Verdict.LEFT))


def _looked(session: Session, seal: AnswerSeal, asked: Questionnaire, activity: Activity) -> Looked:
    if asked.answered_at is None:
        return Looked(questionnaire=asked, activity=activity, answers=())
    rows = session.scalars(select(AnswerVerdict).where(AnswerVerdict.questionnaire_id == asked.id))
    verdicts = {row.answer: row for row in rows}
    now = read_now(session, asked, activity)
    items = items_of(asked.kind, seal.answers_of(asked))
    answers = [LookedAt(item=each, beside=beside(now, each), verdict=verdicts.get(each.key)) for each in items]
    return Looked(questionnaire=asked, activity=activity, answers=answers)


def _open_looked(session: Session, seal: AnswerSeal, asked: Questionnaire, activity: Activity) -> Looked:
    if asked.answered_at is None or asked.settled_at is not None:
        raise QuestionnaireClosedError
    return _looked(session, seal, asked, activity)


def _waiting_item(
    session: Session, seal: AnswerSeal, target: tuple[Questionnaire, Activity], key: str, shown: str | None = None
) -> Item:
    looked = _open_looked(session, seal, *target)
    for each in looked.answers:
        if each.item.key == key and each.waits:
            if shown not in {None, each.mark}:
                raise RecordMovedError
            return each.item
    raise AnswerNotFoundError


def _decided(
    session: Session,
    desk: Desk,
    seal: AnswerSeal,
    actor: Actor,
    what: tuple[Questionnaire, Activity, Sequence[Item], Verdict],
) -> Looked:
    asked, activity, items, verdict = what
    now, account = desk.clock.now(), check_keeps(actor, activity)
    for each in items:
        session.add(
            AnswerVerdict(
                questionnaire_id=asked.id, answer=each.key, verdict=verdict, decided_by=account, decided_at=now
            )
        )
    session.flush()
    looked = _looked(session, seal, asked, activity)
    if not looked.waiting:
        # Once nothing waits there is nothing left to decide, and nobody left to write to.
        asked.settled_at = now
        session.flush()
    verb = "take-answers" if verdict is Verdict.TAKEN else "leave-answers"
    answers: list[JsonValue] = [each.key.partition(":")[0] for each in items]
    settled = asked.settled_at is not None
    record_change(session, actor, activity, verb, questionnaire=str(asked.id), answers=answers, settled=settled)
    return looked
