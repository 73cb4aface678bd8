"""The link of a letter is followed and confirmed. A minor under 15 and a holder of parental authority both confirm.

Confirming is kept at once; who it is, is then looked up or put on file by the worker, through the gate, in the name of
the form's program. What stops on the way goes on from the row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consent.evidence.values import Age, Evidence, Guardian, Wording
from consent.service import Desk, RecordEvent, record_many
from consent.states import EventKind, Method
from governance.actor import Actor
from governance.customers.reference import reference_map
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.errors import SignUpLinkError
from governance.customers.signing_up.models import SignUp, SignUpForm
from governance.customers.signing_up.service.asking import SIGN_UP_OF, tell
from governance.customers.signing_up.service.forms import version_of
from governance.customers.signing_up.values import FormTerms, Question, Said, SignUpRequest
from governance.days import day_of, last_moment_of
from governance.gate.identifiers import identifiers_by
from governance.identity.bearer import hash_secret
from governance.jobs.queue import NewJob, enqueue
from register.declared import declared_purposes
from register.values import DeclaredPurpose, DeclaredPurposes, NoticeRef

SETTLE_JOB: Final = "sign-up-settling"
RECEIPT_JOB: Final = "sign-up-receipt"
CONSENTS: Final = "consents"
# Kept as evidence, for whoever reads a proof; the language of the house's own records.
_BY_LETTER: Final = "lien personnel reçu par courriel, puis confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """What the holder of a link is asked to confirm.

    Attributes:
        guardian: Whether it is the holder of parental authority who confirms.
        done: Whether they did already.
        waits: Whether somebody else has still to confirm.
    """

    form: SignUpForm
    terms: FormTerms
    request: SignUpRequest
    guardian: bool
    done: bool
    waits: bool
    expires_at: datetime


def open_confirmation(session: Session, desk: SignUpDesk, secret: str) -> Confirming:
    """Return what a link is to confirm. Nothing changes: machines follow links.

    Raises:
        SignUpLinkError: If it is wrong, has ended, or everything was confirmed.
        AttestationError: If it was altered outside Égide.
    """
    waiting, guardian = _held(session, desk, secret)
    return _told(session, desk, waiting, guardian=guardian)


def confirm(session: Session, desk: SignUpDesk, actor: Actor, secret: str) -> Confirming:
    """Confirm; once everybody has who must, the worker puts it on file. Twice is once.

    Raises:
        SignUpLinkError: If it is wrong, has ended, or everything was confirmed.
        AttestationError: If it was altered outside Égide.
    """
    waiting, guardian = _held(session, desk, secret, lock=True)
    now = desk.clock.now()
    if guardian:
        waiting.guardian_confirmed_at = waiting.guardian_confirmed_at or now
    else:
        waiting.confirmed_at = waiting.confirmed_at or now
    session.flush()
    if waiting.is_confirmed:
        payload = {SIGN_UP_OF: str(waiting.id)}
        enqueue(session, desk.ids, NewJob(kind=SETTLE_JOB, key=str(waiting.id), due_at=now, payload=payload))
    tell(session, actor, waiting.id, "confirm-for-minor" if guardian else "confirm")
    return _told(session, desk, waiting, guardian=guardian)


def settle(session: Session, desk: SignUpDesk, actor: Actor, waiting: SignUp, subject_id: int) -> None:
    """Record what somebody said and confirmed, as theirs; the worker sends them the proof, and forgets the rest.

    Args:
        session: A writing transaction that holds the row.
        desk: The time, and whose keys seal.
        actor: The form's program.
        waiting: The row, verified and confirmed.
        subject_id: Whose consents they are.

    Raises:
        The errors of `record_many`.
    """
    request = desk.open(waiting)
    if request is None:
        return
    form, terms = version_of(session, desk, waiting.form_id, waiting.version)
    declared = declared_purposes(session, desk.attestor)
    sheet = _Sheet(form=form, terms=terms, request=request, waiting=waiting, notice=_notice(declared, terms, request))
    events = [
        event
        for question in terms.questions
        if (purpose := declared.get(question.purpose)) is not None and purpose.open
        for event in sheet.events(subject_id, question, purpose)
    ]
    identifiers = identifiers_by(desk.keyring, desk.attestor, reference_map())
    record_many(session, Desk(desk.clock, desk.attestor, desk.keyring, identifiers), actor, events)
    waiting.settled_at = desk.clock.now()
    session.flush()
    consents = sorted({str(event.ref) for event in events})
    payload = {SIGN_UP_OF: str(waiting.id), CONSENTS: consents}
    enqueue(
        session, desk.ids, NewJob(kind=RECEIPT_JOB, key=str(waiting.id), due_at=waiting.settled_at, payload=payload)
    )
    tell(session, actor, waiting.id, "settle", form=form.slug, events=len(events))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What somebody said on a form, on its way to being their consents."""

    form: SignUpForm
    terms: FormTerms
    request: SignUpRequest
    waiting: SignUp
    notice: NoticeRef | None

    def events(self, subject_id: int, question: Question, purpose: DeclaredPurpose) -> Iterator[RecordEvent]:
        """Yield what was asked for and then confirmed, or the refusal; nothing for a question left alone."""
        said = self.request.answers.get(question.purpose)
        if said is None or purpose.consent_channel is None:
            return
        asked = RecordEvent(
            subject_id=subject_id,
            purpose=question.purpose,
            channel=purpose.consent_channel,
            kind=EventKind.REQUESTED if said is Said.YES else EventKind.REFUSED,
            method=Method.CHECKBOX,
            notice=self.notice,
            source=self.form.slug,
            occurred_at=self.waiting.asked_at,
            evidence=self._evidence(question, self._said_of_age()),
        )
        yield asked
        if said is Said.YES:
            at = max(filter(None, (self.waiting.confirmed_at, self.waiting.guardian_confirmed_at)))
            yield replace(
                asked,
                kind=EventKind.GIVEN,
                method=Method.DOUBLE_OPT_IN,
                occurred_at=at,
                expires_at=last_moment_of(self.terms.lasts.ends(day_of(at))) if self.terms.lasts else None,
                evidence=replace(self._evidence(question, self._said_of_age()), guardian=self._guardian()),
            )

    def _said_of_age(self) -> Age | None:
        if self.request.under_15 is None:
            return None
        return Age.UNDER_15 if self.request.under_15 else Age.FROM_15

    def _guardian(self) -> Guardian | None:
        if not self.request.under_15:
            return None
        return Guardian(name=self.request.guardian_name, means=_BY_LETTER)

    def _evidence(self, question: Question, age: Age | None) -> Evidence:
        language = self.request.language
        wording = Wording(
            text=question.label(language), form=self.form.slug, version=self.waiting.version, language=language
        )
        return Evidence(wording=wording, address=self.request.address, device=self.request.device, age=age)


def _notice(declared: DeclaredPurposes, terms: FormTerms, request: SignUpRequest) -> NoticeRef | None:
    """Return the newest notice of the form's collection point, in the language in which it was shown."""
    there = [each for each in declared.notices if each.slug == terms.point and each.language == request.language]
    return max(there, key=lambda each: each.version, default=None)


def _held(session: Session, desk: SignUpDesk, secret: str, *, lock: bool = False) -> tuple[SignUp, bool]:
    hashed = hash_secret(secret)
    statement = select(SignUp).where(or_(SignUp.link_hash == hashed, SignUp.guardian_hash == hashed))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    waiting = session.scalars(statement).one_or_none()
    if waiting is None:
        raise SignUpLinkError
    desk.attestor.verify(waiting)
    if waiting.expires_at <= desk.clock.now() or waiting.settled_at is not None:
        raise SignUpLinkError
    return waiting, waiting.guardian_hash == hashed


def _told(session: Session, desk: SignUpDesk, waiting: SignUp, *, guardian: bool) -> Confirming:
    request = desk.open(waiting)
    if request is None:
        raise SignUpLinkError
    form, terms = version_of(session, desk, waiting.form_id, waiting.version)
    return Confirming(
        form=form,
        terms=terms,
        request=request,
        guardian=guardian,
        done=(waiting.guardian_confirmed_at if guardian else waiting.confirmed_at) is not None,
        waits=not waiting.is_confirmed,
        expires_at=waiting.expires_at,
    )
