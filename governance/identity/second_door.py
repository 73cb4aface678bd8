"""The second door: what somebody half signed in shows, and what somebody signed in confirms. It runs the transactions.

1. The attempt is counted as a failure, and committed (`lockout`); the challenge of a passkey is taken with it, so that
   it is answered once, whatever the answer is worth.
2. A password is checked outside any transaction, for it takes a tenth of a second on purpose.
3. The proof is checked and spent, the failures are forgotten, the session goes on under a new secret, and that is
   recorded, in one transaction. A failure is rolled back, and then recorded.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.log import Log
from audit.transaction import record, unrecorded
from governance.actor import Actor, ActorKind
from governance.clock import Clock
from governance.database import Database
from governance.identity.bearer import Secret
from governance.identity.errors import (
    ConfirmationsSpentError,
    PasskeyRefusedError,
    PasswordRefusedError,
    SecondFactorRefusedError,
)
from governance.identity.factors.ceremony import RelyingParty
from governance.identity.factors.models import ChallengePurpose
from governance.identity.letters import Letter, tell
from governance.identity.lockout import MOST_CONFIRMATIONS, Attempt, count_attempt, forget_failures
from governance.identity.models import Account, SecondFactorState
from governance.identity.passwords import PasswordHasher
from governance.identity.service.accounts import account_by_id, change_password, prepare_password
from governance.identity.service.factors import FactorKind, locked_account, use_recovery_code
from governance.identity.service.passkeys import (
    AddPasskey,
    PasskeyDesk,
    add_passkey,
    ask_passkey,
    take_challenge,
    use_passkey,
)
from governance.identity.service.sessions import (
    SESSION,
    check_still_open,
    close_session,
    close_sessions_of,
    renew_session,
)
from governance.identity.service.totp import AddTotp, DraftTotp, add_totp, draft_totp, reopen_draft, use_totp
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues

_PASSWORD: Final = "password"  # noqa: S105 -- the name of a method


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody's session, half signed in or wholly.

    Attributes:
        actor: The person; half signed in, without roles.
    """

    session_id: uuid.UUID
    account_id: uuid.UUID
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeShown:
    """A code of an authenticator app."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeShown:
    """A recovery code."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyShown:
    """The answer of a passkey to the session's challenge."""

    credential: Mapping[str, Any] = field(repr=False)


Proof = CodeShown | RecoveryCodeShown | PasskeyShown
_METHODS: Final[Mapping[type, str]] = {
    CodeShown: FactorKind.TOTP.value,
    RecoveryCodeShown: FactorKind.RECOVERY_CODE.value,
    PasskeyShown: FactorKind.PASSKEY.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A second factor added: the session has shown it, and goes on under a new secret.

    Attributes:
        recovery_codes: Where it is the first one.
    """

    secret: Secret = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondDoorParts:
    """What the second door works with."""

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    attestor: Attestor = field(repr=False)
    log: Log = field(repr=False)
    hasher: PasswordHasher = field(repr=False)
    seal: SealedValues = field(repr=False)
    party: RelyingParty


class SecondDoor:
    """Takes second factors into use and asks for them."""

    def __init__(self, parts: SecondDoorParts) -> None:
        """Keep what it works with."""
        self._parts: Final = parts
        self._desk: Final = PasskeyDesk(clock=parts.clock, ids=parts.ids, attestor=parts.attestor, party=parts.party)

    @property
    def passkeys_possible(self) -> bool:
        """Whether browsers make passkeys for our address."""
        return self._parts.party.possible

    def show(self, visit: Visit, proof: Proof) -> Secret:
        """Take a second factor, and return the session's new secret.

        Raises:
            SignInLockedError: If there were too many failures.
            SecondFactorRefusedError: If the code is not right.
            PasskeyRefusedError: If the passkey's answer does not hold.
            AttestationError: If a row on the way was changed behind our back.
        """
        challenge = self._count(visit, proof)
        try:
            with self._parts.database.write() as session:
                copied = self._spend(session, visit, proof, challenge)
                if not copied:
                    return self._carry_on(session, visit, _METHODS[type(proof)])
        except (SecondFactorRefusedError, PasskeyRefusedError):
            self._record_failure(visit, _METHODS[type(proof)])
            raise
        self._record_failure(visit, _METHODS[type(proof)])
        raise PasskeyRefusedError

    def confirm_password(self, visit: Visit, password: str) -> Secret:
        """Take the password again, of somebody who has no second factor, and return the session's new secret.

        Raises:
            SignInLockedError: If there were too many failures.
            ConfirmationsSpentError: If this was one too many; the session is closed.
            PasswordRefusedError: If it is not right, or the person has a second factor to show.
            AttestationError: If a row on the way was changed behind our back.
        """
        account = self._check_password(visit, password)
        with self._parts.database.write() as session:
            current = self._still(session, account)
            if current.second_factor is SecondFactorState.ENROLLED:
                raise PasswordRefusedError
            forget_failures(session, self._parts.attestor, str(visit.session_id), Attempt.CONFIRMATION)
            renewed = renew_session(
                session, self._parts.attestor, visit.session_id, first_factor_at=self._parts.clock.now()
            )
            record(session, _fact(visit, _PASSWORD, Outcome.DONE))
            return renewed[1]

    def change_password(self, visit: Visit, current: str, new: str) -> Secret:
        """Give a person another password: every other session closes, their own goes on under a new secret.

        Raises:
            SignInLockedError: If there were too many failures.
            ConfirmationsSpentError: If this was one too many; the session is closed.
            PasswordRefusedError: If the current one is not right.
            WeakPasswordError: If the rules refuse the new one.
            AttestationError: If a row on the way was changed behind our back.
        """
        account = self._check_password(visit, current)
        password_hash = prepare_password(self._parts.hasher, account.email, new)
        parts = self._parts
        with parts.database.write() as session:
            # In the order in which every change of what decides takes its locks.
            parts.attestor.hold_policy_set(session)
            found = self._still(session, account)
            renewed, secret = renew_session(
                session, parts.attestor, visit.session_id, first_factor_at=parts.clock.now()
            )
            close_sessions_of(session, parts.clock, parts.attestor, found.id, keep=visit.session_id)
            change_password(session, parts.attestor, visit.actor, found, password_hash)
            renewed.credentials_revision = found.credentials_revision
            tell(session, parts.ids, parts.clock, found.id, Letter.PASSWORD_CHANGED)
            forget_failures(session, parts.attestor, found.email)
            forget_failures(session, parts.attestor, str(visit.session_id), Attempt.CONFIRMATION)
            return secret

    def ask(self, visit: Visit, purpose: ChallengePurpose) -> dict[str, Any]:
        """Return what the browser is asked for a passkey, under a fresh challenge.

        Raises:
            PasskeysUnavailableError: If no browser would make one for our address.
            PasskeyRefusedError: If there is none to be shown.
            AttestationError: If a row on the way was changed behind our back.
        """
        with self._parts.database.write() as session:
            unrecorded(session, "a challenge says nothing until it is answered")
            account = account_by_id(session, visit.account_id)
            self._parts.attestor.verify(account)
            return ask_passkey(session, self._desk, account, visit.session_id, purpose)

    def draft_totp(self, visit: Visit) -> DraftTotp:
        """Return a new secret for an authenticator app. Changes nothing."""
        with self._parts.database.read() as session:
            return draft_totp(self._parts.ids, self._parts.seal, account_by_id(session, visit.account_id))

    def reopen_draft(self, visit: Visit, factor_id: uuid.UUID, sealed: bytes) -> DraftTotp:
        """Return the draft that a form was drawn with, or a new one in its place. Changes nothing."""
        with self._parts.database.read() as session:
            account = account_by_id(session, visit.account_id)
            return reopen_draft(self._parts.seal, account, factor_id, sealed)

    def add_totp(self, visit: Visit, command: AddTotp) -> Enrolled:
        """Take an authenticator app into use, as `service.totp.add_totp` does."""
        parts = self._parts
        with parts.database.write() as session:
            self._check_still_here(session, visit)
            codes = add_totp(session, parts.clock, parts.attestor, parts.seal, visit.actor, command)
            tell(session, parts.ids, parts.clock, visit.account_id, Letter.FACTOR_ADDED)
            return self._enrolled(session, visit, codes)

    def add_passkey(self, visit: Visit, name: str, credential: Mapping[str, Any]) -> Enrolled:
        """Take a passkey into use, as `service.passkeys.add_passkey` does."""
        with self._parts.database.write() as session:
            unrecorded(session, "a challenge is answered once, whatever the answer is worth")
            challenge = self._take(session, visit, ChallengePurpose.ADD)
        if challenge is None:
            raise PasskeyRefusedError
        command = AddPasskey(account_id=visit.account_id, challenge=challenge, credential=credential, name=name)
        with self._parts.database.write() as session:
            self._check_still_here(session, visit)
            codes = add_passkey(session, self._desk, visit.actor, command)
            tell(session, self._desk.ids, self._desk.clock, visit.account_id, Letter.PASSKEY_ADDED)
            return self._enrolled(session, visit, codes)

    def _check_still_here(self, session: Session, visit: Visit) -> None:
        """Refuse whoever was let in with credentials that somebody has changed since; they stay as they are now."""
        parts = self._parts
        account = locked_account(session, parts.attestor, visit.account_id)
        check_still_open(session, parts.clock, parts.attestor, visit.session_id, account)

    def _enrolled(self, session: Session, visit: Visit, codes: tuple[str, ...]) -> Enrolled:
        now = self._parts.clock.now()
        _, secret = renew_session(session, self._parts.attestor, visit.session_id, second_factor_at=now)
        return Enrolled(secret=secret, recovery_codes=codes)

    def _count(self, visit: Visit, proof: Proof) -> bytes | None:
        parts = self._parts
        with parts.database.write() as session:
            unrecorded(session, "an attempt is recorded when its outcome is known")
            count_attempt(session, parts.clock, parts.attestor, str(visit.account_id), Attempt.SECOND_FACTOR)
            if isinstance(proof, PasskeyShown):
                return self._take(session, visit, ChallengePurpose.SHOW)
            return None

    def _take(self, session: Session, visit: Visit, purpose: ChallengePurpose) -> bytes | None:
        try:
            return take_challenge(session, self._desk, visit.session_id, purpose)
        except PasskeyRefusedError:
            # What was taken stays taken, so the transaction goes on to its commit.
            return None

    def _spend(self, session: Session, visit: Visit, proof: Proof, challenge: bytes | None) -> bool:
        """Check a proof so that it is good once; say whether it is of a passkey that was copied."""
        parts = self._parts
        parts.attestor.verify(account_by_id(session, visit.account_id))
        if isinstance(proof, CodeShown):
            use_totp(session, parts.clock, parts.attestor, parts.seal, visit.account_id, proof.code)
            return False
        if isinstance(proof, RecoveryCodeShown):
            use_recovery_code(session, parts.attestor, visit.account_id, proof.code)
            tell(session, parts.ids, parts.clock, visit.account_id, Letter.RECOVERY_CODE_USED)
            return False
        if challenge is None:
            raise PasskeyRefusedError
        return use_passkey(session, self._desk, visit.actor, proof.credential, challenge).copied

    def _carry_on(self, session: Session, visit: Visit, method: str) -> Secret:
        parts = self._parts
        forget_failures(session, parts.attestor, str(visit.account_id), Attempt.SECOND_FACTOR)
        _, secret = renew_session(session, parts.attestor, visit.session_id, second_factor_at=parts.clock.now())
        record(session, _fact(visit, method, Outcome.DONE))
        return secret

    def _check_password(self, visit: Visit, password: str) -> Account:
        parts = self._parts
        with parts.database.write() as session:
            unrecorded(session, "an attempt is recorded when its outcome is known")
            account = account_by_id(session, visit.account_id)
            parts.attestor.verify(account)
            # Not the count of the first door: a stranger who guesses there would keep somebody from deciding here.
            spent = count_attempt(session, parts.clock, parts.attestor, str(visit.session_id), Attempt.CONFIRMATION)
        if parts.hasher.matches(account.password_hash, password):
            return account
        self._record_failure(visit, _PASSWORD)
        if spent < MOST_CONFIRMATIONS:
            raise PasswordRefusedError
        with parts.database.write() as session:
            close_session(session, parts.clock, parts.attestor, visit.actor, visit.session_id)
        raise ConfirmationsSpentError

    def _still(self, session: Session, checked: Account) -> Account:
        """Return the account as it is now, if its password is still the one that was checked."""
        account = session.get_one(Account, checked.id, with_for_update=True, populate_existing=True)
        self._parts.attestor.verify(account)
        if account.credentials_revision != checked.credentials_revision:
            raise PasswordRefusedError
        return account

    def _record_failure(self, visit: Visit, method: str) -> None:
        self._parts.log.append(_fact(visit, method, Outcome.REFUSED))


def visit_of(actor: Actor, session_id: uuid.UUID) -> Visit | None:
    """Return the visit of a person in a session; None for a program, and for whoever came with a token."""
    if actor.kind is not ActorKind.PERSON or actor.id is None or actor.token is not None:
        return None
    return Visit(session_id=session_id, account_id=actor.id, actor=actor)


def _fact(visit: Visit, method: str, outcome: Outcome) -> Fact:
    return Fact(
        retention=Retention.SECURITY,
        action=Action.SIGN_IN,
        actor=visit.actor,
        object_type=SESSION,
        object_id=str(visit.session_id),
        outcome=outcome,
        details={"method": method, "account": str(visit.account_id), "again": True},
    )
