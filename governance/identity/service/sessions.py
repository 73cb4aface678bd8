"""Sessions of people who signed in: opened, listed, closed; and the note of when a session or a token was last used."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.bearer import Secret, hash_secret, new_secret
from governance.identity.errors import NotPermittedError, UnknownSessionError
from governance.identity.factors.models import PasskeyChallenge
from governance.identity.models import (
    ADDRESS_LENGTH,
    AGENT_LENGTH,
    Account,
    FailedSignIns,
    LastUse,
    OneTimeLink,
    SignInMethod,
    SignInSession,
)
from governance.identity.permissions import check_administers, person
from governance.ids import IdSource
from governance.vault.attest import Attestor

SESSION: Final = "session"
# OWASP ASVS 5.0, 7.3.1 and 7.3.2: a session ends after a time without use, and after a time at all.
IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
# Ended sessions, links and failures are of no use to anybody later; the log says what happened.
_KEPT: Final = timedelta(days=7)
_RESOLUTION: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session to open for somebody who has just shown who they are.

    Attributes:
        agent: What the browser calls itself, so that a person recognises their devices.
    """

    method: SignInMethod
    address: str | None
    agent: str = ""
    second_factor_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session just opened. Its secret goes into the cookie and is kept nowhere."""

    session_id: uuid.UUID
    account: Account
    secret: Secret = field(repr=False)
    expires_at: datetime


def open_session(
    session: Session, clock: Clock, ids: IdSource, account: Account, actor: Actor, command: NewSession
) -> OpenedSession:
    """Open a session, always under a new secret, so that nobody can fix it beforehand."""
    now = clock.now()
    secret = new_secret()
    opened = SignInSession(
        id=ids.new(),
        account_id=account.id,
        secret_hash=hash_secret(secret),
        credentials_revision=account.credentials_revision,
        method=command.method,
        address=None if command.address is None else command.address[:ADDRESS_LENGTH],
        agent=command.agent[:AGENT_LENGTH],
        opened_at=now,
        expires_at=now + ABSOLUTE,
        first_factor_at=now,
        second_factor_at=command.second_factor_at,
    )
    session.add(opened)
    session.flush()
    note_use(session, opened.id, now)
    # A session is forgotten after a while; when a person last signed in is not.
    note_use(session, account.id, now)
    _forget_ended(session, now)
    record(session, _fact(Action.SIGN_IN, actor, opened))
    return OpenedSession(session_id=opened.id, account=account, secret=secret, expires_at=opened.expires_at)


def close_session(session: Session, clock: Clock, attestor: Attestor, actor: Actor, session_id: uuid.UUID) -> None:
    """Close a session: one's own, or anybody's for whoever looks after accounts. Twice is once.

    Raises:
        UnknownSessionError: If there is none.
        NotPermittedError: If it is somebody else's.
        AttestationError: If it was changed behind our back.
    """
    found = session.get(SignInSession, session_id)
    if found is None:
        raise UnknownSessionError
    if found.account_id != person(actor):
        check_administers(actor)
    attestor.verify(found)
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        session.flush()
        record(session, _fact(Action.SIGN_OUT, actor, found))


def close_other_sessions(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, here: uuid.UUID | None
) -> int:
    """Close every session of one's own but this one, and return how many.

    Raises:
        NotPermittedError: If the actor is no person.
        AttestationError: If one was changed behind our back.
    """
    account_id = person(actor)
    if account_id is None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    others = [found for found in open_sessions(session, clock, account_id) if found.id != here]
    for found in others:
        close_session(session, clock, attestor, actor, found.id)
    return len(others)


def close_sessions_of(
    session: Session, clock: Clock, attestor: Attestor, account_id: uuid.UUID, *, keep: uuid.UUID | None = None
) -> int:
    """Close a person's sessions but one, and return how many; whoever calls it records why.

    Raises:
        AttestationError: If one was changed behind our back.
    """
    others = [found for found in open_sessions(session, clock, account_id) if found.id != keep]
    for found in others:
        attestor.verify(found)
        found.revoked_at = clock.now()
    session.flush()
    return len(others)


def renew_session(
    session: Session, attestor: Attestor, session_id: uuid.UUID, **shown_at: datetime
) -> tuple[SignInSession, Secret]:
    """Carry a session on under a new secret, since what it may open has grown.

    Whoever knew the old secret, or set it beforehand, is left outside.

    Args:
        session: The session of the database.
        attestor: What says whether the row was altered.
        session_id: The session of the person.
        shown_at: `first_factor_at` or `second_factor_at`, now.

    Raises:
        UnknownSessionError: If it is there no more, or is of credentials that are no longer in force.
        AttestationError: If it was changed behind our back.
    """
    # The account before the session, as everybody takes them: its credentials stay as they are until this is committed.
    account = session.scalar(
        select(Account)
        .where(Account.id == select(SignInSession.account_id).where(SignInSession.id == session_id).scalar_subquery())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.get(SignInSession, session_id, with_for_update=True, populate_existing=True)
    if account is None or found is None or found.revoked_at is not None:
        raise UnknownSessionError
    attestor.verify(found)
    if found.credentials_revision != account.credentials_revision:
        raise UnknownSessionError
    secret = new_secret()
    found.secret_hash = hash_secret(secret)
    for name, moment in shown_at.items():
        setattr(found, name, moment)
    session.flush()
    return found, secret


def check_still_open(
    session: Session, clock: Clock, attestor: Attestor, session_id: uuid.UUID, account: Account
) -> None:
    """Refuse what a session asked for that is over by now: meanwhile somebody may have set the account anew.

    Args:
        session: The session of the database.
        clock: What time it is.
        attestor: What says whether the row was altered.
        session_id: The session of the person.
        account: Whose it is, held by whoever calls.

    Raises:
        UnknownSessionError: If it is revoked, has ended, or is of credentials that are no longer in force.
        AttestationError: If it was changed behind our back.
    """
    found = session.get(SignInSession, session_id, populate_existing=True)
    if found is None or found.account_id != account.id:
        raise UnknownSessionError
    attestor.verify(found)
    over = found.revoked_at is not None or found.expires_at <= clock.now()
    if over or found.credentials_revision != account.credentials_revision:
        raise UnknownSessionError


def open_sessions(session: Session, clock: Clock, account_id: uuid.UUID) -> Sequence[SignInSession]:
    """Return a person's sessions that still open something, the one used last first."""
    now = clock.now()
    rows = session.execute(
        select(SignInSession, LastUse.used_at)
        .join(Account, Account.id == SignInSession.account_id)
        .outerjoin(LastUse, LastUse.id == SignInSession.id)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.credentials_revision == Account.credentials_revision,
        )
        .order_by(LastUse.used_at.desc(), SignInSession.id.desc())
    )
    return [found for found, used_at in rows if is_open(found, used_at, now)]


def is_open(found: SignInSession, used_at: datetime | None, at: datetime) -> bool:
    """Say whether a session has neither been closed, nor ended, nor been left alone for too long."""
    seen_at = found.opened_at if used_at is None else max(found.opened_at, used_at)
    return found.revoked_at is None and at < found.expires_at and at < seen_at + IDLE


def last_use(session: Session, used_id: uuid.UUID) -> datetime | None:
    """Return when a session or a token was last used, to the minute."""
    found = session.get(LastUse, used_id)
    return None if found is None else found.used_at


def last_uses(session: Session, used_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """Return the same for many, in one query; those never used are left out."""
    query = select(LastUse.id, LastUse.used_at).where(LastUse.id.in_(used_ids))
    return {row.id: row.used_at for row in session.execute(query)}


def needs_note(noted: datetime | None, now: datetime) -> bool:
    """Say whether a use deserves a new note: once a minute is enough."""
    return noted is None or to_the_minute(now) > noted


def note_use(session: Session, used_id: uuid.UUID, now: datetime) -> None:
    """Note that a session or a token was used in this minute."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(LastUse).values(id=used_id, used_at=to_the_minute(now))
    session.execute(
        statement.on_conflict_do_update(index_elements=[LastUse.id], set_={"used_at": statement.excluded.used_at})
    )


def to_the_minute(moment: datetime) -> datetime:
    """Return the minute's beginning: a finer note would be a diary of somebody's day."""
    return moment.replace(second=0, microsecond=0)


def _forget_ended(session: Session, now: datetime) -> None:
    before = now - _KEPT
    ended = select(SignInSession.id).where(SignInSession.expires_at < before)
    session.execute(delete(LastUse).where(LastUse.id.in_(ended)).execution_options(synchronize_session=False))
    for model, moment in (
        (PasskeyChallenge, PasskeyChallenge.expires_at),
        (SignInSession, SignInSession.expires_at),
        (OneTimeLink, OneTimeLink.expires_at),
        (FailedSignIns, FailedSignIns.last_at),
    ):
        session.execute(delete(model).where(moment < before).execution_options(synchronize_session=False))


def _fact(action: Action, actor: Actor, opened: SignInSession) -> Fact:
    return Fact(
        retention=Retention.SECURITY,
        action=action,
        actor=actor,
        object_type=SESSION,
        object_id=str(opened.id),
        details={"method": opened.method.value, "account": str(opened.account_id)},
    )
