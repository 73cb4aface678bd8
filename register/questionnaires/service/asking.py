"""Asking: a questionnaire is made, listed, and taken back. Who may is who looks after the record."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.days import day_of, last_moment_of
from governance.identity.bearer import Secret, hash_secret, new_secret
from governance.identity.service.accounts import normalise_email
from governance.jobs.queue import NewJob, enqueue
from register.errors import ContentFrozenError
from register.lifecycle import ActivityState
from register.lines.models import ActivityParty
from register.lines.values import Relation
from register.models import Activity, Party
from register.on_file import party_on_file
from register.permissions import check_keeps
from register.questionnaires.errors import (
    ProcessorNotNamedError,
    QuestionnaireClosedError,
    QuestionnaireNamelessError,
    QuestionnaireNotFoundError,
    QuestionnaireTermError,
    TooManyQuestionnairesError,
)
from register.questionnaires.models import Questionnaire
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.values import DEFAULT_DAYS, MOST_DAYS, MOST_OPEN, Kind
from register.service import Desk
from register.service.loading import ActivityRef, locked_activity
from register.service.recording import record_change
from register.values import Standing

LETTER_JOB: Final = "questionnaire-letter"
QUESTIONNAIRE_OF: Final = "questionnaire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A questionnaire to send.

    Attributes:
        party_id: Which processor is asked; of a colleague None.
        whom: Which function or department is asked; of a processor "".
        email: Where the link is sent; None where it is shown once instead.
        locale: The language of the letter.
        days: How many days after today the link lives, each to its end.
    """

    activity: ActivityRef
    kind: Kind
    party_id: uuid.UUID | None = None
    whom: str = ""
    email: str | None = field(default=None, repr=False)
    locale: str = "fr"
    days: int = DEFAULT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A questionnaire just made.

    Attributes:
        secret: Of its link, where nobody is written to. Shown once, and kept nowhere.
    """

    questionnaire: Questionnaire
    secret: Secret | None = field(repr=False)


def ask(session: Session, desk: Desk, seal: AnswerSeal, actor: Actor, command: Ask) -> Asked:
    """Ask somebody who has no account. The link is made when its letter is sent, or now where none is.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        AttestationError: If it, who answers for it or whom it asks was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is retired.
        InvalidEmailError: If the address cannot be one.
        RegisterError: If nobody answers for the activity, the processor is not named, or the term is none.
    """
    activity = locked_activity(session, desk.attestor, command.activity)
    account = check_keeps(actor, activity)
    now = desk.clock.now()
    _check(session, activity, command)
    asked = Questionnaire(
        id=desk.ids.new(),
        activity_id=activity.id,
        kind=command.kind,
        party_id=command.party_id,
        whom=command.whom,
        locale=command.locale,
        asked_by=account,
        asked_at=now,
        # The letter names a day: the link opens until that day is over.
        expires_at=last_moment_of(day_of(now) + timedelta(days=command.days)),
    )
    if _open_ones(session, activity, now) >= MOST_OPEN:
        raise TooManyQuestionnairesError(most=MOST_OPEN)
    secret = None
    if command.email is None:
        secret = new_secret()
        asked.link_hash = hash_secret(secret)
    else:
        asked.email = seal.seal_email(normalise_email(command.email), asked.id)
        payload = {QUESTIONNAIRE_OF: str(asked.id)}
        enqueue(session, desk.ids, NewJob(kind=LETTER_JOB, key=str(asked.id), due_at=now, payload=payload))
    session.add(asked)
    session.flush()
    tell(session, actor, activity, asked, "ask-questionnaire")
    return Asked(questionnaire=asked, secret=secret)


def revoke(session: Session, desk: Desk, actor: Actor, questionnaire_id: uuid.UUID) -> Questionnaire:
    """Take a questionnaire back: its links open nothing from now on, and its address is deleted. Twice is once.

    Raises:
        QuestionnaireNotFoundError: If there is none.
        QuestionnaireClosedError: If it was answered.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        AttestationError: If it was altered outside Égide.
    """
    asked, activity = locked(session, desk, questionnaire_id)
    check_keeps(actor, activity)
    if asked.answered_at is not None:
        raise QuestionnaireClosedError
    if asked.revoked_at is None:
        asked.revoked_at, asked.email = desk.clock.now(), None
        session.flush()
        tell(session, actor, activity, asked, "revoke-questionnaire")
    return asked


def questionnaires_of(session: Session, activity_id: uuid.UUID) -> Sequence[Questionnaire]:
    """Return the questionnaires about an activity, newest first."""
    statement = select(Questionnaire).where(Questionnaire.activity_id == activity_id).order_by(Questionnaire.id.desc())
    return session.scalars(statement.limit(100)).all()


def find_questionnaire(session: Session, questionnaire_id: uuid.UUID) -> Questionnaire:
    """Return a questionnaire.

    Raises:
        QuestionnaireNotFoundError: If there is none.
    """
    found = session.get(Questionnaire, questionnaire_id)
    if found is None:
        raise QuestionnaireNotFoundError(reference=str(questionnaire_id))
    return found


def locked(session: Session, desk: Desk, questionnaire_id: uuid.UUID) -> tuple[Questionnaire, Activity]:
    """Return a questionnaire and its activity, both held and verified; the activity first, as everybody does.

    Raises:
        QuestionnaireNotFoundError: If there is none.
        AttestationError: If one of them was altered outside Égide.
    """
    activity = locked_activity(session, desk.attestor, find_questionnaire(session, questionnaire_id).activity_id)
    asked = session.get_one(Questionnaire, questionnaire_id, with_for_update=True, populate_existing=True)
    desk.attestor.verify(asked)
    return asked, activity


def processors_of(session: Session, activity: Activity) -> Mapping[uuid.UUID, str]:
    """Return the processors that a record names, or would name, by name."""
    rows = session.execute(
        select(Party.id, Party.name)
        .join(ActivityParty, ActivityParty.party_id == Party.id)
        .where(
            ActivityParty.activity_id == activity.id,
            ActivityParty.relation == Relation.PROCESSOR,
            ActivityParty.standing != Standing.LEAVING,
        )
        .order_by(Party.name, Party.id)
    )
    return {row.id: row.name for row in rows}


def tell(session: Session, actor: Actor, activity: Activity, asked: Questionnaire, verb: str) -> None:
    """Record what was done with a questionnaire: never to whom it was sent, nor what was answered."""
    record_change(session, actor, activity, verb, questionnaire=str(asked.id), kind=asked.kind.value)


def _check(session: Session, activity: Activity, command: Ask) -> None:
    if activity.state is ActivityState.RETIRED:
        raise ContentFrozenError(slug=activity.slug, state=activity.state)
    if activity.controller_id is None:
        raise QuestionnaireNamelessError
    if not 1 <= command.days <= MOST_DAYS:
        raise QuestionnaireTermError(most=MOST_DAYS)
    processor = command.kind is Kind.PROCESSOR
    if processor != (command.party_id is not None):
        raise ProcessorNotNamedError
    if processor and command.party_id not in processors_of(session, activity):
        raise ProcessorNotNamedError
    for party in (activity.controller_id, command.party_id):
        party_on_file(session, party)


def _open_ones(session: Session, activity: Activity, now: object) -> int:
    statement = select(func.count()).where(
        Questionnaire.activity_id == activity.id,
        Questionnaire.answered_at.is_(None),
        Questionnaire.revoked_at.is_(None),
        Questionnaire.expires_at > now,
    )
    return session.scalars(statement).one()
