"""Which record is open for which purpose is read from the log: from what its reader read of one person, and no more."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from pyroaring import BitMap
from sqlalchemy import event

from audit.entries import Action, Fact, Outcome, Retention
from governance.actor import Actor, ActorKind, Role
from governance.customers.opened import check_open, opened_by, opened_for
from governance.gate.errors import PurposeSwitchNeededError
from governance.gate.openings import Handing
from tests.builders.customers import TestHouse

_ROW = "01a201d0-33c7-773c-b143-9869db000001"
_EXCHANGE = "01a201d0-33c7-773c-b143-9869db000002"
_READER = Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=7), roles=frozenset({Role.SUPPORT}))
_BY_TOKEN = Actor(kind=ActorKind.PERSON, id=_READER.id, roles=_READER.roles, token=uuid.UUID(int=8))
_SOMEBODY_ELSE = Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=9), roles=_READER.roles)
_ON_HOST = Actor(kind=ActorKind.PERSON, id=_READER.id, roles=_READER.roles, host_user="marie")


def a_reading(purpose: str | None = "after-sales", subjects: tuple[int, ...] = (1,), **more: Any) -> Fact:
    given = {"actor": _READER, "action": Action.READ, "object_type": "customers", "object_id": _ROW, **more}
    return Fact(retention=Retention.ACCESS, purpose=purpose, subjects=subjects, **given)


class Day:
    """One reader's day: what they did, as the log has it."""

    def __init__(self, house: TestHouse) -> None:
        self._house = house
        self.since: datetime = house.clock.now()

    def did(self, purpose: str | None = "after-sales", subjects: tuple[int, ...] = (1,), **more: Any) -> None:
        self._house.log.append(a_reading(purpose, subjects, **more))

    def open_for(self, *people: int) -> dict[int, str]:
        with self._house.database.read() as session:
            found = opened_by(session, _READER, BitMap(people or (1,)), self.since)
            return {each.entry.subjects[0]: each.purpose for each in found}


@pytest.fixture
def day(house: TestHouse) -> Day:
    return Day(house)


def test_the_newest_reading_of_a_person_says_for_what_they_are_open(day: Day) -> None:
    assert day.open_for() == {}
    day.did("invoicing")
    day.did("after-sales")

    assert day.open_for(1, 2) == {1: "after-sales"}


def test_a_row_of_another_table_opens_the_person_of_whom_it_speaks(day: Day) -> None:
    day.did(object_type="exchanges", object_id=_EXCHANGE)
    day.did(object_type="exchanges", object_id=None, subjects=(2,), details={"one_person": True})

    assert day.open_for(1, 2, 3) == {1: "after-sales", 2: "after-sales"}


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"object_id": None}, id="a list that shows one person"),
        pytest.param({"subjects": (1, 2)}, id="a row of two people"),
        pytest.param({"actor": _BY_TOKEN}, id="a token"),
        pytest.param({"actor": _ON_HOST}, id="the terminal"),
        pytest.param({"actor": _SOMEBODY_ELSE}, id="somebody else"),
        pytest.param({"purpose": None}, id="no purpose"),
        pytest.param({"outcome": Outcome.REFUSED}, id="a refusal"),
        pytest.param({"action": Action.CHANGE}, id="a write hands nothing out"),
        pytest.param({"action": Action.CONSENT, "object_type": "consent"}, id="a consent"),
        pytest.param({"object_id": "jN7k0TQ3m1yTzGmYQ1b7D2n1bqQ6pY0b8m3pFz2k9wA"}, id="a pseudonym"),
    ],
)
def test_nothing_else_opens_a_record(day: Day, more: dict[str, Any]) -> None:
    day.did("invoicing")
    day.did(**{"purpose": "after-sales", **more})

    assert day.open_for() == {1: "invoicing"}


def test_what_was_read_before_signing_in_opens_nothing(day: Day, house: TestHouse) -> None:
    day.did()
    day.since = house.clock.now() + timedelta(seconds=1)

    assert day.open_for() == {}


def test_no_number_of_readings_beside_the_pages_makes_the_question_forgotten(day: Day, house: TestHouse) -> None:
    day.did()
    house.log.append_many([a_reading("customer-relationship", actor=_BY_TOKEN)] * 250)

    assert day.open_for() == {1: "after-sales"}
    with house.database.read() as session, pytest.raises(PurposeSwitchNeededError) as raised:
        check_open(session, _READER, _handing(1), day.since)
    assert (raised.value.opened, raised.value.row) == ("after-sales", _ROW)


def test_people_who_have_no_record_to_open_are_not_asked_about(day: Day, house: TestHouse) -> None:
    day.did(object_type="contacts")

    with house.database.read() as session:
        check_open(session, _READER, _handing(1, table="contacts"), day.since)
        assert opened_for(session, _READER, BitMap(), day.since) is None


def test_looking_it_up_is_one_statement_however_much_was_read(day: Day, house: TestHouse) -> None:
    house.log.append_many([a_reading(actor=_BY_TOKEN)] * 250)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        with house.database.read() as session:
            check_open(session, _READER, _handing(*range(1, 1_000)), day.since)
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)

    assert len([each for each in statements if "audit_entry" in each]) == 1


def _handing(*people: int, table: str = "customers") -> Handing:
    return Handing(tables=frozenset({table}), people=BitMap(people), purpose="customer-relationship")
