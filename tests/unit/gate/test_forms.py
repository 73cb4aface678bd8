"""Forms: what they show of a value, and that they show no more."""

import string
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.datamap.values import FieldKind
from governance.gate.forms import MASK, Pseudonymiser, generalisation_of, is_possible, mask_of, normal_form
from governance.gate.raw_forms import raw_form
from governance.vocabulary import Form
from tests.builders.datamap import a_field

TODAY = date(2026, 11, 22)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(["1984-02-30", "@", "x@y"]),
)


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (FieldKind.EMAIL, "camille@demo.example", "c•••@d•••.example"),
        (FieldKind.EMAIL, "c@demo.example", "••••@d•••.example"),
        (FieldKind.EMAIL, "camille@mail.demo.co.example", "c•••@m•••.example"),
        (FieldKind.EMAIL, "not an address", MASK),
        (FieldKind.PHONE, "+33639980012", "•• •• •• •• 12"),
        (FieldKind.PHONE, "06 39 98 00 12", "•• •• •• •• 12"),
        (FieldKind.PHONE, "17", "•• •• •• •• ••"),
        (FieldKind.IBAN, "FR1420041010050500013M02606", "FR•• ••• 2606"),
        (FieldKind.IBAN, "DE89370400440532013000", "DE•• ••• 3000"),
        (FieldKind.IBAN, "FR14", MASK),
        (FieldKind.NAME, "Lefèvre", "L•••"),
        (FieldKind.NAME, "Élodie", "É•••"),
        (FieldKind.NAME, "L", "••••"),
        (FieldKind.NAME, "李", "••••"),
        (FieldKind.CITY, "Lyon", "L•••"),
        (FieldKind.DATE, "2026-11-22", "2026"),
        (FieldKind.BIRTH_DATE, "1984-02-03", "1984"),
        (FieldKind.BIRTH_DATE, "unknown", MASK),
        (FieldKind.MOMENT, "2026-11-20T09:00:00Z", "2026"),
        (FieldKind.POSTCODE, "69003", "69•••"),
        (FieldKind.POSTCODE, "SW1A 1AA", MASK),
        (FieldKind.ADDRESS, "12 rue de la Paix", MASK),
        (FieldKind.INTEGER, 42, MASK),
        (FieldKind.BOOLEAN, True, MASK),
        (FieldKind.TEXT, "anything", MASK),
    ],
)
def test_a_mask_shows_what_is_documented(kind: FieldKind, value: Any, masked: str) -> None:
    assert mask_of(kind)(value) == masked


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (FieldKind.BIRTH_DATE, "1984-11-22", "40-44"),
        (FieldKind.BIRTH_DATE, "1981-11-22", "45-49"),
        (FieldKind.BIRTH_DATE, "1981-11-23", "40-44"),
        (FieldKind.BIRTH_DATE, "2020-01-01", "0-14"),
        (FieldKind.BIRTH_DATE, "1930-01-01", "85+"),
        (FieldKind.BIRTH_DATE, "2030-01-01", MASK),
        (FieldKind.BIRTH_DATE, "never", MASK),
        (FieldKind.DATE, "2026-11-22", "2026"),
        (FieldKind.POSTCODE, "69003", "69"),
        (FieldKind.POSTCODE, "97411", "974"),
        (FieldKind.POSTCODE, "SW1A 1AA", MASK),
        (FieldKind.INTEGER, 0, "0-9"),
        (FieldKind.INTEGER, 7, "0-9"),
        (FieldKind.INTEGER, 12345, "10000-19999"),
        (FieldKind.NUMBER, "-250.5", "-200--299"),
        (FieldKind.NUMBER, "many", MASK),
    ],
)
def test_a_generalisation_gives_a_band(kind: FieldKind, value: Any, told: str) -> None:
    assert generalisation_of(kind, TODAY)(value) == told


@given(value=ANYTHING, kind=st.sampled_from(list(FieldKind)))
@settings(max_examples=50)
def test_no_form_fails_whatever_it_is_given(value: Any, kind: FieldKind) -> None:
    forms = [mask_of(kind), Pseudonymiser(bytes(32)).of(kind)]
    if is_possible(a_field(kind), Form.GENERALISED):
        forms.append(generalisation_of(kind, TODAY))

    for form in forms:
        told = form(value)
        assert (told is None) == (value is None)
        assert told is None or isinstance(told, str)


@given(
    local=st.text(string.ascii_lowercase, min_size=2, max_size=30),
    domain=st.text(string.ascii_lowercase, min_size=2, max_size=30),
    kind=st.sampled_from([FieldKind.EMAIL, FieldKind.NAME, FieldKind.ADDRESS, FieldKind.TEXT, FieldKind.CITY]),
)
@settings(max_examples=50)
def test_a_mask_tells_neither_the_length_nor_the_rest(local: str, domain: str, kind: FieldKind) -> None:
    mask = mask_of(kind)

    def shape(first: str, second: str) -> Any:
        return mask(f"{first}@{second}.example" if kind is FieldKind.EMAIL else first)

    assert shape(local, domain) == shape(f"{local[0]}zz", f"{domain[0]}zzzz")


@given(digits=st.text(string.digits, min_size=8, max_size=15))
@settings(max_examples=50)
def test_a_masked_number_shows_two_digits(digits: str) -> None:
    assert mask_of(FieldKind.PHONE)(digits) == f"•• •• •• •• {digits[-2:]}"


@given(value=st.text(min_size=1, max_size=30))
@settings(max_examples=50)
def test_pseudonyms_are_stable_under_a_key_and_strange_to_another(value: str) -> None:
    here, there = Pseudonymiser(bytes(32)).of(FieldKind.TEXT), Pseudonymiser(bytes([1]) * 32).of(FieldKind.TEXT)

    assert here(value) == here(value)
    assert here(value) != there(value)
    assert len(here(value)) == 16
    assert here(value) != Pseudonymiser(bytes(32)).of(FieldKind.NAME)(value)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (FieldKind.EMAIL, "Camille@Demo.example", " camille@demo.example"),
        (FieldKind.PHONE, "+33 6 39 98 00 12", "+33639980012"),
        (FieldKind.IBAN, "FR14 2004 1010", "fr1420041010"),
        (FieldKind.NUMBER, "12.50", 12.5),
        (FieldKind.NAME, "Le  Gall", "le gall"),
    ],
)
def test_spellings_of_one_value_have_one_pseudonym(kind: FieldKind, first: Any, second: Any) -> None:
    assert normal_form(kind, first) == normal_form(kind, second)


@pytest.mark.parametrize("form", [Form.MASKED, Form.PSEUDONYM, Form.GENERALISED])
def test_free_text_has_no_form_but_clear(form: Form) -> None:
    assert not is_possible(a_field(FieldKind.FREE_TEXT), form)
    assert not is_possible(a_field(FieldKind.TEXT, free_text=True), form)
    assert is_possible(a_field(FieldKind.FREE_TEXT), Form.CLEAR)


def test_a_value_among_a_few_has_no_pseudonym() -> None:
    for kind in (FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.COUNTRY):
        assert not is_possible(a_field(kind), Form.PSEUDONYM)


@given(
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.text(max_size=30),
        st.from_regex(r"\+?[0-9 ]{0,14}", fullmatch=True),
        st.from_regex(r"[A-Za-zé]{0,3}[0-9A-Za-z]{0,30}", fullmatch=True),
        st.from_regex(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", fullmatch=True),
    ),
    kind=st.sampled_from(list(FieldKind)),
)
@settings(max_examples=300)
def test_a_form_of_json_does_what_the_form_of_the_value_does(value: Any, kind: FieldKind) -> None:
    transform = mask_of(kind)

    assert raw_form(kind, transform)(orjson.dumps(value)) == orjson.dumps(transform(value))
