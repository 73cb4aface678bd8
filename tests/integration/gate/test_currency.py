"""Races: what changes between plan and read, between read and release, and in the middle of a stream."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit.entries import Action, EntryRef, Fact
from audit.errors import LogUnavailableError
from governance.actor import Role
from governance.gate import reads
from governance.gate.connections import ReadConnections
from governance.gate.errors import DatabaseUnavailableError, PolicyUnsettledError, ReadRefusedError
from governance.gate.gate import Gate
from governance.gate.query import Query
from governance.gate.reasons import Code
from governance.vocabulary import DataCategory, Form, LawfulBasis
from tests.builders.gate import Shop
from tests.builders.gate_rows import OwnRows, Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT = DataCategory.IDENTITY, DataCategory.CONTACT
SUPPORT = an_actor(Role.SUPPORT)
PEOPLE = Query(purpose="customer-relationship", table="people", fields=("family_name",))


class MeddlingLog:
    """A log that does something just after a read was recorded, before it is released."""

    def __init__(self, shop: Shop, meddle: Callable[[], Any]) -> None:
        self._shop, self._meddle = shop, meddle
        self.recorded: list[Fact] = []

    def append(self, fact: Fact) -> EntryRef:
        ref = self._shop.log.append(fact)
        if fact.action is Action.READ:
            self.recorded.append(fact)
            self._meddle()
        return ref


class FullLog:
    """A log whose disk is full."""

    def append(self, fact: Fact) -> EntryRef:
        raise LogUnavailableError(reason="OperationalError")


def gate_with(shop: Shop, log: object) -> Gate:
    return shop.another_gate(log=log)


def test_a_revoked_grant_gives_nothing_at_once_in_every_process(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    [grant] = shop.grant(IDENTITY)
    here, there = shop.gate, shop.another_gate()
    assert [gate.read(SUPPORT, PEOPLE).count for gate in (here, there)] == [2, 2]

    shop.revoke(grant)

    for gate in (here, there):
        with pytest.raises(ReadRefusedError):
            gate.read(SUPPORT, PEOPLE)


def test_a_new_grant_counts_at_once_in_every_process(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    there = shop.another_gate()
    for gate in (shop.gate, there):
        with pytest.raises(ReadRefusedError):
            gate.read(SUPPORT, PEOPLE)

    shop.grant(IDENTITY)

    assert [gate.read(SUPPORT, PEOPLE).count for gate in (shop.gate, there)] == [2, 2]


def test_a_grant_revoked_between_read_and_release_releases_nothing(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    [grant] = shop.grant(IDENTITY)
    gate = gate_with(shop, MeddlingLog(shop, lambda: shop.revoke(grant)))

    with pytest.raises(ReadRefusedError) as refused:
        gate.read(SUPPORT, PEOPLE)

    assert {reason.code for reason in refused.value.reasons} == {Code.NO_GRANT}


def test_a_form_that_weakens_between_read_and_release_is_the_one_given(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    [clear] = shop.grant(CONTACT)
    shop.grant(CONTACT, form=Form.MASKED)
    done: list[int] = []

    def weaken() -> None:
        if not done:
            done.append(1)
            shop.revoke(clear)

    gate = gate_with(shop, MeddlingLog(shop, weaken))

    [row] = gate.read(SUPPORT, Query(purpose="customer-relationship", table="people", fields=("email",)))

    assert row["email"] == "p•••@d•••.example"


def test_policies_that_never_settle_release_nothing(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)
    log = MeddlingLog(shop, lambda: shop.grant(CONTACT))
    gate = gate_with(shop, log)

    with pytest.raises(PolicyUnsettledError):
        gate.read(SUPPORT, PEOPLE)

    assert len(log.recorded) == reads.ATTEMPTS


def test_a_grant_gives_nothing_from_the_moment_it_ends(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY, valid_to=shop.clock.now() + timedelta(minutes=5))
    shop.gate.read(SUPPORT, PEOPLE)

    shop.clock.advance(minutes=5)

    with pytest.raises(ReadRefusedError) as refused:
        shop.gate.read(SUPPORT, PEOPLE)
    assert {reason.code for reason in refused.value.reasons} == {Code.GRANT_OUT_OF_VALIDITY}


def test_a_grant_gives_from_the_moment_it_begins(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(CONTACT, form=Form.MASKED)
    shop.grant(CONTACT, valid_from=shop.clock.now() + timedelta(minutes=5))
    before = shop.read("email").decoded()[0]["email"]

    shop.clock.advance(minutes=5)

    assert (before, shop.read("email").decoded()[0]["email"]) == ("p•••@d•••.example", "person-1@demo.example")


def test_a_refusal_ends_at_the_moment_a_grant_begins(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(CONTACT, valid_from=shop.clock.now() + timedelta(minutes=5))
    for _ in range(2):
        assert shop.gate.explain(SUPPORT, "customer-relationship", "people").refused
        shop.clock.advance(minutes=2)

    shop.clock.advance(minutes=1)

    assert shop.gate.explain(SUPPORT, "customer-relationship", "people").plan is not None
    assert shop.read("email").decoded()[0]["email"] == "person-1@demo.example"


def test_names_that_somebody_invents_drive_out_no_plan(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("governance.gate.runs._KEPT", 3)
    shop.purpose()
    shop.grant(IDENTITY)
    kept = shop.gate.explain(SUPPORT, "customer-relationship", "people").plan

    for number in range(4):
        for purpose, table, fields in (
            (f"invented-{number}", "people", None),
            ("customer-relationship", f"invented_{number}", None),
            ("customer-relationship", "people", (f"invented_{number}",)),
        ):
            assert shop.gate.explain(SUPPORT, purpose, table, fields).refused

    assert shop.gate.explain(SUPPORT, "customer-relationship", "people").plan is kept


def test_a_grant_that_ends_between_read_and_release_releases_nothing(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY, valid_to=shop.clock.now() + timedelta(seconds=1))
    gate = gate_with(shop, MeddlingLog(shop, lambda: shop.clock.advance(seconds=1)))

    with pytest.raises(ReadRefusedError):
        gate.read(SUPPORT, PEOPLE)


def test_a_consent_that_ends_between_read_and_release_releases_nothing_of_that_person(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose(basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    shop.consents(1, purpose_id=1)
    shop.consents(2, purpose_id=1, expires_at=shop.clock.now() + timedelta(seconds=1))
    gate = gate_with(shop, MeddlingLog(shop, lambda: shop.clock.advance(seconds=1)))

    page = gate.read(SUPPORT, PEOPLE)

    assert [row["id"] for row in page] == [str(shop.people[1])]


def test_what_cannot_be_recorded_is_not_released(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)
    gate = gate_with(shop, FullLog())

    with pytest.raises(LogUnavailableError):
        gate.read(SUPPORT, PEOPLE)
    with pytest.raises(LogUnavailableError):
        gate.one(SUPPORT, PEOPLE, str(shop.people[1]))
    with pytest.raises(LogUnavailableError):
        next(gate.stream(SUPPORT, PEOPLE))


def test_a_stream_ends_with_the_refusal_where_its_grant_ends(
    shop: Shop, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "HIGHEST_LIMIT", 3)
    rows.add_people(numbers(7))
    shop.purpose()
    [grant] = shop.grant(IDENTITY)

    stream = shop.gate.stream(SUPPORT, PEOPLE)
    first = next(stream)
    shop.revoke(grant)

    assert first.count == 3
    with pytest.raises(ReadRefusedError):
        next(stream)
    assert [entry["details"]["rows"] for entry in shop.entries(Action.READ)] == [3]


def test_a_stream_goes_on_in_chunks(shop: Shop, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "HIGHEST_LIMIT", 3)
    rows.add_people(numbers(7))
    shop.purpose()
    shop.grant(IDENTITY)

    chunks = list(shop.gate.stream(SUPPORT, PEOPLE))

    assert [chunk.count for chunk in chunks] == [3, 3, 1]
    assert [entry["details"]["rows"] for entry in shop.entries(Action.READ)] == [3, 3, 1]


def test_a_refusal_is_recorded(shop: Shop) -> None:
    shop.purpose()

    with pytest.raises(ReadRefusedError):
        shop.read("iban", "given_name", table="people")
    with pytest.raises(ReadRefusedError):
        shop.read("somebody@demo.example", table="people")

    [first, second] = shop.entries(Action.REFUSAL)
    assert first["outcome"] == "refused"
    assert first["details"] == {
        "action": "read",
        "categories": ["economic", "identity"],
        "reasons": ["no-grant"],
    }
    assert "somebody" not in str(second)


def test_a_plan_says_until_when_it_holds(shop: Shop) -> None:
    shop.purpose()
    end = shop.clock.now() + timedelta(days=1)
    [grant] = shop.grant(IDENTITY, valid_to=end)
    shop.grant(CONTACT)

    explanation = shop.gate.explain(SUPPORT, "customer-relationship", "people", ("family_name", "email", "iban"))

    told = explanation.as_json()
    assert told["valid_until"] == "2026-11-23T09:00:00Z"
    assert told["given"][0] | {"until": None} == {
        "field": "family_name",
        "kind": "customer",
        "form": "clear",
        "grant": str(grant),
        "role": "support",
        "until": None,
        "exact_lookup": False,
        "observed": [],
    }
    assert told["withheld"]["iban"]["code"] == "no-grant"
    assert "controller" in told["withheld"]["iban"]["remedy"]
    assert shop.entries(Action.READ) == []


def test_a_refusal_is_explained(shop: Shop) -> None:
    shop.purpose()

    explanation = shop.gate.explain(SUPPORT, "customer-relationship", "people")

    assert not explanation.as_json()["allowed"]
    assert explanation.refused


def test_a_connection_that_died_is_replaced(own_shop: Shop, own_rows: OwnRows) -> None:
    own_rows.add_people(numbers(1))
    own_shop.purpose()
    own_shop.grant(IDENTITY)
    connections = ReadConnections(own_shop.database)
    connections.fetch("SELECT 1", ())

    for connection, _ in connections.idle:
        connection.close()

    assert connections.fetch("SELECT 1", ()) == [(1,)]
    with pytest.raises(DatabaseUnavailableError):
        connections.fetch("SELECT nonsense FROM nowhere", ())
    connections.close()


def test_many_threads_read_through_one_gate(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(8))
    shop.purpose()
    shop.grant(IDENTITY, CONTACT)
    fields = [("family_name",), ("email",), ("family_name", "postcode")]

    def read(number: int) -> list[dict[str, Any]]:
        query = replace(PEOPLE, fields=fields[number % len(fields)])
        return shop.gate.read(SUPPORT, query).decoded()

    expected = [read(number) for number in range(len(fields))]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(read, range(40)))

    assert told == [expected[number % len(fields)] for number in range(40)]
    assert len(shop.entries(Action.READ)) == 43
