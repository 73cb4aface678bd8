"""Who is asking: a session's person, a token's program, an account on whose behalf a command is typed.

Every row on the way to a role is verified: the account, the assignments, the token, the session. None of these
functions writes; the doorkeeper notes the use.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, ActorKind, Role
from governance.clock import Clock
from governance.identity.bearer import TOKEN_PREFIX, hash_secret, is_same
from governance.identity.errors import (
    AccountDisabledError,
    TokenNeededError,
    TokenRefusedError,
    UnknownSessionError,
)
from governance.identity.models import Account, ApiToken, LastUse, SecondFactorState, SignInSession
from governance.identity.service import sessions, tokens
from governance.identity.service.accounts import account_by_email, account_by_id, is_usable
from governance.identity.service.roles import roles_in_force
from governance.identity.service.second_factor_rules import is_word_of_provider_enough, requires
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Somebody let in, by a session or by a token.

    Attributes:
        reference: The session or the token.
        used_at: Its last use, to the minute; None for the first.
        name: What to call a person on the pages; empty for a program.
        second_factor_at: When the session last saw a second factor.
        pending: Half signed in: a second factor is to be shown, or added, before anything else. No role is in force.
        confirmed_at: When the session was last shown the strongest thing that the account has: a second factor, for
            want of one the first; None for a token, and for whoever has still to show theirs.
        enrolled: Whether the account has a second factor.
    """

    actor: Actor
    reference: uuid.UUID
    used_at: datetime | None
    name: str = field(repr=False, default="")
    second_factor_at: datetime | None = None
    pending: bool = False
    confirmed_at: datetime | None = None
    enrolled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """A host user who types a command for an account.

    Attributes:
        token: The account's own token, where given.
        token_needed: On a real home a command that acts for a person needs that person's token.
    """

    email: str = field(repr=False)
    host_user: str
    token: str | None = field(repr=False, default=None)
    token_needed: bool = False


def admit_by_session(
    session: Session, clock: Clock, attestor: Attestor, secret: str, *, address: str | None = None
) -> Admission:
    """Let in the person behind a session's secret.

    Raises:
        UnknownSessionError: If it is unknown, ended, revoked, or of credentials that are no longer in force.
        AttestationError: If a row on the way was changed behind our back.
    """
    now = clock.now()
    # One statement for what every request of a signed-in person asks.
    row = session.execute(
        select(SignInSession, Account, LastUse.used_at)
        .join(Account, Account.id == SignInSession.account_id)
        .outerjoin(LastUse, LastUse.id == SignInSession.id)
        .where(SignInSession.secret_hash == hash_secret(secret))
    ).one_or_none()
    if row is None or not is_same(row[0].secret_hash, secret):
        raise UnknownSessionError
    found, account, used_at = row
    attestor.verify(found)
    attestor.verify(account)
    if not sessions.is_open(found, used_at, now):
        raise UnknownSessionError
    if not is_usable(account, now) or account.credentials_revision != found.credentials_revision:
        raise UnknownSessionError
    roles = roles_in_force(session, attestor, account.id, now)
    enrolled = account.second_factor is SecondFactorState.ENROLLED
    shown_at = found.second_factor_at
    if account.second_factor is SecondFactorState.NONE and not is_word_of_provider_enough(roles):
        # Nothing of their own was ever shown: they came in on the provider's word, before they had such a role.
        shown_at = None
    pending = shown_at is None and _owes_second_factor(session, attestor, account, roles)
    return Admission(
        actor=Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset() if pending else roles, address=address),
        reference=found.id,
        used_at=used_at,
        name=account.name or account.email,
        second_factor_at=shown_at,
        pending=pending,
        confirmed_at=shown_at if enrolled else found.first_factor_at,
        enrolled=enrolled,
    )


def admit_by_token(
    session: Session, clock: Clock, attestor: Attestor, secret: str, *, address: str | None = None
) -> Admission:
    """Let in the program behind a token's secret; or, where the token is a person's own, that person in its role.

    Raises:
        TokenRefusedError: If it is unknown, expired, revoked, waits for its countersignature, or if the person whose
            own it is no longer holds the role, has other credentials by now, or owes a second factor for it.
        AttestationError: If a row on the way was changed behind our back.
    """
    now = clock.now()
    token, used_at = _token_in_force(session, attestor, secret, now)
    actor = _actor_through(session, attestor, token, now, address=address)
    return Admission(actor=actor, reference=token.id, used_at=used_at)


def actor_through(session: Session, clock: Clock, attestor: Attestor, token_id: uuid.UUID) -> Actor:
    """Return who acts through a token that let them in before, for work that goes on without it: if it would still.

    Raises:
        TokenRefusedError: As `admit_by_token` does.
        AttestationError: If a row on the way was changed behind our back.
    """
    now = clock.now()
    token = session.get(ApiToken, token_id)
    if token is None:
        raise TokenRefusedError
    attestor.verify(token)
    if not tokens.is_in_force(token, now):
        raise TokenRefusedError
    return _actor_through(session, attestor, token, now)


def actor_of_session(
    session: Session, clock: Clock, attestor: Attestor, secret: str, *, address: str | None = None
) -> Actor:
    """Return the person behind a session's secret, as `admit_by_session` does."""
    return admit_by_session(session, clock, attestor, secret, address=address).actor


def actor_of_token(
    session: Session, clock: Clock, attestor: Attestor, secret: str, *, address: str | None = None
) -> Actor:
    """Return who is behind a token's secret, as `admit_by_token` does."""
    return admit_by_token(session, clock, attestor, secret, address=address).actor


def actor_of_email(session: Session, clock: Clock, attestor: Attestor, on_behalf: OnBehalf) -> Actor:
    """Return the host user as acting on behalf of an account.

    With the account's token the roles are limited to the token's.

    Raises:
        UnknownAccountError: If there is no such account.
        AccountDisabledError: If it is disabled.
        TokenNeededError: If its token is needed and was not given.
        TokenRefusedError: If the token given is not in force, or is not this account's.
        AttestationError: If a row on the way was changed behind our back.
    """
    now = clock.now()
    account = account_by_email(session, on_behalf.email)
    attestor.verify(account)
    if not is_usable(account, now):
        raise AccountDisabledError
    roles = roles_in_force(session, attestor, account.id, now)
    through = None
    if on_behalf.token is not None:
        token, _ = _token_in_force(session, attestor, on_behalf.token, now)
        if token.account_id != account.id:
            raise TokenRefusedError
        _check_still_held(session, attestor, token, now)
        roles, through = roles & {token.role}, token.id
    elif on_behalf.token_needed:
        raise TokenNeededError
    return Actor(kind=ActorKind.HOST, id=account.id, roles=roles, host_user=on_behalf.host_user, token=through)


def _owes_second_factor(session: Session, attestor: Attestor, account: Account, roles: Collection[Role]) -> bool:
    return account.second_factor is not SecondFactorState.NONE or requires(session, attestor, roles)


def _token_in_force(
    session: Session, attestor: Attestor, secret: str, now: datetime
) -> tuple[ApiToken, datetime | None]:
    if not secret.startswith(TOKEN_PREFIX):
        raise TokenRefusedError
    row = session.execute(
        select(ApiToken, LastUse.used_at)
        .outerjoin(LastUse, LastUse.id == ApiToken.id)
        .where(ApiToken.secret_hash == hash_secret(secret))
    ).one_or_none()
    if row is None or row[0].secret_hash is None or not is_same(row[0].secret_hash, secret):
        raise TokenRefusedError
    token, used_at = row
    attestor.verify(token)
    if not tokens.is_in_force(token, now):
        raise TokenRefusedError
    return token, used_at


def _actor_through(
    session: Session, attestor: Attestor, token: ApiToken, now: datetime, *, address: str | None = None
) -> Actor:
    roles = frozenset({token.role})
    if token.account_id is None:
        return Actor(kind=ActorKind.PROGRAM, id=token.id, roles=roles, address=address)
    _check_still_held(session, attestor, token, now)
    return Actor(kind=ActorKind.PERSON, id=token.account_id, roles=roles, address=address, token=token.id)


def _check_still_held(session: Session, attestor: Attestor, token: ApiToken, now: datetime) -> None:
    if token.account_id is None:
        return
    account = account_by_id(session, token.account_id)
    attestor.verify(account)
    if not is_usable(account, now) or token.role not in roles_in_force(session, attestor, account.id, now):
        raise TokenRefusedError
    if account.credentials_revision != token.credentials_revision:
        raise TokenRefusedError
    # Whoever has a factor showed it when the token was made. A role that has come to require one since gives nothing
    # to somebody who never had any.
    if account.second_factor is not SecondFactorState.ENROLLED and _owes_second_factor(
        session, attestor, account, {token.role}
    ):
        raise TokenRefusedError
