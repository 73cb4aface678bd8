"""What the edge asks of identity: who holds this session or this token. The roof brings the two together."""

import uuid
from datetime import datetime
from typing import Protocol

from governance.actor import Actor


class Admission(Protocol):
    """Somebody let in."""

    @property
    def actor(self) -> Actor:
        """Who acts, with the roles in force."""
        ...

    @property
    def reference(self) -> uuid.UUID:
        """The session or the token by which they came in."""
        ...

    @property
    def name(self) -> str:
        """What to call a person on the pages; empty for a program."""
        ...

    @property
    def pending(self) -> bool:
        """Whether a second factor is to be shown, or added, before anything else. No role is in force until then."""
        ...

    @property
    def confirmed_at(self) -> datetime | None:
        """When they last showed the strongest thing that their account has; None for a token."""
        ...


class Doorkeeper(Protocol):
    """Tells who somebody is."""

    def by_session(self, secret: str, address: str | None) -> Admission | None:
        """Return who holds the session's secret, or None where it is not in force."""
        ...

    def by_token(self, secret: str, address: str | None) -> Admission | None:
        """Return who holds the token, or None where it is not in force."""
        ...

    def check_confirmed_anew(self, admission: Admission) -> None:
        """Refuse whoever is no person in a session, or did not show a short time ago who they are.

        It raises what the roof tells as a problem.
        """
        ...
