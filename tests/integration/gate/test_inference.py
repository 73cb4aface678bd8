"""Nothing tells anything of a withheld value; and the compiled loop agrees with the opener byte for byte."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from consent.probe import make_probe, to_seconds
from governance.actor import Role
from governance.datamap.given_notices import Place, given_anew, given_at_once, open_places, places_of
from governance.errors import DomainError
from governance.gate.connections import ReadConnections
from governance.gate.fetching import Question
from governance.gate.opening import Circumstances
from governance.gate.plan import PlanRequest, compile_plan
from governance.gate.query import Condition, Operator, Order, Query, Scalar
from governance.gate.reading import RowReader, Span
from governance.gate.row_macs import prekeyed_row
from governance.gate.runs import RunBook, RunParts
from governance.vault.subject_keys import aad_prefix
from governance.vocabulary import Channel, DataCategory, Form, LawfulBasis, SubjectKind
from tests.builders.gate import CATEGORIES, Shop, person_values
from tests.builders.gate_rows import OwnRows, Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT, BEHAVIOUR = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.BEHAVIOUR
SUPPORT = an_actor(Role.SUPPORT)
OTHER_VALUES: dict[str, Scalar] = {
    "email": "somebody@else.example",
    "phone": "+33639980099",
    "postcode": "75001",
    "iban": "DE89370400440532013000",
    "note": "Entirely different.",
    "health": "in good health",
    "points": 7_000,
    "faithful": True,
    "seen_at": "2020-01-01T00:00:00Z",
    "since": "1999-12-31",
}


PEOPLE = Query(purpose="customer-relationship", table="people")


def questions(name: str) -> Iterator[Query]:
    """What somebody who is given names, and nothing else, could ask to learn about another field."""
    yield replace(PEOPLE, limit=3)
    yield replace(PEOPLE, fields=("family_name", name))
    for operator in (Operator.EQUAL, Operator.LESS, Operator.PREFIX):
        yield replace(PEOPLE, where=(Condition(field=name, operator=operator, value=OTHER_VALUES[name]),))
    yield replace(PEOPLE, where=(Condition(field=name, operator=Operator.IN, value=(OTHER_VALUES[name],)),))
    yield replace(PEOPLE, order=(Order(field=name),))


def answers(shop: Shop, name: str) -> list[Any]:
    told: list[Any] = [one_row(shop), whole_stream(shop)]
    for query in questions(name):
        try:
            told.append(whole_page(shop, query))
        except DomainError as error:
            told.append((type(error), str(error)))
    return told


def whole_page(shop: Shop, query: Query) -> tuple[bytes, int, bool]:
    page = shop.gate.read(SUPPORT, query)
    return page.rows, page.count, page.next is None


def one_row(shop: Shop) -> bytes:
    return shop.gate.one(SUPPORT, PEOPLE, str(shop.people[1])).rows


def whole_stream(shop: Shop) -> bytes:
    return b"".join(chunk.lines for chunk in shop.gate.stream(SUPPORT, PEOPLE))


def test_changing_what_is_withheld_changes_no_byte(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(4))
    shop.purpose()
    shop.grant(IDENTITY)
    before = {name: answers(shop, name) for name in OTHER_VALUES}

    for name, value in OTHER_VALUES.items():
        rows.change(1, **{name: value})
        assert answers(shop, name) == before[name]


def test_changing_what_is_masked_away_changes_no_byte(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(4))
    shop.purpose()
    shop.grant(IDENTITY, BEHAVIOUR)
    shop.grant(CONTACT, form=Form.MASKED)
    before = [answers(shop, name) for name in ("email", "phone", "postcode")]

    rows.change(1, email="phoebe@department.example", phone="+33100000001", postcode="69009")

    assert [answers(shop, name) for name in ("email", "phone", "postcode")] == before


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_loop_and_the_opener_agree(own_shop: Shop, own_rows: OwnRows, seed: int) -> None:
    chance = random.Random(seed)
    own_rows.add_people(numbers(12))
    own_rows.add_people(range(13, 16), SubjectKind.PROSPECT)
    for number in (4, 9):
        own_rows.change(number, **dict.fromkeys(("email", "phone", "postcode", "iban", "note", "health")))
    basis = chance.choice([LawfulBasis.CONSENT, LawfulBasis.CONTRACT])
    own_shop.purpose(basis=basis, data=[(kind, c) for kind in SubjectKind for c in CATEGORIES])
    forms = [form for form in Form if form is not Form.WITHHELD]
    for category in chance.sample(CATEGORIES, 4):
        own_shop.grant(category, form=chance.choice(forms))
    own_shop.grant(IDENTITY, kind=SubjectKind.PROSPECT, form=chance.choice(forms))
    own_shop.consents(*chance.sample(range(1, 16), 10), purpose_id=1)
    own_shop.restrict(5)
    own_shop.object(6, 1)
    own_shop.erase(7)

    for _ in range(6):
        fields = tuple(chance.sample(list(person_values(1)), chance.randint(1, 8)))
        assert opened(own_shop, fields, loop=True) == opened(own_shop, fields, loop=False)


@pytest.mark.parametrize("seed", range(6))
def test_they_agree_on_older_data_and_open_nothing_that_no_notice_names(
    own_shop: Shop, own_rows: OwnRows, seed: int
) -> None:
    chance = random.Random(seed)
    table = own_shop.base.tables["people"]
    basis = chance.choice([LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.CONTRACT])
    own_shop.purpose(basis=basis, collected_for=None, data=[(kind, c) for kind in SubjectKind for c in CATEGORIES])
    own_shop.purpose(id=2, slug="other")
    named = {own_shop.publish(1, version=1), own_shop.publish(1, 2, version=2)}
    other = own_shop.publish(2, version=3)
    places = [*places_of(table)]
    expected: dict[str, frozenset[Place]] = {}
    for number in range(1, 16):
        given = given_at_once(chance.choice([None, other, *named]))
        for _ in range(chance.randint(0, 3)):
            given = given_anew(
                table,
                given,
                {place: chance.random() < 0.5 for place in chance.sample(places, chance.randint(1, 4))},
                chance.choice([other, *named]),
            )
        kind = chance.choice([SubjectKind.CUSTOMER, SubjectKind.PROSPECT])
        own_rows.add_people([number], kind)
        own_rows.given = given
        own_rows.change(number)
        expected[str(own_shop.people[number])] = open_places(table, given, named)
    own_shop.grant(*CATEGORIES)
    own_shop.grant(IDENTITY, BEHAVIOUR, kind=SubjectKind.PROSPECT)
    own_shop.restrict(5)
    own_shop.object(6, 1)
    own_shop.erase(7)

    for _ in range(6):
        fields = tuple(chance.sample(list(person_values(1)), chance.randint(1, 8)))
        rows, *rest = opened(own_shop, fields, loop=True)
        assert (rows, *rest) == opened(own_shop, fields, loop=False)
        for row in map(orjson.loads, rows):
            shown = {table.fields[name] for name in row.keys() & set(table.fields)}
            assert all((field.link, field.category) in expected[row["id"]] for field in shown)
            assert shown or row.get("state") == "restricted"


def opened(shop: Shop, fields: tuple[str, ...], *, loop: bool) -> Any:
    now, keyring = shop.clock.now(), shop.keyring
    connections = ReadConnections(shop.database)
    parts = RunParts(
        database=shop.database,
        sources=shop.sources,
        connections=connections,
        keyring=keyring,
        attestor=shop.attestor,
    )
    request = PlanRequest(actor=SUPPORT, purpose="customer-relationship", table="people", fields=fields)
    snapshot = shop.gate.snapshot()
    try:
        compile_plan(snapshot, request, now)
    except DomainError as error:
        return str(error)
    run = RunBook(snapshot, parts).run(request, now)
    circumstances = Circumstances(
        keys=keyring.epoch_keys(),
        now_seconds=to_seconds(now),
        aad_prefix=aad_prefix(keyring),
        keyed_row=prekeyed_row(shop.attestor),
        make_probe=lambda: make_probe(shop.attestor, purpose_id=1, channel=Channel.EMAIL.code, now=now),
    )
    if run.plan.opaque:
        shop.gate.place_keeper().fill()
    reader = RowReader(run.fetcher, run.loop if loop else None, circumstances)
    found = reader.page(Question(), Span(limit=100))
    connections.close()
    return found.rows, found.subjects, found.tally, found.end, found.expires_at
