"""A clock that stands still and identifiers that come in order."""

import uuid
from datetime import UTC, datetime, timedelta

from governance.actor import Actor, ActorKind, Role


class StandingClock:
    """A clock that moves only when told."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


class CountingIds:
    """Identifiers 1, 2, 3... in the shape of a UUIDv7."""

    def __init__(self) -> None:
        self.last = 0

    def new(self) -> uuid.UUID:
        self.last += 1
        return uuid.UUID(int=(0x7 << 76) | (0x2 << 62) | self.last)


def an_actor(*roles: Role, kind: ActorKind = ActorKind.PERSON, number: int = 1) -> Actor:
    """Return a fictional actor who holds these roles."""
    return Actor(kind=kind, id=uuid.UUID(int=number), roles=frozenset(roles), address="192.0.2.1")
