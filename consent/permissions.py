"""Who records and looks up consents: those who talk with customers, programs that collect, the DPO, our own jobs."""

from typing import Final

from consent.errors import NotForYouError
from governance.actor import Actor, ActorKind, Role
from governance.errors import listed

RECORDERS: Final = frozenset({Role.SALES, Role.MARKETING, Role.SUPPORT, Role.SERVICE, Role.DPO})
_WITHOUT_ROLE: Final = frozenset({ActorKind.SYSTEM, ActorKind.SUBJECT})
READERS: Final = RECORDERS | {Role.CONTROLLER, Role.AUDITOR}


def check_records(actor: Actor) -> None:
    """Refuse whoever does not deal with people's choices.

    Raises:
        NotForYouError: If no role of theirs does.
    """
    _check(actor, RECORDERS)


def check_reads(actor: Actor) -> None:
    """Refuse whoever has no business looking consents up.

    Raises:
        NotForYouError: If no role of theirs has.
    """
    _check(actor, READERS)


def _check(actor: Actor, roles: frozenset[Role]) -> None:
    # The house itself lets consents expire; people choose for themselves.
    if actor.kind not in _WITHOUT_ROLE and not actor.roles & roles:
        raise NotForYouError(roles=listed(sorted(roles)))
