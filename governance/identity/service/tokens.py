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
from governance.identity.letters import Letter, tell
from governance.identity.models import NAME_LENGTH, ApiToken
from governance.identity.permissions import (
    NOT_FOR_PROGRAMS,
    check_administers,
    check_contains,
    check_countersigns,
    check_for_programs,
    check_not_through_a_token,
    may_countersign,
    person,
)
from governance.identity.service.accounts import account_by_id
from governance.identity.service.second_person import another_will_decide, decides_alone
from governance.identity.service.uniqueness import flush_unique
from governance.ids import IdSource
from governance.vault.attest import Attestor, attestor_of

TOKEN: Final = "token"  # noqa: S105 -- the type of an object in the log
# A program's secret that nobody renews ends.
DEFAULT_DAYS: Final = 365
MAX_DAYS: Final = 400
# A person's own acts without their second factor, so it is renewed more often; most often where it decides.
OWN_DEFAULT_DAYS: Final = 90
OWN_MAX_DAYS_OF_DECIDERS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to make.

    Attributes:
        expires_at: When it ends; None for a year from now for a program's, and for 90 days for a person's own.
        own: The person's own, which acts for them in one of their roles; otherwise a program's.
    """

    name: str
    role: Role
    expires_at: datetime | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token just made, or just put in force. Its secret is shown once and kept nowhere.

    Attributes:
        secret: Empty while it waits for the controller, who will get it.
    """

    token: ApiToken
    secret: Secret = field(repr=False)


def add_token(session: Session, clock: Clock, ids: IdSource, actor: Actor, command: NewToken) -> IssuedToken:
    """Make a token.

    A program's token made by anybody but a controller waits for a controller's countersignature, and that of a
    controller for the other one where there is one: until then it has no secret, so that nobody knows beforehand what
    the countersignature puts in force. A person's own token needs none: it never gives more than the person holds.

    Raises:
        NotPermittedError: If the actor may not make it, or acts through a token.
        RoleNotForProgramsError: If it is a program's, in a role in which only people act.
        RoleNotHeldError: If it is a person's own, in a role that they do not hold.
        EndsInThePastError: If it would have expired already.
        TokenTooLongError: If it would last longer than one may.
        TokenNameTakenError: If a live token has this name.
    """
    _check_may_add(actor, command)
    now = clock.now()
    expires_at = _end_of(command, now)
    name = command.name.strip()[:NAME_LENGTH]
    if _live_by_name(session, name) is not None:
        raise TokenNameTakenError
    maker = person(actor)
    alone = not command.own and may_countersign(actor)
    confirmed = command.own or (alone and maker is not None and not another_will_decide(session, maker, now))
    secret = new_secret(TOKEN_PREFIX) if confirmed else Secret("")
    token = ApiToken(
        id=ids.new(),
        name=name,
        role=command.role,
        account_id=maker if command.own else None,
        secret_hash=hash_secret(secret) if confirmed else None,
        credentials_revision=_revision(session, maker) if command.own and maker is not None else 0,
        in_conflict=alone and confirmed,
        made_by=maker,
        made_at=now,
        expires_at=expires_at,
        countersigned_by=maker if confirmed and may_countersign(actor) else None,
        countersigned_at=now if confirmed else None,
    )
    session.add(token)
    flush_unique(session, TokenNameTakenError())
    if token.account_id is not None:
        tell(session, ids, clock, token.account_id, Letter.OWN_TOKEN_ADDED)
    record(session, _fact(actor, token, "made"))
    return IssuedToken(token=token, secret=secret)


def countersign_token(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, token_id: uuid.UUID
) -> IssuedToken:
    """Put a program's token in force, and give it its secret, which whoever asked for it never sees.

    Raises:
        NotPermittedError: If the actor is not a controller in person, or acts through a token.
        AnotherControllerNeededError: If they made it, or an account that they made or whoever named them did, and
            another controller could.
        NothingToCountersignError: If there is no such token, or it waits for nothing.
        AttestationError: If it was changed behind our back.
    """
    check_countersigns(actor)
    check_not_through_a_token(actor)
    token = session.get(ApiToken, token_id)
    if token is None or token.countersigned_at is not None or token.revoked_at is not None:
        raise NothingToCountersignError
    attestor.verify(token)
    now = clock.now()
    if token.made_by is not None:
        token.in_conflict = decides_alone(session, person(actor), token.made_by, now, made=True)
    secret = new_secret(TOKEN_PREFIX)
    token.secret_hash = hash_secret(secret)
    token.countersigned_by = person(actor)
    token.countersigned_at = now
    session.flush()
    record(session, _fact(actor, token, "countersigned"))
    return IssuedToken(token=token, secret=secret)


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
    whole = token.countersigned_at is not None and token.secret_hash is not None
    return whole and token.revoked_at is None and not expired


def most_days(role: Role, *, own: bool) -> int:
    """Return how long a token may last."""
    return OWN_MAX_DAYS_OF_DECIDERS if own and role in NOT_FOR_PROGRAMS else MAX_DAYS


def _check_may_add(actor: Actor, command: NewToken) -> None:
    check_not_through_a_token(actor)
    if command.own and actor.token is not None:
        # A token that could make another of its kind would never end, in a terminal either.
        raise NotPermittedError(needed=phrase("a person, signed in"))
    if not command.own:
        check_administers(actor)
        check_for_programs(command.role)
    elif person(actor) is None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    elif command.role not in actor.roles:
        raise RoleNotHeldError(role=command.role)


def _end_of(command: NewToken, now: datetime) -> datetime:
    if command.expires_at is not None and command.expires_at <= now:
        raise EndsInThePastError
    if command.expires_at is None:
        return now + timedelta(days=OWN_DEFAULT_DAYS if command.own else DEFAULT_DAYS)
    limit = most_days(command.role, own=command.own)
    if command.expires_at > now + timedelta(days=limit):
        raise TokenTooLongError(limit_days=limit)
    return command.expires_at


def _revision(session: Session, account_id: uuid.UUID) -> int:
    account = account_by_id(session, account_id)
    attestor_of(session).verify(account)
    return account.credentials_revision


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
