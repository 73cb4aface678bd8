"""Pages of 1,000 rows and single rows, governed: against the floor, an unprotected application, encrypted columns."""

import json
import threading
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any, Final

import orjson
from marshmallow import Schema, fields
from sqlalchemy import select, text

from benchmarks.house import CLEAR, FIELDS, MASKED, ColumnEncrypted, MeasuredHouse, Plain, plain_sessions
from benchmarks.measure import Result, Target, judged, paired
from governance.gate.query import Condition, Query

PAGE: Final = 1_000
_THREADS: Final = 8
_COLUMNS: Final = [Plain.id, *(getattr(Plain, name) for name in FIELDS)]
_KEYS: Final = ("id", *FIELDS)

# What each may cost at most, by database.
_TARGETS: Final = {
    "clear": {"sqlite": 2.4, "postgresql": 3.5},
    "masked": {"sqlite": 3.0, "postgresql": 4.2},
    "unprotected": {"sqlite": 0.4, "postgresql": 0.7},
    "columns": {"sqlite": 0.5, "postgresql": 0.5},
    "one": {"sqlite": 0.5, "postgresql": 0.5},
    "lookup": {"sqlite": 2.0, "postgresql": 1.5},
}


class PlainSchema(Schema):
    """What the unprotected application dumps."""

    id = fields.String()
    family_name = fields.String()
    given_name = fields.String()
    birth_date = fields.String()
    civility = fields.String()
    email = fields.String()
    phone = fields.String()
    address = fields.String()
    postcode = fields.String()
    city = fields.String()
    iban = fields.String()
    profession = fields.String()
    employer = fields.String()


_SCHEMA: Final = PlainSchema(many=True)


def pages(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure pages."""
    kind = house.database.dialect
    ours = _governed(house, CLEAR)
    masked = _governed(house, MASKED)
    _check_equal(orjson.loads(ours()), orjson.loads(_floor(house)()))
    _check_equal(json.loads(_unprotected(house)()), orjson.loads(_floor(house)()))
    measures: tuple[tuple[str, str, Callable[[], bytes], Callable[[], object], int], ...] = (
        ("page of 1,000, all clear, against the floor", "clear", ours, _floor(house), pairs),
        ("page of 1,000, one field masked in each category, against the floor", "masked", masked, _floor(house), pairs),
        ("page of 1,000, masked, against unprotected", "unprotected", masked, _unprotected(house), pairs // 2),
        ("page of 1,000, all clear, against StringEncryptedType", "columns", ours, _columns(house), max(5, pairs // 6)),
    )
    for name, target, mine, other, count in measures:
        measured = paired(mine, other, pairs=count)
        yield judged(name, kind, measured, Target(value=_TARGETS[target][kind]))


def lookups(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure a lookup by e-mail through the blind index against the same read through a plain indexed column."""
    kind = house.database.dialect
    with house.database.write_connection() as connection:
        connection.execute(text("CREATE INDEX ix_bench_measured_number ON bench_measured (number)"))
    emails, numbers = cycle(house.emails[:: house.rows // 200]), cycle(range(0, house.rows, house.rows // 200))

    def blind() -> object:
        where = (Condition(field="email", value=next(emails)),)
        return house.gate.read(house.actor, Query(purpose=CLEAR, table="measured", fields=FIELDS, where=where))

    def indexed() -> object:
        where = (Condition(field="number", value=f"C-{next(numbers):06d}"),)
        return house.gate.read(house.actor, Query(purpose=CLEAR, table="measured", fields=FIELDS, where=where))

    measured = paired(blind, indexed, pairs=pairs, repeat=5)
    name = "lookup by e-mail through the blind index, against a plain indexed column"
    yield judged(name, kind, measured, Target(value=_TARGETS["lookup"][kind]))


def single_rows(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure one row by id, from eight threads on both sides."""
    kind = house.database.dialect
    ids = [str(each) for each in house.row_ids[:: max(1, house.rows // 500)]]
    query = Query(purpose=CLEAR, table="measured", fields=FIELDS)
    sessions = plain_sessions(house)

    def ours(place: int) -> None:
        house.gate.one(house.actor, query, ids[place % len(ids)])

    def theirs(place: int) -> None:
        with sessions() as session:
            found = session.get(Plain, ids[place % len(ids)])
            orjson.dumps({key: getattr(found, key) for key in _KEYS})

    measured = paired(lambda: _from_threads(ours), lambda: _from_threads(theirs), pairs=pairs, warm_up=1)
    name = "one row by id, 8 threads, throughput against an ORM get"
    yield judged(name, kind, measured, Target(value=_TARGETS["one"][kind], at_most=False), inverse=True)
    alone = paired(lambda: ours(7), lambda: theirs(7), pairs=pairs * 4, repeat=5)
    yield judged("one row by id, latency alone, against an ORM get", kind, alone, None)


_EACH: Final = 60


def _from_threads(work: Callable[[int], None]) -> None:
    def run(first: int) -> None:
        for place in range(first, first + _EACH):
            work(place)

    threads = [threading.Thread(target=run, args=(number * 37,)) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _governed(house: MeasuredHouse, purpose: str) -> Callable[[], bytes]:
    query = Query(purpose=purpose, table="measured", fields=FIELDS, limit=PAGE)
    return lambda: house.gate.read(house.actor, query).rows


def _floor(house: MeasuredHouse) -> Callable[[], bytes]:
    statement = select(*_COLUMNS).order_by(Plain.id).limit(PAGE)

    def run() -> bytes:
        with house.database.engine.connect() as connection:
            return orjson.dumps([dict(zip(_KEYS, row, strict=True)) for row in connection.execute(statement)])

    return run


def _unprotected(house: MeasuredHouse) -> Callable[[], str]:
    sessions = plain_sessions(house)
    statement = select(Plain).order_by(Plain.id).limit(PAGE)

    def run() -> str:
        with sessions() as session:
            return json.dumps(_SCHEMA.dump(session.scalars(statement).all()))

    return run


def _columns(house: MeasuredHouse) -> Callable[[], bytes]:
    columns = [ColumnEncrypted.id, *(getattr(ColumnEncrypted, name) for name in FIELDS)]
    statement = select(*columns).order_by(ColumnEncrypted.id).limit(PAGE)

    def run() -> bytes:
        with house.database.engine.connect() as connection:
            return orjson.dumps([dict(zip(_KEYS, row, strict=True)) for row in connection.execute(statement)])

    return run


def _check_equal(mine: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    if mine != other:
        raise AssertionError("the contenders give different rows: nothing was measured")
