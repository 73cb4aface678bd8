"""Freshness: before something grave is decided, or what protects an account changed, its person shows who they are.

Whoever finds a browser unattended could otherwise add a key of their own, or somebody of their own, and stay. Whoever
finds a token could too, so no token does any of it; at the door every view says for itself whether it is grave
(`governance.actor.confirmed_anew`).
"""

from datetime import datetime, timedelta
from typing import Final, Protocol

from governance.actor import Actor, ActorKind
from governance.errors import phrase
from governance.identity.errors import FreshSecondFactorNeededError, NotPermittedError

FRESH: Final = timedelta(minutes=10)


class Confirmed(Protocol):
    """Somebody let in, as far as freshness asks."""

    @property
    def confirmed_at(self) -> datetime | None:
        """When this session was last shown the strongest thing that the account has; None for a token."""
        ...


class Present(Confirmed, Protocol):
    """Somebody let in, as far as a grave decision asks."""

    @property
    def actor(self) -> Actor:
        """Who acts."""
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


def check_confirmed_anew(admission: Present, now: datetime) -> None:
    """Refuse whoever may not decide something grave now: a token at all, a session until it confirms itself.

    Raises:
        NotPermittedError: If it is a program, or a person through a token.
        FreshSecondFactorNeededError: If it is longer ago, or never was, that they showed who they are.
    """
    if admission.actor.kind is not ActorKind.PERSON or admission.actor.token is not None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    check_fresh_second_factor(admission, now)
