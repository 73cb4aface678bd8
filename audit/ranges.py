"""Sets of entries as ranges, so that a million purged entries weigh no more than their gaps. Standard library only."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator


class Ranges:
    """A set of numbers, kept as ranges; cheap when they are added in order."""

    __slots__ = ("_ends", "_sorted", "_starts")

    def __init__(self) -> None:
        self._starts = array("Q")
        self._ends = array("Q")
        self._sorted = True

    def add(self, first: int, last: int) -> None:
        """Add the numbers from first to last, both included."""
        if self._ends and first <= self._ends[-1] + 1 and first >= self._starts[-1]:
            self._ends[-1] = max(last, self._ends[-1])
            return
        self._sorted = self._sorted and (not self._ends or first > self._ends[-1])
        self._starts.append(first)
        self._ends.append(last)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        self._sort()
        yield from zip(self._starts, self._ends, strict=True)

    def __contains__(self, number: int) -> bool:
        self._sort()
        place = bisect_right(self._starts, number) - 1
        return place >= 0 and number <= self._ends[place]

    def minus(self, others: "Ranges") -> Iterator[tuple[int, int]]:
        """Return what is in this set and not in the others, as ranges."""
        covering = iter(others)
        cover = next(covering, None)
        for first, last in self:
            start = first
            while cover is not None and cover[1] < start:
                cover = next(covering, None)
            while cover is not None and cover[0] <= last:
                if cover[0] > start:
                    yield start, cover[0] - 1
                start = cover[1] + 1
                if cover[1] >= last:
                    break
                cover = next(covering, None)
            if start <= last:
                yield start, last

    def _sort(self) -> None:
        if self._sorted:
            return
        pairs = sorted(zip(self._starts, self._ends, strict=True))
        self._starts, self._ends, self._sorted = array("Q"), array("Q"), True
        for first, last in pairs:
            self.add(first, last)
