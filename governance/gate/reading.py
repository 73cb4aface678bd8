"""Filling a page: batches are fetched and opened until it is full, or nothing is left.

People who are left out leave no gap: the page goes on behind them. A page looks at so many rows at most, so that a
purpose to which next to nobody consented does not hold a thread while a whole table goes by; it then ends early, and
its cursor leads on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Final, cast

from pyroaring import BitMap

from governance.gate.compiled import Fast, heads_of
from governance.gate.fetching import Fetcher, Position, Question, Row
from governance.gate.opening import Circumstances, RowOpener, Tally

MOST_EXAMINED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part of the answer: from where, and how many rows at most."""

    start: Position | None = field(repr=False, default=None)
    limit: int


@dataclass(slots=True, kw_only=True)
class Opened:
    """Rows that were opened, and are not released yet.

    Attributes:
        rows: JSON objects.
        subjects: Whom they speak of.
        kinds: By link, in what capacities those are known, as codes; None stands for nobody.
        tally: What became of the others.
        examined: How many rows were looked at.
        end: Where the last row that was looked at stands; None where nothing lies behind it.
        alone: Whether it begins where the answer does, and is all of it or the one row that was asked for.
        expires_at: When the first of the consents they rest on ends, in seconds since 1970; None where none does.
    """

    tally: Tally
    rows: list[bytes] = field(repr=False, default_factory=list)
    subjects: BitMap = field(repr=False, default_factory=BitMap)
    kinds: dict[str, set[int | None]] = field(default_factory=dict)
    examined: int = 0
    end: Position | None = field(repr=False, default=None)
    alone: bool = False
    expires_at: int | None = None


class RowReader:
    """Reads rows of one question."""

    def __init__(self, fetcher: Fetcher, loop: Fast | None, circumstances: Circumstances) -> None:
        """Take what the rows have in common.

        Args:
            fetcher: Gives the tuples.
            loop: The compiled loop; None opens every row by itself.
            circumstances: What the read has besides its program.
        """
        self._fetcher: Final = fetcher
        self._program: Final = fetcher.program
        self._circumstances: Final = circumstances
        self._loop: Final = loop if self._may_loop(loop) else None
        self._opener: Final = RowOpener(fetcher.program, circumstances)
        self._opened: Final = Opened(tally=self._opener.tally)

    def page(self, question: Question, span: Span) -> Opened:
        """Return the rows of a page.

        Raises:
            BoxTamperedError: If a box does not open.
            MarksTamperedError: If a person's marks were altered.
        """
        opened = self._filled(question, span)
        opened.alone = span.start is None and (opened.end is None or span.limit == 1)
        return opened

    def _filled(self, question: Question, span: Span) -> Opened:
        opened, position = self._opened, span.start
        while len(opened.rows) < span.limit and opened.examined < MOST_EXAMINED:
            batch = self._fetcher.batch(question, position, span.limit - len(opened.rows) + 1)
            opened.examined += len(batch.rows) + batch.unenrolled
            if batch.unenrolled:
                opened.tally.left_out["unenrolled"] += batch.unenrolled
            used = self._use(batch.rows, span.limit)
            if used < len(batch.rows):
                opened.end = self._fetcher.position(question, batch.rows[used - 1])
                return opened
            position = opened.end = None if batch.exhausted else batch.end
            if position is None:
                return opened
        return opened

    def single(self, row: Row) -> Opened:
        """Return one row, opened."""
        self._opened.alone = True
        self._take((row,))
        return self._opened

    def nothing(self) -> Opened:
        """Return the answer where there is no row."""
        return self._opened

    def _may_loop(self, loop: Fast | None) -> bool:
        if loop is None or self._circumstances.lookups:
            return False
        if self._program.asks_notices and not self._circumstances.found_by <= self._program.given(self._program.usual):
            return False
        kinds = self._circumstances.kinds
        return all(link.kind in kinds.get(link.name, (link.kind,)) for link in self._program.format.links)

    def _use(self, rows: Sequence[Row], limit: int) -> int:
        used = 0
        while used < len(rows) and len(self._opened.rows) < limit:
            some = rows[used : used + limit - len(self._opened.rows)]
            self._take(some)
            used += len(some)
        return used

    def _take(self, rows: Sequence[Row]) -> None:
        before = self._opener.dropped
        loop = self._loop
        found = [self._opener.open(row) for row in rows] if loop is None else self._looped(rows, loop)
        if self._opener.dropped != before:
            rows = [row for row, one in zip(rows, found, strict=True) if one is not None]
            found = [one for one in found if one is not None]
        # Nothing is None any more.
        self._opened.rows += cast(list[bytes], found)
        self._remember(rows)

    def _looped(self, rows: Sequence[Row], loop: Fast) -> list[bytes | None]:
        width = self._program.format.width
        if rows and len(rows[0]) != width:
            # What rows are ordered by lies behind the tuple.
            rows = [row[:width] for row in rows]
        heads = heads_of(self._program, [row[0] for row in rows])
        return loop(rows, heads, self._circumstances.keys, self._circumstances.now_seconds, self._opener.open)

    def _remember(self, rows: Sequence[Row]) -> None:
        opened, rule = self._opened, self._program.plan.consent
        for link in self._program.format.links:
            # Numbers of people begin at 1; a row that names nobody has none.
            opened.subjects.update(filter(None, map(itemgetter(link.position), rows)))
            opened.kinds.setdefault(link.name, set()).update(map(itemgetter(link.position + 1), rows))
            if link.consent is not None and rule is not None and rule.enforced:
                ends = filter(None, map(itemgetter(link.consent + 1), rows))
                opened.expires_at = min(chain(ends, filter(None, (opened.expires_at,))), default=None)
