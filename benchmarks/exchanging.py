"""The register written out: seconds and peak memory of the command, in a process of its own, for many activities.

They stand in the tables as drafting would have left them: three purposes each, with data, recipients, measures and
those who take part.
"""

import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from audit.transaction import unrecorded
from benchmarks.commands import run_command
from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target
from governance.actor import Role
from governance.periods import Period
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.models import Measure
from register.catalogue.values import MeasureDomain
from register.lines.models import ActivityMeasure, ActivityParty, ActivityPeople
from register.lines.values import Relation
from register.models import Activity, Party, Purpose, PurposeData, PurposeRecipient
from register.values import StartingEvent

_FULL_PAIRS: Final = 30  # the full size measures more pairs than this
_ACTIVITIES: Final = {True: 5_000, False: 500}
_SECONDS: Final = Target(value=10)
_MEGABYTES: Final = Target(value=300)
# Purposes of the other measures have numbers below.
_FIRST: Final = 1_000
_PURPOSES: Final = 3
_AT_ONCE: Final = 500
_WHEN: Final = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
_CATEGORIES: Final = (DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PURCHASES)
_WORDS: Final = "Ce que fait l’entreprise des données, pourquoi, et combien de temps elle les garde. " * 3


def exchanges(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure an export in each format."""
    count = _ACTIVITIES[pairs > _FULL_PAIRS]
    _fill(house, count)
    for form in ("ods", "xlsx", "json"):
        with tempfile.TemporaryDirectory(prefix="egide-bench-") as folder:
            out = Path(folder) / f"register.{form}"
            ran = run_command(house, "register", "export", "--format", form, "--out", str(out))
            size = out.stat().st_size / 1_000_000
        # What was asked for is the simplified register; the others are told beside it.
        asked = form == "ods"
        for name, value, unit, target in (
            ("seconds", ran.seconds, "s", _SECONDS),
            ("peak memory", ran.peak, "MB", _MEGABYTES),
        ):
            yield Result(
                name=f"export of {count} activities as {form}, {name}",
                database=house.database.dialect,
                value=value,
                bound=value,
                unit=unit,
                target=target if asked else None,
                detail=f"{size:.1f} MB",
            )


def _fill(house: MeasuredHouse, count: int) -> None:
    wired = house.wired
    with wired.write() as session:
        unrecorded(session, "a register that was never kept")
        dpo = Party(id=wired.ids.new(), name="Cabinet Conseil Exemple", city="Lyon")
        firm = Party(id=wired.ids.new(), name="Boutique Exemple", city="Paris", dpo_id=dpo.id)
        measure = Measure(
            id=wired.ids.new(), domain=MeasureDomain.CONTINUITY, label_fr="Sauvegardes", label_en="Backups"
        )
        session.add_all([dpo, measure])
        session.flush()
        session.add(firm)
        session.flush()
        named = (firm.id, measure.id)
    for start in range(0, count, _AT_ONCE):
        with wired.write() as session:
            unrecorded(session, "a register that was never kept")
            for place in range(start, min(start + _AT_ONCE, count)):
                activity = Activity(
                    id=wired.ids.new(),
                    slug=f"activity-{place}",
                    name_fr=f"Activité {place}",
                    name_en=f"Activity {place}",
                    description=_WORDS,
                    controller_id=named[0],
                    created_at=_WHEN,
                    changed_at=_WHEN,
                )
                session.add(activity)
                session.flush()
                session.add_all(_hangs_on(house, activity, place, named))
            session.flush()


def _hangs_on(
    house: MeasuredHouse, activity: Activity, place: int, named: tuple[uuid.UUID, uuid.UUID]
) -> Iterator[object]:
    new = house.wired.ids.new
    purposes = range(_FIRST + place * _PURPOSES, _FIRST + (place + 1) * _PURPOSES)
    for number in purposes:
        yield Purpose(
            id=number,
            slug=f"purpose-{number}",
            activity_id=activity.id,
            label_fr=f"Finalité {number}",
            label_en=f"Purpose {number}",
            basis=LawfulBasis.CONTRACT,
            legal_reference="CGV, art. 4",
        )
        yield PurposeRecipient(id=new(), purpose_id=number, role=Role.SUPPORT)
        for category in _CATEGORIES:
            yield PurposeData(
                id=new(),
                purpose_id=number,
                subject_kind=SubjectKind.CUSTOMER,
                category=category,
                active_for=Period("P3Y"),
                starting_event=StartingEvent.LAST_ORDER,
                retention_source=_WORDS,
            )
    yield ActivityMeasure(id=new(), activity_id=activity.id, measure_id=named[1])
    yield ActivityPeople(id=new(), activity_id=activity.id, subject_kind=SubjectKind.CUSTOMER, estimate=2000)
    yield ActivityParty(id=new(), activity_id=activity.id, party_id=named[0], relation=Relation.PROCESSOR)
