"""How much data was collected under no notice of a set: counted, on a bounded number of rows; it opens nothing."""

import pytest
from sqlalchemy import event

from governance.datamap import older_rows
from governance.datamap.given_notices import given_anew
from governance.datamap.older_rows import NoticeCount, OlderRows
from governance.vocabulary import DataCategory, SubjectKind
from tests.builders.gate import Shop
from tests.builders.gate_rows import OwnRows, Rows

CONTACTS = {(SubjectKind.CUSTOMER, DataCategory.CONTACT)}
BOTH = CONTACTS | {(SubjectKind.CUSTOMER, DataCategory.IDENTITY)}


def counted(shop: Shop, data: set[tuple[SubjectKind, DataCategory]], notices: set[int]) -> OlderRows:
    with shop.database.read() as session:
        return NoticeCount(session, shop.gate.snapshot().catalogue.tables.values()).older(data, notices)


def test_rows_count_whose_people_were_not_told_by_one_of_the_notices(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    naming, other = own_shop.publish(1, version=2), own_shop.publish(1, version=1)
    own_rows.add_people([1, 2])
    own_rows.add_people([3], notice=other)
    own_rows.add_people([4], notice=naming)

    assert counted(own_shop, CONTACTS, {naming}) == OlderRows(rows=3, more=False, unknown=())
    assert counted(own_shop, CONTACTS, {naming, other}).rows == 2
    assert counted(own_shop, CONTACTS, set()).rows == 4


def test_a_row_counts_as_long_as_one_of_its_categories_is_older(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    notice = own_shop.publish(1)
    own_rows.add_people([1])
    table = own_shop.gate.snapshot().catalogue.table("people")
    own_rows.given = given_anew(table, b"", {("person", DataCategory.CONTACT): True}, notice)
    own_rows.change(1)

    assert counted(own_shop, CONTACTS, {notice}).rows == 0
    assert counted(own_shop, BOTH, {notice}).rows == 1


def test_tables_that_hold_nothing_of_it_are_not_asked(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    own_rows.add_people([1])

    assert counted(own_shop, {(SubjectKind.EMPLOYEE, DataCategory.CONTACT)}, set()) == OlderRows(
        rows=0, more=False, unknown=()
    )


def test_of_a_large_table_a_part_is_looked_at_and_it_is_said_that_there_is_more(
    own_shop: Shop, own_rows: OwnRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_shop.purpose()
    own_rows.add_people(range(1, 6))

    for most, more in ((4, True), (5, False)):
        monkeypatch.setattr(older_rows, "MOST_LOOKED_AT", most)
        assert counted(own_shop, CONTACTS, set()).more is more


def test_a_table_is_counted_once_however_often_one_asks(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    own_rows.add_people([1])
    asked: list[str] = []

    with own_shop.database.read() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2]))
        count = NoticeCount(session, own_shop.gate.snapshot().catalogue.tables.values())
        first = count.older(CONTACTS, set())
        once = len(asked)
        assert count.older(BOTH, {1}).rows == first.rows == 1

    assert len(asked) == once


def test_a_row_whose_notices_are_cut_short_counts_as_older(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    notice = own_shop.publish(1)
    own_rows.add_people([1], notice=notice)
    own_shop.execute(f"UPDATE {_physical(own_shop)} SET row_mac = substr(row_mac, 1, length(row_mac) - 1)")

    assert counted(own_shop, CONTACTS, {notice}).rows == 1


def test_what_another_program_keeps_says_nothing_and_counts_as_unknown(shop: Shop, rows: Rows) -> None:
    shop.purpose()
    rows.add_people([1])

    found = counted(shop, CONTACTS, set())

    tables = shop.gate.snapshot().catalogue.tables
    if tables["people"].adopted:
        assert "people" in found.unknown
        assert found.rows == 0
    else:
        assert (found.unknown, found.rows) == ((), 1)


def _physical(shop: Shop) -> str:
    return shop.gate.snapshot().catalogue.table("people").physical
