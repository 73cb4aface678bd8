"""Which column fills which field."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.customers.errors import ColumnError, MappingError
from governance.customers.importing.columns import ColumnPlan, plan_columns
from governance.customers.importing.mapping import ColumnMapping, parse_mapping, read_mapping
from governance.customers.importing.rows import CheckedRow, check_row
from governance.customers.importing.synonyms import HEADERS, header_words
from governance.customers.reference import reference_map
from governance.spreadsheets.files import Row
from tests.builders.customers import HEADER, a_person

TABLES = reference_map().tables
TODAY = date(2026, 11, 22)


def a_plan(header: tuple[str, ...] = HEADER, *, table: str = "customers", mapping: str = "") -> ColumnPlan:
    said = parse_mapping(mapping) if mapping else ColumnMapping()
    return plan_columns(TABLES, TABLES[table], header, said)


def checked(plan: ColumnPlan, *cells: str) -> CheckedRow:
    row = check_row(plan, Row(number=2, cells=list(cells)), TODAY)
    assert isinstance(row, CheckedRow)
    return row


def refused(plan: ColumnPlan, *cells: str) -> list[tuple[int, str, str]]:
    refusals = check_row(plan, Row(number=2, cells=list(cells)), TODAY)
    assert isinstance(refusals, tuple)
    return [(refusal.column, refusal.field, refusal.code) for refusal in refusals]


def test_french_and_english_headers_say_what_their_columns_fill() -> None:
    french = a_plan()
    english = a_plan(("Customer number", "Title", "Last name", "First name", "Email", "Mobile", "Zip code", "City"))

    assert french.fields == english.fields
    assert french.fields == (
        "number", "civility", "family_name", "given_name", "email", "mobile", "postcode", "city",
    )  # fmt: skip


def test_the_names_of_the_fields_are_headers_too() -> None:
    for table in ("customers", "companies", "contacts", "products"):
        names = tuple(TABLES[table].fields)
        assert a_plan(names, table=table).fields == names


def test_every_synonym_stands_for_something_that_is_there() -> None:
    for table, synonyms in HEADERS.items():
        assert set(synonyms) <= {*TABLES[table].fields, *TABLES[table].links}


def test_a_field_name_never_stands_for_another_field() -> None:
    for table in HEADERS:
        names = tuple(TABLES[table].fields)
        words = header_words(table, names)
        assert all(words[name.replace("_", " ")] == name for name in names)


def test_a_header_that_says_nothing_known_is_refused_by_its_number() -> None:
    with pytest.raises(ColumnError) as error:
        a_plan(("Nom", "Jean Dupont"))

    assert error.value.column == 2
    assert "Dupont" not in str(error.value)


def test_two_columns_cannot_fill_one_field() -> None:
    with pytest.raises(ColumnError, match="as column 1 does"):
        a_plan(("Nom", "Nom de famille"))


def test_a_column_without_a_header_is_left_out() -> None:
    assert a_plan(("Nom", "", "  ")).fields == ("family_name",)


def test_a_mapping_wins_over_the_header_and_may_leave_a_column_out() -> None:
    plan = a_plan(("Nom", "Remarques", "Ville"), mapping='columns: {Nom: family_name, Remarques: "", ville: city}')

    assert plan.fields == ("family_name", "city")


def test_a_mapping_gives_constants_spellings_and_dates() -> None:
    plan = a_plan(
        ("Nom", "Civ"),
        mapping="""
            columns: {Civ: civility}
            constants: {status: prospect, since: 31/01/2026}
            values: {civility: {Dr: madame}}
            collected_on: 2026-01-31
            verified_on: 30/06/2026
        """,
    )

    row = checked(plan, "Lefèvre", "DR")

    assert row.values == {
        "status": "prospect", "since": "2026-01-31", "family_name": "Lefèvre", "civility": "madame",
    }  # fmt: skip
    assert (row.collected_on, row.verified_on) == (date(2026, 1, 31), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("columns: {Nom: surname}", "no such field"),
        ("columns: {Absent: city}", "no such column"),
        ("constants: {family_name: X}", "fills it already"),
        ("constants: {status: unheard}", "choice"),
        ("constants: {unknown: X}", "no such field"),
        ("colonnes: {Nom: family_name}", "expected one of"),
        ("columns: [Nom]", "name: value"),
        ("columns: {Nom: [family_name]}", "a word"),
        ("collected_on: hier", "expected a day"),
        ("columns: &a {Nom: *a}", "line 1"),
        ("- Nom", "name: value"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where(mapping: str, reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        a_plan(("Nom",), mapping=mapping)


def test_a_mapping_file_is_read_as_people_save_it_or_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text("columns: {Prénom: given_name}", encoding="utf-8-sig")
    assert read_mapping(path).columns == {"Prénom": "given_name"}

    path.write_bytes(b"columns: {Pr\xe9nom: given_name}")
    for unreadable in (path, tmp_path, tmp_path / "absent.yaml"):
        with pytest.raises(MappingError, match="cannot be read"):
            read_mapping(unreadable)
    path.write_text("#" * 2_000_000, encoding="utf-8")
    with pytest.raises(MappingError, match="longer"):
        read_mapping(path)


def test_what_is_required_must_be_filled() -> None:
    with pytest.raises(MappingError, match="family_name"):
        a_plan(("Prénom",))
    with pytest.raises(MappingError, match="buyer"):
        a_plan(("Numéro", "Date"), table="orders")


def test_a_column_can_refer_to_a_company_or_a_customer_by_number() -> None:
    contacts = a_plan(("Nom", "SIRET"), table="contacts")
    orders = a_plan(("Numéro de commande", "Date", "Code client"), table="orders")

    assert checked(contacts, "Lefèvre", "732 829 320 00074").keys == {"company": "73282932000074"}
    assert checked(orders, "W-1", "01/02/2026", "C-000001").keys == {"buyer": "C-000001"}
    assert refused(contacts, "Lefèvre", "1") == [(2, "company", "malformed")]
    assert refused(contacts, "Lefèvre", "") == [(2, "company", "required")]


def test_a_row_in_order_gives_clean_values() -> None:
    assert checked(a_plan(), *a_person(1)).values == {
        "number": "C-000001",
        "civility": "madame",
        "family_name": "Lefèvre-1",
        "given_name": "Zoé",
        "email": "person-1@demo.example",
        "mobile": "+33639980001",
        "postcode": "69001",
        "city": "Lyon",
    }


def test_a_refused_row_tells_every_column_that_is_wrong_and_no_value() -> None:
    row = ("C-1", "Dr", "", "Zoé", "not an address", "12", "69001", "Lyon")

    assert refused(a_plan(), *row) == [
        (2, "civility", "choice"),
        (3, "family_name", "required"),
        (5, "email", "malformed"),
        (6, "mobile", "malformed"),
    ]


def test_a_row_out_of_step_is_refused_whole() -> None:
    plan = a_plan(("Nom", "Ville"))

    assert refused(plan, "Lefèvre") == [(0, "", "cells")]
    assert refused(plan, "Lefèvre", "Lyon", "more") == [(0, "", "cells")]
    assert checked(plan, "Lefèvre", "Lyon", "", "").values["city"] == "Lyon"


def test_columns_can_say_when_a_row_was_collected_and_verified() -> None:
    plan = a_plan(("Nom", "Collecté le", "Vérifié le"), mapping="collected_on: 2020-01-01")

    row = checked(plan, "Lefèvre", "02/03/2026", "")

    assert (row.collected_on, row.verified_on) == (date(2026, 3, 2), None)
    assert checked(plan, "Lefèvre", "", "").collected_on == date(2020, 1, 1)
    assert refused(plan, "Lefèvre", "yesterday", "") == [(2, "", "date")]


def test_reading_a_file_otherwise_has_another_digest() -> None:
    plans = [a_plan(), a_plan(HEADER[::-1]), a_plan(mapping="constants: {status: customer}")]

    assert len({plan.digest for plan in plans}) == len(plans)
    assert a_plan().digest == a_plan().digest


def test_a_checked_row_prints_no_value() -> None:
    assert "Lef" not in repr(checked(a_plan(), *a_person(1)))


@given(st.lists(st.text(max_size=20), min_size=len(HEADER), max_size=len(HEADER)))
def test_any_row_is_either_checked_or_refused_with_codes(cells: list[str]) -> None:
    row = check_row(a_plan(), Row(number=2, cells=cells), TODAY)

    assert isinstance(row, CheckedRow) or all(each.code for each in row)


@given(st.text(max_size=200))
def test_any_mapping_is_either_read_or_refused(text: str) -> None:
    try:
        parse_mapping(text)
    except MappingError as error:
        assert error.place.startswith("line")  # noqa: PT017 -- most texts are refused, a few are read
