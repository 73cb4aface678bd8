"""A person's second factors: listed, removed, and taken away for them; and their recovery codes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import (
    FactorInUseError,
    NoSecondFactorError,
    NotPermittedError,
    SecondFactorRefusedError,
    UnknownAccountError,
    UnknownFactorError,
)
from governance.identity.factors import recovery
from governance.identity.factors.models import FactorUse, Passkey, RecoveryCodes, TotpFactor
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, SecondFactorState
from governance.identity.permissions import check_resets, person, vouches
from governance.identity.service import second_factor_rules
from governance.identity.service.controllers import note_handled
from governance.identity.service.roles import live_assignments, roles_in_force
from governance.identity.service.sessions import close_sessions_of, open_sessions
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError

FACTOR: Final = "second-factor"
MOST_FACTORS: Final = 10


class FactorKind(StrEnum):
    """What a second factor is, as the log and the API name it."""

    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFactor:
    """A second factor as its holder sees it. Never its secret.

    Attributes:
        closed_at: Since when a passkey opens nothing, because its counter went back.
    """

    id: uuid.UUID
    kind: FactorKind
    name: str
    made_at: datetime
    used_at: datetime | None
    closed_at: datetime | None = None


def factors_of(session: Session, attestor: Attestor, account_id: uuid.UUID) -> list[HeldFactor]:
    """Return a person's second factors in the order in which they were added.

    Raises:
        AttestationError: If one was changed behind our back.
    """
    found: Sequence[TotpFactor | Passkey] = [*totp_factors(session, account_id), *passkeys(session, account_id)]
    for factor in found:
        attestor.verify(factor)
    uses = {
        use.id: use.used_at
        for use in session.scalars(select(FactorUse).where(FactorUse.id.in_([factor.id for factor in found])))
    }
    held = [
        HeldFactor(
            id=factor.id,
            kind=FactorKind.PASSKEY if isinstance(factor, Passkey) else FactorKind.TOTP,
            name=factor.name,
            made_at=factor.made_at,
            used_at=uses.get(factor.id),
            closed_at=factor.closed_at if isinstance(factor, Passkey) else None,
        )
        for factor in found
    ]
    return sorted(held, key=lambda each: (each.made_at, each.id))


def locked_account(session: Session, attestor: Attestor, account_id: uuid.UUID) -> Account:
    """Return an account whose factors are about to change, locked before any of them is read.

    Two who change them at once would each count what the other takes away: none would be left, and the account would
    say that it has one.

    Raises:
        UnknownAccountError: If there is none.
        AttestationError: If it was changed behind our back.
    """
    # In the order in which every change of what decides takes its locks; the other way round two would wait for ever.
    attestor.hold_policy_set(session)
    return held_account(session, attestor, account_id)


def held_account(session: Session, attestor: Attestor, account_id: uuid.UUID) -> Account:
    """Return an account one of whose factors is about to be used: held before the note of its use is.

    Whoever takes the factor away holds the two in this order. What decides is not held, for a use changes none of it.

    Raises:
        UnknownAccountError: If there is none.
        AttestationError: If it was changed behind our back.
    """
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise UnknownAccountError
    attestor.verify(account)
    return account


def totp_factors(session: Session, account_id: uuid.UUID) -> Sequence[TotpFactor]:
    """Return a person's authenticator apps, unverified."""
    query = select(TotpFactor).where(TotpFactor.account_id == account_id).order_by(TotpFactor.id)
    return session.scalars(query).all()


def passkeys(session: Session, account_id: uuid.UUID) -> Sequence[Passkey]:
    """Return a person's passkeys, unverified, closed ones too."""
    return session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def recovery_codes_left(session: Session, attestor: Attestor, account_id: uuid.UUID) -> int:
    """Return how many recovery codes a person has left.

    Raises:
        AttestationError: If they were changed behind our back.
    """
    found = session.get(RecoveryCodes, account_id)
    if found is None:
        return 0
    attestor.verify(found)
    return recovery.count(found.hashes)


def start_use(session: Session, attestor: Attestor, factor_id: uuid.UUID, counter: int, now: datetime) -> None:
    """Note from where on a factor just added counts."""
    mac = attestor.mac(FactorUse.__tablename__, factor_id, counter)
    session.add(FactorUse(id=factor_id, counter=counter, used_at=now, mac=mac))


def counter_of(session: Session, attestor: Attestor, factor_id: uuid.UUID) -> int:
    """Return how far a factor has been used.

    Raises:
        AttestationError: If that was deleted or changed behind our back: a used code could be used again.
    """
    found = session.execute(select(FactorUse.counter, FactorUse.mac).where(FactorUse.id == factor_id)).one_or_none()
    if found is None or not attestor.matches(found.mac, FactorUse.__tablename__, factor_id, found.counter):
        raise AttestationError(kind=FactorUse.__tablename__, reference=str(factor_id))
    counter: int = found.counter
    return counter


def move_on(
    session: Session, attestor: Attestor, factor_id: uuid.UUID, *, before: int, counter: int, now: datetime
) -> bool:
    """Note a use, and say whether nobody else did meanwhile: of two at once with one code, one comes second."""
    mac = attestor.mac(FactorUse.__tablename__, factor_id, counter)
    moved = session.execute(
        update(FactorUse)
        .where(FactorUse.id == factor_id, FactorUse.counter == before)
        .values(counter=counter, used_at=now, mac=mac)
        .returning(FactorUse.id)
        .execution_options(synchronize_session=False)
    ).first()
    return moved is not None


def enrol(session: Session, clock: Clock, attestor: Attestor, account: Account) -> tuple[str, ...]:
    """Let the account ask for a second factor from now on; return the recovery codes if it is the first one."""
    attestor.verify(account)
    if account.second_factor is SecondFactorState.ENROLLED:
        return ()
    account.second_factor = SecondFactorState.ENROLLED
    _forget_shown(session, clock, attestor, account.id)
    session.flush()
    return _new_recovery_codes(session, clock, attestor, account.id)


def make_recovery_codes(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, account_id: uuid.UUID
) -> tuple[str, ...]:
    """Make ten recovery codes; those from before open nothing from now on. The person gets a letter.

    Raises:
        NotPermittedError: If it is not the person themself, in a session.
        NoSecondFactorError: If there is nothing to recover.
        AttestationError: If a row was changed behind our back.
    """
    check_own(actor, account_id)
    account = locked_account(session, attestor, account_id)
    if account.second_factor is not SecondFactorState.ENROLLED:
        raise NoSecondFactorError
    codes = _new_recovery_codes(session, clock, attestor, account_id)
    tell(session, ids, clock, account_id, Letter.RECOVERY_CODES_MADE)
    record(session, factor_fact(actor, account_id, None, {"verb": "made", "kind": FactorKind.RECOVERY_CODE.value}))
    return codes


def use_recovery_code(session: Session, attestor: Attestor, account_id: uuid.UUID, code: str) -> None:
    """Take a recovery code out of those that are left.

    Raises:
        SecondFactorRefusedError: If it is none of them.
        AttestationError: If they were changed behind our back.
    """
    # Codes are among what decides, so they are taken as whoever makes new ones takes them.
    locked_account(session, attestor, account_id)
    found = session.get(RecoveryCodes, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise SecondFactorRefusedError
    attestor.verify(found)
    left = recovery.without(found.hashes, attestor, account_id, code)
    if left is None:
        raise SecondFactorRefusedError
    found.hashes = left
    session.flush()


def remove_factor(session: Session, clock: Clock, attestor: Attestor, actor: Actor, factor_id: uuid.UUID) -> None:
    """Remove a second factor of one's own. With the last one the recovery codes go too.

    Raises:
        UnknownFactorError: If there is none, or it is somebody else's.
        NotPermittedError: If the actor is no person in a session.
        FactorInUseError: If it is the last one that opens anything, and a role requires one.
        AttestationError: If a row was changed behind our back.
    """
    account_id = person(actor)
    if account_id is None:
        raise UnknownFactorError
    account = locked_account(session, attestor, account_id)
    held = factors_of(session, attestor, account_id)
    factor = next((each for each in held if each.id == factor_id), None)
    if factor is None:
        raise UnknownFactorError
    check_own(actor, account_id)
    others = [each for each in held if each.id != factor_id and each.closed_at is None]
    if not others:
        roles = roles_in_force(session, attestor, account_id, clock.now())
        if second_factor_rules.requires(session, attestor, roles):
            raise FactorInUseError
        _let_go(session, account, SecondFactorState.NONE)
        # A role may come to require one later, and this one has been shown for nothing that comes after.
        _forget_shown(session, clock, attestor, account_id)
    _delete(session, [factor])
    record(session, factor_fact(actor, account_id, factor_id, {"verb": "removed", "kind": factor.kind.value}))


def reset_second_factor(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, account_id: uuid.UUID
) -> Account:
    """Take a person's second factors away, because they lost them: they sign in anew and add one before anything else.

    Whoever takes it away and knows the password could be that person, so the rule is that of password links; and a
    controller whose factor it was is no second person to them for a while.

    Raises:
        UnknownAccountError: If there is no such account.
        NotPermittedError: If the actor could become somebody whom they may not be, or is that person.
        AttestationError: If a row was changed behind our back.
    """
    account = locked_account(session, attestor, account_id)
    live = live_assignments(session, account_id)
    check_resets(actor, frozenset(a.role for a in live if a.countersigned_at is not None))
    if person(actor) == account_id:
        # Otherwise it would be a way round showing it.
        raise NotPermittedError(needed=phrase("another person"))
    held: Sequence[TotpFactor | Passkey] = [*totp_factors(session, account_id), *passkeys(session, account_id)]
    for factor in held:
        session.delete(factor)
    session.execute(delete(FactorUse).where(FactorUse.id.in_([factor.id for factor in held])))
    closed = close_sessions_of(session, clock, attestor, account_id)
    _let_go(session, account, SecondFactorState.OWED)
    account.credentials_revision += 1
    account.vouched = account.vouched and vouches(actor)
    session.flush()
    note_handled(session, clock, ids, actor, account_id)
    details: dict[str, JsonValue] = {"verb": "reset", "factors": len(held), "sessions": closed}
    record(session, factor_fact(actor, account_id, None, details))
    return account


def check_own(actor: Actor, account_id: uuid.UUID) -> None:
    """Refuse whoever is not this person, signed in: a token protects nothing and must not change what does.

    Raises:
        NotPermittedError: If it is anybody else.
    """
    if person(actor) != account_id or actor.token is not None or actor.host_user is not None:
        raise NotPermittedError(needed=phrase("a person, signed in"))


def factor_fact(
    actor: Actor, account_id: uuid.UUID, factor_id: uuid.UUID | None, details: Mapping[str, JsonValue]
) -> Fact:
    """Return what the log is told of a change of somebody's second factors."""
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.ACCOUNT,
        actor=actor,
        object_type=FACTOR,
        object_id=None if factor_id is None else str(factor_id),
        details={**details, "account": str(account_id)},
    )


def _new_recovery_codes(session: Session, clock: Clock, attestor: Attestor, account_id: uuid.UUID) -> tuple[str, ...]:
    codes = recovery.new_codes()
    hashes = recovery.hash_codes(attestor, account_id, codes)
    found = session.get(RecoveryCodes, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        session.add(RecoveryCodes(account_id=account_id, hashes=hashes, made_at=clock.now()))
    else:
        attestor.verify(found)
        found.hashes, found.made_at = hashes, clock.now()
    session.flush()
    return codes


def _forget_shown(session: Session, clock: Clock, attestor: Attestor, account_id: uuid.UUID) -> None:
    """Let no session pass for having shown a factor that there is not: one just removed, or the provider's word."""
    for found in open_sessions(session, clock, account_id):
        if found.second_factor_at is not None:
            attestor.verify(found)
            found.second_factor_at = None


def _let_go(session: Session, account: Account, state: SecondFactorState) -> None:
    account.second_factor = state
    left = session.get(RecoveryCodes, account.id)
    if left is not None:
        session.delete(left)
    session.flush()


def _delete(session: Session, factors: Sequence[HeldFactor]) -> None:
    for factor in factors:
        model: type[TotpFactor | Passkey] = Passkey if factor.kind is FactorKind.PASSKEY else TotpFactor
        row = session.get(model, factor.id)
        if row is not None:
            session.delete(row)
    session.execute(delete(FactorUse).where(FactorUse.id.in_([factor.id for factor in factors])))
    session.flush()
