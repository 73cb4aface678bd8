"""The fictional data: drawn from a seed, in order by the house's own rules, and nobody's."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date

import pytest
from stdnum import iban
from stdnum.fr import siret

from governance.customers.demo import numbers, people, trade, words
from governance.customers.reference import reference_map
from governance.gate.values import CleanValue, clean_value

TODAY = date(2026, 11, 22)
Values = Mapping[str, CleanValue]


def rows() -> Iterable[tuple[str, Values]]:
    for drawn in people.draw_customers("seed", TODAY, 300, 300):
        yield "customers", drawn.values
    for drawn in people.draw_companies("seed", TODAY, 300):
        yield "companies", drawn.values
    for _, drawn in people.draw_contacts("seed", TODAY, 50):
        yield "contacts", drawn.values
    for product in trade.products():
        yield "products", product.values
    for ordered in trade.draw_orders("seed", TODAY, 300, 300):
        yield "orders", ordered.order.values
        yield from (("order_lines", values) for _, values in ordered.lines)
    for table, draw in (
        ("equipment", trade.draw_equipment),
        ("exchanges", trade.draw_exchanges),
        ("behaviour", trade.draw_behaviour),
    ):
        for _, drawn in draw("seed", TODAY, 200, 300):
            yield table, drawn.values


def test_every_value_is_one_that_its_field_can_hold_in_its_normal_form() -> None:
    tables = reference_map().tables
    for table, values in rows():
        for name, value in values.items():
            field = tables[table].fields[name]
            if value is not None:
                assert clean_value(field, value) == value, (table, name)


def test_every_required_field_is_filled() -> None:
    tables = reference_map().tables
    # What refers to another row, or says whose row it is, is filled while loading.
    later = {"company", "order", "product"}
    for table, values in rows():
        required = {name for name, field in tables[table].fields.items() if field.required}
        assert required - later <= values.keys()


def test_the_same_seed_draws_the_same_people() -> None:
    def draw(seed: str) -> list[Values]:
        return [drawn.values for drawn in people.draw_customers(seed, TODAY, 20, 300)]

    assert draw("a") == draw("a")
    assert draw("a") != draw("b")


def test_customers_have_the_addresses_that_are_promised_and_numbers_of_their_own() -> None:
    drawn = [each.values for each in people.draw_customers("seed", TODAY, 2000, 300)]

    assert [values["email"] for values in drawn] == [f"customer-{number}@demo.example" for number in range(1, 2001)]
    for name in ("number", "mobile", "iban"):
        given = [values[name] for values in drawn if values.get(name)]
        assert len(set(given)) == len(given)


def test_companies_and_contacts_can_be_told_apart() -> None:
    sirets = [drawn.values["siret"] for drawn in people.draw_companies("seed", TODAY, 300)]
    emails = [drawn.values["email"] for _, drawn in people.draw_contacts("seed", TODAY, 300)]
    mobiles = {numbers.mobile(number) for number in range(1, 2001)}

    assert len(set(sirets)) == 300
    assert len(set(emails)) == len(emails)
    assert not mobiles & {drawn.values.get("mobile") for _, drawn in people.draw_contacts("seed", TODAY, 300)}


def test_every_address_of_the_internet_is_fictional() -> None:
    for _, values in rows():
        for value in values.values():
            if isinstance(value, str) and ("@" in value or "://" in value):
                assert ".example" in value


@pytest.mark.parametrize("account", [0, 1, 1234567, 99_999_999_999])
def test_an_account_number_has_the_right_keys(account: int) -> None:
    assert iban.is_valid(numbers.iban(account))


def test_a_company_number_has_the_right_keys_and_was_never_given() -> None:
    for index in (0, 1, 299):
        number = people.company_siret(index)
        assert siret.is_valid(number)
        assert number.startswith("000")


def test_an_order_costs_what_its_lines_cost() -> None:
    for ordered in trade.draw_orders("seed", TODAY, 200, 300):
        lines = [values for _, values in ordered.lines]
        assert ordered.order.values["total_cents"] == sum(
            int(line["quantity"] or 0) * int(line["unit_price_cents"] or 0) for line in lines
        )


def test_orders_come_in_the_order_of_their_days_and_buyers_differ_in_zeal() -> None:
    drawn = list(trade.draw_orders("seed", TODAY, 2000, 300))
    days = [str(each.order.values["ordered_on"]) for each in drawn]
    first, last = (sum(low <= each.buyer < low + 30 for each in drawn) for low in (0, 270))

    assert days == sorted(days)
    assert first > 3 * last


def test_nothing_has_happened_that_may_still_be_to_come() -> None:
    for draw in (trade.draw_exchanges, trade.draw_behaviour):
        moments = [str(drawn.values["happened_at"]) for _, drawn in draw("seed", TODAY, 2000, 300)]
        assert max(moments) < TODAY.isoformat()


def test_towns_have_postcodes_of_five_figures() -> None:
    assert all(len(postcode) == 5 and postcode.isdigit() for postcode, _, _ in words.TOWNS)


def test_no_company_bears_the_name_of_another() -> None:
    names = [people.company_name(index) for index in range(300)]

    assert len(set(names)) == len(names)
    assert not any(itertools.filterfalse(bool, names))
