"""How a measure is taken: in pairs, judged on the bound of a bootstrap confidence interval.

The machine is noisy and its speed drifts, so the two contenders of a ratio run in turn, A B A B, and each pair gives
one ratio. What is reported is the median of these ratios; what is judged is the 95 % bound on the side that would fail.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_RESAMPLES: Final = 2_000
_SEED: Final = 20_261_122
_TAIL: Final = 0.025

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a value must stay under (`at most`) or reach (`at least`)."""

    value: float
    at_most: bool = True

    def __str__(self) -> str:
        return f"{'<=' if self.at_most else '>='} {self.value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table.

    Attributes:
        value: The median.
        bound: The 95 % bound on the side that would fail the target; the value where there is one sample.
        holds: Whether the bound meets the target; None where there is no target.
    """

    name: str
    database: str
    value: float
    bound: float
    unit: str
    target: Target | None
    detail: str

    @property
    def holds(self) -> bool | None:
        """Whether the bound meets the target."""
        if self.target is None:
            return None
        return self.bound <= self.target.value if self.target.at_most else self.bound >= self.target.value

    def as_json(self) -> dict[str, object]:
        """The line as `latest.json` holds it."""
        return {
            "name": self.name,
            "database": self.database,
            "value": round(self.value, 4),
            "bound": round(self.bound, 4),
            "unit": self.unit,
            "target": None if self.target is None else str(self.target),
            "holds": self.holds,
            "detail": self.detail,
        }


@contextmanager
def no_garbage() -> Iterator[None]:
    """Keep the collector out of a measured stretch."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(work: Work, repeat: int = 1) -> float:
    """Return the seconds that one run takes, over so many runs in a row."""
    begin = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - begin) / repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two contenders, measured in turn."""

    ratios: Sequence[float]
    ours: float
    theirs: float

    def bounds(self) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of the median ratio."""
        return bootstrap(self.ratios)


def paired(ours: Work, theirs: Work, *, pairs: int, repeat: int = 1, warm_up: int = 3) -> Paired:
    """Measure two contenders in turn.

    Args:
        ours: What is judged.
        theirs: What it is compared with.
        pairs: How many ratios.
        repeat: Runs of each in a pair, for work that is short against the clock.
        warm_up: Pairs that are not counted.
    """
    for _ in range(warm_up):
        seconds(ours, repeat)
        seconds(theirs, repeat)
    mine: list[float] = []
    other: list[float] = []
    with no_garbage():
        for turn in range(pairs):
            # Who goes first changes, so that neither always inherits the other's caches.
            if turn % 2:
                other.append(seconds(theirs, repeat))
                mine.append(seconds(ours, repeat))
            else:
                mine.append(seconds(ours, repeat))
                other.append(seconds(theirs, repeat))
    ratios = [one / two for one, two in zip(mine, other, strict=True)]
    return Paired(ratios=ratios, ours=statistics.median(mine), theirs=statistics.median(other))


def bootstrap(samples: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the median."""
    lot = random.Random(_SEED)
    medians = sorted(statistics.median(lot.choices(samples, k=len(samples))) for _ in range(_RESAMPLES))
    return medians[int(_TAIL * _RESAMPLES)], medians[int((1 - _TAIL) * _RESAMPLES) - 1]


def judged(name: str, database: str, measured: Paired, target: Target | None, *, inverse: bool = False) -> Result:
    """Return the line of a paired measure.

    Args:
        name: What was measured.
        database: On which database.
        measured: The pairs.
        target: What is promised.
        inverse: Report theirs / ours, for throughput.
    """
    ratios = [1 / ratio for ratio in measured.ratios] if inverse else list(measured.ratios)
    low, high = bootstrap(ratios)
    worst = high if target is None or target.at_most else low
    detail = (
        f"ours {measured.ours * 1e3:.3f} ms, other {measured.theirs * 1e3:.3f} ms, "
        f"95 % {low:.2f}-{high:.2f}, {len(ratios)} pairs"
    )
    return Result(
        name=name,
        database=database,
        value=statistics.median(ratios),
        bound=worst,
        unit="x",
        target=target,
        detail=detail,
    )
