"""The drift report of a register of 5,000 activities: two purposes each, three pairs of kind and category a purpose.

Beside them: a processor, a transfer, profiling, a default that nobody confirmed and a late review for each tenth, an
asset for each, a grant for each purpose, thousands of reads and refusals; what a look at data found, an officer whom
nobody designated, and a row that was altered; of each activity the versions of its record, as long as those of a real
one. Every kind of finding has some, or nothing is measured. Each report loads the policies anew, as the product does.
"""

import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.transaction import unrecorded
from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target, bootstrap
from benchmarks.paging import client_of, counted, timed
from governance.actor import Actor, ActorKind, Role
from governance.app import create_app
from governance.datamap.drafting.undeclared import UndeclaredColumn, UndeclaredTable
from governance.days import day_of
from governance.gate.gate import Gate, GateParts
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.kinds.altered import count_altered
from governance.oversight.drift.looks import place_of_source, place_of_table, told_ages, told_columns
from governance.oversight.drift.models import DriftLook
from governance.oversight.drift.report import drift_report
from governance.oversight.drift.values import Kind
from governance.periods import Period
from governance.policies.models import Grant
from governance.vocabulary import DataCategory, Form, GrantedAction, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode, Opinion, Verb
from register.lines.models import ActivityAsset, ActivityDecision, ActivityParty, ActivityPeople, ActivityTransfer
from register.lines.values import AssetKind, Relation, Safeguard
from register.models import Activity, ActivityVersion, Party, Purpose, PurposeData, PurposeRecipient, UnconfirmedDefault
from register.reviews.models import ActivityReview
from register.service.catalogue.parties import usual_controller
from register.values import FinalFate, PurposePart, Standing, StartingEvent

_ACTIVITIES: Final = 5_000
_PURPOSES: Final = 2
_VERSIONS: Final = 4
# Characters of one: what a record of two purposes keeps with its recipients, measures and transfers.
_SNAPSHOT: Final = 8_000
_PARTIES: Final = 200
_EACH_TENTH: Final = 10
_REFUSALS: Final = 5_000
_ROUNDS: Final = 9
_LIMIT_SECONDS: Final = 2.0
_AT_ONCE: Final = 500
# Beyond those that the house has already.
_FIRST: Final = 100
_PAIRS: Final = (
    (SubjectKind.CUSTOMER, DataCategory.IDENTITY),
    (SubjectKind.CUSTOMER, DataCategory.CONTACT),
    (SubjectKind.EMPLOYEE, DataCategory.PROFESSIONAL),
)


def drifting(house: MeasuredHouse, _pairs: int) -> Iterator[Result]:
    """Measure the report, and its pages."""
    _register(house)
    _practice(house)
    _differing(house)
    wired = house.wired
    parts = GateParts(
        database=wired.database, clock=wired.clock, keyring=wired.keyring, attestor=wired.attestor,
        log=wired.log, sources=wired.sources, base=house.map,
    )  # fmt: skip
    gate = Gate(parts)
    found = sum(_report(house, gate).values())
    loads = [_seconds(gate.snapshot_anew) for _ in range(_ROUNDS)]
    times = [_seconds(partial(_report, house, gate)) for _ in range(_ROUNDS)]
    gate.close()
    yield Result(
        name=f"the drift report, {_ACTIVITIES} activities",
        database=wired.database.dialect,
        value=statistics.median(times),
        bound=bootstrap(times)[1],
        unit="s",
        target=Target(value=_LIMIT_SECONDS),
        detail=f"{found} findings of {len(Kind)} kinds; {statistics.median(loads):.2f} s of it load the policies",
    )
    yield _looking(house)
    yield from _pages(house)


def _looking(house: MeasuredHouse) -> Result:
    """Measure how long the worker verifies all versions of records."""
    wired = house.wired
    with wired.read() as session:
        times = [_seconds(partial(count_altered, session, wired.attestor, ActivityVersion)) for _ in range(_ROUNDS)]
    return Result(
        name=f"the worker's look at {_ACTIVITIES * _VERSIONS} versions",
        database=wired.database.dialect,
        value=statistics.median(times),
        bound=bootstrap(times)[1],
        unit="s",
        target=None,
        detail=f"{_SNAPSHOT} characters each",
    )


def _pages(house: MeasuredHouse) -> Iterator[Result]:
    """Measure the page of the report and of one kind, and the officer's first page, which shows the worst of it."""
    wired = house.wired
    officer = client_of(create_app(wired).test_client(), wired, Role.DPO)
    asked = {
        "the drift report": officer.paged("drift", "/drift"),
        "the drift report, one kind": officer.paged("drift of one kind", "/drift", kind=Kind.ASSET.value),
        "the officer's first page": officer.paged("today", "/today"),
    }
    for name, each in asked.items():
        times = [seconds / 1e3 for seconds in timed(each.first, _ROUNDS)]
        yield Result(
            name=f"page: {name}, {_ACTIVITIES} activities",
            database=wired.database.dialect,
            value=statistics.median(times),
            bound=bootstrap(times)[1],
            unit="s",
            target=Target(value=_LIMIT_SECONDS),
            detail=f"{counted(wired, each.first)} statements",
        )


def _report(house: MeasuredHouse, gate: Gate) -> Counter[Kind]:
    """Work the report out; return how many findings of each kind it has.

    Raises:
        AssertionError: If a kind has none: then less was measured than is told.
    """
    snapshot = gate.snapshot_anew()
    with house.wired.read() as session:
        ground = Ground(session=session, attestor=house.wired.attestor, snapshot=snapshot, now=house.wired.clock.now())
        found = Counter(each.kind for each in drift_report(ground).findings)
    missing = [kind.value for kind in Kind if not found[kind]]
    if missing:
        raise AssertionError(f"no findings of {', '.join(missing)}: nothing was measured")
    return found


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _register(house: MeasuredHouse) -> None:
    wired = house.wired
    parties = [Party(id=wired.ids.new(), name=f"Fictional firm {number}") for number in range(_PARTIES)]
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        session.add_all(parties)
    # The ids stay known once their transaction is over.
    known = [uuid.UUID(int=party.id.int) for party in parties]
    for first in range(0, _ACTIVITIES, _AT_ONCE):
        with wired.write() as session:
            unrecorded(session, "a benchmark sets its scene")
            for number in range(first, first + _AT_ONCE):
                _activity(session, house, number, known)


def _activity(session: Session, house: MeasuredHouse, number: int, parties: list[uuid.UUID]) -> None:
    ids, now = house.wired.ids, house.wired.clock.now()
    activity = Activity(
        id=ids.new(), slug=f"activity-{number}", name_fr=f"Activité {number}", name_en=f"Activity {number}",
        controller_id=parties[0], owner_id=uuid.UUID(int=number % 50), state=ActivityState.ACTIVE, running=True,
        mode=Mode.ENFORCE, opinion=Opinion.FAVOURABLE, created_at=now, changed_at=now, revision=_VERSIONS,
        versions=_VERSIONS, version_in_force=_VERSIONS,
    )  # fmt: skip
    session.add(activity)
    session.flush()
    session.add_all(
        ActivityVersion(
            activity_id=activity.id, revision=revision, verb=Verb.REVIEW, state=ActivityState.ACTIVE,
            mode=Mode.ENFORCE, snapshot=orjson.dumps({"text": f"{number} " * (_SNAPSHOT // 6)}).decode(), at=now,
        )
        for revision in range(1, _VERSIONS + 1)
    )  # fmt: skip
    for place in range(_PURPOSES):
        _purpose(session, house, activity.id, _FIRST + number * _PURPOSES + place)
    standing = Standing.IN_FORCE
    session.add(
        ActivityAsset(
            id=ids.new(), activity_id=activity.id, standing=standing, kind=AssetKind.TABLE,
            name="measured" if number % _EACH_TENTH else "gone",
        )
    )  # fmt: skip
    if number % _EACH_TENTH == 0:
        # Profiles 20,000 people: two criteria of an impact assessment. Looked at last three years ago.
        session.add_all(
            [
                ActivityPeople(
                    id=ids.new(), activity_id=activity.id, standing=standing, subject_kind=SubjectKind.CUSTOMER,
                    estimate=20_000,
                ),
                ActivityDecision(
                    id=ids.new(), activity_id=activity.id, standing=standing, name="Score", solely=False,
                ),
                ActivityReview(activity_id=activity.id, looked_at=now - timedelta(days=1_096)),
                UnconfirmedDefault(
                    purpose_id=_FIRST + number * _PURPOSES, part=PurposePart.WORDS, starting_point="loyalty"
                ),
            ]
        )  # fmt: skip
        party = parties[number // _EACH_TENTH % _PARTIES]
        session.add_all(
            [
                ActivityParty(
                    id=ids.new(), activity_id=activity.id, standing=standing, party_id=party,
                    relation=Relation.PROCESSOR, part="Hosts.",
                ),
                ActivityTransfer(
                    id=ids.new(), activity_id=activity.id, standing=standing, country="IN", party_id=party,
                    safeguard=Safeguard.STANDARD_CLAUSES,
                ),
            ]
        )  # fmt: skip
    session.flush()


def _purpose(session: Session, house: MeasuredHouse, activity: uuid.UUID, number: int) -> None:
    ids, now, standing = house.wired.ids, house.wired.clock.now(), Standing.IN_FORCE
    session.add(
        Purpose(
            id=number, slug=f"purpose-{number}", activity_id=activity, standing=standing,
            label_fr=f"Finalité {number}", label_en=f"Purpose {number}", basis=LawfulBasis.CONTRACT,
        )
    )  # fmt: skip
    session.flush()
    for kind, category in _PAIRS:
        session.add(
            PurposeData(
                id=ids.new(), purpose_id=number, subject_kind=kind, category=category, standing=standing,
                active_for=Period("P3Y"), starting_event=StartingEvent.COLLECTION, final_fate=FinalFate.DELETION,
            )
        )  # fmt: skip
    session.add(PurposeRecipient(id=ids.new(), purpose_id=number, role=Role.SUPPORT, standing=standing))
    begun = now - timedelta(days=390)
    session.add(
        Grant(
            id=ids.new(), role=Role.SUPPORT, purpose_id=number, subject_kind=SubjectKind.CUSTOMER,
            category=DataCategory.IDENTITY, action=GrantedAction.READ, form=Form.CLEAR, valid_from=begun,
            valid_to=now + timedelta(days=5), requested_by=uuid.UUID(int=901), requested_at=begun,
            approved_by=uuid.UUID(int=902), approved_at=begun,
        )
    )  # fmt: skip


def _practice(house: MeasuredHouse) -> None:
    """Let reads of half of the purposes stand in the log, and refusals of reads that nothing declares."""
    now = house.wired.clock.now()
    actor = Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=1), roles=frozenset({Role.SUPPORT}), address="192.0.2.1")
    reads = [
        Fact(
            retention=Retention.ACCESS, action=Action.READ, actor=actor, object_type="measured",
            purpose=f"purpose-{_FIRST + number}", at=now - timedelta(hours=number),
            details={"fields": {"clear": ["email"]}, "rows": 1},
        )
        for number in range(0, _ACTIVITIES * _PURPOSES, 2)
    ]  # fmt: skip
    refusals = [
        Fact(
            retention=Retention.ACCESS, action=Action.REFUSAL, actor=actor, object_type="measured",
            purpose=None if number % 2 else f"purpose-{_FIRST + number}", outcome=Outcome.REFUSED,
            details={"action": "read", "reasons": ["unknown-purpose" if number % 2 else "category-not-declared"]},
        )
        for number in range(_REFUSALS)
    ]  # fmt: skip
    for facts in (reads, refusals):
        for first in range(0, len(facts), _AT_ONCE):
            house.wired.log.append_many(facts[first : first + _AT_ONCE])


def _differing(house: MeasuredHouse) -> None:
    """Let the worker have found data that are too old and columns that nobody declared, and a row be altered."""
    wired, now = house.wired, house.wired.clock.now()
    pair = (SubjectKind.CUSTOMER, DataCategory.IDENTITY)
    columns = (UndeclaredColumn(name="courriel", guarded=False),)
    tables = [UndeclaredTable(schema=None, physical=f"client_{number}", columns=columns) for number in range(100)]
    looks = {
        place_of_table("measured"): told_ages([(pair, day_of(now) - timedelta(days=2_000), 12)]),
        place_of_source("shop"): told_columns(tables),
    }
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        for place, found in looks.items():
            session.add(DriftLook(place=place, looked_at=now, found=found))
        officer = Party(id=wired.ids.new(), name="Fictional officer")
        session.add(officer)
        session.flush()
        controller = usual_controller(session)
        session.get_one(Party, controller).dpo_id = officer.id
        first = session.scalars(select(Activity.id).where(Activity.slug == "activity-0")).one()
    with wired.database.write_connection() as connection:
        connection.execute(update(ActivityAsset).where(ActivityAsset.activity_id == first).values(name="altered"))
