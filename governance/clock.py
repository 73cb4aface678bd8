"""The only place that reads the time.

Every rule about time takes a `Clock`, so that a test can stand still and an incident can be replayed. All times inside
are aware and in UTC; the reader's time zone belongs to the page.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What a use case asks for the time, once."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The clock of the host."""

    def now(self) -> datetime:
        """Return the host's present moment, aware and in UTC."""
        return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970-01-01T00:00Z.

    Raises:
        ValueError: If the moment is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("expected an aware time, got a naive one")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(microseconds: int) -> datetime:
    """Return the aware UTC moment that lies so many microseconds after 1970-01-01T00:00Z.

    Raises:
        ValueError: If no calendar holds it.
    """
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise ValueError("expected a moment that a calendar holds") from None


def to_rfc3339(moment: datetime) -> str:
    """Return the moment as RFC 3339 in UTC, with microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
