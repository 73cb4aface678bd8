"""Who has to wait after too many failures, for whoever looks after accounts; and letting them in again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.identity.lockout import Attempt, forget_failures, key_of
from governance.identity.models import Account, FailedSignIns
from governance.identity.permissions import check_administers
from governance.identity.service.facts import account_fact
from governance.vault.attest import Attestor


def locked_until(session: Session, clock: Clock, attestor: Attestor, account: Account) -> datetime | None:
    """Return until when nobody can sign in as this person, or None where somebody can."""
    keys = [key_of(attestor, whose, attempt) for whose, attempt in _counted(account)]
    found = session.scalars(select(FailedSignIns.locked_until).where(FailedSignIns.email_key.in_(keys)))
    return max((until for until in found if until is not None and until > clock.now()), default=None)


def unlock(session: Session, attestor: Attestor, actor: Actor, account: Account) -> None:
    """Forget a person's failures, so that they need not wait. It opens nothing that their password does not.

    Raises:
        NotPermittedError: If the actor does not look after accounts.
    """
    check_administers(actor)
    for whose, attempt in _counted(account):
        forget_failures(session, attestor, whose, attempt)
    record(session, account_fact(actor, account.id, "unlocked", Retention.SECURITY))


def _counted(account: Account) -> tuple[tuple[str, Attempt], ...]:
    return (account.email, Attempt.SIGN_IN), (str(account.id), Attempt.SECOND_FACTOR)
