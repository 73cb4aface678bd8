"""A room that keeps which rows are whose reads those alone, by the same rules as any other."""

import orjson
import pytest

from audit.entries import Action
from governance.gate.errors import QueryInvalidError, ReadRefusedError
from governance.vocabulary import DataCategory, Form
from tests.builders.gate import Shop
from tests.builders.gate_rows import OwnRows, Rows

IDENTITY, CONTACT = DataCategory.IDENTITY, DataCategory.CONTACT


def test_the_rows_that_are_named_are_read_and_no_others(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    own_shop.grant(IDENTITY, CONTACT)
    own_rows.add_people(range(1, 6))

    page = own_shop.read("email", rows=tuple(own_shop.people[each] for each in (2, 4)))

    assert sorted(row["email"] for row in orjson.loads(page.rows)) == ["person-2@demo.example", "person-4@demo.example"]
    assert (page.next, page.left_out) == (None, {})
    (entry,) = own_shop.entries(Action.READ)
    assert entry["details"]["filters"] == ["id in"]


def test_who_may_not_be_read_is_left_out_and_counted(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    own_shop.grant(IDENTITY, CONTACT)
    own_rows.add_people(range(1, 4))
    own_shop.object(1, 1)

    page = own_shop.read("email", rows=tuple(own_shop.people[each] for each in (1, 2)))

    assert (page.count, page.left_out) == (1, {"objected": 1})
    with pytest.raises(ReadRefusedError):
        own_shop.read("points", rows=(own_shop.people[1],))


def test_rows_that_bear_pseudonyms_are_not_named_by_what_they_hide(own_shop: Shop, own_rows: OwnRows) -> None:
    own_shop.purpose()
    own_shop.grant(IDENTITY, form=Form.PSEUDONYM)
    own_rows.add_people([1])

    with pytest.raises(QueryInvalidError):
        own_shop.read("family_name", rows=(own_shop.people[1],))


def test_no_more_rows_are_named_than_a_page_holds(shop: Shop, rows: Rows) -> None:
    rows.add_people([1, 2])
    shop.purpose()
    shop.grant(IDENTITY, CONTACT)

    with pytest.raises(QueryInvalidError):
        shop.read("email", limit=1, rows=tuple(shop.people[each] for each in (1, 2)))
