"""An authenticator app: taken into use with its first code, and shown by a code that is good once."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from audit.entries import JsonValue
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import FactorLimitError, FactorTakenError, SecondFactorRefusedError
from governance.identity.factors import totp
from governance.identity.factors.models import FACTOR_NAME_LENGTH, TotpFactor
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
    start_use,
    totp_factors,
)
from governance.identity.service.uniqueness import flush_unique
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues

# What a secret is sealed as. A draft travels through the browser that adds the app, so it is sealed as one: what is
# stored cannot be handed in as a draft, to be shown again.
_KEPT = "totp"
_DRAFT = "totp-draft"
# What an app that nobody named is called.
DEFAULT_NAME = phrase("Authenticator app")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTotp:
    """An app that is being added: shown once, and kept nowhere until its first code was right.

    Attributes:
        sealed: The secret, sealed to account and factor; it comes back with the first code.
        uri: What the app reads from the picture.
    """

    id: uuid.UUID
    secret: str = field(repr=False)
    sealed: bytes = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTotp:
    """An app to add, with its first code."""

    account_id: uuid.UUID
    id: uuid.UUID
    sealed: bytes = field(repr=False)
    code: str = field(repr=False)
    name: str = ""


def draft_totp(ids: IdSource, seal: SealedValues, account: Account) -> DraftTotp:
    """Return a new secret for an app. Stores nothing."""
    return _draft(seal, account, ids.new(), totp.new_totp_secret())


def reopen_draft(seal: SealedValues, account: Account, factor_id: uuid.UUID, sealed: bytes) -> DraftTotp:
    """Return a draft as it was shown, for a form that is drawn again; a new one where it is none of this account."""
    try:
        return _draft(seal, account, factor_id, _opened(seal, sealed, account.id, factor_id))
    except AttestationError:
        return _draft(seal, account, factor_id, totp.new_totp_secret())


def add_totp(
    session: Session, clock: Clock, attestor: Attestor, seal: SealedValues, actor: Actor, command: AddTotp
) -> tuple[str, ...]:
    """Add an app whose first code is right; return the recovery codes if it is the first factor.

    Raises:
        NotPermittedError: If it is not the person themself, in a session.
        SecondFactorRefusedError: If the code is not right, or the secret is none that was drawn for this account:
            nothing is added that would shut its holder out.
        FactorLimitError: If the person has too many.
        FactorTakenError: If it was added already.
        AttestationError: If a row was changed behind our back.
    """
    check_own(actor, command.account_id)
    now = clock.now()
    secret = _drafted_secret(seal, command)
    step = totp.step_of(secret, plain_code(command.code), now, after=0)
    if step is None:
        raise SecondFactorRefusedError
    account = locked_account(session, attestor, command.account_id)
    if len(factors_of(session, attestor, account.id)) >= MOST_FACTORS:
        raise FactorLimitError(limit=MOST_FACTORS)
    session.add(
        TotpFactor(
            id=command.id,
            account_id=account.id,
            name=command.name.strip()[:FACTOR_NAME_LENGTH] or str(DEFAULT_NAME),
            sealed_secret=seal.seal(secret.encode(), _KEPT, account.id, command.id),
            made_at=now,
        )
    )
    flush_unique(session, FactorTakenError())
    start_use(session, attestor, command.id, step, now)
    codes = enrol(session, clock, attestor, account)
    details: dict[str, JsonValue] = {"verb": "added", "kind": FactorKind.TOTP.value, "first": bool(codes)}
    record(session, factor_fact(actor, account.id, command.id, details))
    return codes


def use_totp(
    session: Session, clock: Clock, attestor: Attestor, seal: SealedValues, account_id: uuid.UUID, code: str
) -> uuid.UUID:
    """Take a code of any of a person's apps, and return which.

    Raises:
        SecondFactorRefusedError: If it is wrong, of another time, or used already.
        AttestationError: If a row was changed behind our back.
    """
    now = clock.now()
    held_account(session, attestor, account_id)
    for factor in totp_factors(session, account_id):
        attestor.verify(factor)
        secret = seal.open(factor.sealed_secret, _KEPT, account_id, factor.id).decode()
        before = counter_of(session, attestor, factor.id)
        step = totp.step_of(secret, plain_code(code), now, after=before)
        if step is not None and move_on(session, attestor, factor.id, before=before, counter=step, now=now):
            return factor.id
    raise SecondFactorRefusedError


def plain_code(code: str) -> str:
    """Return the digits of a code, which apps show in groups."""
    return "".join(code.split())


def _drafted_secret(seal: SealedValues, command: AddTotp) -> str:
    try:
        return _opened(seal, command.sealed, command.account_id, command.id)
    except AttestationError:
        # It came back from a browser and not from the database.
        raise SecondFactorRefusedError from None


def _opened(seal: SealedValues, sealed: bytes, account_id: uuid.UUID, factor_id: uuid.UUID) -> str:
    return seal.open(sealed, _DRAFT, account_id, factor_id).decode()


def _draft(seal: SealedValues, account: Account, factor_id: uuid.UUID, secret: str) -> DraftTotp:
    return DraftTotp(
        id=factor_id,
        secret=secret,
        sealed=seal.seal(secret.encode(), _DRAFT, account.id, factor_id),
        uri=totp.provisioning_uri(secret, account.email),
    )
