"""Passkeys: asked for by a challenge of the session's own, added, and shown."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from audit.entries import JsonValue
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import (
    FactorLimitError,
    FactorTakenError,
    PasskeyRefusedError,
    PasskeysUnavailableError,
)
from governance.identity.factors import ceremony
from governance.identity.factors.ceremony import Known, RelyingParty
from governance.identity.factors.models import (
    FACTOR_NAME_LENGTH,
    ChallengePurpose,
    Passkey,
    PasskeyChallenge,
)
from governance.identity.models import Account
from governance.identity.service.factors import (
    MOST_FACTORS,
    FactorKind,
    check_own,
    counter_of,
    enrol,
    factor_fact,
    factors_of,
    held_account,
    locked_account,
    move_on,
    passkeys,
    start_use,
)
from governance.identity.service.uniqueness import flush_unique
from governance.ids import IdSource
from governance.vault.attest import Attestor

DEFAULT_NAME: Final = phrase("Passkey")
CHALLENGE_LIVES: Final = timedelta(minutes=5)
# WebAuthn, section 13.4.3: at least 16 bytes.
_CHALLENGE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyDesk:
    """What passkeys are added and checked with."""

    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    attestor: Attestor = field(repr=False)
    party: RelyingParty


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPasskey:
    """A passkey that a browser has made for a challenge."""

    account_id: uuid.UUID
    challenge: bytes = field(repr=False)
    credential: Mapping[str, Any] = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPasskey:
    """A passkey whose answer held.

    Attributes:
        copied: Its counter went back: it was closed, and opens nothing.
    """

    id: uuid.UUID
    copied: bool


def ask_passkey(
    session: Session, desk: PasskeyDesk, account: Account, session_id: uuid.UUID, purpose: ChallengePurpose
) -> dict[str, Any]:
    """Make a challenge, and return what the browser is asked. An earlier one for the same purpose is void.

    Raises:
        PasskeysUnavailableError: If no browser would make one for our address.
        PasskeyRefusedError: If there is none to be shown.
        AttestationError: If a row was changed behind our back.
    """
    if not desk.party.possible:
        raise PasskeysUnavailableError
    live = [each for each in passkeys(session, account.id) if each.closed_at is None]
    for each in live:
        desk.attestor.verify(each)
    known = [Known(credential_id=each.credential_id, transports=_words(each.transports)) for each in live]
    if purpose is ChallengePurpose.SHOW and not known:
        raise PasskeyRefusedError
    challenge = _keep_challenge(session, desk, session_id, purpose)
    if purpose is ChallengePurpose.ADD:
        return desk.party.ask_to_make(challenge, account.id, account.email, known)
    return desk.party.ask_to_show(challenge, known)


def take_challenge(session: Session, desk: PasskeyDesk, session_id: uuid.UUID, purpose: ChallengePurpose) -> bytes:
    """Return the challenge that waits for its answer, and forget it, whatever the answer is worth.

    Raises:
        PasskeyRefusedError: If there is none, or it is older than five minutes.
        AttestationError: If it was changed behind our back.
    """
    found = session.get(PasskeyChallenge, (session_id, purpose), with_for_update=True, populate_existing=True)
    if found is None:
        raise PasskeyRefusedError
    desk.attestor.verify(found)
    session.delete(found)
    session.flush()
    if found.expires_at <= desk.clock.now():
        raise PasskeyRefusedError
    return found.challenge


def add_passkey(session: Session, desk: PasskeyDesk, actor: Actor, command: AddPasskey) -> tuple[str, ...]:
    """Add a passkey; return the recovery codes if it is the first factor.

    Raises:
        NotPermittedError: If it is not the person themself, in a session.
        PasskeyRefusedError: If the browser's answer does not hold.
        FactorLimitError: If the person has too many.
        FactorTakenError: If it was added already, by whomever.
        AttestationError: If a row was changed behind our back.
    """
    check_own(actor, command.account_id)
    made = desk.party.check_made(command.credential, command.challenge)
    account = locked_account(session, desk.attestor, command.account_id)
    if len(factors_of(session, desk.attestor, account.id)) >= MOST_FACTORS:
        raise FactorLimitError(limit=MOST_FACTORS)
    now = desk.clock.now()
    passkey = Passkey(
        id=desk.ids.new(),
        account_id=account.id,
        name=command.name.strip()[:FACTOR_NAME_LENGTH] or str(DEFAULT_NAME),
        credential_id=made.credential_id,
        public_key=made.public_key,
        transports=",".join(made.transports),
        synced=made.synced,
        made_at=now,
    )
    session.add(passkey)
    flush_unique(session, FactorTakenError())
    start_use(session, desk.attestor, passkey.id, made.counter, now)
    codes = enrol(session, desk.clock, desk.attestor, account)
    details: dict[str, JsonValue] = {"verb": "added", "kind": FactorKind.PASSKEY.value, "first": bool(codes)}
    record(session, factor_fact(actor, account.id, passkey.id, details))
    return codes


def use_passkey(
    session: Session, desk: PasskeyDesk, actor: Actor, credential: Mapping[str, Any], challenge: bytes
) -> ShownPasskey:
    """Take the answer of one of a person's passkeys.

    A passkey whose counter went back was copied, or pretends to be: it is closed, and opens nothing even now.

    Raises:
        PasskeyRefusedError: If the answer does not hold, or is of no passkey of this person.
        AttestationError: If a row was changed behind our back.
    """
    wanted = ceremony.named_credential(credential)
    mine = [] if actor.id is None else passkeys(session, actor.id)
    found = next((each for each in mine if each.credential_id == wanted and each.closed_at is None), None)
    if actor.id is None or found is None:
        raise PasskeyRefusedError
    desk.attestor.verify(found)
    before = counter_of(session, desk.attestor, found.id)
    counter = desk.party.check_shown(credential, challenge, found.public_key)
    now = desk.clock.now()
    if ceremony.went_back(before, counter):
        found.closed_at = now
        session.flush()
        closed = {"verb": "closed", "kind": FactorKind.PASSKEY.value, "reason": "counter-went-back"}
        record(session, factor_fact(actor, actor.id, found.id, closed))
        return ShownPasskey(id=found.id, copied=True)
    # Not sooner: to close a copied one is to change what decides, and that is held before any account.
    held_account(session, desk.attestor, actor.id)
    if not move_on(session, desk.attestor, found.id, before=before, counter=counter, now=now):
        raise PasskeyRefusedError
    return ShownPasskey(id=found.id, copied=False)


def _keep_challenge(session: Session, desk: PasskeyDesk, session_id: uuid.UUID, purpose: ChallengePurpose) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    expires_at = desk.clock.now() + CHALLENGE_LIVES
    found = session.get(PasskeyChallenge, (session_id, purpose), with_for_update=True, populate_existing=True)
    if found is None:
        session.add(
            PasskeyChallenge(session_id=session_id, purpose=purpose, challenge=challenge, expires_at=expires_at)
        )
    else:
        desk.attestor.verify(found)
        found.challenge, found.expires_at = challenge, expires_at
    flush_unique(session, PasskeyRefusedError())
    return challenge


def _words(written: str) -> tuple[str, ...]:
    return tuple(word for word in written.split(",") if word)
