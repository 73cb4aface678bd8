"""What a field may hold, and in which normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.datamap.values import FieldKind
from governance.gate.values import FieldInvalidError, clean_value, parse_text
from tests.builders.datamap import a_field


@pytest.mark.parametrize(
    ("kind", "raw", "clean"),
    [
        (FieldKind.NAME, "  Lefèvre ", "Lefèvre"),
        (FieldKind.NAME, "Le\u0300a", "Lèa"),
        (FieldKind.EMAIL, "Ada.Lovelace@DEMO.Example", "Ada.Lovelace@demo.example"),
        (FieldKind.PHONE, "06 39 98 12 34", "+33639981234"),
        (FieldKind.PHONE, "+33 (0)1 99 00 12 34", "+33199001234"),
        (FieldKind.PHONE, "+32 2 555 12 12", "+3225551212"),
        (FieldKind.IBAN, "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        (FieldKind.SIRET, "732 829 320 00074", "73282932000074"),
        (FieldKind.SIREN, "732 829 320", "732829320"),
        (FieldKind.NAF, "4759a", "47.59A"),
        (FieldKind.POSTCODE, "69 001", "69001"),
        (FieldKind.POSTCODE, "sw1a 1aa", "SW1A 1AA"),
        (FieldKind.COUNTRY, "FR", "FR"),
        (FieldKind.DATE, "2026-02-28", "2026-02-28"),
        (FieldKind.BIRTH_DATE, "1980-02-29", "1980-02-29"),
        (FieldKind.MOMENT, "2026-11-22T10:00:00+01:00", "2026-11-22T09:00:00Z"),
        (FieldKind.INTEGER, -12, -12),
        (FieldKind.NUMBER, 12.50, "12.5"),
        (FieldKind.NUMBER, "-0.0", "0"),
        (FieldKind.BOOLEAN, False, False),
        (FieldKind.CHOICE, "madame", "madame"),
        (FieldKind.URL, "https://lumen.example/a?b=c", "https://lumen.example/a?b=c"),
        (FieldKind.FREE_TEXT, "first\r\nsecond", "first\nsecond"),
        (FieldKind.REFERENCE, "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000001"),
    ],
)
def test_a_value_is_kept_in_its_normal_form(kind: FieldKind, raw: object, clean: object) -> None:
    assert clean_value(a_field(kind), raw) == clean


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (FieldKind.NAME, 12, "type"),
        (FieldKind.NAME, "", "empty"),
        (FieldKind.NAME, "x" * 101, "too-long"),
        (FieldKind.NAME, "a\x00b", "characters"),
        (FieldKind.NAME, "a\nb", "characters"),
        (FieldKind.NAME, "a\u202eb", "characters"),
        (FieldKind.NAME, "a\ud800", "characters"),
        (FieldKind.EMAIL, "ada@", "malformed"),
        (FieldKind.EMAIL, "ada@demo.example, eve@demo.example", "malformed"),
        (FieldKind.PHONE, "12", "malformed"),
        (FieldKind.PHONE, "not a number", "malformed"),
        (FieldKind.IBAN, "FR1420041010050500013M02607", "malformed"),
        (FieldKind.SIRET, "73282932000075", "malformed"),
        (FieldKind.SIREN, "732829321", "malformed"),
        (FieldKind.NAF, "1", "malformed"),
        (FieldKind.POSTCODE, "6900\u0661", "malformed"),
        (FieldKind.COUNTRY, "France", "malformed"),
        (FieldKind.COUNTRY, "ZZ", "malformed"),
        (FieldKind.DATE, "2026-02-30", "malformed"),
        (FieldKind.DATE, "28/02/2026", "malformed"),
        (FieldKind.BIRTH_DATE, "1850-01-01", "range"),
        (FieldKind.MOMENT, "2026-11-22T10:00:00", "malformed"),
        (FieldKind.MOMENT, "0001-01-01T00:00:00+14:00", "malformed"),
        (FieldKind.INTEGER, True, "type"),
        (FieldKind.INTEGER, 1.0, "type"),
        (FieldKind.INTEGER, "1", "type"),
        (FieldKind.INTEGER, 2**53, "range"),
        (FieldKind.NUMBER, float("nan"), "range"),
        (FieldKind.NUMBER, float("inf"), "range"),
        (FieldKind.NUMBER, "1_000", "malformed"),
        (FieldKind.BOOLEAN, 1, "type"),
        (FieldKind.BOOLEAN, "on", "type"),
        (FieldKind.CHOICE, "Madame", "choice"),
        (FieldKind.URL, "javascript:alert(1)", "malformed"),
        (FieldKind.URL, "http://[", "malformed"),
        (FieldKind.REFERENCE, "1", "reference"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_with_a_code(kind: FieldKind, raw: object, code: str) -> None:
    with pytest.raises(FieldInvalidError) as refused:
        clean_value(a_field(kind), raw)

    assert (refused.value.field, refused.value.code) == ("field", code)


def test_no_value_is_a_value_unless_the_field_is_required() -> None:
    assert clean_value(a_field(FieldKind.NAME), None) is None
    with pytest.raises(FieldInvalidError, match="required"):
        clean_value(a_field(FieldKind.NAME, required=True), None)


def test_an_error_never_quotes_the_value() -> None:
    with pytest.raises(FieldInvalidError) as refused:
        clean_value(a_field(FieldKind.EMAIL), "eve(at)secret.example")

    assert "eve" not in f"{refused.value!s}{refused.value!r}{refused.value.facts}"
    assert refused.value.__cause__ is None


def test_the_national_number_is_checked_by_its_key() -> None:
    field = a_field(FieldKind.TEXT, nir=True)

    assert clean_value(field, "2 95 10 99 126 111 93") == "295109912611193"
    with pytest.raises(FieldInvalidError, match="malformed"):
        clean_value(field, "2 95 10 99 126 111 94")


@pytest.mark.parametrize(
    ("kind", "text", "clean"),
    [
        (FieldKind.NAME, "   ", None),
        (FieldKind.DATE, "28/02/2026", "2026-02-28"),
        (FieldKind.DATE, "8.2.2026", "2026-02-08"),
        (FieldKind.DATE, "2026-02-28T00:00:00", "2026-02-28"),
        (FieldKind.INTEGER, "1\u202f234", 1234),
        (FieldKind.INTEGER, "12.0", 12),
        (FieldKind.NUMBER, "1 234,50", "1234.5"),
        (FieldKind.BOOLEAN, "Oui", True),
        (FieldKind.BOOLEAN, "n", False),
        (FieldKind.COUNTRY, "Belgique", "BE"),
        (FieldKind.COUNTRY, "fr", "FR"),
        (FieldKind.CHOICE, "MADAME", "madame"),
        (FieldKind.PHONE, "612345678", "+33612345678"),
    ],
)
def test_a_cell_is_read_as_people_write(kind: FieldKind, text: str, clean: object) -> None:
    assert parse_text(a_field(kind), text) == clean


@pytest.mark.parametrize(
    ("choices", "text", "clean"),
    [
        (("EUR", "GBP"), "EUR", "EUR"),
        (("EUR", "GBP"), "eur", "EUR"),
        (("Payé", "À payer"), "a payer", "À payer"),
        (("direct-debit",), "Direct debit", "direct-debit"),
        (("a", "A"), "A", "A"),
    ],
)
def test_a_choice_is_given_back_as_it_is_declared(choices: tuple[str, ...], text: str, clean: str) -> None:
    assert parse_text(a_field(FieldKind.CHOICE, choices=choices), text) == clean


def test_a_cell_that_could_be_two_choices_is_refused() -> None:
    with pytest.raises(FieldInvalidError, match="choice"):
        parse_text(a_field(FieldKind.CHOICE, choices=("vert", "Vert")), "VERT")


@pytest.mark.parametrize(("kind", "text"), [(FieldKind.INTEGER, "douze"), (FieldKind.BOOLEAN, "peut-être")])
def test_a_cell_that_says_something_else_is_refused(kind: FieldKind, text: str) -> None:
    with pytest.raises(FieldInvalidError, match="type"):
        parse_text(a_field(kind), text)


@given(kind=st.sampled_from(FieldKind), raw=st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_a_clean_value_is_its_own_normal_form(kind: FieldKind, raw: object) -> None:
    try:
        clean = clean_value(a_field(kind), raw)
    except FieldInvalidError:
        return

    assert clean_value(a_field(kind), clean) == clean


@given(kind=st.sampled_from(FieldKind), text=st.text())
def test_any_cell_gives_a_value_or_a_refusal(kind: FieldKind, text: str) -> None:
    try:
        clean = parse_text(a_field(kind), text)
    except FieldInvalidError:
        return

    assert clean_value(a_field(kind), clean) == clean
