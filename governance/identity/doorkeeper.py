"""The doorkeeper: who comes in, and under which name. It runs the transactions of signing in, which are several.

1. The attempt is counted as a failure, and committed (`lockout`).
2. The password is checked outside any transaction, for it takes a tenth of a second on purpose. An account that does
   not exist, is disabled, or was altered behind our back costs the same work and gets the same answer.
3. A failure is recorded in the log; a success forgets the failures, opens a session and records that, in one
   transaction.
"""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind
from governance.clock import Clock
from governance.database import Database
from governance.identity.errors import (
    CredentialsRefusedError,
    InvalidEmailError,
    SignInLockedError,
    TokenRefusedError,
    UnknownSessionError,
)
from governance.identity.known_devices import knows, remembering, shown
from governance.identity.lockout import Attempt, count_attempt, forget_failures
from governance.identity.models import EMAIL_LENGTH, Account, SignInMethod
from governance.identity.passwords import PasswordHasher
from governance.identity.service.accounts import (
    PasswordHash,
    is_usable,
    normalise_email,
    prepare_password,
)
from governance.identity.service.actors import Admission, admit_by_session, admit_by_token
from governance.identity.service.facts import ACCOUNT
from governance.identity.service.freshness import Present, check_confirmed_anew
from governance.identity.service.links import AcceptLink, OpenedLink, accept_link, open_link
from governance.identity.service.sessions import NewSession, OpenedSession, needs_note, note_use, open_session
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The sign-in form, sent.

    Attributes:
        device: The cookie by which the browser may be known.
    """

    email: str = field(repr=False)
    password: str = field(repr=False)
    address: str | None = None
    agent: str = ""
    device: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLink:
    """The form behind a one-time link, sent."""

    secret: str = field(repr=False)
    email: str = field(repr=False)
    password: str = field(repr=False)
    locale: str = "fr"
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """Who somebody claims to be, as far as it can be told without the password.

    Attributes:
        counted: Under what the attempt was counted.
    """

    email: str = field(repr=False)
    counted: "_Count | None" = field(repr=False, default=None)
    account_id: uuid.UUID | None = None
    password_hash: str | None = field(repr=False, default=None)
    credentials_revision: int = 0
    altered: bool = False


@dataclass(frozen=True, slots=True)
class _Count:
    whose: str = field(repr=False)
    attempt: Attempt


class Doorkeeper:
    """Signs people in, and tells who a session or a token belongs to."""

    def __init__(
        self, *, database: Database, clock: Clock, ids: IdSource, attestor: Attestor, log: Log, hasher: PasswordHasher
    ) -> None:
        """Keep what signing in needs."""
        self._database: Final = database
        self._clock: Final = clock
        self._ids: Final = ids
        self._attestor: Final = attestor
        self._log: Final = log
        self._hasher: Final = hasher

    def sign_in(self, command: SignIn) -> OpenedSession:
        """Open a session for whoever knows the password.

        Raises:
            SignInLockedError: If there were too many failures for this address, known or not, and on this device.
            CredentialsRefusedError: If the address or the password is not right; which, is not told.
        """
        claim = self._count_and_look_up(_written_email(command.email), command.device)
        right = self._hasher.matches(claim.password_hash, command.password)
        opened = self._let_in(claim, command) if right else None
        if opened is None:
            self._record_failure(claim, command.address)
            raise CredentialsRefusedError
        return opened

    def look_at_link(self, secret: str) -> OpenedLink:
        """Return what a one-time link is for. Changes nothing.

        Raises:
            LinkRefusedError: If it is unknown, expired or used.
            AttestationError: If a row on the way was changed behind our back.
        """
        with self._database.read() as session:
            return open_link(session, self._clock, self._attestor, secret)

    def use_link(self, command: UseLink) -> Account:
        """Do what a one-time link is for, once.

        Raises:
            LinkRefusedError: If it is unknown, expired or used.
            WeakPasswordError: If the rules refuse the password.
            InvalidEmailError: If the first administrator's e-mail cannot be one.
            EmailTakenError: If an account has it.
            AttestationError: If a row on the way was changed behind our back.
        """
        email = self.look_at_link(command.secret).email or normalise_email(command.email)
        password_hash = prepare_password(self._hasher, email, command.password)
        accept = AcceptLink(
            secret=command.secret,
            email=email,
            password_hash=password_hash,
            locale=command.locale,
            address=command.address,
        )
        with self._database.write() as session:
            return accept_link(session, self._clock, self._ids, self._attestor, accept)

    def by_session(self, secret: str, address: str | None) -> Admission | None:
        """Return who holds a session's secret, and note the use; None where the session is not in force.

        Raises:
            AttestationError: If a row on the way was changed behind our back.
        """
        try:
            with self._database.read() as session:
                admission = admit_by_session(session, self._clock, self._attestor, secret, address=address)
        except UnknownSessionError:
            return None
        self._note(admission)
        return admission

    def by_token(self, secret: str, address: str | None) -> Admission | None:
        """Return who holds a token, and note the use; None where the token is not in force.

        Raises:
            AttestationError: If a row on the way was changed behind our back.
        """
        try:
            with self._database.read() as session:
                admission = admit_by_token(session, self._clock, self._attestor, secret, address=address)
        except TokenRefusedError:
            return None
        self._note(admission)
        return admission

    def check_confirmed_anew(self, admission: Present) -> None:
        """Refuse whoever may not decide something grave now.

        Raises:
            NotPermittedError: If it is a program, or a person through a token.
            FreshSecondFactorNeededError: If they did not show a short time ago who they are.
        """
        check_confirmed_anew(admission, self._clock.now())

    def device_of(self, secret: str, cookie: str) -> str | None:
        """Return the cookie by which the device is known on which somebody signed in; None while they are half in.

        Args:
            secret: The session's.
            cookie: The one that the device has.

        Raises:
            UnknownSessionError: If the session is not in force.
            AttestationError: If a row on the way was changed behind our back.
        """
        with self._database.read() as session:
            admission = admit_by_session(session, self._clock, self._attestor, secret)
            if admission.pending:
                return None
            account = session.get_one(Account, admission.actor.id)
            return remembering(self._attestor, shown(cookie), account.id, account.credentials_revision)

    def _count_and_look_up(self, email: str, device: str) -> _Claim:
        with self._database.write() as session:
            unrecorded(session, "an attempt is recorded when its outcome is known")
            counted = self._count(session, email, device)
            return replace(self._claim(session, email, self._clock.now()), counted=counted)

    def _count(self, session: Session, email: str, device: str) -> _Count:
        """Count an attempt: on a device known to the account by itself, and with all the others once it has to wait."""
        known = self._known(session, email, device)
        if known is not None:
            try:
                count_attempt(session, self._clock, self._attestor, known.whose, known.attempt)
            except SignInLockedError:
                known = None
        if known is not None:
            return known
        count_attempt(session, self._clock, self._attestor, email)
        return _Count(email, Attempt.SIGN_IN)

    def _known(self, session: Session, email: str, cookie: str) -> _Count | None:
        device = shown(cookie)
        if device is None:
            return None
        row = session.execute(select(Account.id, Account.credentials_revision).where(Account.email == email)).first()
        # The same work for an address that nobody has.
        account_id, revision = (uuid.UUID(int=0), 0) if row is None else (row[0], row[1])
        known = knows(self._attestor, device, account_id, revision)
        return _Count(f"{device.name.hex()}:{account_id}", Attempt.KNOWN_DEVICE) if known else None

    def _claim(self, session: Session, email: str, now: datetime) -> _Claim:
        account = session.scalar(select(Account).where(Account.email == email))
        if account is None:
            return _Claim(email=email)
        try:
            self._attestor.verify(account)
        except AttestationError:
            return _Claim(email=email, account_id=account.id, altered=True)
        return _Claim(
            email=email,
            account_id=account.id,
            password_hash=account.password_hash if is_usable(account, now) else None,
            credentials_revision=account.credentials_revision,
        )

    def _record_failure(self, claim: _Claim, address: str | None) -> None:
        actor = Actor(kind=ActorKind.PERSON, id=claim.account_id, roles=frozenset(), address=address)
        self._log.append(
            Fact(
                retention=Retention.SECURITY,
                action=Action.SIGN_IN,
                actor=actor,
                object_type=ACCOUNT,
                object_id=None if claim.account_id is None else str(claim.account_id),
                outcome=Outcome.REFUSED,
                details={"method": SignInMethod.PASSWORD.value, "altered": claim.altered},
            )
        )

    def _let_in(self, claim: _Claim, command: SignIn) -> OpenedSession | None:
        again = self._hash_again(claim, command.password)
        with self._database.write() as session:
            account = session.get_one(Account, claim.account_id)
            self._attestor.verify(account)
            # Between the check of the password and now it may have been changed, or the account disabled.
            if not is_usable(account, self._clock.now()) or account.credentials_revision != claim.credentials_revision:
                return None
            if again is not None:
                account.password_hash = again
            actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset(), address=command.address)
            new = NewSession(method=SignInMethod.PASSWORD, address=command.address, agent=command.agent)
            opened = open_session(session, self._clock, self._ids, account, actor, new)
            # After the session, which waits for whoever holds the account: they forget the failures too, once they do.
            if claim.counted is not None:
                forget_failures(session, self._attestor, claim.counted.whose, claim.counted.attempt)
            return opened

    def _hash_again(self, claim: _Claim, password: str) -> PasswordHash | None:
        """Return the hash at today's cost, where the stored one was made at another."""
        if claim.password_hash is None or not self._hasher.is_outdated(claim.password_hash):
            return None
        return PasswordHash(self._hasher.hash(password))

    def _note(self, admission: Admission) -> None:
        now = self._clock.now()
        if needs_note(admission.used_at, now):
            with self._database.write() as session:
                unrecorded(session, "the last use of a session or token, to the minute")
                note_use(session, admission.reference, now)


def _written_email(written: str) -> str:
    try:
        return normalise_email(written)
    except InvalidEmailError:
        # Not an address, so nobody's; it is counted and answered like any other that nobody has.
        return written.encode("utf-8", "replace").decode().strip().lower()[:EMAIL_LENGTH]
