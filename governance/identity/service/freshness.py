"""Freshness: before what protects an account is changed, its person shows once more who they are.

Whoever finds a browser unattended could otherwise add a key of their own, and keep the account.
"""

from datetime import datetime, timedelta
from typing import Final, Protocol

from governance.identity.errors import FreshSecondFactorNeededError

FRESH: Final = timedelta(minutes=10)


class Confirmed(Protocol):
    """Somebody let in, as far as freshness asks."""

    @property
    def confirmed_at(self) -> datetime | None:
        """When this session was last shown the strongest thing that the account has; None for a token."""
        ...


def is_fresh(admission: Confirmed | None, now: datetime, *, within: timedelta = FRESH) -> bool:
    """Say whether somebody showed their second factor, or for want of one their password, a short time ago."""
    confirmed_at = None if admission is None else admission.confirmed_at
    return confirmed_at is not None and now - confirmed_at <= within


def check_fresh_second_factor(admission: Confirmed | None, now: datetime, *, within: timedelta = FRESH) -> None:
    """Refuse whoever has not shown their second factor, or for want of one their password, a short time ago.

    On the pages the refusal leads to showing it again, and back. A token has none to show.

    Args:
        admission: Who is there: `governance.web.signed_in.visitor()`.
        now: The moment.
        within: How long ago it may have been.

    Raises:
        FreshSecondFactorNeededError: If it was longer ago, or never.
    """
    if not is_fresh(admission, now, within=within):
        raise FreshSecondFactorNeededError
