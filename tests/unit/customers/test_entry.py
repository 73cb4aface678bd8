"""What stands in an input, and what it becomes: amounts and moments as the reader's place writes them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.customers.entry import Place, shown_text, typed_value
from governance.customers.importing.columns import Column, ColumnPlan
from governance.customers.importing.rows import CheckedRow, check_row
from governance.customers.importing.synonyms import CHOICES
from governance.customers.reference import reference_map
from governance.customers.wrongs import wrong_of
from governance.datamap.values import FieldKind, MappedField, MappedTable
from governance.gate.values import FieldInvalidError, FieldProblem
from governance.spreadsheets.files import Row

FRENCH = Place(decimal=",", zone=ZoneInfo("Europe/Paris"))
ENGLISH = Place(decimal=".", zone=ZoneInfo("Europe/Paris"))


def field(table: str, name: str) -> MappedField:
    return reference_map().tables[table].fields[name]


AMOUNT = field("orders", "total_cents")
MOMENT = field("exchanges", "happened_at")
CHOSEN = [
    pytest.param(table, mapped, choice, id=f"{table.name}-{mapped.name}-{choice}")
    for table in reference_map().tables.values()
    for mapped in table.fields.values()
    if mapped.kind is FieldKind.CHOICE
    for choice in mapped.choices
]


@pytest.mark.parametrize(
    ("place", "text", "cents"),
    [
        (FRENCH, "1 234,50", 123450),
        (FRENCH, "1\u202f234,5 €", 123450),
        (FRENCH, "12", 1200),
        (FRENCH, "12.50", 1250),
        (FRENCH, "1.234", 123400),
        (FRENCH, "-3,20", -320),
        (FRENCH, ",5", 50),
        (ENGLISH, "1,234.50", 123450),
        (ENGLISH, "1,234", 123400),
        (ENGLISH, "12,50", 1250),
        (ENGLISH, "0.05", 5),
    ],
)
def test_an_amount_is_read_as_the_readers_place_writes_it(place: Place, text: str, cents: int) -> None:
    assert typed_value(AMOUNT, text, place) == cents


@pytest.mark.parametrize("text", ["douze", "1,234,5", "12,345", "1-2", "--3", "1e3", "١٢", "€", ",", "12,5x"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalidError):
        typed_value(AMOUNT, text, FRENCH)


@given(st.integers(-(10**12), 10**12), st.sampled_from([FRENCH, ENGLISH]))
def test_an_amount_that_was_shown_is_read_back(cents: int, place: Place) -> None:
    assert typed_value(AMOUNT, shown_text(AMOUNT, cents, place), place) == cents


def test_a_moment_stands_on_the_houses_clock_and_is_kept_in_utc() -> None:
    shown = shown_text(MOMENT, "2026-07-01T10:30:00Z", FRENCH)

    assert shown == "2026-07-01T12:30"
    assert typed_value(MOMENT, shown, FRENCH) == "2026-07-01T10:30:00Z"


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30T10:00", "2026-07-01T25:00", "0001-01-01T00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalidError):
        typed_value(MOMENT, text, FRENCH)


def test_an_empty_input_is_no_value() -> None:
    assert typed_value(field("customers", "city"), "  ", FRENCH) is None
    with pytest.raises(FieldInvalidError):
        typed_value(field("customers", "family_name"), "  ", FRENCH)


def test_what_is_wrong_is_said_by_the_kind_of_the_field() -> None:
    assert "@" in wrong_of(field("customers", "email"), FieldProblem.MALFORMED)
    assert "ten digits" in wrong_of(field("customers", "phone"), FieldProblem.MALFORMED)
    assert "14 digits" in wrong_of(field("companies", "siret"), FieldProblem.MALFORMED)
    assert wrong_of(AMOUNT, FieldProblem.TYPE) == "This is not an amount."
    assert wrong_of(field("customers", "city"), "a code of tomorrow") == "Check how this is written."


@pytest.mark.parametrize(("table", "mapped", "choice"), CHOSEN)
def test_every_choice_of_every_table_can_be_written_by_form_and_by_file(
    table: MappedTable, mapped: MappedField, choice: str
) -> None:
    plan = ColumnPlan(
        table=table,
        width=1,
        columns=(Column(number=1, field=mapped, spellings=CHOICES.get(mapped.name, {})),),
        look_ups=(),
        constants={},
        collected=None,
        verified=None,
        collected_on=None,
        verified_on=None,
    )

    for spelt in (choice, choice.upper(), choice.lower(), f" {choice.title().replace('-', ' ')} "):
        row = check_row(plan, Row(number=2, cells=[spelt]), date(2026, 11, 22))
        assert typed_value(mapped, spelt, FRENCH) == choice
        assert isinstance(row, CheckedRow)
        assert row.values == {mapped.name: choice}
