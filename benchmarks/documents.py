"""The register on paper: one activity with its pictures, and a volume of a hundred activities, made of starting points.

What is measured is the whole way: read, drawn as HTML, made into tagged PDF in a process of its own.
"""

import resource
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Final

from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target
from governance.actor import Role
from governance.web.offstage import Studio
from governance.wiring import Wired
from register.linked.graph import register_pieces
from register.pages.paper import draw_activity, draw_volume
from register.pages.wording import FILTERS
from register.printing.volumes import VolumePlace
from register.printing.working import VOLUME
from register.service import Desk, NewActivity, NewParty, StartActivity, add_party, start_activity
from register.starting_points.schemas.loader import starting_points
from register.stated import Stated, stated_activities
from tests.builders.ground import an_actor

_ONE_SECONDS: Final = 3.0
_VOLUME_SECONDS: Final = 15.0


def documents(house: MeasuredHouse, _pairs: int) -> Iterator[Result]:
    """Measure both, and the same volume as linked data."""
    wired, kind = house.wired, house.database.dialect
    slugs = started(wired, "on-paper")
    studio = Studio(FILTERS)

    def alone() -> bytes:
        catalogue = wired.gate.snapshot().catalogue
        with studio.speaking("fr"):
            html = draw_activity(_stated(wired, slugs[:1])[0], catalogue, wired.clock.now())
        return wired.printer.print(html)

    def volume() -> bytes:
        records = _stated(wired, slugs)
        with studio.speaking("fr"):
            html = draw_volume(records, VolumePlace(number=1, first=1, count=VOLUME), wired.clock.now())
        return wired.printer.print(html)

    def linked() -> bytes:
        return b"".join(register_pieces(_stated(wired, slugs), wired.clock.now()))

    yield _measured("PDF of one activity", kind, alone, Target(value=_ONE_SECONDS))
    yield _measured(f"PDF of {VOLUME} activities", kind, volume, Target(value=_VOLUME_SECONDS))
    yield _measured(f"JSON-LD of {VOLUME} activities", kind, linked, None)


def _measured(name: str, kind: str, work: Callable[[], bytes], target: Target | None) -> Result:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    made = work()
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    detail = f"{len(made) / 1e6:.1f} MB, {processor:.1f} s of processor in its own process"
    return Result(name=name, database=kind, value=seconds, bound=seconds, unit="s", target=target, detail=detail)


def _stated(wired: Wired, slugs: list[str]) -> list[Stated]:
    with wired.read() as session:
        return list(stated_activities(session, wired.attestor, slugs, wired.clock.now().date()))


def started(wired: Wired, stem: str) -> list[str]:
    """Draft a volume of activities from the starting points, and return their short names."""
    desk, owner = Desk(wired.clock, wired.ids, wired.attestor), an_actor(Role.OWNER, number=801)
    slugs: list[str] = []
    with wired.write() as session:
        party = add_party(session, wired.ids, owner, NewParty(name="Boutique Exemple", city="Lyon"))
        for number, point in enumerate(islice(cycle(starting_points().values()), VOLUME), start=1):
            activity = NewActivity(
                slug=f"{stem}-{number}",
                name_fr=f"{point.name.fr} {number}",
                name_en=f"{point.name.en} {number}",
                description=point.description.fr,
                controller_id=party.id,
            )
            start_activity(session, desk, owner, StartActivity(point=point, activity=activity))
            slugs.append(activity.slug)
    return slugs
