"""A purpose that came later reads what was collected under a notice that names it, and nothing older."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from governance.actor import Role
from governance.datamap.given_notices import given_anew
from governance.days import day_of
from governance.gate.commands import ChangeRow, CreateRow, DeleteRow, WrittenRow
from governance.gate.errors import NoticeUnknownError, ReadRefusedError, RowTamperedError, WriteRefusedError
from governance.gate.query import Condition, Order, Query
from governance.gate.reasons import Code
from governance.gate.writer import Writer
from governance.gate.writing import WriterParts
from governance.vocabulary import Channel, DataCategory, GrantedAction, LawfulBasis
from register.lifecycle import Mode, Opinion, Verb
from register.models import CompatibilityTest
from register.service import NoticeRef, Step, move_activity, number_notice
from tests.builders.gate import CATEGORIES, Shop
from tests.builders.gate_rows import OwnRows, Rows
from tests.builders.ground import an_actor

IDENTITY, CONTACT, BEHAVIOUR = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.BEHAVIOUR
SUPPORT = an_actor(Role.SUPPORT)


def names(shop: Shop, *fields: str, **query: Any) -> list[str | None]:
    return [row.get("email") for row in orjson.loads(shop.read(*(fields or ("email",)), **query).rows)]


def compatible(shop: Shop, **parts: Any) -> None:
    told: dict[str, Any] = {
        "purpose_id": 1,
        **dict.fromkeys(("link", "context", "nature", "consequences", "safeguards"), "As close as can be."),
        "weighed": "customer/identity customer/contact",
        "written_by": SUPPORT.id,
        "written_at": shop.clock.now(),
        "opinion": Opinion.FAVOURABLE,
        "informed_on": day_of(shop.clock.now()),
        "decided_by": SUPPORT.id,
        "decided_at": shop.clock.now(),
        "opens_at": shop.clock.now(),
        **parts,
    }
    with shop.write() as session:
        session.add(CompatibilityTest(id=shop.ids.new(), **told))


def test_data_under_a_notice_that_names_the_purpose_is_read_and_nothing_else(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose(collected_for=None)
    own_shop.purpose(id=2, slug="other")
    own_shop.grant(IDENTITY, CONTACT)
    naming, other = own_shop.publish(1, version=2), own_shop.publish(2, version=1)
    own_rows.add_people([1])
    own_rows.add_people([2], notice=other)
    own_rows.add_people([3], notice=naming)

    page = own_shop.read("email", "family_name")

    assert [row["email"] for row in orjson.loads(page.rows)] == ["person-3@demo.example"]
    assert {name: reason.code for name, reason in page.withheld.items()} == {
        "email": Code.OLDER_DATA,
        "family_name": Code.OLDER_DATA,
    }
    assert own_shop.entry(page.entry)["details"]["left_out"] == {"older-data": 2}
    with pytest.raises(ReadRefusedError, match="older data is closed"):
        own_shop.gate.one(SUPPORT, Query(purpose="customer-relationship", table="people"), str(own_shop.people[1]))


def test_a_purpose_that_data_was_collected_for_reads_as_before(shop: Shop, rows: Rows) -> None:
    rows.add_people([1, 2])
    shop.purpose()
    shop.grant(IDENTITY, CONTACT)

    assert len(names(shop)) == 2


def test_rows_of_which_no_notice_is_known_are_closed_to_what_came_later(shop: Shop, rows: Rows) -> None:
    rows.add_people([1, 2])
    shop.purpose(collected_for=None)
    shop.grant(IDENTITY, CONTACT)

    page = shop.read("email")
    assert (page.count, page.withheld["email"].code) == (0, Code.OLDER_DATA)

    compatible(shop)
    assert len(names(shop)) == 2


def test_what_is_withheld_of_a_row_is_not_there_and_finds_no_row(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose(collected_for=None)
    own_shop.grant(IDENTITY, CONTACT, BEHAVIOUR)
    notice = own_shop.publish(1)
    own_rows.add_people([1])
    own_rows.add_people([2], notice=notice)
    table = own_shop.gate.snapshot().catalogue.table("people")
    own_rows.given = given_anew(table, b"", {("person", CONTACT): True}, notice)
    own_rows.change(1)

    first, second = orjson.loads(own_shop.read("email", "points", "family_name").rows)
    assert first.keys() == {"id", "email"}
    assert second.keys() == {"id", "email", "points", "family_name"}

    def found(**query: Any) -> list[str]:
        return [row["id"] for row in orjson.loads(own_shop.read("email", **query).rows)]

    everybody, new = [first["id"], second["id"]], [second["id"]]
    assert found() == everybody
    assert found(where=(Condition(field="points", value=1),)) == []
    assert found(where=(Condition(field="points", value=2),)) == new
    assert found(order=(Order(field="points"),)) == new
    assert found(where=(Condition(field="family_name", value="Lefèvreb"),)) == []
    assert found(where=(Condition(field="family_name", value="Lefèvrec"),)) == new
    assert found(where=(Condition(field="email", value="person-1@demo.example"),)) == [first["id"]]


def test_a_compatibility_test_opens_from_the_day_people_are_informed_and_until_it_is_withdrawn(
    own_shop: Shop, own_rows: OwnRows
) -> None:
    own_rows.add_people([1])
    own_shop.purpose(collected_for=None)
    own_shop.grant(CONTACT)
    compatible(own_shop, opens_at=own_shop.clock.now() + timedelta(hours=1))

    assert names(own_shop) == []
    own_shop.clock.advance(hours=1)
    assert names(own_shop) == ["person-1@demo.example"]

    with own_shop.write() as session:
        session.query(CompatibilityTest).one().withdrawn_at = own_shop.clock.now()
    assert names(own_shop) == []


def test_consent_opens_older_data_of_whoever_gave_it_even_while_rules_only_report(
    own_shop: Shop, own_rows: OwnRows
) -> None:
    own_rows.add_people([1, 2])
    own_shop.purpose(collected_for=None, basis=LawfulBasis.CONSENT, consent_channel=Channel.EMAIL, mode=Mode.OBSERVE)
    own_shop.grant(CONTACT)
    own_shop.consents(2, purpose_id=1)

    assert names(own_shop) == ["person-2@demo.example"]


def test_a_text_of_law_that_obliges_opens_older_data(own_shop: Shop, own_rows: OwnRows) -> None:
    own_rows.add_people([1])
    own_shop.purpose(collected_for=None, basis=LawfulBasis.LEGAL_OBLIGATION)
    own_shop.grant(CONTACT)

    assert len(names(own_shop)) == 1


def test_observing_opens_no_older_data(own_shop: Shop, own_rows: OwnRows) -> None:
    own_rows.add_people([1])
    own_shop.purpose(collected_for=None, mode=Mode.OBSERVE)

    assert names(own_shop) == []


@pytest.mark.parametrize("kept", [0, 17])
def test_who_puts_another_notice_behind_a_row_opens_nothing(own_shop: Shop, own_rows: OwnRows, kept: int) -> None:
    own_rows.add_people([1])
    own_shop.purpose(collected_for=None)
    own_shop.grant(CONTACT)
    own_rows.add_people([2], notice=own_shop.publish(1))
    with own_shop.database.read() as session:
        old, new = session.scalars(text("SELECT row_mac FROM gate_people ORDER BY length(row_mac)")).all()

    forged = {"forged": old[:kept] + new[kept:]}
    own_shop.execute("UPDATE gate_people SET row_mac = :forged WHERE length(row_mac) = 17", forged)

    with pytest.raises(RowTamperedError):
        own_shop.read("email")


def test_another_day_of_collection_opens_nothing(own_shop: Shop, own_rows: OwnRows) -> None:
    own_rows.add_people([1])
    own_shop.purpose(collected_for=None)
    own_shop.grant(CONTACT)
    own_shop.publish(1)

    own_shop.execute("UPDATE gate_people SET person_contact_collected_on = NULL")

    assert names(own_shop) == []


def test_a_notice_made_to_name_another_purpose_by_sql_names_nothing(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose(collected_for=None)
    own_shop.purpose(id=2, slug="other")
    own_shop.grant(CONTACT)
    own_rows.add_people([1], notice=own_shop.publish(2))
    own_shop.execute("UPDATE notice_purpose SET purpose_id = 1")

    gate = own_shop.another_gate()

    assert gate.read(SUPPORT, Query(purpose="customer-relationship", table="people")).count == 0
    assert [left.table for left in gate.snapshot().left_out] == ["notice_purpose"]


@pytest.fixture
def writer(own_shop: Shop) -> Writer:
    """Writes for a purpose that came later, named by the notice `shop-form`."""
    own_shop.purpose(collected_for=None)
    for action in (GrantedAction.READ, GrantedAction.CREATE, GrantedAction.CHANGE, GrantedAction.DELETE):
        own_shop.grant(*CATEGORIES, action=action)
    own_shop.publish(1)
    parts = WriterParts(
        database=own_shop.database,
        clock=own_shop.clock,
        ids=own_shop.ids,
        keyring=own_shop.keyring,
        plan=own_shop.gate.plan,
        snapshot=own_shop.gate.snapshot,
    )
    return Writer(parts)


def a_person(notice: NoticeRef | None, **values: Any) -> CreateRow:
    told = {"family_name": "Durand", "email": "zoe.durand@demo.example", **values}
    return CreateRow(purpose="customer-relationship", table="people", values=told, notice=notice)


GIVEN = NoticeRef(slug="shop-form")


def test_what_is_put_on_file_under_the_notice_is_read_and_what_is_not_is_closed(own_shop: Shop, writer: Writer) -> None:
    writer.create(SUPPORT, a_person(GIVEN))
    writer.create(SUPPORT, a_person(None, email="other@demo.example"))

    assert names(own_shop) == ["zoe.durand@demo.example"]


def test_nobody_writes_under_a_notice_that_was_never_published(own_shop: Shop, writer: Writer) -> None:
    with pytest.raises(NoticeUnknownError):
        writer.create(SUPPORT, a_person(NoticeRef(slug="shop-form", version=2)))
    with own_shop.write() as session:
        number_notice(session, NoticeRef(slug="shop-form", version=2))
    with pytest.raises(NoticeUnknownError):
        writer.create(SUPPORT, a_person(NoticeRef(slug="shop-form", version=2)))


def test_a_change_keeps_what_was_told_and_a_notice_opens_only_what_was_given_anew(
    own_shop: Shop, writer: Writer
) -> None:
    told = writer.create(SUPPORT, a_person(GIVEN))
    older = writer.create(SUPPORT, a_person(None, email="other@demo.example", phone="+33639980099", points=1))

    def change(written: WrittenRow, notice: NoticeRef | None, **values: Any) -> WrittenRow:
        command = ChangeRow(
            purpose="customer-relationship",
            table="people",
            id=written.id,
            revision=written.revision,
            values=values,
            notice=notice,
        )
        return writer.change(SUPPORT, command)

    change(told, None, email="changed@demo.example")
    assert names(own_shop) == ["changed@demo.example"]
    with pytest.raises(WriteRefusedError, match="older data is closed"):
        change(older, None, email="new@demo.example")
    # The telephone number is left of what was collected before, so that the category stays closed.
    older = change(older, GIVEN, email="new@demo.example")
    assert names(own_shop) == ["changed@demo.example"]
    change(older, GIVEN, email="newest@demo.example", phone=None)
    assert names(own_shop) == ["changed@demo.example", "newest@demo.example"]
    assert "points" not in orjson.loads(own_shop.read("email", "points").rows)[1]


def test_older_data_is_not_deleted_for_a_purpose_that_it_is_closed_to(own_shop: Shop, writer: Writer) -> None:
    buyer = writer.create(SUPPORT, a_person(GIVEN))

    def order(notice: NoticeRef | None) -> WrittenRow:
        values = {"number": "A-0001", "total": 100, "person": str(buyer.id)}
        command = CreateRow(
            purpose="customer-relationship", table="orders", values=values, links={"buyer": buyer.id}, notice=notice
        )
        return writer.create(SUPPORT, command)

    def delete(written: WrittenRow) -> None:
        command = DeleteRow(purpose="customer-relationship", table="orders", id=written.id, revision=written.revision)
        writer.delete(SUPPORT, command)

    delete(order(GIVEN))
    with pytest.raises(WriteRefusedError, match="older data is closed"):
        delete(order(None))


def test_a_suspended_activity_is_refused_on_the_next_request_of_every_process(
    own_shop: Shop, own_rows: OwnRows
) -> None:
    purpose_id = own_shop.purpose(collected_for=None)
    own_shop.grant(CONTACT)
    own_rows.add_people([1], notice=own_shop.publish(purpose_id))
    query = Query(purpose="customer-relationship", table="people", fields=("email",))
    workers = [own_shop.gate, own_shop.another_gate(), own_shop.another_gate()]
    assert [gate.read(SUPPORT, query).count for gate in workers] == [1, 1, 1]

    controller = an_actor(Role.CONTROLLER)
    with own_shop.write() as session:
        command = Step(activity="customer-relationship-activity", verb=Verb.SUSPEND)
        move_activity(session, own_shop.clock, own_shop.attestor, controller, command)

    for gate in workers:
        with pytest.raises(ReadRefusedError, match="not active"):
            gate.read(SUPPORT, query)
