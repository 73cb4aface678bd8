"""The only place that makes identifiers.

UUIDv7 (RFC 9562, section 5.7): the first 48 bits are milliseconds, so rows stand in the order in which they came.
"""

import uuid
from typing import Protocol

from uuid_utils.compat import uuid7


class IdSource(Protocol):
    """Where a use case gets a new identifier."""

    def new(self) -> uuid.UUID:
        """Return an identifier that nobody has had before."""
        ...


class TimeOrderedIds:
    """UUIDv7 identifiers from the host's clock and its random source."""

    def new(self) -> uuid.UUID:
        """Return a fresh UUIDv7."""
        return uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """Return the identifier that a caller wrote in the canonical form (RFC 9562, section 4), or None.

    Only one spelling is good, in small letters: what is compared, and what the log keeps, is then one text.
    """
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text else None
