"""What can hardly be, of values that are each well written."""

from datetime import date

import pytest

from governance.customers.reference import reference_map
from governance.datamap.values import FieldKind
from governance.gate.likely import unlikely
from governance.gate.values import FieldProblem
from governance.gate.wrongs import wrong_of

TABLES = reference_map().tables
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("table", "name", "value", "problem"),
    [
        ("customers", "birth_date", "2150-01-01", "future"),
        ("customers", "birth_date", "2026-11-23", "future"),
        ("customers", "birth_date", "2026-11-22", None),
        ("customers", "birth_date", None, None),
        ("orders", "ordered_on", "2030-01-01", "future"),
        ("orders", "ordered_on", "2026-11-24", "future"),
        # Elsewhere on earth it is tomorrow already.
        ("orders", "ordered_on", "2026-11-23", None),
        ("exchanges", "happened_at", "2026-11-24T00:00:00Z", "future"),
        ("exchanges", "happened_at", "2026-11-23T23:00:00Z", None),
        # What somebody says of the past is held to it as what was seen of it.
        ("equipment", "bought_on", "2030-01-01", "future"),
        ("equipment", "bought_on", "2026-11-22", None),
        ("companies", "verified_on", "2030-01-01", "future"),
        ("customers", "since", "2030-01-01", "future"),
        # A forecast may lie in the future.
        ("equipment", "replacement_on", "2031-01-01", None),
    ],
)
def test_nothing_is_born_observed_or_bought_in_the_future(
    table: str, name: str, value: str | None, problem: str | None
) -> None:
    found = unlikely(TABLES[table].fields, {name: value}, TODAY)

    assert found == ({} if problem is None else {name: problem})


def test_only_a_forecast_lies_in_the_future_in_the_reference_map() -> None:
    days = {FieldKind.DATE: "2150-01-01", FieldKind.BIRTH_DATE: "2150-01-01", FieldKind.MOMENT: "2150-01-01T00:00:00Z"}
    free = {
        (table.name, each.name)
        for table in TABLES.values()
        for each in table.fields.values()
        if each.kind in days and not unlikely(table.fields, {each.name: days[each.kind]}, TODAY)
    }

    assert free == {("equipment", "replacement_on")}


@pytest.mark.parametrize(
    ("values", "given", "wrong"),
    [
        ({"postcode": "ABCDE", "country": "FR"}, {}, True),
        ({"postcode": "6900", "country": "FR"}, {}, True),
        ({"postcode": "69001", "country": "FR"}, {}, False),
        ({"postcode": "97400", "country": "FR"}, {}, False),
        ({"postcode": "SW1A 1AA", "country": "GB"}, {}, False),
        ({"postcode": "SW1A 1AA"}, {}, False),
        ({"country": "FR"}, {}, False),
        ({"postcode": "SW1A 1AA"}, {"country": "FR"}, True),
        ({"country": "FR"}, {"postcode": "SW1A 1AA"}, True),
        ({"country": "GB"}, {"postcode": "SW1A 1AA", "country": "FR"}, False),
        # What is wrong already and is not touched stops nobody from writing something else.
        ({"city": "Lyon"}, {"postcode": "SW1A 1AA", "country": "FR"}, False),
    ],
)
def test_a_postcode_has_five_digits_in_france_and_any_form_elsewhere(
    values: dict[str, str], given: dict[str, str], wrong: bool
) -> None:
    for table in ("customers", "companies"):
        found = unlikely(TABLES[table].fields, values, TODAY, given)
        assert found == ({"postcode": FieldProblem.COUNTRY} if wrong else {})


def test_a_postcode_of_which_no_country_stands_beside_it_is_free() -> None:
    assert unlikely(TABLES["orders"].fields, {"delivery_postcode": "SW1A 1AA"}, TODAY) == {}


def test_each_kind_has_a_sentence_of_its_own() -> None:
    fields = [each for table in TABLES.values() for each in table.fields.values()]
    said = {
        kind: wrong_of(next(each for each in fields if each.kind is kind), "malformed")
        for kind in FieldKind
        if kind.value in {"email", "phone", "iban", "siret", "postcode", "birth-date", "moment", "country"}
    }

    assert len(set(said.values())) == len(said)
    assert "@" not in said[FieldKind.BIRTH_DATE]
