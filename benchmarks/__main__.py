"""`make bench`: build the houses, measure, print the table, write `benchmarks/results/latest.json`."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.consenting import consenting
from benchmarks.deciding import decisions
from benchmarks.documents import documents
from benchmarks.drifting import drifting
from benchmarks.exchanging import exchanges
from benchmarks.house import MeasuredHouse, measured_house
from benchmarks.importing import imports
from benchmarks.inspecting import inspections
from benchmarks.listing import listing
from benchmarks.measure import Result
from benchmarks.paging import paging
from benchmarks.reading import lookups, pages, single_rows
from benchmarks.recording import recordings
from benchmarks.storing import storage

Measure = Callable[[MeasuredHouse, int], Iterator[Result]]

_RESULTS: Final = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    rows: int
    pairs: int


_SIZES: Final = {"small": Size(rows=4_000, pairs=20), "full": Size(rows=20_000, pairs=60)}
# Each group has a house of its own: registers of thousands of activities stand in nobody else's way.
_GROUPS: Final[tuple[tuple[Measure, ...], ...]] = (
    (storage, pages, lookups, single_rows, decisions, recordings, imports, paging),
    (drifting, listing),
    (consenting,),
    (exchanges, documents, inspections),
)
_NAMES: Final = tuple(measure.__name__ for group in _GROUPS for measure in group)


def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(_SIZES), default="full")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--only", choices=_NAMES, action="append", help="these alone")
    arguments = parser.parse_args()
    size = _SIZES[arguments.size]
    results: list[Result] = []
    console = Console(stderr=True)
    for kind in arguments.database or ("sqlite", "postgresql"):
        console.print(f"{kind}: {size.rows} people")
        for group in _GROUPS:
            chosen = [each for each in group if each.__name__ in (arguments.only or _NAMES)]
            if not chosen:
                continue
            with measured_house(kind, size.rows) as house:
                for result in chain.from_iterable(measure(house, size.pairs) for measure in chosen):
                    console.print(f"  {result.name}: {result.value:.2f} {result.unit} ({result.detail})")
                    results.append(result)
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.write_text(json.dumps([result.as_json() for result in results], indent=2), encoding="utf-8")
    _print(results)


def _print(results: list[Result]) -> None:
    table = Table(show_edge=False)
    for column in ("measure", "database", "median", "bound", "target", "holds"):
        table.add_column(column)
    for result in results:
        holds = {True: "yes", False: "NO", None: ""}[result.holds]
        target = "" if result.target is None else str(result.target)
        row = (result.name, result.database, f"{result.value:.2f}", f"{result.bound:.2f} {result.unit}", target, holds)
        table.add_row(*row)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
