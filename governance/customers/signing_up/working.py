"""The worker's part of signing up: letters, putting people on file, and forgetting what nobody confirmed.

At least once. A link is made and committed before its letter is sent; where sending fails, the next attempt makes
another. Whoever confirmed is looked up, or put on file, through the gate in the name of the form's program: by its
grants alone, and recorded like anybody's reading and writing.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.search import entry_by_id
from audit.transaction import unrecorded
from consent.preferences.links import PreferenceLink, seal_link
from consent.receipts.proving import ProofDesk, prove_to_person
from consent.receipts.values import Proof
from consent.values import ConsentRef
from governance.actor import SYSTEM, Actor, ActorKind
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.models import SignUp
from governance.customers.signing_up.service.asking import GUARDIAN, LETTER_JOB, SIGN_UP_OF, tell
from governance.customers.signing_up.service.confirming import CONSENTS, RECEIPT_JOB, SETTLE_JOB, settle
from governance.customers.signing_up.service.forms import version_of
from governance.customers.signing_up.values import TABLE, FormTerms, SignUpRequest
from governance.database import Database
from governance.days import day_of
from governance.documents.printer import Printer
from governance.gate.commands import CreateRow
from governance.gate.gate import Gate
from governance.gate.query import Condition, Query
from governance.gate.writer import Writer
from governance.identity.bearer import Secret, hash_secret, new_secret
from governance.identity.service.actors import actor_through
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.mail.drawing import draw
from governance.mail.message import Attachment, Mailer, Message
from governance.spoken_days import spoken_day
from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues
from register.service import published_notice
from register.values import NoticeRef

_DONE: Final = Progress(finished=True)
_EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 100
# For as long a letter is tried; then what was said is forgotten without it.
_PROOF_WAITS: Final = timedelta(days=7)
_THE_PERSON: Final = Actor(kind=ActorKind.SUBJECT, id=None, roles=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpHouse:
    """What the worker's part works with.

    Attributes:
        mailer: None where no mail server is set: then nobody is written to.
        base_url: Of the house, for the links.
        proofs: What proving takes, for the letter that says what was recorded.
        printer: Makes the documents that go with it.
        draw: Draws a proof in a language.
    """

    database: Database
    desk: SignUpDesk
    gate: Gate
    writer: Writer
    mailer: Mailer | None
    base_url: str
    proofs: ProofDesk
    printer: Printer
    draw: Callable[[Proof, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A letter about to be sent."""

    to: str = field(repr=False)
    secret: Secret = field(repr=False)
    guardian: bool
    terms: FormTerms
    request: SignUpRequest = field(repr=False)
    last_day: str


class SigningUp:
    """Does the work of signing up."""

    def __init__(self, house: SignUpHouse) -> None:
        """Send nothing yet."""
        self._house: Final = house

    def handlers(self) -> tuple[Handler, Handler, Handler, Handler]:
        """Return what the worker does, and how often."""
        return (
            Handler(kind=LETTER_JOB, step=self.deliver),
            Handler(kind=SETTLE_JOB, step=self.put_on_file),
            Handler(kind=RECEIPT_JOB, step=self.send_proof),
            Handler(kind="sign-up-forgetting", step=self.forget, every=_EVERY),
        )

    def deliver(self, lease: Lease) -> Progress:
        """Send the letter of one sign-up, or nothing where there is nothing to confirm any more.

        Raises:
            MailError: If no server took it; the job is tried again later.
            AttestationError: If the form was altered outside Égide; the same.
        """
        mailer, sign_up_id = self._house.mailer, uuid.UUID(lease.payload[SIGN_UP_OF])
        letter = None if mailer is None else self._make(sign_up_id, guardian=bool(lease.payload[GUARDIAN]))
        if mailer is None or letter is None:
            return _DONE
        mailer.send(self._message(letter))
        with self._house.database.write() as session:
            tell(session, SYSTEM, sign_up_id, "letter-sent")
        return _DONE

    def put_on_file(self, lease: Lease) -> Progress:
        """Look up who confirmed, or put them on file, and record what they said.

        Raises:
            TokenRefusedError: If the form's program has no token in force; the job is tried again later.
            ReadRefusedError, WriteRefusedError: If its grants do not reach; the same.
            AttestationError: If something was altered outside Égide; the same.
        """
        sign_up_id = uuid.UUID(lease.payload[SIGN_UP_OF])
        with self._house.database.read() as session:
            waiting = self._sound(session, sign_up_id)
            if waiting is None or waiting.settled_at is not None or not waiting.is_confirmed:
                return _DONE
            request = self._house.desk.open(waiting)
            _, terms = version_of(session, self._house.desk, waiting.form_id, waiting.version)
            actor = actor_through(session, self._house.desk.clock, self._house.desk.attestor, terms.token_id)
            notice = self._notice(session, terms, request)
        if request is None:
            return _DONE
        subject_id = self._on_file(actor, terms, request) or self._new(actor, terms, request, notice)
        with self._house.database.write() as session:
            held = self._sound(session, sign_up_id, lock=True)
            if held is None or held.settled_at is not None:
                unrecorded(session, "somebody else put it on file meanwhile")
                return _DONE
            settle(session, self._house.desk, actor, held, subject_id)
        return _DONE

    def send_proof(self, lease: Lease) -> Progress:
        """Send the proof of what was recorded, and forget what was said: it is on file now.

        Raises:
            MailError: If no server took it; the job is tried again later.
            DocumentError: If a document could not be made; the same.
            AttestationError: If something was altered outside Égide; the same.
        """
        mailer, sign_up_id = self._house.mailer, uuid.UUID(lease.payload[SIGN_UP_OF])
        with self._house.database.read() as session:
            waiting = self._sound(session, sign_up_id)
            request = None if waiting is None else self._house.desk.open(waiting)
            if waiting is None or request is None:
                return _DONE
            _, terms = version_of(session, self._house.desk, waiting.form_id, waiting.version)
        if mailer is not None:
            letter = self._proof_letter(terms, request, [ConsentRef.parse(each) for each in lease.payload[CONSENTS]])
            mailer.send(letter)
            if request.under_15:
                # LIL art. 45: they agreed together, so each keeps the proof.
                mailer.send(replace(letter, to=request.guardian_email))
        with self._house.database.write() as session:
            held = self._sound(session, sign_up_id, lock=True)
            if held is not None:
                held.content = None
            tell(session, SYSTEM, sign_up_id, "no-letter" if mailer is None else "proof-sent")
        return _DONE

    def forget(self, lease: Lease) -> Progress:
        """Delete what nobody confirmed in time, for whoever says nothing says no; and what was said and is on file."""
        now = self._house.desk.clock.now()
        ended = select(SignUp).where(SignUp.expires_at <= now, SignUp.settled_at.is_(None)).limit(_AT_ONCE)
        on_file = SignUp.settled_at <= now - _PROOF_WAITS
        told = select(SignUp).where(on_file, SignUp.content.is_not(None)).limit(_AT_ONCE)
        with self._house.database.write() as session:
            unrecorded(session, "nothing is decided: what nobody confirmed goes, and what no letter told of")
            found = session.scalars(ended).all()
            for each in found:
                session.delete(each)
            for each in session.scalars(told):
                each.content = None
        return Progress(finished=len(found) < _AT_ONCE, progress=lease.progress + len(found))

    def _make(self, sign_up_id: uuid.UUID, *, guardian: bool) -> _Letter | None:
        now = self._house.desk.clock.now()
        with self._house.database.write() as session:
            unrecorded(session, "a letter is recorded once it was sent, and its link confirms what was asked alone")
            waiting = self._sound(session, sign_up_id, lock=True)
            request = None if waiting is None else self._house.desk.open(waiting)
            if waiting is None or request is None or waiting.expires_at <= now:
                return None
            secret = new_secret()
            if guardian:
                waiting.guardian_hash = hash_secret(secret)
            else:
                waiting.link_hash = hash_secret(secret)
            _, terms = version_of(session, self._house.desk, waiting.form_id, waiting.version)
            return _Letter(
                to=request.guardian_email if guardian else request.email,
                secret=secret,
                guardian=guardian,
                terms=terms,
                request=request,
                last_day=spoken_day(day_of(waiting.expires_at), request.language),
            )

    def _message(self, letter: _Letter) -> Message:
        house, language = self._house.base_url, letter.request.language
        asked = [
            each.label(language) for each in letter.terms.questions if letter.request.answers.get(each.purpose) == "yes"
        ]
        facts = {
            "title": letter.terms.title(language),
            "questions": asked,
            "day": letter.last_day,
            "url": f"{house}/join/confirm/{letter.secret}",
            "house": house,
            "minor": letter.request.given_name or letter.request.family_name,
        }
        drawn = draw("sign_up_guardian" if letter.guardian else "sign_up", language, facts)
        return Message(to=letter.to, subject=drawn.subject, text=drawn.text, html=drawn.html)

    def _proof_letter(self, terms: FormTerms, request: SignUpRequest, refs: Sequence[ConsentRef]) -> Message:
        house, language = self._house.base_url, request.language
        documents = [self._document(ref, language) for ref in refs]
        seal = SealedValues(self._house.desk.keyring)
        link = seal_link(seal, self._house.desk.clock, PreferenceLink(subject_id=refs[0].subject_id)) if refs else ""
        facts = {
            "title": terms.title(language),
            "day": spoken_day(day_of(self._house.desk.clock.now()), language),
            "url": f"{house}/preferences/{link}",
            "house": house,
        }
        drawn = draw("sign_up_receipt", language, facts)
        return Message(
            to=request.email,
            subject=drawn.subject,
            text=drawn.text,
            html=drawn.html,
            attachments=tuple(documents),
        )

    def _document(self, ref: ConsentRef, language: str) -> Attachment:
        with self._house.database.read() as session:
            proof = prove_to_person(session, self._house.proofs, _THE_PERSON, ref)
            html = self._house.draw(proof, language)
        made = self._house.printer.print(html)
        return Attachment(name=f"{ref.purpose}.{ref.channel.value}.pdf", media_type="application/pdf", content=made)

    def _sound(self, session: Session, sign_up_id: uuid.UUID, *, lock: bool = False) -> SignUp | None:
        """Return a row that is Égide's; one that was altered outside is nobody's word."""
        waiting = session.get(SignUp, sign_up_id, with_for_update=True if lock else None, populate_existing=True)
        if waiting is None:
            return None
        try:
            self._house.desk.attestor.verify(waiting)
        except AttestationError:
            return None
        return waiting

    def _on_file(self, actor: Actor, terms: FormTerms, request: SignUpRequest) -> int | None:
        """Return who has the address; None where nobody has, or where several do: then a new person signs up."""
        page = self._house.gate.read(
            actor,
            Query(
                purpose=terms.purpose,
                table=TABLE,
                fields=("email",),
                where=(Condition(field="email", value=request.email),),
                limit=2,
            ),
        )
        return self._subject(page.entry.id) if page.count == 1 else None

    def _new(self, actor: Actor, terms: FormTerms, request: SignUpRequest, notice: NoticeRef | None) -> int:
        values = {"email": request.email, "family_name": request.family_name, "given_name": request.given_name}
        command = CreateRow(
            purpose=terms.purpose,
            table=TABLE,
            values={name: value for name, value in values.items() if value},
            source=terms.point,
            notice=notice,
            # Several people share the address, and none of them is known to be this one.
            twice=True,
        )
        entry = self._house.writer.create(actor, command).entry
        if entry is None:
            raise ValueError("a row that was just created has its entry")
        return self._subject(entry.id)

    def _subject(self, entry_id: uuid.UUID) -> int:
        """Return whom a row speaks of: the entry just recorded says so."""
        with self._house.database.read() as session:
            subjects = list(entry_by_id(session, entry_id).subjects)
        if len(subjects) != 1:
            raise ValueError("a row of a person's own table speaks of one person")
        return int(subjects[0])

    def _notice(self, session: Session, terms: FormTerms, request: SignUpRequest | None) -> NoticeRef | None:
        found = published_notice(session, self._house.desk.attestor, terms.point)
        language = "fr" if request is None else request.language
        return NoticeRef(slug=terms.point, version=found.text.version, language=language)
