"""Customers from a CSV file into the reference base, sealed and indexed: rows a second, and the process's peak memory.

The command itself is measured, in a process of its own, for the peak is that of a whole process.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.house import SEED, MeasuredHouse, person
from benchmarks.measure import Result, Target
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.service import NewAccount, NewRole, add_account, assign_role, name_first_controller
from governance.vocabulary import DataCategory, GrantedAction, SubjectKind
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

_FULL_PAIRS: Final = 30  # the full size measures more pairs than this
_ROWS: Final = {True: 100_000, False: 5_000}
_LIMIT_MB: Final = 250.0
_PURPOSE: Final = "customer-relationship"
_EMAIL: Final = "sales@demo.example"
# A process inherits the peak of the one that made it, so a small one stands between it and this one.
_LAUNCHER: Final = """
import os, sys
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
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
        command = ("import", str(file), "--table", "customers", "--purpose", _PURPOSE, "--as", _EMAIL, "--json")
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, str(Path(sys.executable).parent / "egide"), *command],
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds = time.perf_counter() - begin
    report, kibibytes = done.stdout.strip().rsplit("\n", 1)
    peak = int(kibibytes) / 1024
    accepted = json.loads(report)["accepted"]
    if accepted != rows:
        raise AssertionError(f"{accepted} of {rows} rows were imported: nothing was measured")
    yield Result(
        name=f"import of {rows} customers from CSV, peak memory",
        database=kind,
        value=peak,
        bound=peak,
        unit="MB",
        target=Target(value=_LIMIT_MB),
        detail=f"{accepted / seconds:.0f} rows/s",
    )


def _allow(house: MeasuredHouse) -> None:
    wired = house.wired
    now = wired.clock.now()
    with wired.write() as session:
        controller = add_account(session, wired.clock, wired.ids, SYSTEM, NewAccount(email="controller@demo.example"))
        name_first_controller(session, wired.clock, wired.ids, SYSTEM, controller)
        by = Actor(kind=ActorKind.PERSON, id=controller.id, roles=frozenset({Role.CONTROLLER}))
        account = add_account(session, wired.clock, wired.ids, by, NewAccount(email=_EMAIL))
        assign_role(session, wired.clock, wired.ids, by, NewRole(account_id=account.id, role=Role.SALES))
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
