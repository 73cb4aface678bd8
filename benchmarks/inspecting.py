"""The file for an inspection about a hundred activities: seconds, and the peak of the largest process that makes it.

The command makes it, as on a terminal, in French.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.commands import run_command
from benchmarks.documents import started
from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result
from governance.actor import Actor, ActorKind, Role
from governance.identity.service.accounts import NewAccount, add_account
from governance.identity.service.roles import NewRole, assign_role, name_first_controller
from governance.wiring import Wired
from register.printing.working import VOLUME

_OFFICER: Final = "dpo@demo.example"
_CONTROLLER: Final = "controller@demo.example"
_HOST_USER: Final = "bench"


def inspections(house: MeasuredHouse, _pairs: int) -> Iterator[Result]:
    """Measure one file, from the order to the archive on disk."""
    _appoint(house.wired)
    activities = [part for slug in started(house.wired, "inspected") for part in ("--activity", slug)]
    with tempfile.TemporaryDirectory(prefix="egide-bench-") as folder:
        out = Path(folder) / "inspection.zip"
        asked = ("--out", str(out), "--occasion", "Bench", "--language", "fr", "--as", _OFFICER)
        ran = run_command(house, "inspection", "make", *asked, *activities)
        size = out.stat().st_size / 1_000_000
    for name, value, unit in (("seconds", ran.seconds, "s"), ("peak memory", ran.peak, "MB")):
        yield Result(
            name=f"file for an inspection, {VOLUME} activities, {name}",
            database=house.database.dialect,
            value=value,
            bound=value,
            unit=unit,
            target=None,
            detail=f"{size:.1f} MB",
        )


def _appoint(wired: Wired) -> None:
    """Let there be an officer, whom a controller confirmed."""
    host = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user=_HOST_USER)
    with wired.write() as session:
        first = add_account(session, wired.clock, wired.ids, host, NewAccount(email=_CONTROLLER))
        officer = add_account(session, wired.clock, wired.ids, host, NewAccount(email=_OFFICER))
        name_first_controller(session, wired.clock, wired.ids, host, first)
        controller = Actor(kind=ActorKind.HOST, id=first.id, roles=frozenset({Role.CONTROLLER}), host_user=_HOST_USER)
        assign_role(session, wired.clock, wired.ids, controller, NewRole(account_id=officer.id, role=Role.DPO))
