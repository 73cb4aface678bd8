"""A person sees what they chose and changes it. Saying no is one gesture, always, and as easy as saying yes was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from consent.errors import PreferenceLinkError
from consent.events import Key
from consent.evidence.values import Evidence, Wording
from consent.ledger import Chain, chains_of, read_chains
from consent.preferences.values import Answer, Choice, Choices, Choose, Told
from consent.service.looking import Recorder
from consent.service.objecting import Objection, object_to
from consent.service.recording import record_consent
from consent.soliciting import OPEN_TO_OBJECTION, closing_marks
from consent.states import ConsentState, EventKind, Method
from consent.values import Desk, RecordEvent
from governance.actor import Actor
from governance.days import day_of
from governance.vault.errors import AttestationError
from governance.vault.models import DataSubject, SubjectState
from governance.vault.subject_keys import marks_of, objections_of, unwrap
from governance.vocabulary import LawfulBasis, SubjectKind
from register.declared import declared_purposes
from register.models import Activity
from register.stated import Stated, StatedPurpose, state_activities
from register.values import DeclaredPurpose, DeclaredPurposes, NoticeRef

SOURCE: Final = "preference-centre"
# Whoever gives a purpose its basis by consent asks by consent alone: an objection to it is a withdrawal.
_OBJECTED_TO: Final = OPEN_TO_OBJECTION - {LawfulBasis.CONSENT}


def choices_of(session: Session, desk: Desk, log: Recorder, actor: Actor, subject_id: int) -> Choices:
    """Return every purpose that a person may say yes or no to, with what they said.

    Args:
        session: A reading transaction.
        desk: The time, and who vouches for rows.
        log: Where the look is recorded, durably, before this returns.
        actor: The person.
        subject_id: Their number.

    Raises:
        PreferenceLinkError: If they are not on file, or were erased.
        SubjectKeyError: If their row was altered.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
    """
    found = choices_to_change(session, desk, subject_id)
    log.append(
        Fact(
            retention=Retention.ACCESS,
            action=Action.READ,
            actor=actor,
            object_type="preferences",
            subjects=(subject_id,),
            details={"purposes": len(found.choices)},
        )
    )
    return found


def choices_to_change(session: Session, desk: Desk, subject_id: int) -> Choices:
    """Return the same for a transaction that changes them, which records what it changes: nothing of it is shown.

    Raises:
        PreferenceLinkError: If they are not on file, or were erased.
        SubjectKeyError: If their row was altered.
    """
    found = _Reader.of(session, desk, subject_id).choices()
    return Choices(choices=sorted(found, key=lambda each: (each.answer is Answer.NO, each.slug)))


def choose(session: Session, desk: Desk, actor: Actor, command: Choose) -> None:
    """Carry out one gesture: a yes, a refusal, a withdrawal, an objection or its end. Twice is once.

    Raises:
        PersonNotFoundError, PreferenceLinkError: If they are not on file, or were erased.
        PurposeNotFoundError: If there is no such purpose.
        NotAskedError, PurposeNotInForceError: If nobody can agree to it.
        NoObjectionRightError: If its basis leaves no right to object.
        GuardianRequiredError: If they said that they are under 15, and agree alone.
        AttestationError, SubjectKeyError: If what it stands on was altered outside Égide.
    """
    declared = declared_purposes(session, desk.attestor)
    purpose = declared.get(command.purpose)
    objected = command.answer is Answer.NO
    if purpose is None or purpose.consent_channel is None:
        _object(session, desk, actor, command, objected=objected)
        return
    key = Key(command.subject_id, purpose.id, purpose.consent_channel.code)
    wording = Wording(text=command.wording, form=SOURCE, language=command.language)
    event = RecordEvent(
        subject_id=command.subject_id,
        purpose=command.purpose,
        channel=purpose.consent_channel,
        kind=_kind(read_chains(session, desk.attestor, (key,))[key], command.answer),
        method=Method.CHECKBOX,
        notice=_newest_notice(declared, purpose),
        source=SOURCE,
        evidence=Evidence(wording=wording, address=command.address, device=command.device),
    )
    record_consent(session, desk, actor, event)


def refuse_all(session: Session, desk: Desk, actor: Actor, commands: Sequence[Choose]) -> None:
    """Say no to several purposes at once, in one transaction.

    Raises:
        The errors of `choose`.
    """
    for command in commands:
        choose(session, desk, actor, command)


def _object(session: Session, desk: Desk, actor: Actor, command: Choose, *, objected: bool) -> None:
    objection = Objection(subject_id=command.subject_id, purpose=command.purpose, objected=objected)
    object_to(session, desk, actor, objection)


def _kind(known: Chain, answer: Answer) -> EventKind:
    """Return what a gesture is: a no withdraws what was given, and refuses what was not."""
    if answer is Answer.YES:
        return EventKind.GIVEN
    given = known.standing.state in {ConsentState.GIVEN, ConsentState.WITHDRAWN}
    return EventKind.WITHDRAWN if given else EventKind.REFUSED


def _subject(session: Session, desk: Desk, subject_id: int) -> DataSubject:
    keys = desk.keyring.epoch_keys()
    subject = session.get(DataSubject, subject_id)
    if subject is None or subject.state == SubjectState.ERASED.code:
        raise PreferenceLinkError
    # The marks count only if the key opens under them.
    unwrap(desk.keyring, marks_of(subject), subject.wrapped_key, keys)
    return subject


def _newest_notice(declared: DeclaredPurposes, purpose: DeclaredPurpose) -> NoticeRef | None:
    named = [reference for reference, number in declared.notices.items() if number in purpose.named_by]
    return max(named, key=lambda each: each.version, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Puts together what a person is shown."""

    session: Session
    desk: Desk
    kind: SubjectKind
    objections: frozenset[int]
    declared: DeclaredPurposes
    chains: Mapping[int, Chain] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, desk: Desk, subject_id: int) -> "_Reader":
        subject = _subject(session, desk, subject_id)
        declared = declared_purposes(session, desk.attestor)
        asked = {(each.id, each.consent_channel.code) for each in declared.values() if each.consent_channel is not None}
        chains = chains_of(session, desk.attestor, subject_id).values()
        return cls(
            session=session,
            desk=desk,
            kind=SubjectKind.from_code(subject.kind),
            objections=objections_of(subject.objections),
            declared=declared,
            chains={
                chain.key.purpose_id: chain for chain in chains if (chain.key.purpose_id, chain.key.channel) in asked
            },
        )

    def choices(self) -> Iterator[Choice]:
        wanted = [each for each in self.declared.values() if self._concerns(each)]
        stated = self._stated({each.activity_slug for each in wanted})
        for purpose in wanted:
            yield self._choice(purpose, stated.get(purpose.activity_slug))

    def _concerns(self, purpose: DeclaredPurpose) -> bool:
        if purpose.id in self.chains or purpose.id in self.objections:
            return True
        asks = purpose.consent_channel is not None or purpose.basis in _OBJECTED_TO
        return purpose.open and asks and any(kind is self.kind for kind, _ in purpose.data)

    def _choice(self, purpose: DeclaredPurpose, stated: Stated | None) -> Choice:
        terms = None if stated is None else self._terms(stated, purpose)
        notice = _newest_notice(self.declared, purpose)
        if purpose.consent_channel is None:
            objected = not closing_marks(purpose).isdisjoint(self.objections)
            return Choice(
                purpose_id=purpose.id,
                slug=purpose.slug,
                label_fr=purpose.label_fr,
                label_en=purpose.label_en,
                channel=None,
                answer=Answer.NO if objected else Answer.YES,
                open=purpose.open,
                activity=stated,
                terms=terms,
                notice=notice,
            )
        chain = self.chains.get(purpose.id)
        standing = None if chain is None else chain.standing
        holds = standing is not None and standing.holds(self.desk.clock.now()) and purpose.id not in self.objections
        events = () if chain is None else chain.events
        return Choice(
            purpose_id=purpose.id,
            slug=purpose.slug,
            label_fr=purpose.label_fr,
            label_en=purpose.label_en,
            channel=purpose.consent_channel,
            answer=Answer.YES if holds else Answer.NO,
            open=purpose.open,
            state=None if standing is None else standing.state,
            since=events[-1].occurred_at if events else None,
            expires_at=None if standing is None else standing.expires_at,
            history=tuple(Told(kind=e.kind, method=e.method, occurred_at=e.occurred_at) for e in events),
            activity=stated,
            terms=terms,
            notice=notice,
        )

    def _terms(self, stated: Stated, purpose: DeclaredPurpose) -> StatedPurpose | None:
        """Return on what terms data of people of this kind are used: those of other kinds are none of theirs."""
        found = next((each for each in stated.purposes if each.purpose.slug == purpose.slug), None)
        if found is None:
            return None
        return replace(found, data=tuple(row for row in found.data if row.subject_kind is self.kind))

    def _stated(self, slugs: set[str]) -> Mapping[str, Stated]:
        """Return what the register states of these activities; one that was altered states nothing, and hides none."""
        today, found = day_of(self.desk.clock.now()), {}
        for activity in self.session.scalars(select(Activity).where(Activity.slug.in_(slugs))):
            try:
                found[activity.slug] = state_activities(self.session, self.desk.attestor, [activity], today)[0]
            except AttestationError:
                continue
        return found
