"""Consents recorded: one, many, withdrawn. Saying the same twice is saying it once."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from pyroaring import BitMap
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from audit.transaction import record, unrecorded
from consent.errors import BatchTooLargeError, NotAskedError
from consent.events import Event
from consent.evidence.keeping import EvidenceKeeper
from consent.evidence.minors import check_age
from consent.evidence.values import Evidence
from consent.intake import Intake
from consent.ledger import Appended, Chain, append, hold_subjects, keys_of, read_chains
from consent.permissions import check_records
from consent.states import ConsentState, EventKind
from consent.suppression.hearing import Hearing
from consent.values import BatchReport, ConsentRecord, ConsentRef, Desk, RecordEvent, Withdraw
from governance.actor import Actor
from governance.vocabulary import Channel
from register.declared import purpose_on_file

MAX_BATCH: Final = 10_000
# A form sent twice by an impatient finger.
DOUBLE_SUBMIT: Final = timedelta(seconds=60)
_REPEATED: Final = "it was on file already; at most a text or a source was given its number"


def record_consent(session: Session, desk: Desk, actor: Actor, command: RecordEvent) -> ConsentRecord:
    """Record one event and return what the consent amounts to.

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        PersonNotFoundError: If the person is not on file, or was erased.
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If the purpose was altered outside Égide.
        NotAskedError, PurposeNotInForceError: If nobody can agree to the purpose.
        OperatorRequiredError: If the method needs a person who received the consent.
        FutureEventError, ExpiryError: If the times make no sense.
        GuardianRequiredError: If a minor under 15 agrees alone.
        SlugInvalidError: If the notice's slug is none.
    """
    check_records(actor)
    intake = Intake(session, desk, actor)
    intake.check_operator(command)
    event = intake.event(command)
    hearing = Hearing(session, desk, actor, hold_subjects(session, (command.subject_id,)))
    chains = read_chains(session, desk.attestor, (event.key,))
    known = chains[event.key]
    if not hearing.counts(event, command, said_now=True):
        told = ConsentRecord.of(command.ref, known.standing, known.last, intake.now)
        record(session, _set_aside(actor, command))
        return told
    keeper = EvidenceKeeper(session, desk.attestor, desk.keyring)
    check_age(keeper, chains, ((event, command.evidence),))
    if command.occurred_at is None and _is_repeated(known, event):
        unrecorded(session, _REPEATED)
        return ConsentRecord.of(command.ref, known.standing, known.last, intake.now)
    done = append(session, desk.attestor, chains, (event,))
    standing, sequence = done.standings[event.key]
    told = ConsentRecord.of(command.ref, standing, sequence, intake.now)
    if done.recorded:
        kept = keeper.keep(_proved(done, ((event, command),)))
        record(session, _fact(actor, command, told, kept, altered=not known.intact))
    else:
        unrecorded(session, _REPEATED)
    return told


def withdraw_consent(session: Session, desk: Desk, actor: Actor, command: Withdraw) -> list[ConsentRecord]:
    """Withdraw a consent, on one channel or on all. It is always possible, and twice is once. GDPR Art. 7(3).

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        PersonNotFoundError: If the person is not on file, or was erased.
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If the purpose was altered outside Égide.
        NotAskedError: If no channel is given, the purpose names none, and nothing is recorded.
        FutureEventError: If it is dated in the future.
    """
    check_records(actor)
    return [
        record_consent(
            session,
            desk,
            actor,
            RecordEvent(
                subject_id=command.subject_id,
                purpose=command.purpose,
                channel=channel,
                kind=EventKind.WITHDRAWN,
                method=command.method,
                source=command.source,
                occurred_at=command.occurred_at,
            ),
        )
        for channel in _channels(session, desk, command)
    ]


def record_many(session: Session, desk: Desk, actor: Actor, commands: Sequence[RecordEvent]) -> BatchReport:
    """Record many events, in whatever order, as one fact. The same batch again records nothing.

    An event without a time of its own happened now, so only events that carry their time are recognised when repeated.

    Raises:
        BatchTooLargeError: If there are more than `MAX_BATCH`.
        The errors of `record_consent`, but for the operator: an import reports what others received.
    """
    check_records(actor)
    if len(commands) > MAX_BATCH:
        raise BatchTooLargeError(limit=MAX_BATCH)
    if not commands:
        return BatchReport(recorded=0, repeated=0, given=0)
    intake = Intake(session, desk, actor)
    events = intake.events(commands)
    hearing = Hearing(session, desk, actor, hold_subjects(session, {event.key.subject_id for event in events}))
    pairs = [each for each in zip(events, commands, strict=True) if hearing.counts(*each, said_now=False)]
    set_aside, events = len(events) - len(pairs), [event for event, _ in pairs]
    chains = read_chains(session, desk.attestor, {event.key for event in events})
    keeper = EvidenceKeeper(session, desk.attestor, desk.keyring)
    check_age(keeper, chains, [(event, command.evidence) for event, command in pairs])
    done = append(session, desk.attestor, chains, events)
    if done.recorded or set_aside:
        kept = keeper.keep(_proved(done, pairs))
        record(session, _batch_fact(actor, events, done, kept, set_aside=set_aside))
    else:
        unrecorded(session, _REPEATED)
    given = sum(standing.holds(intake.now) for standing, _ in done.standings.values())
    return BatchReport(recorded=done.recorded, repeated=done.repeated, given=given, set_aside=set_aside)


def _is_repeated(known: Chain, event: Event) -> bool:
    if not known.believed:
        return False
    # A withdrawal withdraws once; refusing again is another refusal, from which rest periods run anew.
    if event.kind is EventKind.WITHDRAWN and known.standing.state is ConsentState.WITHDRAWN:
        return True
    last = known.believed[-1]
    same = (last.kind, last.method, last.notice_id, last.source_id) == (
        event.kind,
        event.method,
        event.notice_id,
        event.source_id,
    )
    return same and timedelta(0) <= event.occurred_at - last.occurred_at <= DOUBLE_SUBMIT


def _proved(done: Appended, pairs: Iterable[tuple[Event, RecordEvent]]) -> Iterator[tuple[Event, int, Evidence]]:
    """Yield the events that are new and come with evidence, each at its place; one delivered twice comes once."""
    told: set[tuple[object, ...]] = set()
    for event, command in pairs:
        place = done.places.get(event.content)
        if place is not None and command.evidence is not None and event.content not in told:
            told.add(event.content)
            yield event, place, command.evidence


def _channels(session: Session, desk: Desk, command: Withdraw) -> list[Channel]:
    if command.channel is not None:
        return [command.channel]
    purpose = purpose_on_file(session, desk.attestor, command.purpose)
    codes = {key.channel for key in keys_of(session, command.subject_id) if key.purpose_id == purpose.id}
    if purpose.consent_channel is not None:
        codes.add(purpose.consent_channel.code)
    if not codes:
        raise NotAskedError(purpose=purpose.slug)
    return [Channel.from_code(code) for code in sorted(codes)]


def _fact(actor: Actor, command: RecordEvent, told: ConsentRecord, evidence: Sequence[bytes], *, altered: bool) -> Fact:
    details: dict[str, JsonValue] = {
        "kind": command.kind.value,
        "method": command.method.value,
        "channel": command.channel.value,
        "state": None if told.state is None else told.state.value,
        "sequence": told.sequence,
    }
    if command.notice is not None:
        details["notice"] = str(command.notice)
    if evidence:
        details["evidence"] = [mac.hex() for mac in evidence]
    if altered:
        details["altered"] = True
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.CONSENT,
        actor=actor,
        object_type="consent",
        object_id=str(ConsentRef(subject_id=command.subject_id, purpose=command.purpose, channel=command.channel)),
        purpose=command.purpose,
        subjects=(command.subject_id,),
        details=details,
    )


def _set_aside(actor: Actor, command: RecordEvent) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.CONSENT,
        actor=actor,
        object_type="consent",
        object_id=str(command.ref),
        purpose=command.purpose,
        subjects=(command.subject_id,),
        outcome=Outcome.REFUSED,
        details={"kind": command.kind.value, "method": command.method.value, "reasons": ["refused-before"]},
    )


def _batch_fact(
    actor: Actor, events: Sequence[Event], done: Appended, evidence: Sequence[bytes], *, set_aside: int
) -> Fact:
    kinds = Counter(event.kind.value for event in events)
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.IMPORT,
        actor=actor,
        object_type="consent",
        subjects=BitMap({event.key.subject_id for event in events}),
        details={
            "recorded": done.recorded,
            "repeated": done.repeated,
            "altered": len(done.altered),
            "kinds": dict(kinds),
            **({"set_aside": set_aside} if set_aside else {}),
            "evidence": hashlib.sha256(b"".join(evidence)).hexdigest() if evidence else None,
        },
    )
