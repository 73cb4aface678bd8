"""The list of the register's activities, as the server answers it, with the 5,000 that the drift report was made of.

The whole of the page is asked for: who may see it, how far each activity is enforced, and the template. It is narrowed
by words, by a category and by an organisation too, and the first request of a process is told apart: it waits for
templates and translations, and for no policies.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, select

from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target, bootstrap
from benchmarks.paging import client_of, counted, timed
from governance.actor import Role
from governance.app import create_app
from governance.vocabulary import DataCategory
from register.lines.models import ActivityParty
from register.models import Activity

_TARGET: Final = Target(value=150)
_LIST: Final = "/activities/"


def listing(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure the server time of the list, whole and narrowed."""
    wired = house.wired
    with wired.read() as session:
        count = session.scalar(select(func.count()).select_from(Activity))
        party = session.scalars(select(ActivityParty.party_id).limit(1)).one()
    reader = client_of(create_app(wired).test_client(), wired, Role.AUDITOR)
    begin = time.perf_counter()
    reader.get(_LIST)
    first = (time.perf_counter() - begin) * 1000
    asked = [
        reader.paged("activities", _LIST),
        reader.paged("activities by words", _LIST, text="activite 49"),
        reader.paged("activities by category", _LIST, category=DataCategory.PROFESSIONAL.value),
        reader.paged("activities by organisation", _LIST, party=str(party)),
    ]
    for each in asked:
        times = timed(each.first, max(15, pairs))
        detail = f"{counted(wired, each.first)} statements, the first request of all {first:.0f} ms"
        if each.later is not None:
            detail += f", {counted(wired, each.later)} statements on a later page"
        yield Result(
            name=f"page: {each.name}, {count} activities",
            database=wired.database.dialect,
            value=statistics.median(times),
            bound=bootstrap(times)[1],
            unit="ms",
            target=_TARGET,
            detail=detail,
        )
