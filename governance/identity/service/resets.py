"""A forgotten password: asking for a letter, and the link that the letter holds.

Whoever asks learns nothing. Known, unknown, disabled and altered accounts cost the same statements: one look-up by
address, one job, one entry of the log; who gets a letter is decided when the job runs.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.entries import Retention
from audit.transaction import record
from governance.actor import SYSTEM, Actor, ActorKind
from governance.clock import Clock
from governance.identity.errors import InvalidEmailError
from governance.identity.letters import Letter, put_in_the_post
from governance.identity.models import Account, LinkKind, OneTimeLink
from governance.identity.permissions import check_administers
from governance.identity.service.accounts import normalise_email
from governance.identity.service.facts import account_fact
from governance.identity.service.links import VALID_FOR, Draft, IssuedLink, issue
from governance.ids import IdSource

# OWASP ASVS 5.0, 6.4.3: a link by which a password is reset ends soon.
RESET_VALID_FOR: Final = timedelta(hours=1)
# So many letters an hour reach one person, however often strangers ask.
_MOST_LETTERS: Final = 3
_KINDS: Final = {
    Letter.PASSWORD_RESET: (LinkKind.RESET_PASSWORD, RESET_VALID_FOR),
    Letter.FIRST_LINK: (LinkKind.SET_PASSWORD, VALID_FOR),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReset:
    """The form of a forgotten password, sent."""

    email: str = field(repr=False)
    address: str | None = None


def ask_for_reset(session: Session, clock: Clock, ids: IdSource, command: AskForReset) -> None:
    """Have a letter sent to whoever has this address. It always answers alike."""
    try:
        email = normalise_email(command.email)
    except InvalidEmailError:
        email = ""
    # The id alone: a row that was altered may not even be readable, and must cost what any other costs.
    found = session.scalar(select(Account.id).where(Account.email == email))
    put_in_the_post(session, ids, clock.now(), found or ids.new(), Letter.PASSWORD_RESET)
    asking = Actor(kind=ActorKind.PERSON, id=found, roles=frozenset(), address=command.address)
    record(session, account_fact(asking, found, "reset-asked", Retention.SECURITY))


def mail_link_to(session: Session, clock: Clock, ids: IdSource, actor: Actor, account: Account) -> None:
    """Have a link sent to a person, their first or another: whoever asks never sees it, so it may be asked for anybody.

    Raises:
        NotPermittedError: If the actor does not look after accounts.
    """
    check_administers(actor)
    letter = Letter.FIRST_LINK if account.password_hash is None else Letter.PASSWORD_RESET
    put_in_the_post(session, ids, clock.now(), account.id, letter)
    record(session, account_fact(actor, account.id, "letter-asked", Retention.SECURITY, letter=letter.value))


def make_mailed_link(
    session: Session, clock: Clock, ids: IdSource, account: Account, letter: Letter, *, instead_of: uuid.UUID | None
) -> IssuedLink | None:
    """Make the link of a letter that is about to be sent, or None where the person has had enough of them.

    Args:
        session: A writing transaction.
        clock: Dates it.
        ids: Numbers it.
        account: Whose.
        letter: Which letter.
        instead_of: The link of an attempt before, whose letter was not sent: it opens nothing from now on.
    """
    if instead_of is not None:
        unsent = session.get(OneTimeLink, instead_of)
        if unsent is not None and unsent.used_at is None:
            session.delete(unsent)
            session.flush()
    if letter is Letter.PASSWORD_RESET and _recent(session, clock, account.id) >= _MOST_LETTERS:
        return None
    kind, valid_for = _KINDS[letter]
    draft = Draft(id=ids.new(), kind=kind, now=clock.now(), account=account, valid_for=valid_for)
    # The house makes it: nobody but the holder of the address ever sees it.
    return issue(session, SYSTEM, draft)


def _recent(session: Session, clock: Clock, account_id: uuid.UUID) -> int:
    made = select(func.count()).where(
        OneTimeLink.account_id == account_id,
        OneTimeLink.kind == LinkKind.RESET_PASSWORD,
        OneTimeLink.made_at > clock.now() - RESET_VALID_FOR,
    )
    return session.scalar(made) or 0
