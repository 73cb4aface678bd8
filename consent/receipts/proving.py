"""Puts a proof together: the chain, its evidence, the words, what the register states, and where the log tells of it.

What was altered outside Égide is said, not left out. Who looked is recorded before anything is told.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.errors import LogTamperedError
from audit.leaves import commitment
from audit.log import Log
from audit.merkle import ProofError
from audit.notes import NoteError, VerifierKey, to_base64
from audit.proofs import verify_proof
from audit.proving import prove
from audit.search import Filters, FoundEntry, search
from audit.signer import Signer
from consent.errors import ConsentNotFoundError
from consent.events import Event, Key
from consent.evidence.keeping import EvidenceKeeper
from consent.ledger import Chain, read_chains
from consent.permissions import check_reads
from consent.receipts.values import LogPlace, Proof, ProvenEvent
from consent.service.looking import record_of
from consent.states import EventKind
from consent.values import ConsentRef, Desk, key_of
from governance.actor import Actor
from governance.datamap.models import Source
from governance.days import day_of
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vault.models import DataSubject, SubjectState
from governance.vocabulary import SubjectKind
from register.errors import PurposeNotFoundError
from register.models import Activity, Purpose
from register.service import get_purpose, notices_shown
from register.stated import Stated, StatedPurpose, state_activities

_PRINCIPAL: Final = "receipt_principal"
_RECORD: Final = "receipt_record"
# More events on one consent than anybody's.
_MOST: Final = 1000
# An entry is written with its events, which were dated a moment before.
_SOON_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ProofDesk:
    """What proving takes: what recording does, new identifiers, the log and its signer, where the house is reached."""

    desk: Desk
    ids: IdSource
    log: Log
    signer: Signer
    base_url: str


def prove_consent(session: Session, desk: ProofDesk, actor: Actor, ref: ConsentRef) -> Proof:
    """Return the proof of a consent, each event with its place in the signed log. GDPR Art. 7(1).

    Args:
        session: A reading transaction in which nothing was read yet: what is signed now is not in an older view.
        desk: What proving takes.
        actor: Who looks.
        ref: Which consent.

    Raises:
        NotForYouError: If the actor has no business looking.
        ConsentNotFoundError: If nothing is recorded under this reference, or the person was erased.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
        SignerRefusedError, AnchorUnusableError: If the log cannot be signed as it is.
    """
    check_reads(actor)
    _look(desk, actor, ref)
    return _Reader(session, desk, ref, desk.signer.checkpoint().note).proof()


def prove_to_person(session: Session, desk: ProofDesk, actor: Actor, ref: ConsentRef) -> Proof:
    """Return the proof of a consent for the person whose it is: it names the log's entries, and not who made them.

    Raises:
        ConsentNotFoundError: If nothing is recorded under this reference, or the person was erased.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
        AnchorUnusableError: If the log's public key cannot be read.
    """
    _look(desk, actor, ref)
    return _Reader(session, desk, ref, None).proof()


def _look(desk: ProofDesk, actor: Actor, ref: ConsentRef) -> None:
    desk.log.append(
        Fact(
            retention=Retention.ACCESS,
            action=Action.READ,
            actor=actor,
            object_type="consent",
            object_id=str(ref),
            purpose=ref.purpose,
            subjects=(ref.subject_id,),
            details={"verb": "prove"},
        )
    )


class _Reader:
    """Reads what a proof is made of."""

    def __init__(self, session: Session, desk: ProofDesk, ref: ConsentRef, checkpoint: str | None) -> None:
        self._session: Final = session
        self._desk: Final = desk
        self._ref: Final = ref
        self._checkpoint: Final = checkpoint
        self._key: Final[VerifierKey] = desk.signer.verifier

    def proof(self) -> Proof:
        kind, purpose = self._person(), self._purpose()
        attestor, now = self._desk.desk.attestor, self._desk.desk.clock.now()
        key = key_of(self._ref, purpose.id)
        chain = read_chains(self._session, attestor, (key,))[key]
        if chain.last == 0:
            raise ConsentNotFoundError
        stated, terms = self._stated(purpose, kind, now)
        return Proof(
            receipt_id=self._desk.ids.new(),
            record_id=_pseudonym(attestor, _RECORD, str(self._ref)),
            principal_id=_pseudonym(attestor, _PRINCIPAL, str(self._ref.subject_id)),
            at=now,
            record=record_of(chain, self._ref.purpose, now),
            kind=kind,
            purpose=purpose,
            events=tuple(self._events(chain)),
            missing=chain.last - len(chain.events),
            stated=stated,
            terms=terms,
            key=self._key,
            checkpoint=self._checkpoint,
            base_url=self._desk.base_url,
        )

    def _person(self) -> SubjectKind:
        subject = self._session.get(DataSubject, self._ref.subject_id)
        if subject is None or subject.state == SubjectState.ERASED.code:
            raise ConsentNotFoundError
        return SubjectKind.from_code(subject.kind)

    def _purpose(self) -> Purpose:
        try:
            return get_purpose(self._session, self._ref.purpose)
        except PurposeNotFoundError:
            raise ConsentNotFoundError from None

    def _events(self, chain: Chain) -> Iterator[ProvenEvent]:
        by_place = dict(zip(chain.places, chain.events, strict=True))
        keeper = EvidenceKeeper(self._session, self._desk.desk.attestor, self._desk.desk.keyring)
        evidence = keeper.of(chain.key, by_place)
        notices = notices_shown(self._session, {e.notice_id for e in chain.events if e.notice_id is not None})
        sources = self._sources({e.source_id for e in chain.events if e.source_id is not None})
        entries = _Entries.of(self._session, chain.key, self._ref)
        believed = set(chain.believed or ())
        for place, event in by_place.items():
            found = entries.of_event(place, event)
            entry, told = (None, False) if found is None else (self._place(found), _tells_of_evidence(found))
            yield ProvenEvent(
                place=place,
                event=event,
                evidence=evidence.get(place),
                source=sources.get(event.source_id or 0),
                notice=notices.get(event.notice_id or 0),
                entry=entry,
                believed=event in believed,
                evidence_gone=told and place not in evidence and event.operator_id is not None,
            )

    def _place(self, found: FoundEntry) -> LogPlace:
        place = LogPlace(index=found.index, at=datetime.fromisoformat(found.said["at"]))
        if self._checkpoint is None:
            return place
        try:
            _, proved = verify_proof(prove(self._session, self._checkpoint, found.index), self._key)
        except (LogTamperedError, ProofError, NoteError):
            return replace(place, broken=True)
        if len(found.subjects) == 1 or proved.salt is None or proved.body is None:
            return replace(place, proof=proved.text())
        # Other people's numbers stand in the entry: what it is cut down to proves the same of it.
        leaf = to_base64(commitment(proved.salt, proved.body))
        return replace(place, leaf=leaf, proof=replace(proved, salt=None, body=None).text())

    def _sources(self, numbers: set[int]) -> Mapping[int, str]:
        rows = self._session.execute(select(Source.id, Source.name).where(Source.id.in_(numbers)))
        return {row.id: row.name for row in rows}

    def _stated(self, purpose: Purpose, kind: SubjectKind, now: datetime) -> tuple[Stated | None, StatedPurpose | None]:
        activity = self._session.get_one(Activity, purpose.activity_id)
        try:
            stated = state_activities(self._session, self._desk.desk.attestor, [activity], day_of(now))[0]
        except AttestationError:
            return None, None
        found = next((each for each in stated.purposes if each.purpose.slug == purpose.slug), None)
        if found is None:
            return stated, None
        return stated, replace(found, data=tuple(row for row in found.data if row.subject_kind is kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entries:
    """What the log tells of one consent: entries of its own, by the place of their last event; and shared ones."""

    own: Mapping[int, FoundEntry]
    shared: Sequence[tuple[datetime, FoundEntry]]

    @classmethod
    def of(cls, session: Session, key: Key, ref: ConsentRef) -> "_Entries":
        filters = Filters(
            subject=key.subject_id, object_type="consent", retention=Retention.EVIDENCE, outcome=Outcome.DONE
        )
        own: dict[int, FoundEntry] = {}
        shared = []
        for found in search(session, filters, limit=_MOST):
            said = found.said
            if said["object"]["id"] is None:
                shared.append((datetime.fromisoformat(said["at"]), found))
            elif said["object"]["id"] == str(ref) and isinstance(said["details"].get("sequence"), int):
                own[said["details"]["sequence"]] = found
        return cls(own=own, shared=sorted(shared, key=lambda each: each[1].index))

    def of_event(self, place: int, event: Event) -> FoundEntry | None:
        """Return the entry that tells of an event; what the house sets aside is told with the event after it."""
        soon = event.recorded_at + _SOON_AFTER
        found = self.own.get(place + 1 if event.kind is EventKind.INVALIDATED and event.operator_id is None else place)
        if found is not None and event.recorded_at <= datetime.fromisoformat(found.said["at"]) <= soon:
            return found
        expired = event.kind is EventKind.EXPIRED
        for at, each in self.shared:
            if event.recorded_at <= at <= soon and (each.said["details"].get("verb") == "expire") is expired:
                return each
        return None


def _tells_of_evidence(found: FoundEntry) -> bool:
    return bool(found.said["object"]["id"] is not None and found.said["details"].get("evidence"))


def _pseudonym(attestor: Attestor, kind: str, text: str) -> uuid.UUID:
    """Return a name that only this house can make, and from which nobody finds back. GDPR Art. 4(5)."""
    fresh = attestor.prekeyed(kind)
    fresh.update(text.encode())
    return uuid.UUID(bytes=fresh.digest()[:16], version=4)
