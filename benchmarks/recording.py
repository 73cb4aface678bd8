"""Durable entries of the log, from eight threads, beside the disk's own rate of syncing."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from audit.entries import Action, Fact, Retention
from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target, bootstrap

_THREADS: Final = 8
_TARGETS: Final = {"sqlite": 5_000.0, "postgresql": 2_000.0}


def recordings(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure how many entries become durable in a second."""
    each = 400 if pairs > 30 else 150
    rates = [_rate(house, each) for _ in range(9)]
    syncs = _syncs()
    low, _ = bootstrap(rates)
    yield Result(
        name="log entries, durable, 8 threads",
        database=house.database.dialect,
        value=sorted(rates)[len(rates) // 2],
        bound=low,
        unit="/s",
        target=Target(value=_TARGETS[house.database.dialect], at_most=False),
        detail=f"the disk syncs {syncs:.0f} times a second",
    )


def _rate(house: MeasuredHouse, each: int) -> float:
    fact = Fact(
        retention=Retention.ACCESS,
        action=Action.READ,
        actor=house.actor,
        object_type="measured",
        purpose="newsletter",
        subjects=(1, 2, 3),
        details={"count": 3},
    )

    def run() -> None:
        for _ in range(each):
            house.wired.log.append(fact)

    threads = [threading.Thread(target=run) for _ in range(_THREADS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return each * _THREADS / (time.perf_counter() - begin)


def _syncs() -> float:
    with tempfile.TemporaryDirectory() as folder:
        descriptor = os.open(Path(folder) / "probe", os.O_WRONLY | os.O_CREAT)
        try:
            begin = time.perf_counter()
            for _ in range(200):
                os.write(descriptor, bytes(4096))
                os.fdatasync(descriptor)
            return 200 / (time.perf_counter() - begin)
        finally:
            os.close(descriptor)
