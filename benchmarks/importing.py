"""Customers from a CSV file into the reference base, sealed and indexed: rows a second, and the process's peak memory.

The command itself is measured, in a process of its own, for the peak is that of a whole process.
"""

import csv
import json
import random
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.commands import run_command
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
        command = ("import", str(file), "--table", "customers", "--purpose", _PURPOSE, "--as", _EMAIL, "--json")
        ran = run_command(house, *command)
    accepted = json.loads(ran.said)["accepted"]
    if accepted != rows:
        raise AssertionError(f"{accepted} of {rows} rows were imported: nothing was measured")
    yield Result(
        name=f"import of {rows} customers from CSV, peak memory",
        database=kind,
        value=ran.peak,
        bound=ran.peak,
        unit="MB",
        target=Target(value=_LIMIT_MB),
        detail=f"{accepted / ran.seconds:.0f} rows/s",
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
