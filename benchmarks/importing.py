"""Customers from a CSV file into the reference base, sealed and indexed: rows a second, and the process's peak memory.

The import runs in a process of its own, as the command does, for the peak is that of a whole process.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from audit.transaction import unrecorded
from benchmarks.house import SEED, MeasuredHouse, person
from benchmarks.measure import Result, Target
from governance.actor import Actor, ActorKind, Role
from governance.customers.importing.job import ImportFile
from governance.customers.importing.run import run_import
from governance.settings import load_settings
from governance.vocabulary import DataCategory, GrantedAction, SubjectKind
from governance.wiring import wire
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

_FULL_PAIRS: Final = 30  # the full size measures more pairs than this
_ROWS: Final = {True: 100_000, False: 5_000}
_LIMIT_MB: Final = 250.0
_PURPOSE: Final = "customer-relationship"
_CATEGORIES: Final = (DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PROFESSIONAL)
# Columns of the file, and the values of a fictional person that fill them.
_COLUMNS: Final = {
    "family_name": "family_name",
    "given_name": "given_name",
    "birth_date": "birth_date",
    "civility": "civility",
    "email": "email",
    "address_line": "address",
    "postcode": "postcode",
    "city": "city",
    "profession": "profession",
    "employer": "employer",
}


def imports(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure an import in a process of its own."""
    rows = _ROWS[pairs > _FULL_PAIRS]
    kind = house.database.dialect
    _allow(house)
    with tempfile.TemporaryDirectory(prefix="egide-bench-") as folder:
        file = Path(folder) / "customers.csv"
        _write(file, rows)
        settings = house.wired.settings
        environment = {
            **os.environ,
            "EGIDE_HOME": str(settings.home),
            "EGIDE_DATABASE_URL": settings.database_url,
            "EGIDE_KEYS": settings.keys,
            "EGIDE_ANCHOR": str(settings.anchor),
        }
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.importing", str(file)],
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
    told = json.loads(done.stdout)
    yield Result(
        name=f"import of {rows} customers from CSV, peak memory",
        database=kind,
        value=told["peak_mb"],
        bound=told["peak_mb"],
        unit="MB",
        target=Target(value=_LIMIT_MB),
        detail=f"{told['accepted']} accepted, {told['accepted'] / told['seconds']:.0f} rows/s",
    )


def _allow(house: MeasuredHouse) -> None:
    now = house.wired.clock.now()
    with house.wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        data = [(SubjectKind.CUSTOMER, category) for category in _CATEGORIES]
        purpose = a_purpose(session, id=9, slug=_PURPOSE, data=data, recipients=(Role.SALES,))
        for category in _CATEGORIES:
            a_grant(
                session, role=Role.SALES, purpose_id=purpose.id, category=category, action=GrantedAction.CREATE,
                valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=300),
            )  # fmt: skip


def _write(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for place in range(rows):
            values = person(random.Random(SEED + place), place)
            values["email"] = f"import-{place:06d}@demo.example"
            writer.writerow([values[name] for name in _COLUMNS.values()])


def main() -> None:
    """Import the file named, in this process, and print what it took."""
    wired = wire(load_settings())
    actor = Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=2), roles=frozenset({Role.SALES}))
    begin = time.perf_counter()
    report = run_import(wired, actor, ImportFile(path=Path(sys.argv[1]), table="customers"))
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wired.close()
    print(json.dumps({"accepted": report.accepted, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
