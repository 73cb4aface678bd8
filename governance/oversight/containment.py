"""Containment: an account that may be lost is closed within a minute, with everything that acts in its name.

It closes and opens nothing: sessions end, the account's own tokens are taken back, and its roles reach nothing. Only
the last controller's account stays open, for nobody could ever open the house again: what acts in its name ends all
the same, and its holder signs in anew. Opening again is for whoever looks after accounts. GDPR Art. 32(1)(b),
33(3)(d): the measures taken are part of a notification, so who closed what, when and on what ground is kept as
evidence. The ground is chosen, not written: free words in the log could speak of people.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import AccountInUseError, NotPermittedError
from governance.identity.models import Account, ApiToken, RoleAssignment, SignInSession
from governance.identity.permissions import check_contains, person
from governance.identity.service import (
    called,
    disable_account,
    live_assignments,
    open_sessions,
    own_tokens,
    revoke_token,
)
from governance.identity.service.sessions import close_sessions_of
from governance.ids import IdSource
from governance.oversight.errors import OwnAccountError, UnknownHolderError
from governance.vault.attest import Attestor


class Ground(StrEnum):
    """Why something is contained."""

    STOLEN_SECRET = "stolen-secret"  # noqa: S105 -- the name of a ground
    LOST_DEVICE = "lost-device"
    UNUSUAL_VOLUME = "unusual-volume"
    REFUSALS = "refusals"
    DEPARTURE = "departure"
    PRECAUTION = "precaution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contain:
    """An account or a token to close.

    Attributes:
        programs: Take back the tokens of programs that the account made, too.
    """

    holder_id: uuid.UUID
    ground: Ground
    programs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account, or the token of a program, and all that it holds.

    Attributes:
        tokens: The account's own tokens.
        made: The tokens of programs that the account made and that still open something.
        sessions: How many devices it is signed in on.
        closed_at: Since when it opens nothing.
    """

    id: uuid.UUID
    name: str
    account: Account | None
    token: ApiToken | None
    roles: list[RoleAssignment]
    tokens: list[ApiToken]
    made: list[ApiToken]
    sessions: list[SignInSession]
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """What was closed.

    Attributes:
        kept_open: The account itself is not closed, since it is the last controller's.
    """

    holder_id: uuid.UUID
    sessions: int
    tokens: int
    kept_open: bool = False


def holder_of(session: Session, clock: Clock, holder_id: uuid.UUID) -> Holder:
    """Return who acts under an identifier of the log, and what they hold.

    Raises:
        UnknownHolderError: If it is neither an account nor a token.
    """
    account = session.get(Account, holder_id)
    if account is None:
        return _program(session, holder_id)
    return Holder(
        id=account.id,
        name=called(session, [account.id])[account.id],
        account=account,
        token=None,
        roles=list(live_assignments(session, account.id)),
        tokens=list(own_tokens(session, account.id)),
        made=_made_by(session, account.id),
        sessions=list(open_sessions(session, clock, account.id)),
        closed_at=account.disabled_at,
    )


def contain(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, command: Contain
) -> Contained:
    """Close an account with its sessions and tokens, or take back the token of a program. Twice is once.

    The last controller's sessions, tokens and links are closed, and the account stays open.

    Raises:
        NotPermittedError: If the actor is neither of security nor looks after accounts, in person.
        UnknownHolderError: If it is neither an account nor a token.
        OwnAccountError: If it is the actor's own account.
        AttestationError: If something on the way was altered outside Égide.
    """
    check_contains(actor)
    if person(actor) is None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    if command.holder_id == person(actor):
        raise OwnAccountError
    holder = holder_of(session, clock, command.holder_id)
    tokens = [*holder.tokens, *(holder.made if command.programs else ())]
    if holder.token is not None and holder.closed_at is None:
        tokens.append(holder.token)
    for token in tokens:
        revoke_token(session, clock, attestor, actor, token.id)
    kept_open = holder.account is not None and not _close(session, clock, ids, attestor, actor, holder.account)
    done = Contained(holder_id=holder.id, sessions=len(holder.sessions), tokens=len(tokens), kept_open=kept_open)
    record(session, _fact(actor, holder, command, done))
    return done


def _close(session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, account: Account) -> bool:
    """Close an account, or all that is open of it where the house needs it; say whether it is closed."""
    try:
        # Refused before anything of it is changed.
        disable_account(session, clock, ids, attestor, actor, account.id)
    except AccountInUseError:
        close_sessions_of(session, clock, attestor, account.id)
        # One-time links of before open nothing any more either.
        account.credentials_revision += 1
        session.flush()
        return False
    return True


def _program(session: Session, token_id: uuid.UUID) -> Holder:
    token = session.get(ApiToken, token_id)
    if token is None:
        raise UnknownHolderError
    return Holder(
        id=token.id,
        name=token.name,
        account=None,
        token=token,
        roles=[],
        tokens=[],
        made=[],
        sessions=[],
        closed_at=token.revoked_at,
    )


def _made_by(session: Session, account_id: uuid.UUID) -> list[ApiToken]:
    made = select(ApiToken).where(
        ApiToken.made_by == account_id, ApiToken.account_id.is_(None), ApiToken.revoked_at.is_(None)
    )
    return list(session.scalars(made.order_by(ApiToken.id)))


def _fact(actor: Actor, holder: Holder, command: Contain, done: Contained) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.DECIDE,
        actor=actor,
        object_type="account" if holder.token is None else "token",
        object_id=str(holder.id),
        details={
            "verb": "contained",
            "ground": command.ground.value,
            "sessions": done.sessions,
            "tokens": done.tokens,
            "kept_open": done.kept_open,
        },
    )
