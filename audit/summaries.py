"""Which data subjects the entries of a tile concern: what the search by person looks at first.

Each full tile of 256 entries has one summary, the union of its entries' data subjects. So a page of 1,000 rows read
costs no index row at all, and a search opens only the tiles whose summary holds the person.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import orjson
from pyroaring import BitMap

from audit.drafts import Placed
from audit.subjects import decode_subjects
from audit.tiles import TILE_WIDTH


class SummaryRows(Protocol):
    """Where entries and summaries are kept."""

    def bodies(self, cursor: Any, start: int, end: int) -> list[bytes]:
        """Return the bodies of the entries that stand from start to end (exclusive)."""
        ...

    def add_summary(self, cursor: Any, number: int, subjects: bytes) -> None:
        """Keep a summary."""
        ...


def complete_summaries(rows: SummaryRows, cursor: Any, placed: Sequence[Placed]) -> None:
    """Keep the summary of every tile that these new entries fill.

    Args:
        rows: Where they are kept.
        cursor: A cursor in the transaction that adds the entries; they themselves may not be there yet.
        placed: The new entries, in order.
    """
    start = placed[0].index
    first = start // TILE_WIDTH
    subjects = BitMap.union(*_all(rows.bodies(cursor, first * TILE_WIDTH, start)))
    number = first
    for new in placed:
        if new.index // TILE_WIDTH != number:
            rows.add_summary(cursor, number, to_summary(subjects))
            number, subjects = number + 1, BitMap()
        subjects |= decode_subjects(new.draft.entry.subjects)
    if (placed[-1].index + 1) % TILE_WIDTH == 0:
        rows.add_summary(cursor, number, to_summary(subjects))


def summary_of(bodies: Iterable[bytes]) -> bytes:
    """Return the summary of the entries with these bodies."""
    return to_summary(BitMap.union(*_all(bodies)))


def to_summary(subjects: BitMap) -> bytes:
    """Serialise a summary, always the same bytes for the same data subjects."""
    subjects.run_optimize()
    subjects.shrink_to_fit()
    return bytes(subjects.serialize())


def subjects_of(body: bytes) -> BitMap:
    """Return the data subjects that an entry's body names; none where it was altered into something else.

    An altered entry must not stop the log or the search. The check of the log finds it.
    """
    try:
        return decode_subjects(orjson.loads(body)["subjects"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return BitMap()


def _all(bodies: Iterable[bytes]) -> list[BitMap]:
    return [BitMap(), *(subjects_of(body) for body in bodies)]
