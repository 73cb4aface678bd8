"""Governed writes: who may, what is kept, and what happens when two come at once."""

import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest

from audit.entries import Action
from governance.actor import Role
from governance.gate.commands import ChangeRow, CreateRow, DeleteRow
from governance.gate.errors import (
    AdoptedTableError,
    BoxTamperedError,
    LinkMissingError,
    ReadRefusedError,
    RetryMismatchError,
    RevisionConflictError,
    RowNotFoundError,
    RowTamperedError,
    SubjectRestrictedError,
    ValuesInvalidError,
    WriteRefusedError,
)
from governance.gate.query import Condition
from governance.gate.retries.service import retry_of
from governance.gate.writer import Writer
from governance.gate.writing import WriterParts
from governance.vocabulary import DataCategory, GrantedAction
from tests.builders.gate import CATEGORIES, Shop
from tests.builders.gate_rows import OwnRows
from tests.builders.ground import an_actor

PURPOSE = "customer-relationship"
SUPPORT = an_actor(Role.SUPPORT)


def a_writer(shop: Shop) -> Writer:
    return Writer(
        WriterParts(
            database=shop.database,
            clock=shop.clock,
            ids=shop.ids,
            keyring=shop.keyring,
            plan=shop.gate.plan,
            snapshot=shop.gate.snapshot,
        )
    )


@pytest.fixture
def writer(own_shop: Shop) -> Writer:
    own_shop.purpose()
    own_shop.grant(*CATEGORIES, exact_lookup=True)
    for action in (GrantedAction.CREATE, GrantedAction.CHANGE):
        own_shop.grant(*CATEGORIES, action=action)
    return a_writer(own_shop)


def new_person(**values: Any) -> CreateRow:
    told = {"family_name": "Durand", "given_name": "Zoé", "email": "zoe.durand@demo.example", "points": 3} | values
    return CreateRow(purpose=PURPOSE, table="people", values=told)


def read_one(shop: Shop, row_id: uuid.UUID) -> dict[str, Any]:
    fields = ("family_name", "given_name", "email", "points")
    return next(iter(shop.read(*fields, where=(Condition(field="email", value="zoe.durand@demo.example"),))), {}) | {
        "wanted": str(row_id)
    }


def test_a_created_row_is_read_back_and_found_by_its_blind_index(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())

    found = read_one(own_shop, written.id)

    assert found["id"] == str(written.id)
    assert (found["family_name"], found["points"]) == ("Durand", 3)


def test_a_write_records_names_of_fields_and_hashes_of_boxes_but_no_value(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())
    writer.change(SUPPORT, ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"points": 9}))

    told = own_shop.entries(Action.CREATE) + own_shop.entries(Action.CHANGE)

    assert told[-1]["details"]["fields"] == ["points"]
    assert "Durand" not in str(told)
    assert told[-1]["object"]["id"] == str(written.id)


def test_without_a_grant_for_the_action_nothing_is_written(own_shop: Shop) -> None:
    own_shop.purpose()
    own_shop.grant(*CATEGORIES)

    with pytest.raises(ReadRefusedError):
        a_writer(own_shop).create(SUPPORT, new_person())


def test_a_field_of_a_category_that_is_not_granted_refuses_the_whole_write(own_shop: Shop) -> None:
    own_shop.purpose()
    own_shop.grant(DataCategory.IDENTITY, action=GrantedAction.CREATE)

    with pytest.raises(WriteRefusedError):
        a_writer(own_shop).create(SUPPORT, new_person())


def test_a_revoked_grant_writes_nothing_any_more(own_shop: Shop, writer: Writer) -> None:
    writer.create(SUPPORT, new_person())
    for grant_id in own_shop.grant(*CATEGORIES, action=GrantedAction.DELETE):
        own_shop.revoke(grant_id)

    with pytest.raises(ReadRefusedError):
        writer.delete(SUPPORT, DeleteRow(purpose=PURPOSE, table="people", id=uuid.UUID(int=1), revision=1))


def test_values_that_cannot_be_kept_are_told_by_field_and_code(writer: Writer) -> None:
    with pytest.raises(ValuesInvalidError) as caught:
        writer.create(SUPPORT, new_person(email="not an address", points="three"))

    assert caught.value.facts["errors"] == {"email": ["malformed"], "points": ["type"]}
    assert "not an address" not in str(caught.value)


def test_an_empty_write_is_refused(writer: Writer) -> None:
    with pytest.raises(ValuesInvalidError):
        writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="people", values={}))


def test_a_change_against_an_old_revision_is_refused(writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())
    change = ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"given_name": "Zoée"})
    writer.change(SUPPORT, change)

    with pytest.raises(RevisionConflictError):
        writer.change(SUPPORT, change)


def test_a_change_keeps_the_other_fields_of_the_box(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())

    changed = writer.change(
        SUPPORT, ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"given_name": "Inès"})
    )

    found = read_one(own_shop, written.id)
    assert (changed.revision, found["given_name"], found["family_name"]) == (2, "Inès", "Durand")


def test_a_changed_address_is_found_under_the_new_one_only(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())
    new = "zoe@demo.example"
    writer.change(SUPPORT, ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"email": new}))

    assert "id" not in read_one(own_shop, written.id)
    assert own_shop.read("email", where=(Condition(field="email", value=new),)).count == 1


def test_two_writers_of_one_box_lose_no_field(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())
    outcomes: list[str] = []

    def change(values: dict[str, str]) -> None:
        revision = 1
        while True:
            try:
                writer.change(
                    SUPPORT,
                    ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=revision, values=values),
                )
            except RevisionConflictError as conflict:
                revision = conflict.found
            else:
                outcomes.append(next(iter(values)))
                return

    threads = [
        threading.Thread(target=change, args=(values,))
        for values in ({"given_name": "Inès"}, {"family_name": "Petit"}, {"birth_date": "1984-02-03"})
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    found = read_one(own_shop, written.id)
    assert sorted(outcomes) == ["birth_date", "family_name", "given_name"]
    assert (found["given_name"], found["family_name"]) == ("Inès", "Petit")


def test_a_tampered_box_is_not_written_over(own_shop: Shop, writer: Writer) -> None:
    written = writer.create(SUPPORT, new_person())
    other = writer.create(SUPPORT, new_person(email="other@demo.example"))
    own_shop.execute(
        "UPDATE gate_people SET person_identity_box = (SELECT person_identity_box FROM gate_people WHERE id = :other) "
        "WHERE id = :id",
        {"id": _raw(own_shop, written.id), "other": _raw(own_shop, other.id)},
    )

    with pytest.raises(BoxTamperedError):
        writer.change(
            SUPPORT,
            ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"given_name": "Inès"}),
        )


@pytest.mark.parametrize("link", ["person", "nobody"])
def test_a_link_that_leads_to_no_other_row_is_refused(own_shop: Shop, writer: Writer, link: str) -> None:
    before = writer.create(SUPPORT, new_person())

    with pytest.raises(ValuesInvalidError) as refused:
        writer.create(SUPPORT, replace(new_person(email="other@demo.example"), links={link: before.id}))

    assert refused.value.problems == ((f"links.{link}", "reference"),)


def test_a_row_that_was_given_to_somebody_else_is_neither_changed_nor_built_upon(
    own_shop: Shop, writer: Writer
) -> None:
    written = writer.create(SUPPORT, new_person())
    other = writer.create(SUPPORT, new_person(email="other@demo.example"))
    own_shop.execute(
        "UPDATE gate_people SET person_subject_id = (SELECT person_subject_id FROM gate_people WHERE id = :other) "
        "WHERE id = :id",
        {"id": _raw(own_shop, written.id), "other": _raw(own_shop, other.id)},
    )
    change = ChangeRow(purpose=PURPOSE, table="people", id=written.id, revision=1, values={"given_name": "Inès"})

    with pytest.raises(RowTamperedError):
        writer.change(SUPPORT, change)


def test_a_row_is_deleted_only_by_whoever_may_delete_all_it_holds(own_shop: Shop, writer: Writer) -> None:
    own_shop.grant(*CATEGORIES, action=GrantedAction.DELETE)
    written = writer.create(SUPPORT, new_person())

    # The table has a field that stands under `special`, which this purpose does not declare.
    with pytest.raises(WriteRefusedError):
        writer.delete(SUPPORT, DeleteRow(purpose=PURPOSE, table="people", id=written.id, revision=1))


def test_a_deleted_row_is_gone(own_shop: Shop, writer: Writer) -> None:
    own_shop.grant(*CATEGORIES, action=GrantedAction.DELETE)
    OwnRows(own_shop).add_people([1])
    links = {"buyer": own_shop.people[1]}
    order = CreateRow(purpose=PURPOSE, table="orders", values={"number": "A-1"}, links=links)
    written = writer.create(SUPPORT, order)

    with pytest.raises(RevisionConflictError):
        writer.delete(SUPPORT, DeleteRow(purpose=PURPOSE, table="orders", id=written.id, revision=2))
    writer.delete(SUPPORT, DeleteRow(purpose=PURPOSE, table="orders", id=written.id, revision=1))

    assert own_shop.read("number", table="orders").count == 0


def test_an_order_says_whose_it_is(own_shop: Shop, writer: Writer) -> None:
    OwnRows(own_shop).add_people([1])
    values = {"number": "A-1", "total": 5}

    with pytest.raises(LinkMissingError):
        writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="orders", values=values))
    with pytest.raises(RowNotFoundError):
        unknown = {"buyer": uuid.UUID(int=77)}
        writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="orders", values=values, links=unknown))
    links = {"buyer": own_shop.people[1]}
    written = writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="orders", values=values, links=links))

    found = own_shop.read("number", "total", table="orders")
    assert [row["id"] for row in found] == [str(written.id)]


def test_a_reference_to_nothing_is_an_invalid_value(own_shop: Shop, writer: Writer) -> None:
    OwnRows(own_shop).add_people([1])
    values = {"number": "A-1", "person": str(uuid.UUID(int=77))}
    links = {"buyer": own_shop.people[1]}

    with pytest.raises(ValuesInvalidError) as caught:
        writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="orders", values=values, links=links))

    assert caught.value.facts["errors"] == {"person": ["reference"]}


def test_a_restricted_person_is_not_written_about(own_shop: Shop, writer: Writer) -> None:
    OwnRows(own_shop).add_people([1])
    own_shop.restrict(1)

    with pytest.raises(SubjectRestrictedError):
        writer.change(
            SUPPORT,
            ChangeRow(purpose=PURPOSE, table="people", id=own_shop.people[1], revision=1, values={"points": 1}),
        )


def test_a_repeated_request_answers_as_the_first_time(own_shop: Shop, writer: Writer) -> None:
    request = new_person()
    assert SUPPORT.id is not None
    retry = retry_of(b"s" * 32, SUPPORT.id, "key-1", dict(request.values))
    again = CreateRow(purpose=PURPOSE, table="people", values=request.values, retry=retry)

    first, second = writer.create(SUPPORT, again), writer.create(SUPPORT, again)

    assert first.id == second.id
    assert own_shop.read("email", where=(Condition(field="email", value="zoe.durand@demo.example"),)).count == 1


def test_a_repeated_key_with_another_request_is_refused(writer: Writer) -> None:
    assert SUPPORT.id is not None
    first = retry_of(b"s" * 32, SUPPORT.id, "key-1", {"a": 1})
    other = retry_of(b"s" * 32, SUPPORT.id, "key-1", {"a": 2})
    values = new_person().values
    writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="people", values=values, retry=first))

    with pytest.raises(RetryMismatchError):
        writer.create(SUPPORT, CreateRow(purpose=PURPOSE, table="people", values=values, retry=other))


def test_a_table_of_another_program_is_not_written(shop: Shop) -> None:
    if not shop.adopted:
        return
    shop.purpose()
    shop.grant(*CATEGORIES, action=GrantedAction.CREATE)

    with pytest.raises(AdoptedTableError):
        a_writer(shop).create(SUPPORT, new_person())


def _raw(shop: Shop, row_id: uuid.UUID) -> bytes | uuid.UUID:
    return row_id.bytes if shop.database.dialect == "sqlite" else row_id
