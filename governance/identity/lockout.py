"""Lock-out: after a few failures each further attempt costs a longer wait.

An attempt is counted before its password is checked, so that a hundred attempts at once are a hundred failures; a
success forgets them. Known and unknown addresses are counted alike, so that the wait tells nobody who has an account.

A stranger who guesses at an address keeps nobody out: on a device where somebody signed in before, failures are counted
apart (`known_devices`), a password set by a link forgets them, and inside a session its own guesses are counted.
See docs/adr/0091.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.identity.errors import SignInLockedError
from governance.identity.models import FailedSignIns
from governance.vault.attest import Attestor

# So many failures cost no wait: people mistype.
FREE_FAILURES: Final = 4
FIRST_DELAY: Final = timedelta(seconds=30)
# Somebody without a known device waits no longer than this: the wait stops growing.
LONGEST_DELAY: Final = timedelta(minutes=15)
# OWASP ASVS 5.0, 6.3.1: against guessing at one account; failures this old say nothing about now.
FORGOTTEN_AFTER: Final = timedelta(hours=24)
# Whoever sits at somebody's open session and guesses at the password has this many guesses; then the session is over.
MOST_CONFIRMATIONS: Final = 10


class Attempt(StrEnum):
    """What is guessed at; each is counted apart."""

    SIGN_IN = "sign-in-attempt"
    KNOWN_DEVICE = "known-device-attempt"
    CONFIRMATION = "confirmation-attempt"
    SECOND_FACTOR = "second-factor-attempt"


def delay_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: nothing, then doubling, then no longer growing."""
    beyond = failures - FREE_FAILURES
    if beyond <= 0:
        return timedelta(0)
    # The exponent is bounded before it is used: 2 ** 5000 would be computed first and cut off later.
    doublings = min(beyond - 1, 16)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def count_attempt(
    session: Session, clock: Clock, attestor: Attestor, whose: str, attempt: Attempt = Attempt.SIGN_IN
) -> int:
    """Count an attempt as a failure, before anybody knows that it is one, and return how many there are by now.

    Args:
        session: The session.
        clock: What the wait goes by.
        attestor: What hashes whose attempt it is.
        whose: The e-mail, known or not; on a known device that device and the account; for a second factor the
            account; inside a session that session.
        attempt: What is guessed at.

    Raises:
        SignInLockedError: If the wait is not over; such an attempt is not counted.
    """
    now = clock.now()
    failed = _held(session, key_of(attestor, whose, attempt), now)
    if failed.locked_until is not None and now < failed.locked_until:
        wait = failed.locked_until - now
        raise SignInLockedError(retry_after_seconds=int(wait.total_seconds()) + 1)
    if failed.last_at <= now - FORGOTTEN_AFTER:
        failed.failures = 0
    failed.failures += 1
    failed.last_at = now
    delay = delay_after(failed.failures)
    failed.locked_until = now + delay if delay else None
    session.flush()
    return failed.failures


def forget_failures(session: Session, attestor: Attestor, whose: str, attempt: Attempt = Attempt.SIGN_IN) -> None:
    """Forget the failures of whoever has just succeeded."""
    session.execute(delete(FailedSignIns).where(FailedSignIns.email_key == key_of(attestor, whose, attempt)))


def _held(session: Session, key: bytes, now: datetime) -> FailedSignIns:
    # Two first attempts at once must both count: whoever comes second waits here, and then reads what the first wrote.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    found = None
    while found is None:
        # A success meanwhile forgets the row that was there; then there is one to make again.
        session.execute(insert(FailedSignIns).values(email_key=key, failures=0, last_at=now).on_conflict_do_nothing())
        found = session.get(FailedSignIns, key, with_for_update=True, populate_existing=True)
    return found


def key_of(attestor: Attestor, whose: str, attempt: Attempt = Attempt.SIGN_IN) -> bytes:
    """Return under which key the failures of a normalised address, or of an account, are counted."""
    return attestor.mac(attempt, whose)
