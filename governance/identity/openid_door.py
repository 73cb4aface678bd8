"""The door of the provider: there, back, and in. It runs the transactions, and asks the provider outside any of them.

1. An answer is taken once: its state is written down, and committed, before anything is asked.
2. The code is exchanged and the ID token checked, with no transaction open: the provider may be slow.
3. The account is found or linked, its roles follow the provider's groups, the session is opened and all of that
   recorded, in one transaction. A failure is recorded by itself.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from audit.entries import Action, Fact, Outcome, Retention
from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind
from governance.clock import Clock
from governance.database import Database
from governance.identity.bearer import Secret, new_secret
from governance.identity.errors import OpenIdRefusedError, OpenIdTakenError, OpenIdUnknownError, UnknownSessionError
from governance.identity.models import SignInMethod
from governance.identity.openid.attempt import LASTS, Attempt
from governance.identity.openid.identity import ProvidedIdentity
from governance.identity.openid.models import AnsweredState
from governance.identity.openid.provider import Answer, Provider
from governance.identity.service.factors import locked_account
from governance.identity.service.facts import ACCOUNT
from governance.identity.service.openid import account_of_identity, counts_as_second_factor, link_identity
from governance.identity.service.proposals import Groups, follow_groups
from governance.identity.service.sessions import NewSession, OpenedSession, check_still_open, open_session
from governance.ids import IdSource
from governance.settings import OpenIdSettings
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeBack:
    """A browser that came back, with the secret that it left with."""

    secret: str = field(repr=False)
    answer: Answer
    address: str | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorParts:
    """What the door is made of."""

    database: Database
    clock: Clock
    ids: IdSource
    attestor: Attestor
    log: Log
    settings: OpenIdSettings
    return_address: str


class OpenIdDoor:
    """Signs people in through the provider, and links their identity there to their account here."""

    def __init__(self, parts: DoorParts) -> None:
        """Ask the provider nothing yet."""
        self._parts: Final = parts
        self._provider: Final = Provider(parts.settings, parts.return_address, parts.clock)

    def leave(self) -> tuple[Secret, str]:
        """Return the secret that the browser keeps, and where it goes.

        Raises:
            OpenIdUnavailableError: If the provider cannot be asked.
        """
        secret = new_secret()
        return secret, self._provider.address_of(Attempt(secret))

    def come_in(self, command: ComeBack) -> OpenedSession:
        """Open a session for whoever the provider says has come.

        Raises:
            OpenIdRefusedError: If the answer does not hold, or was taken already.
            OpenIdUnknownError: If it opens no account.
            OpenIdUnavailableError: If the provider cannot be asked.
            AttestationError: If a row on the way was changed behind our back.
        """
        try:
            identity = self._identify(command)
            return self._open(command, identity)
        except (OpenIdRefusedError, OpenIdUnknownError, OpenIdTakenError):
            self._record_failure(command)
            raise

    def link(self, command: ComeBack, account_id: uuid.UUID, session_id: uuid.UUID) -> None:
        """Link the identity that has come back to the account of whoever is signed in.

        Raises:
            OpenIdRefusedError: If the answer does not hold, was taken already, or the session ended meanwhile.
            OpenIdTakenError: If the identity opens an account already, or the account is opened by another.
            OpenIdUnavailableError: If the provider cannot be asked.
        """
        identity = self._identify(command)
        with self._parts.database.write() as session:
            parts = self._parts
            # The provider may have been slow: an account that was set anew meanwhile has nothing linked from before.
            account = locked_account(session, parts.attestor, account_id)
            try:
                check_still_open(session, parts.clock, parts.attestor, session_id, account)
            except UnknownSessionError:
                raise OpenIdRefusedError from None
            link_identity(session, parts.clock, parts.ids, parts.attestor, account_id, identity)

    def _identify(self, command: ComeBack) -> ProvidedIdentity:
        self._take_once(command.answer.state)
        return self._provider.identify(command.answer, Attempt(command.secret))

    def _take_once(self, state: str) -> None:
        """Write an answer down, or refuse one that was taken before."""
        now = self._parts.clock.now()
        with self._parts.database.write() as session:
            unrecorded(session, "an answer is recorded with what it leads to")
            session.execute(delete(AnsweredState).where(AnsweredState.expires_at <= now))
            insert = sqlite.insert if self._parts.database.dialect == "sqlite" else postgresql.insert
            state_hash = hashlib.sha256(state.encode("utf-8", "surrogatepass")).digest()
            taken = session.execute(
                insert(AnsweredState)
                .values(state_hash=state_hash, expires_at=now + 2 * LASTS)
                .on_conflict_do_nothing()
                .returning(AnsweredState.state_hash)
            ).first()
        if taken is None:
            raise OpenIdRefusedError

    def _open(self, command: ComeBack, identity: ProvidedIdentity) -> OpenedSession:
        parts = self._parts
        with parts.database.write() as session:
            account = account_of_identity(session, parts.clock, parts.ids, parts.attestor, identity)
            groups = Groups(named=identity.groups, roles=parts.settings.roles)
            follow_groups(session, parts.clock, parts.ids, parts.attestor, account, groups)
            actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset(), address=command.address)
            counts = counts_as_second_factor(session, account, identity)
            new = NewSession(
                method=SignInMethod.OPENID,
                address=command.address,
                agent=command.agent,
                second_factor_at=parts.clock.now() if counts else None,
            )
            return open_session(session, parts.clock, parts.ids, account, actor, new)

    def _record_failure(self, command: ComeBack) -> None:
        self._parts.log.append(
            Fact(
                retention=Retention.SECURITY,
                action=Action.SIGN_IN,
                actor=Actor(kind=ActorKind.PERSON, id=None, roles=frozenset(), address=command.address),
                object_type=ACCOUNT,
                outcome=Outcome.REFUSED,
                details={"method": SignInMethod.OPENID.value},
            )
        )
