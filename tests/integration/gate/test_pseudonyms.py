"""Purposes that give pseudonyms: what they call rows, and in which order they show them."""

from typing import Any

import pytest
from sqlalchemy import func, select

from governance.actor import Actor, Role
from governance.gate.errors import CursorInvalidError, OrderRefusedError, RowIdInvalidError
from governance.gate.models import RowPseudonym
from governance.gate.query import Condition, Operator, Order, Query
from governance.vocabulary import DataCategory, Form
from tests.builders.gate import Shop
from tests.builders.gate_rows import Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT, BEHAVIOUR = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.BEHAVIOUR
ANALYST = an_actor(Role.ANALYST)


def declare(shop: Shop, purpose_id: int, slug: str) -> None:
    shop.purpose(id=purpose_id, slug=slug, recipients=(Role.ANALYST,))
    shop.grant(CONTACT, purpose_id=purpose_id, role=Role.ANALYST, form=Form.PSEUDONYM)
    shop.grant(BEHAVIOUR, purpose_id=purpose_id, role=Role.ANALYST)


@pytest.fixture
def full(shop: Shop, rows: Rows) -> Shop:
    rows.add_people(numbers(12))
    declare(shop, 1, "statistics")
    declare(shop, 2, "scoring")
    shop.gate.place_keeper().fill()
    return shop


def walk(shop: Shop, purpose: str, *fields: str, limit: int = 5, actor: Actor = ANALYST) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = shop.read(*fields, purpose=purpose, limit=limit, after=after, actor=actor)
        rows += page.decoded()
        after = page.next
        if after is None:
            return rows


def test_two_purposes_have_no_identifier_pseudonym_or_order_in_common(full: Shop) -> None:
    statistics, scoring = (walk(full, slug, "email", "points") for slug in ("statistics", "scoring"))

    assert len(statistics) == len(scoring) == 12
    for name in ("id", "email"):
        assert not {row[name] for row in statistics} & {row[name] for row in scoring}
    assert [row["points"] for row in statistics] != [row["points"] for row in scoring]
    assert {str(row["points"]) for row in statistics} == {str(row["points"]) for row in scoring}


def test_rows_come_in_no_order_of_their_identifiers(full: Shop) -> None:
    points = [row["points"] for row in walk(full, "statistics", "points")]

    assert points not in (sorted(points, key=str), list(range(1, 13)))


def test_one_row_has_one_identifier_within_a_purpose(full: Shop) -> None:
    first, second = walk(full, "statistics", "email"), walk(full, "statistics", "points", limit=12)

    assert [row["id"] for row in first] == [row["id"] for row in second]
    assert all(str(row_id) not in str(first) for row_id in full.people.values())


def test_a_choice_of_fields_without_pseudonyms_shows_no_other_identifier(full: Shop) -> None:
    [row, *_] = walk(full, "statistics", "points")

    assert len(row["id"]) == 43


def test_a_row_is_found_again_by_its_opaque_identifier_for_that_purpose_alone(full: Shop) -> None:
    [row, *_] = walk(full, "statistics", "email", "points")
    query = Query(purpose="statistics", table="people", fields=("email", "points"))

    assert full.gate.one(ANALYST, query, row["id"]).decoded() == [row]
    with pytest.raises(RowIdInvalidError):
        full.gate.one(ANALYST, Query(purpose="scoring", table="people"), row["id"])
    with pytest.raises(RowIdInvalidError):
        full.gate.one(ANALYST, query, str(full.people[1]))
    with pytest.raises(RowIdInvalidError):
        full.gate.one(ANALYST, Query(purpose="statistics", table="people"), row["id"][:-1] + "_")


def test_equal_values_have_equal_pseudonyms_within_a_purpose(full: Shop, rows: Rows) -> None:
    rows.change(5, email="person-4@demo.example")

    emails = [row["email"] for row in walk(full, "statistics", "email")]

    assert len(emails) == 12
    assert len(set(emails)) == 11


def test_a_row_without_a_place_is_not_given_yet(full: Shop, rows: Rows) -> None:
    rows.add_people([40])
    assert len(walk(full, "statistics", "points")) == 12

    full.gate.place_keeper().fill()

    assert len(walk(full, "statistics", "points")) == 13


def test_places_are_filled_once(full: Shop) -> None:
    full.gate.place_keeper().fill()

    with full.database.read() as session:
        assert session.scalar(select(func.count()).where(RowPseudonym.table_id == 1)) == 24


def test_such_rows_are_ordered_by_nothing_else(full: Shop) -> None:
    with pytest.raises(OrderRefusedError):
        full.read("points", purpose="statistics", actor=ANALYST, order=(Order(field="points"),))


def test_a_filter_on_a_clear_value_still_finds(full: Shop) -> None:
    where = (Condition(field="points", operator=Operator.LESS, value=3),)

    page = full.read("points", purpose="statistics", actor=ANALYST, where=where)

    assert sorted(row["points"] for row in page) == [1, 2]


def test_a_cursor_of_one_order_is_none_of_the_other(full: Shop) -> None:
    full.grant(CONTACT, purpose_id=1, role=Role.ANALYST)
    clear = full.read("points", purpose="statistics", actor=ANALYST, limit=2)
    assert len(clear.decoded()[0]["id"]) == 36
    for grant in full.grants(1, Form.CLEAR, CONTACT):
        full.revoke(grant)

    with pytest.raises(CursorInvalidError):
        full.read("points", purpose="statistics", actor=ANALYST, limit=2, after=clear.next)


def test_a_reference_to_a_row_is_a_pseudonym_too(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people(numbers(2))
    own_rows.add_order(1, 2)
    declare(own_shop, 1, "statistics")
    own_shop.grant(DataCategory.PURCHASES, role=Role.ANALYST)
    own_shop.gate.place_keeper().fill()

    [order] = own_shop.read("person", "total", table="orders", purpose="statistics", actor=ANALYST)

    assert order["person"] in {row["id"] for row in walk(own_shop, "statistics", "points")}
    assert order["person"] != str(own_shop.people[2])
