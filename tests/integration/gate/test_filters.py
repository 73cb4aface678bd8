"""Filters and orders: what may be asked, and what asking must not tell."""

from typing import Any

import pytest

from audit.entries import Action
from governance.gate.errors import (
    FilterInvalidError,
    FilterRefusedError,
    LimitInvalidError,
    NotInDataMapError,
    OrderRefusedError,
    QueryInvalidError,
    RowIdInvalidError,
)
from governance.gate.query import Condition, Operator, Order
from governance.vocabulary import DataCategory, Form, SubjectKind
from tests.builders.gate import Shop
from tests.builders.gate_rows import Rows, numbers

IDENTITY, CONTACT, BEHAVIOUR = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.BEHAVIOUR
RELATIONSHIP, PURCHASES, ECONOMIC = DataCategory.RELATIONSHIP, DataCategory.PURCHASES, DataCategory.ECONOMIC


@pytest.fixture
def full(shop: Shop, rows: Rows) -> Shop:
    rows.add_people(numbers(12))
    shop.purpose()
    shop.grant(IDENTITY, CONTACT, BEHAVIOUR, RELATIONSHIP)
    return shop


@pytest.fixture
def own_full(own_shop: Shop, own_rows: Rows) -> Shop:
    own_rows.add_people(numbers(12))
    own_shop.purpose()
    own_shop.grant(IDENTITY, CONTACT, BEHAVIOUR, RELATIONSHIP)
    return own_shop


def found(shop: Shop, *where: Condition, **query: Any) -> list[int]:
    by_id = {str(row_id): number for number, row_id in shop.people.items()}
    return [by_id[row["id"]] for row in shop.read("family_name", where=where, **query)]


def condition(field: str, operator: Operator, value: Any) -> Condition:
    return Condition(field=field, operator=operator, value=value)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (condition("points", Operator.EQUAL, 4), [4]),
        (condition("points", Operator.IN, (4, 5, 99)), [4, 5]),
        (condition("points", Operator.LESS, 3), [1, 2]),
        (condition("points", Operator.AT_MOST, 2), [1, 2]),
        (condition("points", Operator.GREATER, 10), [11, 12]),
        (condition("points", Operator.AT_LEAST, 11), [11, 12]),
        (condition("since", Operator.AT_LEAST, "2020-01-12"), [11, 12]),
        (condition("faithful", Operator.EQUAL, True), [2, 4, 6, 8, 10, 12]),
    ],
)
def test_clear_columns_are_compared_by_the_database(full: Shop, where: Condition, expected: list[int]) -> None:
    assert found(full, where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (condition("email", Operator.EQUAL, "Person-7@Demo.example"), [7]),
        (condition("email", Operator.IN, ("person-7@demo.example", "person-9@demo.example")), [7, 9]),
        (condition("phone", Operator.EQUAL, "06 39 98 00 05"), [5]),
        (condition("email", Operator.EQUAL, "nobody@demo.example"), []),
        (condition("family_name", Operator.EQUAL, "LEFEVREC"), [2]),
        (condition("family_name", Operator.SOUNDS_LIKE, "Lefaivred"), [3, 4, 7, 8]),
        (condition("family_name", Operator.PREFIX, "lefevre"), list(range(1, 13))),
        (condition("postcode", Operator.EQUAL, "69003"), [2, 11]),
        (condition("postcode", Operator.PREFIX, "6900"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ],
)
def test_sealed_fields_are_found_through_their_index(own_full: Shop, where: Condition, expected: list[int]) -> None:
    assert found(own_full, where) == expected


def test_conditions_must_all_hold(full: Shop) -> None:
    conditions = (condition("points", Operator.AT_LEAST, 4), condition("faithful", Operator.EQUAL, False))

    assert found(full, *conditions) == [5, 7, 9, 11]


def test_text_begins_with_what_was_asked_and_wildcards_are_text(shop: Shop, rows: Rows) -> None:
    rows.add_people([1])
    rows.add_order(1, 1, number="A_1%")
    rows.add_order(2, 1, number="AB1x")
    shop.purpose()
    shop.grant(PURCHASES)

    def orders(prefix: str) -> list[str]:
        where = (condition("number", Operator.PREFIX, prefix),)
        return [row["number"] for row in shop.read("number", table="orders", where=where)]

    assert (orders("A_"), orders("A%"), orders("A"), orders("a")) == (["A_1%"], [], ["A_1%", "AB1x"], [])


@pytest.mark.parametrize("value", ["' OR '1'='1", "x'); DROP TABLE gate_people; --", '"', "%", "\\", "\x00"])
def test_a_value_is_never_a_part_of_the_statement(full: Shop, value: str) -> None:
    with pytest.raises(FilterInvalidError):
        found(full, condition("points", Operator.EQUAL, value))

    assert found(full, condition("points", Operator.EQUAL, 1)) == [1]


@pytest.mark.parametrize("shop", ["own"], indirect=True)
def test_a_departement_is_the_beginning_of_a_sealed_postcode_and_never_the_whole(full: Shop) -> None:
    assert found(full, condition("postcode", Operator.PREFIX, "69")) == list(range(1, 13))

    with pytest.raises(FilterInvalidError):
        found(full, condition("postcode", Operator.EQUAL, "69"))


@pytest.mark.parametrize("form", [Form.MASKED, Form.GENERALISED, Form.PSEUDONYM])
def test_a_field_that_is_not_given_clear_cannot_be_filtered_by(shop: Shop, rows: Rows, form: Form) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.grant(BEHAVIOUR, form=form)

    with pytest.raises(FilterRefusedError):
        shop.read("family_name", where=(condition("points", Operator.EQUAL, 1),))

    assert shop.entries(Action.REFUSAL)[-1]["details"]["reasons"] == ["filter-refused"]


def test_a_withheld_field_cannot_be_filtered_or_ordered_by(shop: Shop) -> None:
    shop.purpose()
    shop.grant(IDENTITY)

    with pytest.raises(FilterRefusedError):
        shop.read("family_name", where=(condition("points", Operator.EQUAL, 1),))
    with pytest.raises(OrderRefusedError):
        shop.read("family_name", order=(Order(field="points"),))


def test_exact_lookup_finds_by_equality_what_is_not_given_clear(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(3))
    shop.purpose()
    shop.grant(CONTACT, form=Form.MASKED, exact_lookup=True)

    page = shop.read("email", where=(condition("email", Operator.EQUAL, "person-2@demo.example"),))

    assert [row["email"] for row in page] == ["p•••@d•••.example"]
    assert [row["id"] for row in page] == [str(shop.people[2])]
    with pytest.raises(FilterRefusedError):
        shop.read("email", where=(condition("postcode", Operator.EQUAL, "69003"),))


def test_a_sealed_field_without_an_index_cannot_be_filtered_by(own_shop: Shop) -> None:
    own_shop.purpose()
    own_shop.grant(IDENTITY, ECONOMIC)

    with pytest.raises(FilterRefusedError):
        own_shop.read("iban", where=(condition("iban", Operator.EQUAL, "FR1420041010050500013M02606"),))
    with pytest.raises(FilterRefusedError):
        own_shop.read("family_name", where=(condition("given_name", Operator.EQUAL, "Zoé"),))


def test_a_filter_finds_no_kind_of_person_for_which_it_is_not_allowed(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people([1])
    own_rows.add_people([2], SubjectKind.PROSPECT)
    own_shop.purpose(data=[(k, c) for k in (SubjectKind.CUSTOMER, SubjectKind.PROSPECT) for c in (CONTACT, BEHAVIOUR)])
    own_shop.grant(CONTACT, BEHAVIOUR)
    own_shop.grant(CONTACT, BEHAVIOUR, kind=SubjectKind.PROSPECT, form=Form.MASKED)

    def ids(*where: Condition, **query: Any) -> list[str]:
        return [row["id"] for row in own_shop.read("email", where=where, **query)]

    assert ids(condition("email", Operator.EQUAL, "person-2@demo.example")) == []
    assert ids(condition("points", Operator.LESS, 10)) == [str(own_shop.people[1])]
    assert ids(order=(Order(field="points"),)) == [str(own_shop.people[1])]
    assert len(ids()) == 2


def test_a_row_is_found_by_the_person_it_speaks_of(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    rows.add_order(1, 1)
    rows.add_order(2, 2)
    shop.purpose()
    shop.grant(PURCHASES)

    def orders(person: str) -> list[str]:
        where = (condition("buyer", Operator.EQUAL, person),)
        return [row["number"] for row in shop.read("number", table="orders", where=where)]

    assert orders(str(shop.people[2])) == ["A-0002"]
    with pytest.raises(RowIdInvalidError):
        orders("2")


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (condition("points", Operator.EQUAL, "four"), FilterInvalidError),
        (condition("points", Operator.EQUAL, True), FilterInvalidError),
        (condition("points", Operator.EQUAL, None), FilterInvalidError),
        (condition("points", Operator.EQUAL, (1, 2)), FilterInvalidError),
        (condition("points", Operator.IN, 1), FilterInvalidError),
        (condition("points", Operator.IN, ()), FilterInvalidError),
        (condition("points", Operator.IN, tuple(range(1000))), FilterInvalidError),
        (condition("since", Operator.LESS, "yesterday"), FilterInvalidError),
        (condition("points", Operator.PREFIX, "1"), FilterRefusedError),
        (condition("faithful", Operator.LESS, True), FilterRefusedError),
        (condition("points", Operator.SOUNDS_LIKE, "four"), FilterRefusedError),
        (condition("salary", Operator.EQUAL, 1), NotInDataMapError),
        (condition("email", Operator.EQUAL, "a\0@demo.example"), FilterInvalidError),
        (condition("email", Operator.EQUAL, "\ud800@demo.example"), FilterInvalidError),
        (condition("email", Operator.IN, ("x@demo.example", 7)), FilterInvalidError),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(full: Shop, where: Condition, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        found(full, where)

    assert "four" not in str(refused.value)


@pytest.mark.parametrize("limit", [-1, 0, 1001, 10**9])
def test_a_page_has_bounds(full: Shop, limit: int) -> None:
    with pytest.raises(LimitInvalidError):
        full.read("family_name", limit=limit)


def test_a_page_of_no_field_is_refused(full: Shop) -> None:
    with pytest.raises(QueryInvalidError):
        full.read(fields=())


@pytest.mark.parametrize(
    ("descending", "expected"),
    # The third and the tenth have no points: they come last either way.
    [(False, [1, 2, 4, 5, 6, 7, 8, 9, 11, 12, 3, 10]), (True, [12, 11, 9, 8, 7, 6, 5, 4, 2, 1, 3, 10])],
)
def test_rows_are_ordered_by_what_is_given_clear(full: Shop, descending: bool, expected: list[int]) -> None:
    assert found(full, order=(Order(field="points", descending=descending),)) == expected


def test_sealed_fields_order_nothing(own_full: Shop) -> None:
    with pytest.raises(OrderRefusedError):
        found(own_full, order=(Order(field="family_name"),))
