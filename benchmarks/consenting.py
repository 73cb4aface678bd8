"""Consents by the million: recorded over HTTP, looked up, heeded by the gate, and what heeding costs a page."""

import http.client
import itertools
import json
import statistics
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from benchmarks.crowd import CHANNELS, PURPOSES, gather
from benchmarks.house import BESIDE, CATEGORIES, CLEAR, FIELDS, MeasuredHouse
from benchmarks.measure import Result, Target, bootstrap, judged, paired
from benchmarks.paging import timed, token_of
from benchmarks.served import CLIENTS, empty, rate, served
from consent.service import Withdraw, consent_status, withdraw_consent
from consent.values import Desk
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.gate.identifiers import identifiers_by
from governance.gate.query import Query
from governance.vocabulary import Channel, Form, GrantedAction, SubjectKind
from governance.wiring import Wired
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

# The people of the full size are a million on PostgreSQL, which the promise is about.
_PEOPLE: Final = {"sqlite": 5, "postgresql": 50}
_PAGE: Final = 1_000
_WITHOUT: Final = "without-consent"
_WITHOUT_ID: Final = 70
_OFFICER: Final = Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=2), roles=frozenset({Role.DPO}))
_STATE: Final = Target(value=5)
_RECORD: Final = Target(value=300, at_most=False)
_FILTER: Final = Target(value=1.15)


def consenting(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure the ledger with fifty people for each row of the house's own table."""
    kind = house.database.dialect
    people = gather(house, house.rows * _PEOPLE[kind])
    yield from _recorded(house, people, 200 if pairs > 30 else 50)
    yield _looked_up(house, people, pairs)
    yield _filtered(house, pairs)
    # Last, for those who withdraw are left out of every page after it.
    yield _heeded(house)


def _recorded(house: MeasuredHouse, people: range, each: int) -> Iterator[Result]:
    tokens = [token_of(house.wired, Role.SERVICE) for _ in range(CLIENTS)]
    rounds = itertools.count()

    def recording(port: int) -> float:
        turn = next(rounds)

        def ask(line: http.client.HTTPConnection, number: int) -> int:
            event = {
                "subject_id": people[(turn * CLIENTS * each + number) * 31 % len(people)],
                "purpose": PURPOSES[number % len(PURPOSES)],
                "channel": CHANNELS[number % len(CHANNELS)].value,
                "kind": "refused" if turn % 2 else "given",
                "method": "api",
                "source": "benchmark",
                "evidence": {"wording": {"text": "I agree to receive the letter.", "form": "bench", "version": 1}},
            }
            return _post(line, "/api/v1/consents", event, tokens[number // each])

        return rate(port, ask, each)

    def nothing(line: http.client.HTTPConnection, _: int) -> int:
        return _post(line, "/", {}, "")

    with served(house) as ours, empty() as theirs:
        recording(ours)
        rate(theirs, nothing, each)
        rounds_of_both = [(recording(ours), rate(theirs, nothing, each)) for _ in range(9)]
    rates = [mine for mine, _ in rounds_of_both]
    ratios = [mine / other for mine, other in rounds_of_both]
    other = statistics.median(other for _, other in rounds_of_both)
    yield Result(
        name=f"consents recorded over HTTP, durable, {CLIENTS} clients, {len(people):,} people",
        database=house.database.dialect,
        value=statistics.median(rates),
        bound=bootstrap(rates)[0],
        unit="/s",
        target=_RECORD,
        detail=f"an empty Flask POST {other:.0f}/s, ratio {statistics.median(ratios):.2f}",
    )


def _looked_up(house: MeasuredHouse, people: range, pairs: int) -> Result:
    desk = _desk(house)
    places = itertools.count()

    def look() -> None:
        subject_id = people[next(places) * 7919 % len(people)]
        with house.wired.read() as session:
            found = consent_status(session, desk, house.wired.log, _OFFICER, subject_id)
        if len(found) < len(PURPOSES) * len(CHANNELS):
            raise AssertionError("somebody's consents are not all there")

    taken = timed(look, max(60, pairs))
    return Result(
        name="one person's consents: fifteen states, every event verified, the look durable",
        database=house.database.dialect,
        value=statistics.median(taken),
        bound=bootstrap(taken)[1],
        unit="ms",
        target=_STATE,
        detail=f"{len(taken)} people, longest {max(taken):.1f} ms",
    )


def _heeded(house: MeasuredHouse) -> Result:
    """Count on how many of the first reads after a withdrawal the row is still given: none may be."""
    query = Query(purpose=CLEAR, table="measured", fields=FIELDS)
    desk = _desk(house)
    given = 0
    tried = house.row_ids[:: max(1, house.rows // 50)]
    for row_id in tried:
        subject_id = next(iter(house.gate.people_of("measured", str(row_id))))
        with house.wired.write() as session:
            withdraw_consent(
                session, desk, SYSTEM, Withdraw(subject_id=subject_id, purpose=CLEAR, channel=Channel.EMAIL)
            )
        page = house.gate.read(house.actor, replace(query, rows=(row_id,), limit=1))
        given += len(page.decoded())
    return Result(
        name="rows that the gate gives on the first read after a withdrawal",
        database=house.database.dialect,
        value=given,
        bound=given,
        unit=f"of {len(tried)}",
        target=Target(value=0),
        detail="each withdrawn in one transaction, read in the next",
    )


def _filtered(house: MeasuredHouse, pairs: int) -> Result:
    with house.wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        _purpose_without(session, house.wired)
    with_consent = Query(purpose=CLEAR, table="measured", fields=FIELDS, limit=_PAGE)
    without = replace(with_consent, purpose=_WITHOUT)

    def read(query: Query) -> bytes:
        return house.gate.read(house.actor, query).rows

    if read(with_consent) != read(without):
        raise AssertionError("the contenders give different rows: nothing was measured")
    measured = paired(lambda: read(with_consent), lambda: read(without), pairs=pairs)
    name = "page of 1,000 whose purpose rests on consent, against one that does not"
    return judged(name, house.database.dialect, measured, _FILTER)


def _desk(house: MeasuredHouse) -> Desk:
    """Return what recording takes."""
    wired = house.wired
    identifiers = identifiers_by(wired.keyring, wired.attestor, house.map)
    return Desk(wired.clock, wired.attestor, wired.keyring, identifiers)


def _purpose_without(session: Session, wired: Wired) -> None:
    data = [(SubjectKind.CUSTOMER, category) for category in (*CATEGORIES, *BESIDE)]
    now = wired.clock.now()
    a_purpose(session, id=_WITHOUT_ID, slug=_WITHOUT, data=data, recipients=(Role.SUPPORT,))
    for _, category in data:
        a_grant(
            session, purpose_id=_WITHOUT_ID, category=category, form=Form.CLEAR, action=GrantedAction.READ,
            valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=300),
        )  # fmt: skip


def _post(line: http.client.HTTPConnection, path: str, body: object, token: str) -> int:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    line.request("POST", path, json.dumps(body), headers)
    answer = line.getresponse()
    answer.read()
    return answer.status
