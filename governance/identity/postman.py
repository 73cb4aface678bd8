"""The postman: sends the letters that were asked for, and makes the one-time links that they hold.

At least once. A link is made and committed before its letter is sent; where sending fails, the next attempt makes
another and takes the unsent one back, so that no secret rests anywhere and no link lies about that nobody was given.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.database import Database
from governance.identity.bearer import Secret
from governance.identity.letters import ACCOUNT_OF, LETTER_JOB, LETTER_OF, TOLD, WITH_LINK, Letter
from governance.identity.models import Account
from governance.identity.service.accounts import is_usable
from governance.identity.service.facts import ACCOUNT
from governance.identity.service.resets import make_mailed_link
from governance.ids import IdSource
from governance.jobs.queue import Lease, forget_done
from governance.jobs.worker import Handler, Progress
from governance.mail.drawing import draw
from governance.mail.message import Mailer, Message
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError

_LINK_OF: Final = "link"
_DONE: Final = Progress(finished=True)
_KEPT: Final = timedelta(days=7)
# What the holder of a disabled account is still told.
_AFTER_THE_END: Final = frozenset({Letter.ACCOUNT_DISABLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """What the postman works with.

    Attributes:
        mailer: None where no mail server is set: then nobody is written to.
        base_url: Of the house, for the links.
    """

    database: Database
    clock: Clock
    ids: IdSource
    attestor: Attestor
    mailer: Mailer | None
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who is written to, and the secret of the link, where there is one."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    locale: str
    secret: Secret | None = field(repr=False, default=None)


class Postman:
    """Does the jobs of the kind `letter`."""

    def __init__(self, office: PostOffice) -> None:
        """Send nothing yet."""
        self._office: Final = office

    def handler(self) -> Handler:
        """Return how letters are sent, for the worker."""
        return Handler(kind=LETTER_JOB, step=self.deliver)

    def deliver(self, lease: Lease) -> Progress:
        """Send one letter, or nothing where nobody is to get it.

        Raises:
            MailError: If no server took it; the job is tried again later.
        """
        mailer = self._office.mailer
        if mailer is None:
            return _DONE
        account_id, letter = uuid.UUID(lease.payload[ACCOUNT_OF]), Letter(lease.payload[LETTER_OF])
        reader = self._reader(lease, account_id, letter)
        if reader is None:
            return _DONE
        mailer.send(self._message(reader, letter, lease.payload.get(TOLD) or {}))
        with self._office.database.write() as session:
            record(session, _sent(account_id, letter))
        return _DONE

    def _reader(self, lease: Lease, account_id: uuid.UUID, letter: Letter) -> _Reader | None:
        with self._office.database.write() as session:
            unrecorded(session, "a letter is recorded once it was sent, and its link when it is made")
            # Strangers may ask for letters to nobody, and each leaves a job behind.
            forget_done(session, LETTER_JOB, self._office.clock.now() - _KEPT)
            account = self._account(session, account_id, letter)
            if account is None:
                return None
            secret = None
            if letter in WITH_LINK:
                secret = self._link(session, lease, account, letter)
                if secret is None:
                    return None
            return _Reader(
                email=account.email, name=account.name or account.email, locale=account.locale, secret=secret
            )

    def _account(self, session: Session, account_id: uuid.UUID, letter: Letter) -> Account | None:
        account = session.get(Account, account_id)
        if account is None:
            return None
        try:
            # The address under the attestation is the one that a link may be sent to.
            self._office.attestor.verify(account)
        except AttestationError:
            return None
        usable = is_usable(account, self._office.clock.now())
        return account if usable or letter in _AFTER_THE_END else None

    def _link(self, session: Session, lease: Lease, account: Account, letter: Letter) -> Secret | None:
        unsent = lease.payload.get(_LINK_OF)
        issued = make_mailed_link(
            session,
            self._office.clock,
            self._office.ids,
            account,
            letter,
            instead_of=None if unsent is None else uuid.UUID(unsent),
        )
        if issued is None:
            return None
        lease.advance(session, progress=0, payload={**lease.payload, _LINK_OF: str(issued.link.id)})
        return issued.secret

    def _message(self, reader: _Reader, letter: Letter, told: Mapping[str, int]) -> Message:
        house = self._office.base_url
        url = None if reader.secret is None else f"{house}/link/{reader.secret}"
        drawn = draw(letter.value, reader.locale, {**told, "name": reader.name, "house": house, "url": url})
        return Message(to=reader.email, subject=drawn.subject, text=drawn.text, html=drawn.html)


def _sent(account_id: uuid.UUID, letter: Letter) -> Fact:
    return Fact(
        retention=Retention.SECURITY,
        action=Action.NOTIFY,
        actor=SYSTEM,
        object_type=ACCOUNT,
        object_id=str(account_id),
        details={"verb": "letter-sent", "letter": letter.value},
    )
