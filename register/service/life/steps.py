"""The life of an activity, step by step, and its mode. Each step keeps a version and is recorded as evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.permissions import person
from governance.identity.service.second_person import another_will_decide
from governance.vault.attest import Attestor
from register.errors import (
    AdviserDecidesError,
    ObservationEndError,
    OpinionRequiredError,
    ReasonRequiredError,
    RecordChangedError,
    StepNotAllowedError,
    StepNotPossibleError,
)
from register.in_force import digest_of_words
from register.lifecycle import LONGEST_OBSERVATION, ActivityState, Mode, Opinion, Verb, runs_after
from register.models import Activity, ActivityVersion, Purpose, PurposeData, PurposeRecipient
from register.older_errors import AlreadyBegunError
from register.permissions import account_of, check_step
from register.service.guiding import forget_all
from register.service.life.readiness import check_ready, decides_on_own_advice
from register.service.life.reviews import LOOKING, note_looked_at
from register.service.lines.keeping import put_lines_in_force
from register.service.loading import ActivityRef, locked_activity, verify_record
from register.service.notices.publishing import PUBLISHING, Publication, publish_after
from register.service.older_data.tests import close_outgrown
from register.service.purposes.sub_purposes import stand_alone_beneath
from register.service.recording import changed, keep_version
from register.values import Standing

# They open nothing, and closing waits for nobody: not even for what was altered outside Égide to be put right.
WHATEVER_IT_SAYS: Final = frozenset({Verb.RETURN, Verb.SUSPEND, Verb.RETIRE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of an activity's life.

    Attributes:
        activity: Which one.
        verb: Which step.
        opinion: What the DPO thinks; with `advise` only.
        text: What the person writes: the grounds of an opinion, the reason for a decision. Kept with the version.
        collected_for: Why the data on file was collected for these purposes; with `submit`, before the first activation
            only, where it was there before the activity. Without it, older data is closed to them (docs/adr/0049).
        revision: Of the record that the person read, who decides on nothing else; None where it is not told.
    """

    activity: ActivityRef
    verb: Verb
    opinion: Opinion | None = None
    text: str = ""
    collected_for: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMode:
    """Whether an activity's rules refuse, or only report what they would refuse.

    Attributes:
        activity: Which one.
        mode: Which of both.
        reason: Why the rules are loosened, in writing; kept with the version.
        days: For how long they are, from now on.
    """

    activity: ActivityRef
    mode: Mode
    reason: str = ""
    days: int | None = None


def move_activity(session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: Step) -> Activity:
    """Take one step of the table of `register.lifecycle`; the notices of what is in force are published with it.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, StepNotAllowedError, NotYourActivityError: If the step is for somebody else.
        RecordChangedError: If the record is not any more the one that was read.
        StepNotPossibleError: If the activity's state does not know it.
        IncompleteActivityError: If what is submitted lacks something.
        OpinionRequiredError, ReasonRequiredError: If an opinion or a written reason is missing.
        AdviserDecidesError: If who advised would activate, and another controller could.
        ProposalsPendingError: If something would come into force without opinion and activation.
        AlreadyBegunError: If data on file is said to have been collected for an activity that has begun before.
    """
    activity = _held(session, attestor, command)
    row = check_step(actor, activity, command.verb)
    now = clock.now()
    check_ready(session, activity, actor, command.verb, now)
    if command.collected_for.strip() and (command.verb is not Verb.SUBMIT or activity.words_in_force is not None):
        raise AlreadyBegunError(slug=activity.slug)
    if command.verb is Verb.ACTIVATE:
        _check_second_person(session, activity, actor, now)
        close_outgrown(session, attestor, actor, activity, now)
    prepare = _BEFORE.get(command.verb)
    if prepare is not None:
        prepare(session, activity, actor, command)
    running = runs_after(row, running=activity.running)
    activity.state, activity.running = row.target, running
    if running and activity.mode is Mode.OBSERVE and activity.observed_until is None:
        # What begins observing ends it, too.
        activity.observed_until = now + LONGEST_OBSERVATION
    changed(session, activity, now)
    if command.verb in LOOKING:
        note_looked_at(session, activity, now)
    keep_version(session, actor, activity, command.verb, command.text)
    if command.verb in PUBLISHING:
        # GDPR Art. 12(1), 13, 14: what people are told changes with what is in force, and not a moment later.
        by = Publication(actor=actor, at=now, cause=activity.slug)
        publish_after(session, attestor, activity, command.verb, by)
    return activity


def _held(session: Session, attestor: Attestor, command: Step) -> Activity:
    """Return the activity of a step, held, and as whoever takes it read it."""
    activity = locked_activity(session, attestor, command.activity)
    if command.verb not in WHATEVER_IT_SAYS:
        verify_record(session, attestor, activity)
    if command.revision not in {None, activity.revision}:
        raise RecordChangedError(slug=activity.slug)
    return activity


def set_mode(session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: SetMode) -> Activity:
    """Let the rules of an activity refuse, or only report. Setting the same mode again changes nothing.

    Letting them only report takes a written reason and an end, at which they refuse again by themselves.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        AttestationError: If it was altered outside Égide.
        PersonRequiredError, StepNotAllowedError: If it is not the controller in person.
        StepNotPossibleError: If the activity is retired.
        ReasonRequiredError: If the rules are loosened without a written reason.
        ObservationEndError: If the observation has no end, or one that lies too far.
    """
    account_of(actor)
    activity = locked_activity(session, attestor, command.activity)
    if Role.CONTROLLER not in actor.roles:
        raise StepNotAllowedError(verb="set-mode", roles=Role.CONTROLLER, article="GDPR Art. 24(1)")
    if activity.state is ActivityState.RETIRED:
        raise StepNotPossibleError(slug=activity.slug, state=activity.state, verb="set-mode")
    now = clock.now()
    if command.mode is activity.mode is activity.mode_at(now):
        return activity
    activity.observed_until = None if command.mode is Mode.ENFORCE else now + _length(command)
    activity.mode = command.mode
    changed(session, activity, now)
    keep_version(session, actor, activity, note=command.reason)
    return activity


def loosened_by(session: Session, activity: Activity) -> ActivityVersion | None:
    """Return the decision by which an activity observes: who, when and why; None where it began so, or enforces."""
    if activity.mode is not Mode.OBSERVE:
        return None
    statement = (
        select(ActivityVersion)
        .where(ActivityVersion.activity_id == activity.id, ActivityVersion.verb.is_(None))
        .order_by(ActivityVersion.revision.desc())
        .limit(1)
    )
    return session.scalar(statement)


def _length(command: SetMode) -> timedelta:
    if not command.reason.strip():
        raise ReasonRequiredError(verb="set-mode", article="GDPR Art. 5(2), 24(1)")
    if command.days is None or not 1 <= command.days <= LONGEST_OBSERVATION.days:
        raise ObservationEndError(most=LONGEST_OBSERVATION.days)
    return timedelta(days=command.days)


def _submit(_session: Session, activity: Activity, _actor: Actor, command: Step) -> None:
    if activity.words_in_force is None:
        activity.collected_for = command.collected_for.strip() or None


def _advise(_session: Session, activity: Activity, actor: Actor, command: Step) -> None:
    if command.opinion is None:
        raise OpinionRequiredError
    if command.opinion is not Opinion.FAVOURABLE and not command.text.strip():
        raise ReasonRequiredError(verb=command.verb, article="GDPR Art. 39(1)(a)")
    activity.opinion, activity.opinion_text = command.opinion, command.text
    activity.advised_by = person(actor)


def _check_second_person(session: Session, activity: Activity, actor: Actor, now: datetime) -> None:
    """Let who advised decide only where the firm has nobody else who could; the log and the record say so.

    Raises:
        AdviserDecidesError: If another controller could.
        AttestationError: If a row that says so was changed behind our back.
    """
    if not decides_on_own_advice(activity, actor):
        return
    if another_will_decide(session, account_of(actor), now):
        raise AdviserDecidesError(slug=activity.slug)


def _activate(session: Session, activity: Activity, actor: Actor, command: Step) -> None:
    against = activity.opinion is Opinion.UNFAVOURABLE
    if against and not command.text.strip():
        raise ReasonRequiredError(verb=command.verb, article="GDPR Art. 24(1), 38(6)")
    activity.overriding_reason = command.text if against else None
    _put_in_force(session, activity, activity.collected_for if activity.words_in_force is None else None)
    activity.words_in_force = digest_of_words(session, activity)
    activity.decided_alone = decides_on_own_advice(activity, actor)


def _retire(session: Session, activity: Activity, _actor: Actor, _command: Step) -> None:
    forget_all(session, activity.id)
    for purpose in session.scalars(select(Purpose).where(Purpose.activity_id == activity.id)):
        _end(session, purpose)


_BEFORE: Final[Mapping[Verb, Callable[[Session, Activity, Actor, Step], None]]] = {
    Verb.SUBMIT: _submit,
    Verb.ADVISE: _advise,
    Verb.ACTIVATE: _activate,
    Verb.RETIRE: _retire,
}


def _put_in_force(session: Session, activity: Activity, collected_for: str | None) -> None:
    """Let what was proposed come into force, and what was leaving go; what stood beneath that stands by itself."""
    for purpose in session.scalars(select(Purpose).where(Purpose.activity_id == activity.id)):
        if purpose.standing in {Standing.LEAVING, Standing.ENDED}:
            stand_alone_beneath(session, purpose)
            _end(session, purpose)
            continue
        purpose.standing = Standing.IN_FORCE
        purpose.collected_for = purpose.collected_for or collected_for
        for row in _rows_of(session, purpose):
            if row.standing is Standing.LEAVING:
                session.delete(row)
        # What leaves goes before its replacement takes its place: a pair is in force once.
        session.flush()
        for row in _rows_of(session, purpose):
            row.standing = Standing.IN_FORCE
    put_lines_in_force(session, activity.id)


def _end(session: Session, purpose: Purpose) -> None:
    purpose.standing = Standing.ENDED
    for row in _rows_of(session, purpose):
        session.delete(row)
    session.flush()


def _rows_of(session: Session, purpose: Purpose) -> list[PurposeData | PurposeRecipient]:
    return [
        *session.scalars(select(PurposeData).where(PurposeData.purpose_id == purpose.id)),
        *session.scalars(select(PurposeRecipient).where(PurposeRecipient.purpose_id == purpose.id)),
    ]
