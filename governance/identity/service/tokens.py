"""Tokens of programs, and of people for their own commands."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.bearer import TOKEN_PREFIX, Secret, hash_secret, new_secret
from governance.identity.errors import (
    EndsInThePastError,
    NothingToCountersignError,
    NotPermittedError,
    RoleNotHeldError,
    TokenNameTakenError,
    TokenTooLongError,
    UnknownTokenError,
)
from governance.identity.models import NAME_LENGTH, ApiToken
from governance.identity.permissions import (
    check_administers,
    check_contains,
    check_countersigns,
    confirms_itself,
    may_countersign,
    person,
)
from governance.identity.service.uniqueness import flush_unique
from governance.ids import IdSource
from governance.vault.attest import Attestor

TOKEN: Final = "token"  # noqa: S105 -- the type of an object in the log
# A program's secret that nobody renews ends.
DEFAULT_DAYS: Final = 365
MAX_DAYS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to make.

    Attributes:
        expires_at: When it ends; None for a year from now for a program's, and for never for a person's own, which
            ends with the role.
        own: The person's own, which acts for them in one of their roles; otherwise a program's.
    """

    name: str
    role: Role
    expires_at: datetime | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token just made. Its secret is shown once and kept nowhere."""

    token: ApiToken
    secret: Secret = field(repr=False)


def add_token(session: Session, clock: Clock, ids: IdSource, actor: Actor, command: NewToken) -> IssuedToken:
    """Make a token.

    A program's token made by anybody but a controller waits for a controller's countersignature (unless its role is
    `admin`). A person's own token needs none: it never gives more than the person holds.

    Raises:
        NotPermittedError: If the actor may not make it.
        RoleNotHeldError: If it is a person's own, in a role that they do not hold.
        EndsInThePastError: If it would have expired already.
        TokenTooLongError: If a program's would last longer than one may.
        TokenNameTakenError: If a live token has this name.
    """
    _check_may_add(actor, command)
    now = clock.now()
    expires_at = _end_of(command, now)
    name = command.name.strip()[:NAME_LENGTH]
    if _live_by_name(session, name) is not None:
        raise TokenNameTakenError
    secret = new_secret(TOKEN_PREFIX)
    confirmed = command.own or confirms_itself(actor, command.role)
    token = ApiToken(
        id=ids.new(),
        name=name,
        role=command.role,
        account_id=person(actor) if command.own else None,
        secret_hash=hash_secret(secret),
        made_by=person(actor),
        made_at=now,
        expires_at=expires_at,
        countersigned_by=person(actor) if may_countersign(actor) else None,
        countersigned_at=now if confirmed else None,
    )
    session.add(token)
    flush_unique(session, TokenNameTakenError())
    record(session, _fact(actor, token, "made"))
    return IssuedToken(token=token, secret=secret)


def countersign_token(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, token_id: uuid.UUID
) -> ApiToken:
    """Put a program's token in force.

    Raises:
        NotPermittedError: If the actor is not a controller in person.
        NothingToCountersignError: If there is no such token, or it waits for nothing.
        AttestationError: If it was changed behind our back.
    """
    check_countersigns(actor)
    token = session.get(ApiToken, token_id)
    if token is None or token.countersigned_at is not None or token.revoked_at is not None:
        raise NothingToCountersignError
    attestor.verify(token)
    token.countersigned_by = person(actor)
    token.countersigned_at = clock.now()
    session.flush()
    record(session, _fact(actor, token, "countersigned"))
    return token


def revoke_token(session: Session, clock: Clock, attestor: Attestor, actor: Actor, token_id: uuid.UUID) -> ApiToken:
    """Take a token back; whoever looks after accounts and security may, and everybody their own. Twice is once.

    Raises:
        UnknownTokenError: If there is none, or it is somebody else's.
        AttestationError: If it was changed behind our back.
    """
    token = session.get(ApiToken, token_id)
    if token is None:
        raise UnknownTokenError
    if token.account_id is None or token.account_id != person(actor):
        check_contains(actor)
    attestor.verify(token)
    if token.revoked_at is None:
        token.revoked_by = person(actor)
        token.revoked_at = clock.now()
        session.flush()
        record(session, _fact(actor, token, "revoked"))
    return token


def list_tokens(session: Session, *, after: uuid.UUID | None = None, limit: int = 200) -> Sequence[ApiToken]:
    """Return tokens, revoked ones too, in the order in which they were made."""
    query = select(ApiToken).order_by(ApiToken.id).limit(limit)
    return session.scalars(query if after is None else query.where(ApiToken.id > after)).all()


def own_tokens(session: Session, account_id: uuid.UUID) -> Sequence[ApiToken]:
    """Return a person's own tokens that were not taken back."""
    return session.scalars(
        select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None)).order_by(ApiToken.id)
    ).all()


def is_in_force(token: ApiToken, at: datetime) -> bool:
    """Say whether a token opens anything at this moment."""
    expired = token.expires_at is not None and token.expires_at <= at
    return token.countersigned_at is not None and token.revoked_at is None and not expired


def _check_may_add(actor: Actor, command: NewToken) -> None:
    if not command.own:
        check_administers(actor)
    elif person(actor) is None or actor.token is not None:
        # A token that could make another of its kind would never end.
        raise NotPermittedError(needed=phrase("a person, signed in"))
    elif command.role not in actor.roles:
        raise RoleNotHeldError(role=command.role)


def _end_of(command: NewToken, now: datetime) -> datetime | None:
    if command.expires_at is not None and command.expires_at <= now:
        raise EndsInThePastError
    if command.own:
        return command.expires_at
    if command.expires_at is None:
        return now + timedelta(days=DEFAULT_DAYS)
    if command.expires_at > now + timedelta(days=MAX_DAYS):
        raise TokenTooLongError(limit_days=MAX_DAYS)
    return command.expires_at


def _live_by_name(session: Session, name: str) -> uuid.UUID | None:
    return session.scalar(select(ApiToken.id).where(ApiToken.name == name, ApiToken.revoked_at.is_(None)))


def _fact(actor: Actor, token: ApiToken, verb: str) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=actor,
        object_type=TOKEN,
        object_id=str(token.id),
        details={
            "verb": verb,
            "role": token.role.value,
            "own": token.account_id is not None,
            "in_force": token.countersigned_at is not None and token.revoked_at is None,
        },
    )
