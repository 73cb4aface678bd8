"""A sample of the log that anybody can draw again: the same seed over the same checkpoint is the same entries.

Nobody who keeps the log chooses what an auditor looks at, and nobody has to believe that: the places are drawn by
SHA-256 of the seed, the size of the log and a counter, and anybody can compute them. Bytes that would favour low places
are thrown away. An entry that was drawn and has been purged is told as such, and not replaced.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.models import LogEntry
from audit.search import FoundEntry

LARGEST: Final = 200
SEED_LENGTH: Final = 64
_DRAWN_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Entries drawn from a log.

    Attributes:
        seed: What they were drawn by.
        of: The size of the log that they were drawn from.
        places: The places drawn, in the order of the draw.
        found: What stands there, by place; a place that is not named was purged.
    """

    seed: str
    of: int
    places: list[int]
    found: dict[int, FoundEntry]


def draw(seed: str, of: int, wanted: int) -> list[int]:
    """Return different places of a log, as many as wanted or as it has.

    Args:
        seed: Any text.
        of: How many entries the log has.
        wanted: How many to draw.
    """
    places: dict[int, None] = {}
    drawing = _numbers(seed, of) if of > 0 else iter(())
    while len(places) < min(wanted, of):
        places[next(drawing)] = None
    return list(places)


def sample(session: Session, seed: str, of: int, wanted: int) -> Sample:
    """Draw entries, and return those that still stand."""
    places = draw(seed, of, min(wanted, LARGEST))
    rows = session.execute(
        select(LogEntry.leaf_index, LogEntry.id, LogEntry.body).where(LogEntry.leaf_index.in_(places))
    )
    found = {index: FoundEntry(index=index, id=entry_id, body=body) for index, entry_id, body in rows}
    return Sample(seed=seed, of=of, places=places, found=found)


def _numbers(seed: str, of: int) -> Iterator[int]:
    """Go through numbers below `of`, each as likely as any other."""
    fair = 2 ** (8 * _DRAWN_BYTES) // of * of
    counter = 0
    while True:
        drawn = hashlib.sha256(f"{seed}\n{of}\n{counter}".encode()).digest()
        number = int.from_bytes(drawn[:_DRAWN_BYTES], "big")
        counter += 1
        if number < fair:
            yield number % of
