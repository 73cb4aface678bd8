"""Consents looked up: of one person, and one with its history. Who looked is recorded before anything is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from consent.errors import ConsentNotFoundError
from consent.evidence.keeping import EvidenceKeeper
from consent.ledger import Chain, chains_of, read_chains
from consent.permissions import check_reads
from consent.values import ConsentRecord, ConsentRef, Desk, History, key_of
from governance.actor import Actor
from governance.vocabulary import Channel
from register.errors import PurposeNotFoundError
from register.service import get_purpose, notices_shown, purpose_slugs


class Recorder(Protocol):
    """What makes a look durable before anything is told: the log."""

    def append(self, fact: Fact) -> object:
        """Record a fact durably, or raise."""
        ...


def consent_status(
    session: Session, desk: Desk, log: Recorder, actor: Actor, subject_id: int
) -> Sequence[ConsentRecord]:
    """Return what a person agreed to and did not, for every purpose and channel on file.

    Args:
        session: A reading transaction.
        desk: The time, and who vouches for rows.
        log: Where the look is recorded, durably, before this returns.
        actor: Who looks.
        subject_id: The person's number. One that is on nobody gives nothing.

    Raises:
        NotForYouError: If the actor has no business looking.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
    """
    check_reads(actor)
    now = desk.clock.now()
    chains = chains_of(session, desk.attestor, subject_id)
    slugs = purpose_slugs(session, {key.purpose_id for key in chains})
    records = [record_of(chain, slugs[key.purpose_id], now) for key, chain in chains.items()]
    log.append(_fact(actor, subject_id, {"consents": len(records)}))
    return records


def consent_history(session: Session, desk: Desk, log: Recorder, actor: Actor, ref: ConsentRef) -> History:
    """Return one consent with every event behind it. GDPR Art. 7(1).

    Raises:
        NotForYouError: If the actor has no business looking.
        ConsentNotFoundError: If nothing is recorded under this reference.
        LogUnavailableError: If the look cannot be recorded; nothing is told then.
    """
    check_reads(actor)
    now = desk.clock.now()
    try:
        key = key_of(ref, get_purpose(session, ref.purpose).id)
    except PurposeNotFoundError:
        raise ConsentNotFoundError from None
    chain = read_chains(session, desk.attestor, (key,))[key]
    log.append(_fact(actor, ref.subject_id, {"events": len(chain.events)}, str(ref)))
    if chain.last == 0:
        raise ConsentNotFoundError
    numbers = {event.notice_id for event in chain.events if event.notice_id is not None}
    notices = notices_shown(session, numbers)
    keeper = EvidenceKeeper(session, desk.attestor, desk.keyring)
    kept = keeper.of(key, dict(zip(chain.places, chain.events, strict=True)))
    evidence = {index: kept[place] for index, place in enumerate(chain.places) if place in kept}
    return History(record=record_of(chain, ref.purpose, now), events=chain.events, evidence=evidence, notices=notices)


def record_of(chain: Chain, purpose: str, now: datetime) -> ConsentRecord:
    """Return what a chain amounts to at a moment."""
    ref = ConsentRef(subject_id=chain.key.subject_id, purpose=purpose, channel=Channel.from_code(chain.key.channel))
    standing = chain.standing
    return ConsentRecord(
        ref=ref,
        state=standing.state,
        expires_at=standing.expires_at,
        sequence=chain.last,
        holds=standing.holds(now),
        intact=chain.intact,
    )


def _fact(actor: Actor, subject_id: int, details: Mapping[str, int], object_id: str | None = None) -> Fact:
    return Fact(
        retention=Retention.ACCESS,
        action=Action.READ,
        actor=actor,
        object_type="consent",
        object_id=object_id,
        subjects=(subject_id,),
        details=dict(details),
    )
